//! Seen, placements and selection become drawing primitives here. Screen, SVG and PNG draw
//! the same picture, so that an export equals the screen.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use super::{
    Color, Legend, Overlay, Point, Rect, Size, Style,
    captions::{self, Labelled},
    curve::{Curve, bend},
    font::{self, missing::with_reading},
    icon,
    layout::Free,
    marks::{self, Mark as Drawn},
    overlay::Mark,
    shown::{Between, Member, Shown, Stand, Who, shown},
    style::Group,
    text::{cut, one_line, wrap},
};
use crate::{
    model::{
        Chart, Id, Period, Placement, Strength,
        chart::{self, Parallels},
        schema,
        styling::{Magnitude, Styling, Thickness},
        value,
    },
    network::{Connection, EntityRef, Seen, measured::grouped},
};

/// The size of captions on cards, in points at zoom 1.
pub const CAPTION: f32 = 13.0;
/// The size of what stands below them.
pub const DETAIL: f32 = 11.0;
/// The side of the square behind an icon.
pub const TILE: f32 = 34.0;
/// The space between the edge of a card and what is in it.
pub const PAD: f32 = 9.0;
/// The width of the ring around what is selected, and its distance from the edge of a card.
pub const RING: f32 = 3.0;
/// See [`RING`].
pub const RING_OFF: f32 = 4.0;
/// The height of the bar that says how much is measured.
pub const LEVEL: f32 = 4.0;
/// The width of the line of a reference.
pub const THIN: f32 = 0.9;
/// The height of a caption's line.
pub const LINE: f32 = 16.0;
/// The height of the line of details, and of that of the status.
pub const SMALL_LINE: f32 = 14.0;
/// The height of a tag, and of the line that it stands in.
pub(crate) const TAG: f32 = 16.0;
const TAG_LINE: f32 = 19.0;
/// Lines of tags on a card; what has no room there is counted.
const TAG_LINES: usize = 2;
/// The width of the longest tag.
const TAG_WIDTH: f32 = 110.0;
const TEXT_WIDTH: (f32, f32) = (76.0, 156.0);
/// What is written between a schema and countries.
const BETWEEN: &str = " · ";

/// What a picture is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub seen: &'a Seen,
    pub chart: &'a Chart,
    pub placements: &'a [Placement],
    pub selection: &'a BTreeSet<Id>,
    /// What lies outside it is dimmed.
    pub period: &'a Period,
    /// What a filter leaves out, and what size and colour stand for.
    pub overlay: &'a Overlay,
    pub style: &'a Style,
    /// Whether what is selected is a path that the user follows: its lines are drawn as the thread.
    pub follows: bool,
}

impl<'a> Input<'a> {
    /// What of the chart is drawn.
    pub(super) fn shown(&self) -> Shown<'a> {
        shown(self.seen, self.chart, self.placements, self.overlay)
    }

    /// The colour that stands for a measure of an entity, if one does, else the one that the user
    /// chose for it.
    pub(super) fn tint(&self, id: &Id) -> Option<Color> {
        if !self.is_measured() {
            return self.paint(id);
        }
        self.overlay.tint(id).map(|mark| match mark {
            Mark::Level(level) => self.style.level(level),
            Mark::Kind(kind) => self.style.kind(kind),
        })
    }

    /// Whether colour stands for something measured.
    pub(super) fn is_measured(&self) -> bool {
        self.overlay.measured.is_some() && self.overlay.by_color
    }

    /// The colour that the user chose for something, where colour stands for nothing measured.
    fn paint(&self, id: &Id) -> Option<Color> {
        let paint = self.chart.styles.get(id).and_then(|styling| styling.paint);
        paint.filter(|_| !self.is_measured()).map(|paint| self.style.paint(paint))
    }

    /// The colour of a group: its own, else that of its members, where they have one and the same.
    pub(super) fn common_tint(&self, group: &Id, members: &[Member<'_>]) -> Option<Color> {
        if let Some(own) = self.paint(group) {
            return Some(own);
        }
        let mut tints = members.iter().map(|member| self.tint(member.entity.id()));
        let first = tints.next().flatten()?;
        tints.all(|tint| tint == Some(first)).then_some(first)
    }

    /// Whether something is selected; a group is with any of its members.
    pub(super) fn selects(&self, who: &Who<'_>) -> bool {
        !self.selection.is_empty()
            && (self.selection.contains(who.id())
                || matches!(who, Who::Group(_, members)
                    if members.iter().any(|m| self.selection.contains(m.entity.id()))))
    }

    /// Whether something that stands on the chart is drawn faintly.
    pub(super) fn dims(&self, stand: &Stand<'_>) -> bool {
        stand.left_out
            || match &stand.who {
                Who::Entity(entity) => self.is_outside(*entity),
                Who::Group(_, members) => members.iter().all(|m| self.is_outside(m.entity)),
            }
    }

    /// Whether an entity or relationship lies outside the period.
    pub(super) fn is_outside(&self, entity: EntityRef<'_>) -> bool {
        if self.period.from.is_none() && self.period.to.is_none() {
            return false;
        }
        let (start, end) = entity.extent();
        !self.period.overlaps(start.as_ref(), end.as_ref())
    }

    /// Whether something between two entities lies outside the period; a reference, which is of no
    /// known date, does not.
    fn is_beyond(&self, connection: Connection<'_>) -> bool {
        connection.relationship().is_some_and(|link| self.is_outside(link))
    }
}

/// A chart as it is drawn. Lines lie below nodes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub nodes: Vec<Node>,
    pub lines: Vec<Line>,
    /// What is drawn beside them.
    pub marks: Vec<Drawn>,
    pub bounds: Rect,
    pub legend: Legend,
}

