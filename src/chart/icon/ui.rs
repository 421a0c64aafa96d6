//! The icons of the bundled font by their names. Made by `assets/fonts/build.sh`.

/// “account balance”.
pub(crate) const ACCOUNT_BALANCE: char = '\u{10e84f}';
/// “account tree”.
pub const ACCOUNT_TREE: char = '\u{10e97a}';
/// “add”.
pub const ADD: char = '\u{10e145}';
/// “add circle”.
pub const ADD_CIRCLE: char = '\u{10e147}';
/// “add link”.
pub const ADD_LINK: char = '\u{10e178}';
/// “add photo alternate”.
pub(crate) const ADD_PHOTO_ALTERNATE: char = '\u{10e43e}';
/// “align horizontal center”.
pub const ALIGN_HORIZONTAL_CENTER: char = '\u{10e00f}';
/// “align horizontal left”.
pub const ALIGN_HORIZONTAL_LEFT: char = '\u{10e00d}';
/// “align horizontal right”.
pub const ALIGN_HORIZONTAL_RIGHT: char = '\u{10e010}';
/// “align vertical bottom”.
pub const ALIGN_VERTICAL_BOTTOM: char = '\u{10e015}';
/// “align vertical center”.
pub const ALIGN_VERTICAL_CENTER: char = '\u{10e011}';
/// “align vertical top”.
pub const ALIGN_VERTICAL_TOP: char = '\u{10e00c}';
/// “anchor”.
pub(crate) const ANCHOR: char = '\u{10f1cd}';
/// “apartment”.
pub(crate) const APARTMENT: char = '\u{10ea40}';
/// “arrow back”.
pub const ARROW_BACK: char = '\u{10e5c4}';
/// “arrow drop down”.
pub(crate) const ARROW_DROP_DOWN: char = '\u{10e5c5}';
/// “arrow forward”.
pub const ARROW_FORWARD: char = '\u{10e5c8}';
/// “article”.
pub(crate) const ARTICLE: char = '\u{10ef42}';
/// “assignment”.
pub(crate) const ASSIGNMENT: char = '\u{10e85d}';
/// “attach file”.
pub const ATTACH_FILE: char = '\u{10e226}';
/// “badge”.
pub const BADGE: char = '\u{10ea67}';
/// “block”.
pub const BLOCK: char = '\u{10e033}';
/// “bolt”.
pub(crate) const BOLT: char = '\u{10ea0b}';
/// “bookmark”.
pub const BOOKMARK: char = '\u{10e866}';
/// “calendar month”.
pub const CALENDAR_MONTH: char = '\u{10ebcc}';
/// “cancel”.
pub const CANCEL: char = '\u{10e5c9}';
/// “category”.
pub(crate) const CATEGORY: char = '\u{10e574}';
/// “center focus strong”.
pub const CENTER_FOCUS_STRONG: char = '\u{10e3b4}';
/// “check”.
pub const CHECK: char = '\u{10e5ca}';
/// “check circle”.
pub const CHECK_CIRCLE: char = '\u{10e86c}';
/// “chevron left”.
pub const CHEVRON_LEFT: char = '\u{10e408}';
/// “chevron right”.
pub const CHEVRON_RIGHT: char = '\u{10e409}';
/// “close”.
pub const CLOSE: char = '\u{10e14c}';
/// “code”.
pub(crate) const CODE: char = '\u{10e86f}';
/// “comment”.
pub(crate) const COMMENT: char = '\u{10e0b9}';
/// “content copy”.
pub const CONTENT_COPY: char = '\u{10e14d}';
/// “content cut”.
pub(crate) const CONTENT_CUT: char = '\u{10e14e}';
/// “content paste”.
pub const CONTENT_PASTE: char = '\u{10e14f}';
/// “corporate fare”.
pub(crate) const CORPORATE_FARE: char = '\u{10f1d0}';
/// “credit card”.
pub(crate) const CREDIT_CARD: char = '\u{10e870}';
/// “currency bitcoin”.
pub(crate) const CURRENCY_BITCOIN: char = '\u{10ebc5}';
/// “currency exchange”.
pub(crate) const CURRENCY_EXCHANGE: char = '\u{10eb70}';
/// “dark mode”.
pub const DARK_MODE: char = '\u{10e51c}';
/// “database”.
pub(crate) const DATABASE: char = '\u{10f20e}';
/// “delete”.
pub const DELETE: char = '\u{10e872}';
/// “description”.
pub const DESCRIPTION: char = '\u{10e873}';
/// “device hub”.
pub const DEVICE_HUB: char = '\u{10e335}';
/// “directions boat”.
pub(crate) const DIRECTIONS_BOAT: char = '\u{10e532}';
/// “directions car”.
pub(crate) const DIRECTIONS_CAR: char = '\u{10e531}';
/// “distance”.
pub(crate) const DISTANCE: char = '\u{10f6ea}';
/// “domain”.
pub(crate) const DOMAIN: char = '\u{10e0af}';
/// “download”.
pub const DOWNLOAD: char = '\u{10e171}';
/// “drag indicator”.
pub(crate) const DRAG_INDICATOR: char = '\u{10e945}';
/// “east”.
pub(crate) const EAST: char = '\u{10f1df}';
/// “edit”.
pub const EDIT: char = '\u{10e150}';
/// “edit note”.
pub const EDIT_NOTE: char = '\u{10e745}';
/// “error”.
pub const ERROR: char = '\u{10e000}';
/// “event”.
pub const EVENT: char = '\u{10e24f}';
/// “expand less”.
pub const EXPAND_LESS: char = '\u{10e5ce}';
/// “expand more”.
pub const EXPAND_MORE: char = '\u{10e5cf}';
/// “family restroom”.
pub(crate) const FAMILY_RESTROOM: char = '\u{10f1a2}';
/// “file open”.
pub(crate) const FILE_OPEN: char = '\u{10eaf3}';
/// “filter list”.
pub const FILTER_LIST: char = '\u{10e152}';
/// “fingerprint”.
pub(crate) const FINGERPRINT: char = '\u{10e90d}';
/// “first page”.
pub(crate) const FIRST_PAGE: char = '\u{10e5dc}';
/// “fit screen”.
pub const FIT_SCREEN: char = '\u{10ea10}';
/// “flag”.
pub const FLAG: char = '\u{10e153}';
/// “flight”.
pub(crate) const FLIGHT: char = '\u{10e539}';
/// “folder”.
pub const FOLDER: char = '\u{10e2c7}';
/// “folder open”.
pub const FOLDER_OPEN: char = '\u{10e2c8}';
/// “format quote”.
pub const FORMAT_QUOTE: char = '\u{10e244}';
/// “format size”.
pub const FORMAT_SIZE: char = '\u{10e245}';
/// “gavel”.
pub const GAVEL: char = '\u{10e90e}';
/// “gesture select”.
pub(crate) const GESTURE_SELECT: char = '\u{10f657}';
/// “grid view”.
pub const GRID_VIEW: char = '\u{10e9b0}';
/// “group”.
pub const GROUP: char = '\u{10e7ef}';
/// “groups”.
pub const GROUPS: char = '\u{10f233}';
/// “handshake”.
pub(crate) const HANDSHAKE: char = '\u{10ebcb}';
/// “help”.
pub const HELP: char = '\u{10e887}';
/// “hide source”.
pub const HIDE_SOURCE: char = '\u{10f023}';
/// “history”.
pub const HISTORY: char = '\u{10e28e}';
/// “home”.
pub const HOME: char = '\u{10e88a}';
/// “home work”.
pub(crate) const HOME_WORK: char = '\u{10ea09}';
/// “horizontal distribute”.
pub const HORIZONTAL_DISTRIBUTE: char = '\u{10e014}';
/// “hourglass empty”.
pub(crate) const HOURGLASS_EMPTY: char = '\u{10e88b}';
/// “hub”.
pub const HUB: char = '\u{10e9f4}';
/// “image”.
pub(crate) const IMAGE: char = '\u{10e251}';
/// “info”.
pub const INFO: char = '\u{10e88e}';
/// “inventory 2”.
pub(crate) const INVENTORY_2: char = '\u{10e1a1}';
/// “keep”.
pub const KEEP: char = '\u{10e6aa}';
/// “keep off”.
pub(crate) const KEEP_OFF: char = '\u{10e017}';
/// “key”.
pub const KEY: char = '\u{10e73c}';
/// “keyboard”.
pub const KEYBOARD: char = '\u{10e312}';
/// “keyboard arrow down”.
pub const KEYBOARD_ARROW_DOWN: char = '\u{10e313}';
/// “keyboard arrow up”.
pub const KEYBOARD_ARROW_UP: char = '\u{10e316}';
/// “label”.
pub(crate) const LABEL: char = '\u{10e892}';
/// “language”.
pub(crate) const LANGUAGE: char = '\u{10e894}';
/// “last page”.
pub(crate) const LAST_PAGE: char = '\u{10e5dd}';
/// “layers”.
pub const LAYERS: char = '\u{10e53b}';
/// “license”.
pub(crate) const LICENSE: char = '\u{10eb04}';
/// “light mode”.
pub const LIGHT_MODE: char = '\u{10e518}';
/// “link”.
pub const LINK: char = '\u{10e157}';
/// “link off”.
pub(crate) const LINK_OFF: char = '\u{10e16f}';
/// “list”.
pub const LIST: char = '\u{10e896}';
/// “lock”.
pub const LOCK: char = '\u{10e88d}';
/// “lock open”.
pub(crate) const LOCK_OPEN: char = '\u{10e898}';
/// “mail”.
pub(crate) const MAIL: char = '\u{10e0be}';
/// “map”.
pub const MAP: char = '\u{10e55b}';
/// “menu”.
pub const MENU: char = '\u{10e5d2}';
/// “menu book”.
pub(crate) const MENU_BOOK: char = '\u{10ea19}';
/// “monitoring”.
pub(crate) const MONITORING: char = '\u{10f190}';
/// “more horiz”.
pub(crate) const MORE_HORIZ: char = '\u{10e5d3}';
/// “more vert”.
pub(crate) const MORE_VERT: char = '\u{10e5d4}';
/// “movie”.
pub(crate) const MOVIE: char = '\u{10e02c}';
/// “music note”.
pub(crate) const MUSIC_NOTE: char = '\u{10e3a1}';
/// “my location”.
pub const MY_LOCATION: char = '\u{10e1b3}';
/// “note add”.
pub const NOTE_ADD: char = '\u{10e89c}';
/// “notes”.
pub(crate) const NOTES: char = '\u{10e26c}';
/// “open in new”.
pub const OPEN_IN_NEW: char = '\u{10e895}';
/// “palette”.
pub(crate) const PALETTE: char = '\u{10e3b7}';
/// “pan tool”.
pub(crate) const PAN_TOOL: char = '\u{10e925}';
/// “pause”.
pub(crate) const PAUSE: char = '\u{10e034}';
/// “payments”.
pub(crate) const PAYMENTS: char = '\u{10ef63}';
/// “person”.
pub(crate) const PERSON: char = '\u{10e7fd}';
/// “person add”.
pub const PERSON_ADD: char = '\u{10e7fe}';
/// “photo”.
pub(crate) const PHOTO: char = '\u{10e410}';
/// “picture as pdf”.
pub(crate) const PICTURE_AS_PDF: char = '\u{10e415}';
/// “pin”.
pub(crate) const PIN: char = '\u{10f045}';
/// “place”.
pub const PLACE: char = '\u{10e0c8}';
/// “play arrow”.
pub const PLAY_ARROW: char = '\u{10e037}';
/// “policy”.
pub(crate) const POLICY: char = '\u{10ea17}';
/// “print”.
pub(crate) const PRINT: char = '\u{10e555}';
/// “psychology”.
pub(crate) const PSYCHOLOGY: char = '\u{10ea4a}';
/// “public”.
pub const PUBLIC: char = '\u{10e80b}';
/// “radar”.
pub const RADAR: char = '\u{10f04e}';
/// “real estate agent”.
pub(crate) const REAL_ESTATE_AGENT: char = '\u{10e73a}';
/// “receipt long”.
pub(crate) const RECEIPT_LONG: char = '\u{10ef6e}';
/// “redo”.
pub const REDO: char = '\u{10e15a}';
/// “refresh”.
pub const REFRESH: char = '\u{10e5d5}';
/// “remove”.
pub const REMOVE: char = '\u{10e15b}';
/// “report”.
pub(crate) const REPORT: char = '\u{10e160}';
/// “restart alt”.
pub(crate) const RESTART_ALT: char = '\u{10f053}';
/// “restore from trash”.
pub const RESTORE_FROM_TRASH: char = '\u{10e938}';
/// “sailing”.
pub(crate) const SAILING: char = '\u{10e502}';
/// “save”.
pub(crate) const SAVE: char = '\u{10e161}';
/// “save as”.
pub const SAVE_AS: char = '\u{10eb60}';
/// “schedule”.
pub(crate) const SCHEDULE: char = '\u{10e192}';
/// “search”.
pub const SEARCH: char = '\u{10e8b6}';
/// “select all”.
pub const SELECT_ALL: char = '\u{10e162}';
/// “sell”.
pub const SELL: char = '\u{10e54e}';
/// “settings”.
pub const SETTINGS: char = '\u{10e8b8}';
/// “share”.
pub const SHARE: char = '\u{10e80d}';
/// “shield”.
pub(crate) const SHIELD: char = '\u{10e75b}';
/// “skip next”.
pub(crate) const SKIP_NEXT: char = '\u{10e044}';
/// “skip previous”.
pub(crate) const SKIP_PREVIOUS: char = '\u{10e045}';
/// “slideshow”.
pub const SLIDESHOW: char = '\u{10e41b}';
/// “sort”.
pub const SORT: char = '\u{10e164}';
/// “south”.
pub const SOUTH: char = '\u{10f1e3}';
/// “star”.
pub(crate) const STAR: char = '\u{10e838}';
/// “stop”.
pub const STOP: char = '\u{10e047}';
/// “storefront”.
pub(crate) const STOREFRONT: char = '\u{10ea12}';
/// “swap horiz”.
pub const SWAP_HORIZ: char = '\u{10e8d4}';
/// “table rows”.
pub const TABLE_ROWS: char = '\u{10f101}';
/// “tag”.
pub(crate) const TAG: char = '\u{10e9ef}';
/// “target”.
pub const TARGET: char = '\u{10e719}';
/// “text fields”.
pub const TEXT_FIELDS: char = '\u{10e262}';
/// “timeline”.
pub const TIMELINE: char = '\u{10e922}';
/// “travel explore”.
pub(crate) const TRAVEL_EXPLORE: char = '\u{10e2db}';
/// “trip origin”.
pub const TRIP_ORIGIN: char = '\u{10e57b}';
/// “undo”.
pub const UNDO: char = '\u{10e166}';
/// “upload”.
pub const UPLOAD: char = '\u{10e2c6}';
/// “upload file”.
pub(crate) const UPLOAD_FILE: char = '\u{10e9fc}';
/// “verified”.
pub(crate) const VERIFIED: char = '\u{10e031}';
/// “verified user”.
pub const VERIFIED_USER: char = '\u{10e8e8}';
/// “vertical distribute”.
pub const VERTICAL_DISTRIBUTE: char = '\u{10e076}';
/// “view list”.
pub const VIEW_LIST: char = '\u{10e8ef}';
/// “view sidebar”.
pub const VIEW_SIDEBAR: char = '\u{10f114}';
/// “view timeline”.
pub const VIEW_TIMELINE: char = '\u{10eb85}';
/// “visibility”.
pub const VISIBILITY: char = '\u{10e417}';
/// “visibility off”.
pub const VISIBILITY_OFF: char = '\u{10e8f5}';
/// “wallet”.
pub(crate) const WALLET: char = '\u{10f8ff}';
/// “warning”.
pub const WARNING: char = '\u{10e002}';
/// “work”.
pub(crate) const WORK: char = '\u{10e8f9}';
/// “zoom in”.
pub const ZOOM_IN: char = '\u{10e8ff}';
/// “zoom out”.
pub const ZOOM_OUT: char = '\u{10e900}';
/// “zoom out map”.
pub(crate) const ZOOM_OUT_MAP: char = '\u{10e56b}';
