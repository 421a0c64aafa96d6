//! The icons of the bundled font by their names. Made by `assets/fonts/build.sh`.

/// “account balance”.
pub const ACCOUNT_BALANCE: char = '\u{e84f}';
/// “account tree”.
pub const ACCOUNT_TREE: char = '\u{e97a}';
/// “add”.
pub const ADD: char = '\u{e145}';
/// “add circle”.
pub const ADD_CIRCLE: char = '\u{e147}';
/// “add link”.
pub const ADD_LINK: char = '\u{e178}';
/// “add photo alternate”.
pub const ADD_PHOTO_ALTERNATE: char = '\u{e43e}';
/// “align horizontal center”.
pub const ALIGN_HORIZONTAL_CENTER: char = '\u{e00f}';
/// “align horizontal left”.
pub const ALIGN_HORIZONTAL_LEFT: char = '\u{e00d}';
/// “align horizontal right”.
pub const ALIGN_HORIZONTAL_RIGHT: char = '\u{e010}';
/// “align vertical bottom”.
pub const ALIGN_VERTICAL_BOTTOM: char = '\u{e015}';
/// “align vertical center”.
pub const ALIGN_VERTICAL_CENTER: char = '\u{e011}';
/// “align vertical top”.
pub const ALIGN_VERTICAL_TOP: char = '\u{e00c}';
/// “anchor”.
pub const ANCHOR: char = '\u{f1cd}';
/// “apartment”.
pub const APARTMENT: char = '\u{ea40}';
/// “arrow back”.
pub const ARROW_BACK: char = '\u{e5c4}';
/// “arrow drop down”.
pub const ARROW_DROP_DOWN: char = '\u{e5c5}';
/// “arrow forward”.
pub const ARROW_FORWARD: char = '\u{e5c8}';
/// “article”.
pub const ARTICLE: char = '\u{ef42}';
/// “assignment”.
pub const ASSIGNMENT: char = '\u{e85d}';
/// “attach file”.
pub const ATTACH_FILE: char = '\u{e226}';
/// “badge”.
pub const BADGE: char = '\u{ea67}';
/// “block”.
pub const BLOCK: char = '\u{e033}';
/// “bolt”.
pub const BOLT: char = '\u{ea0b}';
/// “bookmark”.
pub const BOOKMARK: char = '\u{e866}';
/// “calendar month”.
pub const CALENDAR_MONTH: char = '\u{ebcc}';
/// “cancel”.
pub const CANCEL: char = '\u{e5c9}';
/// “category”.
pub const CATEGORY: char = '\u{e574}';
/// “center focus strong”.
pub const CENTER_FOCUS_STRONG: char = '\u{e3b4}';
/// “check”.
pub const CHECK: char = '\u{e5ca}';
/// “check circle”.
pub const CHECK_CIRCLE: char = '\u{e86c}';
/// “chevron left”.
pub const CHEVRON_LEFT: char = '\u{e408}';
/// “chevron right”.
pub const CHEVRON_RIGHT: char = '\u{e409}';
/// “close”.
pub const CLOSE: char = '\u{e14c}';
/// “code”.
pub const CODE: char = '\u{e86f}';
/// “comment”.
pub const COMMENT: char = '\u{e0b9}';
/// “content copy”.
pub const CONTENT_COPY: char = '\u{e14d}';
/// “content cut”.
pub const CONTENT_CUT: char = '\u{e14e}';
/// “content paste”.
pub const CONTENT_PASTE: char = '\u{e14f}';
/// “corporate fare”.
pub const CORPORATE_FARE: char = '\u{f1d0}';
/// “credit card”.
pub const CREDIT_CARD: char = '\u{e870}';
/// “currency bitcoin”.
pub const CURRENCY_BITCOIN: char = '\u{ebc5}';
/// “currency exchange”.
pub const CURRENCY_EXCHANGE: char = '\u{eb70}';
/// “dark mode”.
pub const DARK_MODE: char = '\u{e51c}';
/// “database”.
pub const DATABASE: char = '\u{f20e}';
/// “delete”.
pub const DELETE: char = '\u{e872}';
/// “description”.
pub const DESCRIPTION: char = '\u{e873}';
/// “device hub”.
pub const DEVICE_HUB: char = '\u{e335}';
/// “directions boat”.
pub const DIRECTIONS_BOAT: char = '\u{e532}';
/// “directions car”.
pub const DIRECTIONS_CAR: char = '\u{e531}';
/// “distance”.
pub const DISTANCE: char = '\u{f6ea}';
/// “domain”.
pub const DOMAIN: char = '\u{e0af}';
/// “download”.
pub const DOWNLOAD: char = '\u{e171}';
/// “drag indicator”.
pub const DRAG_INDICATOR: char = '\u{e945}';
/// “east”.
pub const EAST: char = '\u{f1df}';
/// “edit”.
pub const EDIT: char = '\u{e150}';
/// “edit note”.
pub const EDIT_NOTE: char = '\u{e745}';
/// “error”.
pub const ERROR: char = '\u{e000}';
/// “event”.
pub const EVENT: char = '\u{e24f}';
/// “expand less”.
pub const EXPAND_LESS: char = '\u{e5ce}';
/// “expand more”.
pub const EXPAND_MORE: char = '\u{e5cf}';
/// “family restroom”.
pub const FAMILY_RESTROOM: char = '\u{f1a2}';
/// “file open”.
pub const FILE_OPEN: char = '\u{eaf3}';
/// “filter list”.
pub const FILTER_LIST: char = '\u{e152}';
/// “fingerprint”.
pub const FINGERPRINT: char = '\u{e90d}';
/// “first page”.
pub const FIRST_PAGE: char = '\u{e5dc}';
/// “fit screen”.
pub const FIT_SCREEN: char = '\u{ea10}';
/// “flag”.
pub const FLAG: char = '\u{e153}';
/// “flight”.
pub const FLIGHT: char = '\u{e539}';
/// “folder”.
pub const FOLDER: char = '\u{e2c7}';
/// “folder open”.
pub const FOLDER_OPEN: char = '\u{e2c8}';
/// “format quote”.
pub const FORMAT_QUOTE: char = '\u{e244}';
/// “format size”.
pub const FORMAT_SIZE: char = '\u{e245}';
/// “gavel”.
pub const GAVEL: char = '\u{e90e}';
/// “gesture select”.
pub const GESTURE_SELECT: char = '\u{f657}';
/// “grid view”.
pub const GRID_VIEW: char = '\u{e9b0}';
/// “group”.
pub const GROUP: char = '\u{e7ef}';
/// “groups”.
pub const GROUPS: char = '\u{f233}';
/// “handshake”.
pub const HANDSHAKE: char = '\u{ebcb}';
/// “help”.
pub const HELP: char = '\u{e887}';
/// “hide source”.
pub const HIDE_SOURCE: char = '\u{f023}';
/// “history”.
pub const HISTORY: char = '\u{e28e}';
/// “home”.
pub const HOME: char = '\u{e88a}';
/// “home work”.
pub const HOME_WORK: char = '\u{ea09}';
/// “horizontal distribute”.
pub const HORIZONTAL_DISTRIBUTE: char = '\u{e014}';
/// “hourglass empty”.
pub const HOURGLASS_EMPTY: char = '\u{e88b}';
/// “hub”.
pub const HUB: char = '\u{e9f4}';
/// “image”.
pub const IMAGE: char = '\u{e251}';
/// “info”.
pub const INFO: char = '\u{e88e}';
/// “inventory 2”.
pub const INVENTORY_2: char = '\u{e1a1}';
/// “keep”.
pub const KEEP: char = '\u{e6aa}';
/// “keep off”.
pub const KEEP_OFF: char = '\u{e017}';
/// “key”.
pub const KEY: char = '\u{e73c}';
/// “keyboard”.
pub const KEYBOARD: char = '\u{e312}';
/// “keyboard arrow down”.
pub const KEYBOARD_ARROW_DOWN: char = '\u{e313}';
/// “keyboard arrow up”.
pub const KEYBOARD_ARROW_UP: char = '\u{e316}';
/// “label”.
pub const LABEL: char = '\u{e892}';
/// “language”.
pub const LANGUAGE: char = '\u{e894}';
/// “last page”.
pub const LAST_PAGE: char = '\u{e5dd}';
/// “layers”.
pub const LAYERS: char = '\u{e53b}';
/// “license”.
pub const LICENSE: char = '\u{eb04}';
/// “light mode”.
pub const LIGHT_MODE: char = '\u{e518}';
/// “link”.
pub const LINK: char = '\u{e157}';
/// “link off”.
pub const LINK_OFF: char = '\u{e16f}';
/// “list”.
pub const LIST: char = '\u{e896}';
/// “lock”.
pub const LOCK: char = '\u{e88d}';
/// “lock open”.
pub const LOCK_OPEN: char = '\u{e898}';
/// “mail”.
pub const MAIL: char = '\u{e0be}';
/// “map”.
pub const MAP: char = '\u{e55b}';
/// “menu”.
pub const MENU: char = '\u{e5d2}';
/// “menu book”.
pub const MENU_BOOK: char = '\u{ea19}';
/// “monitoring”.
pub const MONITORING: char = '\u{f190}';
/// “more horiz”.
pub const MORE_HORIZ: char = '\u{e5d3}';
/// “more vert”.
pub const MORE_VERT: char = '\u{e5d4}';
/// “movie”.
pub const MOVIE: char = '\u{e02c}';
/// “music note”.
pub const MUSIC_NOTE: char = '\u{e3a1}';
/// “my location”.
pub const MY_LOCATION: char = '\u{e1b3}';
/// “note add”.
pub const NOTE_ADD: char = '\u{e89c}';
/// “notes”.
pub const NOTES: char = '\u{e26c}';
/// “open in new”.
pub const OPEN_IN_NEW: char = '\u{e895}';
/// “palette”.
pub const PALETTE: char = '\u{e3b7}';
/// “pan tool”.
pub const PAN_TOOL: char = '\u{e925}';
/// “pause”.
pub const PAUSE: char = '\u{e034}';
/// “payments”.
pub const PAYMENTS: char = '\u{ef63}';
/// “person”.
pub const PERSON: char = '\u{e7fd}';
/// “person add”.
pub const PERSON_ADD: char = '\u{e7fe}';
/// “photo”.
pub const PHOTO: char = '\u{e410}';
/// “picture as pdf”.
pub const PICTURE_AS_PDF: char = '\u{e415}';
/// “pin”.
pub const PIN: char = '\u{f045}';
/// “place”.
pub const PLACE: char = '\u{e0c8}';
/// “play arrow”.
pub const PLAY_ARROW: char = '\u{e037}';
/// “policy”.
pub const POLICY: char = '\u{ea17}';
/// “print”.
pub const PRINT: char = '\u{e555}';
/// “psychology”.
pub const PSYCHOLOGY: char = '\u{ea4a}';
/// “public”.
pub const PUBLIC: char = '\u{e80b}';
/// “radar”.
pub const RADAR: char = '\u{f04e}';
/// “real estate agent”.
pub const REAL_ESTATE_AGENT: char = '\u{e73a}';
/// “receipt long”.
pub const RECEIPT_LONG: char = '\u{ef6e}';
/// “redo”.
pub const REDO: char = '\u{e15a}';
/// “refresh”.
pub const REFRESH: char = '\u{e5d5}';
/// “remove”.
pub const REMOVE: char = '\u{e15b}';
/// “report”.
pub const REPORT: char = '\u{e160}';
/// “restart alt”.
pub const RESTART_ALT: char = '\u{f053}';
/// “restore from trash”.
pub const RESTORE_FROM_TRASH: char = '\u{e938}';
/// “sailing”.
pub const SAILING: char = '\u{e502}';
/// “save”.
pub const SAVE: char = '\u{e161}';
/// “save as”.
pub const SAVE_AS: char = '\u{eb60}';
/// “schedule”.
pub const SCHEDULE: char = '\u{e192}';
/// “search”.
pub const SEARCH: char = '\u{e8b6}';
/// “select all”.
pub const SELECT_ALL: char = '\u{e162}';
/// “sell”.
pub const SELL: char = '\u{e54e}';
/// “settings”.
pub const SETTINGS: char = '\u{e8b8}';
/// “share”.
pub const SHARE: char = '\u{e80d}';
/// “shield”.
pub const SHIELD: char = '\u{e75b}';
/// “skip next”.
pub const SKIP_NEXT: char = '\u{e044}';
/// “skip previous”.
pub const SKIP_PREVIOUS: char = '\u{e045}';
/// “slideshow”.
pub const SLIDESHOW: char = '\u{e41b}';
/// “sort”.
pub const SORT: char = '\u{e164}';
/// “south”.
pub const SOUTH: char = '\u{f1e3}';
/// “star”.
pub const STAR: char = '\u{e838}';
/// “stop”.
pub const STOP: char = '\u{e047}';
/// “storefront”.
pub const STOREFRONT: char = '\u{ea12}';
/// “swap horiz”.
pub const SWAP_HORIZ: char = '\u{e8d4}';
/// “table rows”.
pub const TABLE_ROWS: char = '\u{f101}';
/// “tag”.
pub const TAG: char = '\u{e9ef}';
/// “target”.
pub const TARGET: char = '\u{e719}';
/// “text fields”.
pub const TEXT_FIELDS: char = '\u{e262}';
/// “timeline”.
pub const TIMELINE: char = '\u{e922}';
/// “travel explore”.
pub const TRAVEL_EXPLORE: char = '\u{e2db}';
/// “trip origin”.
pub const TRIP_ORIGIN: char = '\u{e57b}';
/// “undo”.
pub const UNDO: char = '\u{e166}';
/// “upload”.
pub const UPLOAD: char = '\u{e2c6}';
/// “upload file”.
pub const UPLOAD_FILE: char = '\u{e9fc}';
/// “verified”.
pub const VERIFIED: char = '\u{e031}';
/// “verified user”.
pub const VERIFIED_USER: char = '\u{e8e8}';
/// “vertical distribute”.
pub const VERTICAL_DISTRIBUTE: char = '\u{e076}';
/// “view list”.
pub const VIEW_LIST: char = '\u{e8ef}';
/// “view sidebar”.
pub const VIEW_SIDEBAR: char = '\u{f114}';
/// “view timeline”.
pub const VIEW_TIMELINE: char = '\u{eb85}';
/// “visibility”.
pub const VISIBILITY: char = '\u{e417}';
/// “visibility off”.
pub const VISIBILITY_OFF: char = '\u{e8f5}';
/// “wallet”.
pub const WALLET: char = '\u{f8ff}';
/// “warning”.
pub const WARNING: char = '\u{e002}';
/// “work”.
pub const WORK: char = '\u{e8f9}';
/// “zoom in”.
pub const ZOOM_IN: char = '\u{e8ff}';
/// “zoom out”.
pub const ZOOM_OUT: char = '\u{e900}';
/// “zoom out map”.
pub const ZOOM_OUT_MAP: char = '\u{e56b}';