/// An entity, or a group of entities, on a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The entity or group.
    pub id: Id,
    /// Its schema; of a group, that of most of its members.
    pub schema: Arc<str>,
    /// How many entities it stands for, where it is a group.
    pub members: Option<usize>,
    /// The middle of its card.
    pub at: Point,
    pub size: Size,
    /// How many times the usual size it is.
    pub scale: f32,
    /// How many times the usual thickness its edge has.
    pub thickness: f32,
    pub icon: char,
    /// SHA-256 of the photo that is drawn in place of its icon.
    pub photo: Option<Arc<str>>,
    /// The group that its colour stands for.
    pub group: Group,
    /// Its name, in one to three lines.
    pub caption: Vec<String>,
    /// Its whole name.
    pub name: Arc<str>,
    /// Its schema and countries, in up to three lines.
    pub detail: Vec<String>,
    /// Its status in capitals (`DESIGNATED`), empty for none.
    pub status: String,
    pub tags: Vec<Tag>,
    /// How well it is supported; drawn as the edge of the card.
    pub strength: Strength,
    /// Whether a source denies that it exists.
    pub denied: bool,
    pub selected: bool,
    /// Whether it lies outside the period.
    pub dimmed: bool,
    /// Whether no layout moves it.
    pub pinned: bool,
    /// How much it matters, for which labels to draw first: its relationships.
    pub importance: f32,
    /// The colour that stands for what is measured.
    pub tint: Option<Color>,
    /// Where size stands for what is measured, how much that is; see
    /// [`Mark::Level`].
    pub level: Option<f32>,
}

/// A tag on a card.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    pub text: String,
    /// Its left top, from where the texts of the card begin to the right, and below the last of
    /// them.
    pub offset: Point,
    pub size: Size,
    /// Whether it says what else describes the entity, and folds or unfolds it when clicked.
    pub details: bool,
}

impl Node {
    /// It in its usual size, around the same middle.
    #[must_use]
    pub fn natural(&self) -> Self {
        let size = Size { w: self.size.w / self.scale, h: self.size.h / self.scale };
        Self { size, scale: 1.0, ..self.clone() }
    }

    /// It as its user styled it.
    fn styled(mut self, input: &Input<'_>) -> Self {
        let Some(styling) = input.chart.styles.get(&self.id) else { return self };
        self.scale = styling.size.map_or(1.0, Magnitude::factor);
        self.size = marks::scaled(self.size, self.scale);
        self.thickness = styling.thickness.map_or(1.0, Thickness::factor);
        if let Some(schema) = &styling.icon {
            self.icon = icon::for_schema(schema);
        }
        self.photo = styling.photo.as_deref().map(Arc::from);
        self
    }

    /// How far from its middle the first of its texts begins, and how far the first of its tags.
    pub fn text_tops(&self) -> (f32, f32) {
        let status = if self.status.is_empty() { 0.0 } else { 18.0 };
        let (names, details) = (self.caption.len() as f32, self.detail.len() as f32);
        let texts = names * LINE + details * SMALL_LINE + status;
        let top = -(texts + tags_height(&self.tags)) / 2.0;
        (top, top + texts)
    }

    /// Where the tag lies that folds and unfolds what describes the entity, if it has one.
    pub fn details_rect(&self) -> Option<Rect> {
        self.tags.iter().find(|tag| tag.details).map(|tag| self.tag_rect(tag))
    }

    /// Where a tag of it lies.
    pub fn tag_rect(&self, tag: &Tag) -> Rect {
        if self.scale != 1.0 {
            let rect = self.natural().tag_rect(tag);
            let around = |p: Point| {
                let off = |p: f32, at: f32| at + (p - at) * self.scale;
                Point::new(off(p.x, self.at.x), off(p.y, self.at.y))
            };
            return Rect { min: around(rect.min), max: around(rect.max) };
        }
        let left = self.at.x - self.size.w / 2.0 + PAD * 2.0 + TILE;
        let min = Point::new(left + tag.offset.x, self.at.y + self.text_tops().1 + tag.offset.y);
        Rect { min, max: Point::new(min.x + tag.size.w, min.y + tag.size.h) }
    }

    /// Its card.
    pub fn rect(&self) -> Rect {
        Rect::from_center_size(self.at, self.size)
    }

    /// The bar at the foot of its card that says how much is measured: all of it, and the part
    /// that a level fills.
    pub fn level_bar(&self, level: f32) -> [Rect; 2] {
        let card = self.rect();
        let min = Point::new(card.min.x + PAD, card.max.y - LEVEL - 2.0);
        let to = |part: f32| Rect {
            min,
            max: Point::new(min.x + (card.width() - 2.0 * PAD) * part, min.y + LEVEL),
        };
        [to(1.0), to((level * level).clamp(0.02, 1.0))]
    }
}

/// One or several relationships and references between two entities on a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The relationships and references.
    pub ids: Vec<Id>,
    /// Whether it stands for references alone, which are drawn thinner.
    pub reference: bool,
    pub from: Id,
    pub to: Id,
    /// Its course from card to card.
    pub curve: Curve,
    /// How many steps it runs beside the straight way, and its number among those of its pair.
    pub spread: f32,
    /// See [`Self::spread`].
    pub nth: usize,
    pub arrow_from: bool,
    pub arrow_to: bool,
    /// How well it is supported; the strongest of several.
    pub strength: Strength,
    /// Whether a source denies it; of several, all.
    pub denied: bool,
    /// Whether it, or one of several, is selected.
    pub selected: bool,
    /// Whether it is part of the path that the user follows.
    pub followed: bool,
    /// Whether it lies outside the period.
    pub dimmed: bool,
    pub label: String,
    pub label_at: Point,
    /// Its width in points at zoom 1.
    pub width: f32,
    pub color: Color,
}

/// The picture of a chart.
pub fn picture(input: &Input<'_>) -> Picture {
    let shown = input.shown();
    let placed = Placed { placements: input.placements, ids: OnceCell::new() };
    let nodes: Vec<Node> = shown.stands.iter().map(|stand| node(input, stand, &placed)).collect();
    let mut lines = Vec::new();
    for ((a, b), ties) in pairs(&shown) {
        let (a, b) = (&nodes[a as usize], &nodes[b as usize]);
        let bundles = bundle(parallels(input, &shown, &ties[0]), ties);
        let count = bundles.len();
        for (at, ties) in bundles.into_iter().enumerate() {
            lines.push(line(input, a, b, &ties, (at, count)));
        }
    }
    place_labels(&nodes, &mut lines, &|_| 0.0);
    let bounds = bounds_of(&nodes, &lines);
    let marks = marks::marks(input, &nodes);
    // An empty chart has bounds around nothing.
    let start = if nodes.is_empty() { None } else { Some(bounds) };
    let bounds = marks.iter().map(|mark| mark.rect.expand(4.0)).chain(start);
    let bounds = Rect::around(bounds).unwrap_or_default();
    let mut picture = Picture { nodes, lines, marks, bounds, legend: Legend::default() };
    picture.legend = Legend::of(&picture, input);
    picture
}

/// What holds all cards, and what is written on lines.
pub(super) fn bounds_of(nodes: &[Node], lines: &[Line]) -> Rect {
    let bounds = Rect::around(nodes.iter().map(Node::rect)).unwrap_or_default();
    lines.iter().fold(bounds, |bounds, line| {
        bounds.union(Rect::from_center_size(line.label_at, Size { w: 40.0, h: 16.0 }))
    })
}

/// The connections between each two that stand on a chart, by their places, the earlier first.
pub(super) fn pairs<'a>(shown: &Shown<'a>) -> BTreeMap<(u32, u32), Vec<Between<'a>>> {
    let mut pairs: BTreeMap<(u32, u32), Vec<Between<'_>>> = BTreeMap::new();
    for between in shown.between() {
        let pair = (between.from.min(between.to), between.from.max(between.to));
        pairs.entry(pair).or_default().push(between);
    }
    for ties in pairs.values_mut().filter(|ties| ties.len() > 1) {
        ties.sort_by_cached_key(|tie| tie.link.id().into_owned());
    }
    pairs
}

/// How the relationships of a pair are drawn: as the chart says, but for a group by direction,
/// because it can have hundreds with another.
pub(super) fn parallels(input: &Input<'_>, shown: &Shown<'_>, tie: &Between<'_>) -> Parallels {
    let is_group = |stand: u32| matches!(shown.stands[stand as usize].who, Who::Group(..));
    match input.chart.parallels {
        Parallels::Multiple if is_group(tie.from) || is_group(tie.to) => Parallels::PerDirection,
        parallels => parallels,
    }
}

/// The card of an entity: how large it is does not depend on where it stands, so that layouts
/// can ask before they place it.
pub fn card_size(entity: EntityRef<'_>) -> Size {
    let caption = caption_of(entity.caption());
    let mut tags = tags_of(entity);
    tags.extend(details_tag(&entity.details(), &|_| false, &tags));
    size_of(&caption, &detail_of(entity), &status_of(entity), &tags)
}

/// The card of an entity as it is styled on a chart.
pub fn card_size_on(chart: &Chart, entity: EntityRef<'_>) -> Size {
    marks::scaled(card_size(entity), scale_on(chart, entity.id()))
}

/// How many times the usual size the card of an entity or a group has on a chart.
pub fn scale_on(chart: &Chart, id: &Id) -> f32 {
    let size = chart.styles.get(id).and_then(|styling| styling.size);
    size.map_or(1.0, Magnitude::factor)
}

/// What is placed on a chart, worked out when it is asked for.
struct Placed<'a> {
    placements: &'a [Placement],
    ids: OnceCell<HashSet<&'a Id>>,
}

impl Placed<'_> {
    fn has(&self, id: &Id) -> bool {
        let ids = || self.placements.iter().map(|placement| &placement.entity).collect();
        self.ids.get_or_init(ids).contains(id)
    }
}

/// The tag that says how many entities only describe this one, below all others: with a plus while
/// some of them are folded into the card, with a minus once all are placed. Both are as wide.
fn details_tag(
    details: &[EntityRef<'_>],
    is_placed: &dyn Fn(&Id) -> bool,
    tags: &[Tag],
) -> Option<Tag> {
    let folded = details.iter().any(|detail| !is_placed(detail.id()));
    let sign = if folded { '+' } else { '\u{2212}' };
    let words = |sign: char| match details.len() {
        1 => format!("{sign}\u{2009}1 detail"),
        many => format!("{sign}\u{2009}{} details", grouped(many)),
    };
    let width = |sign| font::width(&words(sign), DETAIL, font::Weight::Regular);
    let y = tags.last().map_or(3.0, |last| last.offset.y + TAG_LINE);
    (!details.is_empty()).then(|| Tag {
        text: words(sign),
        offset: Point::new(0.0, y),
        size: Size { w: width('+').max(width('\u{2212}')) + 12.0, h: TAG },
        details: true,
    })
}

fn size_of(caption: &[String], detail: &[String], status: &str, tags: &[Tag]) -> Size {
    let widest = caption
        .iter()
        .map(|line| font::width(line, CAPTION, font::Weight::SemiBold))
        .chain(detail.iter().map(|line| font::width(line, DETAIL, font::Weight::Regular)))
        .chain([font::width(status, DETAIL, font::Weight::SemiBold) + 10.0])
        .chain(tags.iter().map(|tag| tag.offset.x + tag.size.w))
        .fold(TEXT_WIDTH.0, f32::max)
        .min(TEXT_WIDTH.1);
    let status = if status.is_empty() { 0.0 } else { 18.0 };
    let text = caption.len() as f32 * LINE + detail.len() as f32 * SMALL_LINE + status;
    let text = text + tags_height(tags);
    Size { w: (PAD * 3.0 + TILE + widest).ceil(), h: (PAD * 2.0 + text.max(TILE)).ceil() }
}

fn caption_of(name: &str) -> Vec<String> {
    wrap(&with_reading(name), CAPTION, font::Weight::SemiBold, TEXT_WIDTH.1, 3)
}

/// Its schema and countries: in one line where they have room as they are or abbreviated, else in
/// several.
fn detail_of(entity: EntityRef<'_>) -> Vec<String> {
    let mut countries: Vec<&str> = Vec::new();
    let properties = ["jurisdiction", "country", "nationality", "flag"];
    for code in properties.iter().flat_map(|property| entity.all(property)) {
        let name = value::country(code);
        if !countries.contains(&name) && countries.len() < 2 {
            countries.push(name);
        }
    }
    let parts = |form: &dyn Fn(&str) -> String| -> Vec<String> {
        let schema = std::iter::once(schema::label(entity.schema()).to_owned());
        schema.chain(countries.iter().map(|country| form(country))).collect()
    };
    let (whole, short) = (parts(&str::to_owned), parts(&value::short_country));
    let in_one = [&whole, &short].into_iter().map(|parts| parts.join(BETWEEN)).find(|l| fits(l));
    let lines = in_one.map(|line| vec![line]).or_else(|| in_two(&whole));
    lines.unwrap_or_else(|| in_lines(&short))
}

/// Whether a line of details has room on a card.
fn fits(line: &str) -> bool {
    font::width(line, DETAIL, font::Weight::Regular) <= TEXT_WIDTH.1
}

/// Parts in two lines, none of them broken; `None` where that has no room.
fn in_two(parts: &[String]) -> Option<Vec<String>> {
    let breaks = (1..parts.len()).rev();
    let mut all = breaks.map(|n| vec![parts[..n].join(BETWEEN), parts[n..].join(BETWEEN)]);
    all.find(|lines| lines.iter().all(|line| fits(line)))
}

/// Parts in up to three lines, which break between parts where they can.
fn in_lines(parts: &[String]) -> Vec<String> {
    let all = parts.join(BETWEEN);
    if fits(&all) {
        return vec![all];
    }
    let wrapped = || wrap(&all, DETAIL, font::Weight::Regular, TEXT_WIDTH.1, 3);
    in_two(parts).unwrap_or_else(wrapped)
}

fn status_of(entity: EntityRef<'_>) -> String {
    let mut words: Vec<String> = entity.all("legalStatus").map(str::to_uppercase).collect();
    words.dedup();
    cut(&words.join(" · "), DETAIL, font::Weight::SemiBold, TEXT_WIDTH.1 - 10.0)
}

fn tags_height(tags: &[Tag]) -> f32 {
    tags.iter().map(|tag| tag.offset.y + TAG).fold(0.0, f32::max)
}

/// The tags of an entity in rows; the last says how many have no room.
fn tags_of(entity: EntityRef<'_>) -> Vec<Tag> {
    const GAP: f32 = 4.0;
    let texts: BTreeSet<&str> = entity.all("tag").filter(|tag| !tag.trim().is_empty()).collect();
    let mut tags: Vec<Tag> = Vec::new();
    let place = |after: Option<&Tag>, text: String| {
        let w = font::width(&text, DETAIL, font::Weight::Regular) + 12.0;
        let mut offset = Point::new(0.0, 3.0);
        if let Some(last) = after {
            let x = last.offset.x + last.size.w + GAP;
            let fits = x + w <= TEXT_WIDTH.1;
            offset.x = if fits { x } else { 0.0 };
            offset.y = last.offset.y + if fits { 0.0 } else { TAG_LINE };
        }
        Tag { text, offset, size: Size { w, h: TAG }, details: false }
    };
    let has_room = |tag: &Tag| tag.offset.y < TAG_LINES as f32 * TAG_LINE;
    let count = texts.len();
    for (n, text) in texts.into_iter().enumerate() {
        let tag = place(tags.last(), cut(text, DETAIL, font::Weight::Regular, TAG_WIDTH));
        let rest = count - n - 1;
        let rest_fits = || rest == 0 || has_room(&place(Some(&tag), format!("+{rest}")));
        if has_room(&tag) && rest_fits() {
            tags.push(tag);
            continue;
        }
        tags.push(place(tags.last(), format!("+{}", count - n)));
        break;
    }
    tags
}

fn node(input: &Input<'_>, stand: &Stand<'_>, placed: &Placed<'_>) -> Node {
    let node = match &stand.who {
        Who::Entity(entity) => entity_node(input, stand, *entity, placed),
        Who::Group(group, members) => group_node(input, stand, group, members),
    };
    node.styled(input)
}

fn entity_node(
    input: &Input<'_>,
    stand: &Stand<'_>,
    entity: EntityRef<'_>,
    placed: &Placed<'_>,
) -> Node {
    let caption = caption_of(entity.caption());
    let (detail, status, mut tags) = (detail_of(entity), status_of(entity), tags_of(entity));
    tags.extend(details_tag(&entity.details(), &|id| placed.has(id), &tags));
    Node {
        id: entity.id().clone(),
        schema: entity.schema().into(),
        members: None,
        at: stand.at,
        size: size_of(&caption, &detail, &status, &tags),
        scale: 1.0,
        thickness: 1.0,
        icon: icon::for_schema(entity.schema()),
        photo: None,
        group: Group::of(entity.schema()),
        caption,
        name: entity.caption().into(),
        detail,
        status,
        tags,
        strength: entity.strength(),
        denied: entity.denied(),
        selected: input.selects(&stand.who),
        dimmed: input.dims(stand),
        pinned: stand.pinned,
        importance: stand.degree as f32,
        tint: input.tint(entity.id()),
        level: input.overlay.level(entity.id()),
    }
}

/// Many as one card. How well a member is supported is said of the member alone, so its edge says
/// nothing.
fn group_node(
    input: &Input<'_>,
    stand: &Stand<'_>,
    group: &chart::Group,
    members: &[Member<'_>],
) -> Node {
    let kinds = kinds_of(members);
    let most = kinds.first().map_or("", |(schema, _)| *schema);
    let parts = kinds.iter().map(|(name, count)| {
        let known = schema::schema(name);
        let words = known.map_or(*name, |s| if *count == 1 { &s.label } else { &s.plural });
        format!("{} {}", grouped(*count), words.to_lowercase())
    });
    let detail = in_lines(&parts.collect::<Vec<_>>());
    let caption = caption_of(&group.name);
    let levels = members.iter().filter_map(|member| input.overlay.level(member.entity.id()));
    Node {
        id: group.id.clone(),
        schema: most.into(),
        members: Some(members.len()),
        at: stand.at,
        size: size_of(&caption, &detail, "", &[]),
        scale: 1.0,
        thickness: 1.0,
        icon: icon::for_schema(most),
        photo: None,
        group: Group::of(most),
        caption,
        name: group.name.as_str().into(),
        detail,
        status: String::new(),
        tags: Vec::new(),
        strength: Strength::Confirmed,
        denied: false,
        selected: input.selects(&stand.who),
        dimmed: input.dims(stand),
        pinned: false,
        importance: stand.degree as f32,
        tint: input.common_tint(&group.id, members),
        level: levels.reduce(f32::max),
    }
}

/// The schemata of members, each with how many have it, the most frequent first.
pub(super) fn kinds_of<'a>(members: &[Member<'a>]) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for member in members {
        *counts.entry(member.entity.schema()).or_default() += 1;
    }
    let mut kinds: Vec<(&str, usize)> = counts.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// Which relationships of a pair share a line, by i2's three multiplicities.
pub(super) fn bundle(parallels: Parallels, ties: Vec<Between<'_>>) -> Vec<Vec<Between<'_>>> {
    match parallels {
        Parallels::Multiple => ties.into_iter().map(|tie| vec![tie]).collect(),
        Parallels::Single => vec![ties],
        Parallels::PerDirection => {
            let (there, back): (Vec<_>, Vec<_>) =
                ties.into_iter().partition(|tie| tie.from <= tie.to);
            [there, back].into_iter().filter(|ties| !ties.is_empty()).collect()
        }
    }
}

/// What one or several relationships of a pair say of the line that stands for them.
pub(super) struct Course {
    /// Whether it runs from the first of the pair to the second.
    pub forward: bool,
    pub arrow_from: bool,
    pub arrow_to: bool,
    pub strength: Strength,
    pub denied: bool,
    pub selected: bool,
    pub outside: bool,
}

impl Course {
    /// Of relationships between two, or between one and itself.
    pub fn of(input: &Input<'_>, ties: &[Between<'_>]) -> Self {
        let own = ties.iter().all(|tie| tie.from == tie.to);
        let leaves_first = |tie: &Between<'_>| tie.from <= tie.to;
        let directed = |tie: &&Between<'_>| tie.link.is_directed();
        // A line runs the way its relationships do; one with both ways has two heads.
        let forward = ties.iter().any(leaves_first);
        let along = |tie: &Between<'_>| leaves_first(tie) == forward;
        Self {
            forward,
            arrow_to: ties.iter().filter(directed).any(&along),
            arrow_from: !own && ties.iter().filter(directed).any(|tie| !along(tie)),
            strength: ties.iter().map(|tie| tie.link.strength()).max().unwrap_or_default(),
            denied: ties.iter().all(|tie| tie.link.denied()),
            selected: !input.selection.is_empty()
                && ties.iter().any(|tie| input.selection.contains(&*tie.link.id())),
            outside: ties.iter().all(|tie| tie.left_out || input.is_beyond(tie.link)),
        }
    }

    /// How many steps the `nth` of `count` lines of a pair runs beside the straight way: fanned
    /// out to both sides, always seen from the same end.
    pub fn spread(&self, nth: usize, count: usize) -> f32 {
        (nth as f32 - (count as f32 - 1.0) / 2.0) * if self.forward { 1.0 } else { -1.0 }
    }
}

/// The line of relationships between `a` and `b`; the `nth` of `count` between the two.
fn line(
    input: &Input<'_>,
    a: &Node,
    b: &Node,
    ties: &[Between<'_>],
    (nth, count): (usize, usize),
) -> Line {
    let course = Course::of(input, ties);
    let (from, to) = if course.forward { (a, b) } else { (b, a) };
    let spread = course.spread(nth, count);
    let curve = curve(from, to, spread, nth);
    let reference = ties.iter().all(|tie| tie.link.is_reference());
    let ids: Vec<Id> = ties.iter().map(|tie| tie.link.id().into_owned()).collect();
    let styling = styling_of(input.chart, &ids);
    let (mut color, mut width) = looks(input, styling, course.denied, reference);
    let followed = course.selected && input.follows;
    if followed {
        (color, width) = (input.style.thread, width.max(FOLLOWED));
    }
    Line {
        ids,
        reference,
        from: from.id.clone(),
        to: to.id.clone(),
        spread,
        nth,
        arrow_from: course.arrow_from,
        arrow_to: course.arrow_to,
        strength: course.strength,
        denied: course.denied,
        selected: course.selected,
        followed,
        dimmed: course.outside || from.dimmed || to.dimmed,
        label_at: curve.at(0.5),
        curve,
        label: label(ties),
        width: width + weight(a, b, ties.len()),
        color,
    }
}

/// The least width of the lines of a path that the user follows, in points at zoom 1.
const FOLLOWED: f32 = 2.6;

/// What the user chose for a line that stands for these relationships.
pub(super) fn styling_of<'a>(chart: &'a Chart, ids: &[Id]) -> Option<&'a Styling> {
    if chart.styles.len() > ids.len() {
        let chosen = ids.iter().filter_map(|id| chart.styles.get_key_value(id));
        return chosen.min_by_key(|(id, _)| *id).map(|(_, styling)| styling);
    }
    chart.styles.iter().find(|(id, _)| ids.contains(id)).map(|(_, styling)| styling)
}

/// The colour of a line, and its width in points at zoom 1.
pub(super) fn looks(
    input: &Input<'_>,
    styling: Option<&Styling>,
    denied: bool,
    reference: bool,
) -> (Color, f32) {
    let paint = styling.and_then(|styling| styling.paint);
    let thickness = styling.and_then(|styling| styling.thickness);
    let color = if denied { input.style.denied } else { marks::color(input.style, paint) };
    let width = if reference { THIN } else { 1.5 };
    (color, width * thickness.map_or(1.0, Thickness::factor))
}

/// How much wider a line is for how many relationships it stands for: between groups that is what
/// the picture is about.
fn weight(a: &Node, b: &Node, count: usize) -> f32 {
    let is_group = a.members.is_some() || b.members.is_some();
    if is_group { ((count as f32).log2() * 0.6).min(4.5) } else { 0.0 }
}

/// The width of what is written on the line of a relationship or reference, with its ground; 0 for
/// nothing.
pub fn label_width(link: Connection<'_>) -> f32 {
    label_size(&words_of(&[link]))
}

/// The width of a label with its ground.
pub fn label_size(label: &str) -> f32 {
    if label.is_empty() { 0.0 } else { font::width(label, DETAIL, font::Weight::Regular) + 8.0 }
}

fn label(ties: &[Between<'_>]) -> String {
    let links: Vec<Connection<'_>> = ties.iter().map(|tie| tie.link).collect();
    words_of(&links)
}

/// What is written on the line of these relationships and references.
fn words_of(links: &[Connection<'_>]) -> String {
    let one = |link: Connection<'_>| match link {
        Connection::Reference(_) => schema::phrase(link.caption()),
        Connection::Relationship(link) => {
            let denied = if link.denied() { "denied: " } else { "" };
            let uncertain = if link.is_date_uncertain() { " (date uncertain)" } else { "" };
            format!("{denied}{}{uncertain}", one_line(&with_reading(link.caption())))
        }
    };
    let text = match links {
        [link] => one(*link),
        [] => String::new(),
        [first, ..] => {
            let references = links.iter().filter(|link| link.is_reference()).count();
            let relationships = links.len() - references;
            let name = first.kind();
            let same = links.iter().all(|link| link.kind() == name);
            let known = schema::schema(name).filter(|_| same && references == 0);
            let plural = known.map_or("relationships", |schema| schema.plural.as_str());
            let words = |count: usize, one: &str, many: &str| {
                format!("{} {}", grouped(count), if count == 1 { one } else { many })
            };
            match (relationships, references) {
                (_, 0) => format!("{} {plural}", grouped(relationships)),
                (0, _) => words(references, "reference", "references"),
                _ => format!(
                    "{}, {}",
                    words(relationships, "relationship", "relationships"),
                    words(references, "reference", "references")
                ),
            }
        }
    };
    cut(&text, DETAIL, font::Weight::Regular, 170.0)
}

impl Picture {
    /// Places the labels of lines again, where each is wider by what `more` gives, in points.
    pub fn widen_labels(&mut self, more: &dyn Fn(&Line) -> f32) {
        place_labels(&self.nodes, &mut self.lines, more);
    }
}

/// Moves what is written on lines along them, away from cards and from each other. Each is wider
/// than its words by what `more` gives, in points.
pub(super) fn place_labels(nodes: &[Node], lines: &mut [Line], more: &dyn Fn(&Line) -> f32) {
    /// Up to so many cards and lines all are looked at together.
    const FEW: (usize, usize) = (100, 200);
    if nodes.len() <= FEW.0 && lines.len() <= FEW.1 {
        place_few_labels(nodes, lines, more);
    } else {
        place_many_labels(nodes, lines, more);
    }
}

/// The width of what is written on a line, and what it is wider by; 0 for nothing.
fn wide(line: &Line, more: &dyn Fn(&Line) -> f32) -> f32 {
    match (label_size(&line.label), more(line)) {
        (0.0, more) if more > 0.0 => more + 8.0,
        (own, more) => own + more,
    }
}

fn place_few_labels(nodes: &[Node], lines: &mut [Line], more: &dyn Fn(&Line) -> f32) {
    let cards: Vec<Rect> = nodes.iter().map(Node::rect).collect();
    let labelled: Vec<Labelled> = lines
        .iter()
        .map(|line| Labelled {
            curve: line.curve.clone(),
            label: Size { w: wide(line, more), h: 16.0 },
            must: wide(line, more) > 0.0,
        })
        .collect();
    let everywhere = Rect {
        min: Point::new(f32::MIN / 8.0, f32::MIN / 8.0),
        max: Point::new(f32::MAX / 8.0, f32::MAX / 8.0),
    };
    let places = captions::places(&[], &labelled, everywhere, &cards);
    let set = lines.iter_mut().zip(&labelled).zip(places.labels);
    for ((line, _), place) in set.filter(|((_, labelled), _)| labelled.must) {
        line.label_at = place.map_or(line.label_at, Rect::center);
    }
}

fn place_many_labels(nodes: &[Node], lines: &mut [Line], more: &dyn Fn(&Line) -> f32) {
    /// Steps along a line from its middle both ways, and beside it, in points.
    const STEPS: i16 = 11;
    const BESIDE: [f32; 5] = [0.0, 13.0, -13.0, 26.0, -26.0];
    let (mut cards, mut labels) = (Free::default(), Free::default());
    for node in nodes {
        cards.take(node.rect());
    }
    for line in lines.iter_mut() {
        let w = wide(line, more);
        if w <= 0.0 {
            continue;
        }
        let size = Size { w, h: 16.0 };
        let at = |t: f32, off: f32| {
            let (p, ahead) = (line.curve.at(t), line.curve.at(t + 0.02));
            let length = p.distance(ahead).max(0.01);
            Point::new(p.x - (ahead.y - p.y) / length * off, p.y + (ahead.x - p.x) / length * off)
        };
        let area = |(t, off): (f32, f32)| Rect::from_center_size(at(t, off), size);
        let along = || {
            let ways = (0..=STEPS).flat_map(|n| [n, -n]).skip(1);
            ways.map(|n| 0.5 + 0.42 * f32::from(n) / f32::from(STEPS))
        };
        let places = || BESIDE.into_iter().flat_map(|off| along().map(move |t| (t, off)));
        let free = places().find(|p| !cards.is_taken(area(*p)) && !labels.is_taken(area(*p)));
        let off_cards = || places().find(|p| !cards.is_taken(area(*p)));
        let place = free.or_else(off_cards).unwrap_or((0.5, 0.0));
        line.label_at = at(place.0, place.1);
        labels.take(area(place));
    }
}

/// A curve from the edge of one card to that of another, `spread` steps beside the straight line.
pub(super) fn curve(from: &Node, to: &Node, spread: f32, nth: usize) -> Curve {
    let (a, b) = (from.at, to.at);
    if from.id == to.id {
        // A loop over the card's corner, each further out than the one before.
        let out = 34.0 + nth as f32 * 18.0;
        let corner = Point::new(a.x + from.size.w / 2.0, a.y - from.size.h / 2.0);
        return [
            Point::new(corner.x - 26.0, corner.y),
            Point::new(corner.x - 18.0, corner.y - out),
            Point::new(corner.x + out, corner.y - 10.0),
            Point::new(corner.x, corner.y + 18.0),
        ]
        .into();
    }
    trimmed(bend(a, b, spread).into(), from, to)
}

/// The part of a curve from middle to middle that lies between two cards.
pub(super) fn trimmed(whole: Curve, from: &Node, to: &Node) -> Curve {
    whole.between(from.rect().expand(3.0), to.rect().expand(3.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{Action, Case, NewValue, Op},
        chart::{Mode, legend::Sign, sketch as chart_sketch},
        model::styling::Paint,
    };

    fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
        let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
        Op::Add { entity: id.into(), schema: schema.into(), values }
    }

    fn drawn(chart: &Chart, places: &[(&str, f32, f32)], period: &Period) -> Picture {
        both(chart, places, period).0
    }

    fn both(
        chart: &Chart,
        places: &[(&str, f32, f32)],
        period: &Period,
    ) -> (Picture, chart_sketch::Sketch) {
        let mut case = Case::in_memory().expect("memory suffices");
        let ops = vec![
            add(
                "a",
                "Company",
                &[
                    ("name", "丹东鸿祥实业发展有限公司总部"),
                    ("country", "cn"),
                    ("legalStatus", "designated"),
                ],
            ),
            add("b", "Vessel", &[("name", "Oriental Treasure")]),
            add(
                "o",
                "Ownership",
                &[("owner", "a"), ("asset", "b"), ("percentage", "60"), ("startDate", "2012")],
            ),
            add("p", "Ownership", &[("owner", "a"), ("asset", "b"), ("percentage", "40")]),
            add("q", "UnknownLink", &[("subject", "b"), ("object", "a")]),
            Op::Deny { entity: "q".into(), denied: true },
        ];
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::new(case.entities().expect("readable"));
        let placements: Vec<Placement> = places
            .iter()
            .map(|(id, x, y)| Placement { entity: (*id).into(), x: *x, y: *y, pinned: false })
            .collect();
        let selection = BTreeSet::from(["o".into()]);
        let style = Style::of(Mode::Light);
        let overlay = Overlay::default();
        let input = Input {
            seen: &seen,
            chart,
            placements: &placements,
            selection: &selection,
            period,
            overlay: &overlay,
            style: &style,
            follows: false,
        };
        (picture(&input), chart_sketch::sketch(&input))
    }

    const PLACES: [(&str, f32, f32); 2] = [("a", 0.0, 0.0), ("b", 400.0, 100.0)];

    #[test]
    fn a_card_says_who_what_where_and_in_what_status() {
        let picture = drawn(&Chart::new("C", 1.0), &PLACES, &Period::default());
        let node = &picture.nodes[0];
        assert_eq!(node.detail, ["Company · China"]);
        assert_eq!(node.status, "DESIGNATED");
        assert!(node.rect().width() < 230.0 && node.caption.len() == 2, "{node:?}");
    }

    #[test]
    fn tags_are_chips_on_the_card_and_what_has_no_room_is_counted() {
        let card = |tags: &[&str]| {
            let mut case = Case::in_memory().expect("memory suffices");
            let mut values = vec![("name", "Pier Road Trading")];
            values.extend(tags.iter().map(|tag| ("tag", *tag)));
            case.commit(Action::new(vec![add("a", "Company", &values)])).expect("valid");
            let seen = Seen::new(case.entities().expect("readable"));
            let placement = Placement { entity: "a".into(), x: 0.0, y: 0.0, pinned: false };
            let picture = picture(&Input {
                seen: &seen,
                chart: &Chart::new("C", 1.0),
                placements: &[placement],
                selection: &BTreeSet::new(),
                period: &Period::default(),
                overlay: &Overlay::default(),
                style: &Style::of(Mode::Light),
                follows: false,
            });
            let entity = seen.find("a").expect("there");
            assert_eq!(card_size(entity), picture.nodes[0].size, "known before it is placed");
            picture.nodes.into_iter().next().expect("one card")
        };
        let texts = |node: &Node| node.tags.iter().map(|t| t.text.clone()).collect::<Vec<_>>();
        let (none, two) = (card(&[]), card(&["to check", "priority"]));
        assert!(none.tags.is_empty() && none.size.h < two.size.h);
        assert_eq!(texts(&two), ["priority", "to check"]);
        let many: Vec<String> = (0..30).map(|n| format!("tag number {n:02}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let many = card(&many);
        let shown = many.tags.len() - 1;
        assert_eq!(texts(&many).last(), Some(&format!("+{}", 30 - shown)));
        for node in [&two, &many] {
            let rects: Vec<Rect> = node.tags.iter().map(|tag| node.tag_rect(tag)).collect();
            for (n, rect) in rects.iter().enumerate() {
                let card = node.rect();
                assert!(card.contains(rect.min) && card.contains(rect.max), "{rect:?} {card:?}");
                assert!(rects[..n].iter().all(|other| !other.intersects(*rect)), "{rects:?}");
            }
        }
    }

    #[test]
    fn details_are_abbreviated_or_in_several_lines_before_they_are_cut() {
        let detail = |countries: &[&str]| {
            let mut case = Case::in_memory().expect("memory suffices");
            let countries: Vec<(&str, &str)> = countries.iter().map(|c| ("country", *c)).collect();
            case.commit(Action::new(vec![add("a", "Company", &countries)])).expect("valid");
            let seen = Seen::new(case.entities().expect("readable"));
            let entity = seen.nodes().next().expect("is there");
            detail_of(entity)
        };
        assert_eq!(detail(&["cn"]), ["Company · China"]);
        assert_eq!(detail(&["vg"]), ["Company · British Virgin Is."]);
        assert_eq!(detail(&["pa", "mh"]), ["Company · Panama", "Marshall Islands"]);
        assert_eq!(detail(&["ae", "kn"]), ["Company · UAE", "St Kitts & Nevis"]);
        let long = detail(&["ae", "gs"]);
        assert!(long.iter().all(|line| fits(line) && !line.contains('…')), "{long:?}");
        let group = ["12 companies", "3 persons", "4 vessels", "1 bank account"].map(str::to_owned);
        assert_eq!(in_lines(&group), ["12 companies · 3 persons", "4 vessels · 1 bank account"]);
    }

    #[test]
    fn lines_run_from_card_to_card_and_parallel_ones_stay_apart() {
        let picture = drawn(&Chart::new("C", 1.0), &PLACES, &Period::default());
        assert_eq!(picture.lines.len(), 3);
        for line in &picture.lines {
            for (node, end) in [(&line.from, line.curve.start()), (&line.to, line.curve.end())] {
                let card = picture.nodes.iter().find(|n| n.id == *node).expect("an end").rect();
                assert!(!card.contains(end) && card.expand(5.0).contains(end), "{end:?} {card:?}");
            }
        }
        for (n, a) in picture.lines.iter().enumerate() {
            for b in &picture.lines[n + 1..] {
                assert!(a.label_at.distance(b.label_at) > 16.0, "labels lie over each other");
            }
        }
        let denied = picture.lines.iter().find(|l| l.denied).expect("one is denied");
        assert!(denied.label.starts_with("denied") && !denied.arrow_to);
        let share = picture.lines.iter().find(|l| l.selected).expect("one is selected");
        assert_eq!((share.label.as_str(), share.arrow_to), ("60 %", true));
    }

    #[test]
    fn what_the_user_chose_is_known_before_it_is_drawn_and_is_in_the_legend() {
        let mut chart = Chart::new("C", 1.0);
        let large = Styling { size: Some(Magnitude::Huge), ..Styling::default() };
        chart.styles.insert("b".into(), large);
        let line = Styling {
            paint: Some(Paint::Teal),
            thickness: Some(Thickness::Heavy),
            ..Styling::default()
        };
        chart.styles.insert("o".into(), line);
        let (picture, sketch) = both(&chart, &PLACES, &Period::default());
        let node = picture.nodes.iter().find(|node| node.id == Id::from("b")).expect("there");
        assert_eq!(scale_on(&chart, &node.id), 2.0);
        assert_eq!(node.size, marks::scaled(node.natural().size, 2.0));
        // From afar the line has the colour and the width that it has from near.
        let styled = sketch.styled()[0];
        let thread = &sketch.threads[styled.thread as usize];
        let own = picture.lines.iter().find(|l| l.ids == sketch.links(thread)).expect("there");
        assert_eq!((styled.color, styled.width), (own.color, own.width));
        let texts: Vec<&str> = picture.legend.entries.iter().map(|e| e.text.as_str()).collect();
        for text in ["marked teal", "marked heavy", "marked by huge size"] {
            assert!(texts.contains(&text), "{texts:?}");
        }
    }

    #[test]
    fn bundles_say_how_many_they_are() {
        let mut chart = Chart::new("C", 1.0);
        chart.parallels = Parallels::Single;
        let picture = drawn(&chart, &PLACES, &Period::default());
        assert_eq!(picture.lines.len(), 1);
        assert_eq!(picture.lines[0].label, "3 relationships");
        chart.parallels = Parallels::PerDirection;
        assert_eq!(drawn(&chart, &PLACES, &Period::default()).lines.len(), 2);
    }

    #[test]
    fn what_is_hidden_or_not_placed_is_not_drawn_and_a_period_dims() {
        let mut chart = Chart::new("C", 1.0);
        assert!(drawn(&chart, &PLACES[..1], &Period::default()).lines.is_empty());
        chart.hidden = vec!["o".into()];
        assert_eq!(drawn(&chart, &PLACES, &Period::default()).lines.len(), 2);
        let before = Period { from: None, to: "2010".parse().ok() };
        let picture = drawn(&Chart::new("C", 1.0), &PLACES, &before);
        assert!(picture.lines.iter().any(|l| l.dimmed) && picture.lines.iter().any(|l| !l.dimmed));
    }

    #[test]
    fn a_group_is_one_card_that_says_how_many_of_what_and_its_lines_say_how_many() {
        let mut chart = Chart::new("C", 1.0);
        chart.groups = vec![chart::Group::new("Two of them", vec!["a".into(), "b".into()])];
        let alone = drawn(&chart, &PLACES, &Period::default());
        assert_eq!((alone.nodes.len(), alone.lines.len()), (1, 0), "nothing leads out of it");
        let node = &alone.nodes[0];
        assert_eq!((&*node.name, node.members), ("Two of them", Some(2)));
        assert_eq!(node.detail, ["1 company · 1 vessel"]);
        assert_eq!(node.at, Point::new(200.0, 50.0));
        assert!(alone.legend.entries.iter().any(|e| e.sign == Sign::Group));
        assert!(!alone.legend.entries.iter().any(|e| matches!(e.sign, Sign::Line(_))));
        // With a stranger in the group, it is as good as none.
        chart.groups = vec![chart::Group::new("G", vec!["a".into(), "stranger".into()])];
        assert_eq!(drawn(&chart, &PLACES, &Period::default()).lines.len(), 3);
    }

    #[test]
    fn the_legend_lists_what_is_drawn_and_nothing_else() {
        let legend = drawn(&Chart::new("C", 1.0), &PLACES, &Period::default()).legend;
        let texts: Vec<&str> = legend.entries.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(texts, ["Company", "Vessel", "tentative", "denied by a source", "direction"]);
        let alone = drawn(&Chart::new("C", 1.0), &PLACES[1..], &Period::default()).legend;
        assert!(!alone.entries.iter().any(|e| matches!(e.sign, Sign::Denied | Sign::Arrow)));
    }
}
