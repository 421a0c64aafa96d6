//! Everything that has a date, in lanes: partial dates as the spans that they are; and that as a
//! picture, for exports.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Legend, Mark, MarkShape, Picture, Point, Rect, Style,
    font::{self, Weight},
    icon,
    legend::{Entry, Sign},
    picture::DETAIL,
    style::Group,
    text::{cut, one_line},
};
use crate::{
    model::{
        Id, PartialDate, PropertyType,
        date::{days, from_days},
        schema,
    },
    network::{EntityRef, Seen},
};

/// Maximum number of rows of a lane.
const ROWS: usize = 8;
/// The width of the names of lanes in a picture, in points.
const NAMES: f32 = 200.0;
/// The width of the time in a picture, in points.
const WIDTH: f32 = 1_040.0;
/// The height of a row in a picture, in points.
const ROW: f32 = 24.0;
/// The height of the axis in a picture, in points.
const AXIS: f32 = 26.0;
/// Maximum number of dates on the axis.
const TICKS: i32 = 13;

/// What a lane stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lanes {
    #[default]
    Entity,
    Schema,
}

/// Something with a date.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub id: Id,
    /// The row that it is in, among all rows of all lanes.
    pub lane: usize,
    /// The first day and the day after the last, since 1970.
    pub from: f64,
    pub to: f64,
    pub label: String,
    /// Its schema.
    pub schema: String,
    pub group: Group,
    /// Whether no end is known, and it is drawn until today.
    pub open: bool,
}

impl Item {
    /// Its first and its last day; no last day where no end is known.
    pub fn days(&self) -> (Date, Option<Date>) {
        let last = (!self.open).then(|| from_days(self.to as i32 - 1));
        (from_days(self.from as i32), last)
    }
}

/// Dated things in lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    pub items: Vec<Item>,
    /// The name of each row: that of its lane in the first of a lane, empty in the others.
    pub names: Vec<String>,
    /// Whether there are more than were asked for.
    pub is_cut: bool,
}

impl Timeline {
    /// The first `most` dated things among entities and relationships. What has no known end goes on
    /// until `today`.
    pub fn of<'a>(
        seen: &Seen,
        entities: impl IntoIterator<Item = EntityRef<'a>>,
        lanes: Lanes,
        today: Date,
        most: usize,
    ) -> Self {
        let mut found: Vec<(String, Item)> = Vec::new();
        let mut is_cut = false;
        let today = f64::from(days(today));
        for entity in entities {
            if found.len() >= most {
                is_cut = true;
                break;
            }
            // Research notes have dates too, but they are about the sources, not the story.
            if schema::schema(entity.schema()).is_some_and(|s| s.is_a("Document")) {
                continue;
            }
            collect(seen, entity, lanes, today, &mut found);
        }
        Self { is_cut, ..Self::in_lanes(found) }
    }

    fn in_lanes(found: Vec<(String, Item)>) -> Self {
        let mut all = Self::default();
        let mut firsts: BTreeMap<String, f64> = BTreeMap::new();
        for (lane, item) in &found {
            let first = firsts.entry(lane.clone()).or_insert(item.from);
            *first = first.min(item.from);
        }
        let mut lanes: Vec<(f64, String)> =
            firsts.into_iter().map(|(name, first)| (first, name)).collect();
        lanes.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        // What overlaps in a lane goes into rows below each other; the first has the name.
        let mut by_lane: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        for (lane, item) in found {
            by_lane.entry(lane).or_default().push(item);
        }
        for (_, name) in lanes {
            let Some(mut items) = by_lane.remove(&name) else { continue };
            items.sort_by(|a, b| a.from.total_cmp(&b.from).then(b.to.total_cmp(&a.to)));
            let first = all.names.len();
            let mut ends: Vec<f64> = Vec::new();
            for mut item in items {
                let row = ends
                    .iter()
                    .position(|end| *end <= item.from)
                    .unwrap_or(ends.len())
                    .min(ROWS - 1);
                match ends.get_mut(row) {
                    Some(end) => *end = item.to.max(*end),
                    None => ends.push(item.to),
                }
                item.lane = first + row;
                all.items.push(item);
            }
            all.names.push(name);
            all.names.extend((1..ends.len()).map(|_| String::new()));
        }
        all
    }

    /// The name of the lane that a row is in.
    pub fn lane_of(&self, row: usize) -> &str {
        let names = self.names.get(..=row).unwrap_or(&self.names);
        names.iter().rev().find(|name| !name.is_empty()).map_or("", String::as_str)
    }

    /// The first day and the day after the last; `None` where nothing has a date.
    fn extent(&self) -> Option<(f64, f64)> {
        let first = self.items.iter().map(|item| item.from).reduce(f64::min)?;
        let last = self.items.iter().map(|item| item.to).reduce(f64::max)?;
        Some((first, last.max(first + 1.0)))
    }

    /// It as a picture. `numbers` gives the numbers of the sources of something, in brackets.
    pub fn picture(&self, style: &Style, numbers: &dyn Fn(&Id) -> String) -> Picture {
        let Some((first, last)) = self.extent() else { return Picture::default() };
        let pad = (last - first) * 0.02;
        let (first, last) = (first - pad, last + pad);
        let x = |day: f64| NAMES + (((day - first) / (last - first)) as f32) * WIDTH;
        let bottom = AXIS + self.names.len() as f32 * ROW;
        let mut marks = Vec::new();
        let mark = |shape, color, width, rect| Mark {
            id: Id::from(""),
            shape,
            color,
            width,
            size: DETAIL,
            rect,
        };
        let line = |from: Point, to: Point, color| {
            let rect = Rect { min: from, max: to };
            mark(MarkShape::Line { from, to, arrow: false }, color, 0.6, rect)
        };
        let label = |text: String, is_strong, at: Point, room: f32| {
            let max = Point::new(at.x + room, at.y + DETAIL * 1.4);
            mark(MarkShape::Label { text, is_strong }, style.text, 0.0, Rect { min: at, max })
        };
        for (day, text) in ticks(first, last) {
            let x = x(day);
            marks.push(line(Point::new(x, AXIS), Point::new(x, bottom), style.grid));
            marks.push(label(text, false, Point::new(x + 3.0, 6.0), 60.0));
        }
        for (row, name) in self.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let y = AXIS + row as f32 * ROW;
            let ends = [Point::new(0.0, y), Point::new(NAMES + WIDTH, y)];
            marks.push(line(ends[0], ends[1], style.edge));
            let text = cut(name, DETAIL, Weight::SemiBold, NAMES - 12.0);
            marks.push(label(text, true, Point::new(0.0, y + 5.0), NAMES));
        }
        let mut rows: Vec<Vec<&Item>> = vec![Vec::new(); self.names.len()];
        for item in &self.items {
            rows[item.lane].push(item);
        }
        for (row, items) in rows.iter().enumerate() {
            let y = AXIS + row as f32 * ROW;
            for (n, item) in items.iter().enumerate() {
                let (from, to) = (x(item.from), x(item.to).max(x(item.from) + 4.0));
                let rect = Rect { min: Point::new(from, y + 4.0), max: Point::new(to, y + 20.0) };
                // What is written may run on over free ground, up to the next in the row.
                let next = items.get(n + 1).map_or(NAMES + WIDTH, |next| x(next.from));
                let room = next - from - 14.0;
                let cited = numbers(&item.id);
                let own = font::width(&cited, DETAIL, Weight::Regular) + 4.0;
                let text = cut(&one_line(&item.label), DETAIL, Weight::Regular, room - own);
                let text = if room < 30.0 { String::new() } else { format!("{text} {cited}") };
                let shape = MarkShape::Bar { text: text.trim().to_owned(), open: item.open };
                marks.push(Mark {
                    id: item.id.clone(),
                    ..mark(shape, style.hue(item.group), 1.0, rect)
                });
            }
        }
        let max = Point::new(NAMES + WIDTH, bottom);
        let bounds = Rect { min: Point::new(0.0, 0.0), max };
        Picture { marks, bounds, legend: self.legend(style), ..Picture::default() }
    }

    fn legend(&self, style: &Style) -> Legend {
        let mut schemata: Vec<&str> = self.items.iter().map(|item| &*item.schema).collect();
        schemata.sort_unstable();
        schemata.dedup();
        let entry = |name: &str| Entry {
            sign: Sign::Schema(icon::for_schema(name), Group::of(name)),
            text: schema::label(name).to_owned(),
        };
        let mut entries: Vec<Entry> = schemata.into_iter().map(entry).collect();
        if self.items.iter().any(|item| item.open) {
            let sign = Sign::Tint(style.weak.over(style.ground, 0.2));
            entries.push(Entry { sign, text: "paler: no end known, drawn until today".to_owned() });
        }
        Legend { entries }
    }
}

/// Days with their dates, as many as fit on an axis: years, months or days.
fn ticks(first: f64, last: f64) -> Vec<(f64, String)> {
    let (from, to) = (from_days(first as i32), from_days(last as i32));
    let inside = |date: &Date| (first..=last).contains(&f64::from(days(*date)));
    let years = i32::from(to.year()) - i32::from(from.year()) + 1;
    let months = (years - 1) * 12 + i32::from(to.month()) - i32::from(from.month()) + 1;
    let mut found: Vec<(Date, &str)> = Vec::new();
    if years > 3 {
        let step = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter();
        let step = step.clone().find(|step| years / step <= TICKS).unwrap_or(1000);
        let start = i32::from(from.year()).div_euclid(step) * step;
        let all = (start..=i32::from(to.year())).step_by(step as usize);
        let dates = all.filter_map(|year| Date::new(i16::try_from(year).ok()?, 1, 1).ok());
        found.extend(dates.map(|date| (date, "%Y")));
    } else if months > 3 {
        let step = [1, 3, 6].into_iter().find(|step| months / step <= TICKS).unwrap_or(6);
        let mut date = from.first_of_month();
        while date <= to && found.len() < 64 {
            if (i32::from(date.month()) - 1) % step == 0 {
                found.push((date, "%b %Y"));
            }
            match date.checked_add(jiff::Span::new().months(1)) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
    } else {
        let step = (((last - first) as i32) / TICKS).max(1);
        let all = (first as i32..=last as i32).step_by(step as usize);
        found.extend(all.map(|day| (from_days(day), "%-d %b %Y")));
    }
    found.retain(|(date, _)| inside(date));
    let tick =
        |(date, format): (Date, &str)| (f64::from(days(date)), date.strftime(format).to_string());
    found.into_iter().map(tick).collect()
}

/// Everything about an entity that has a date.
fn collect(
    seen: &Seen,
    entity: EntityRef<'_>,
    lanes: Lanes,
    today: f64,
    found: &mut Vec<(String, Item)>,
) {
    let group = Group::of(entity.schema());
    let known = schema::schema(entity.schema());
    let ends = seen.ends(entity);
    let what = match ends {
        Some((source, target)) => {
            let label = schema::label(entity.schema());
            format!("{label}: {} → {} ({})", source.caption(), target.caption(), entity.caption())
        }
        None => entity.caption().to_string(),
    };
    let lane = |entity: EntityRef<'_>| match lanes {
        Lanes::Schema => known.map_or(entity.schema().to_string(), |s| s.plural.clone()),
        Lanes::Entity => entity.caption().to_string(),
    };
    let mut add = |lane: String, from: f64, to: f64, label: String, open: bool| {
        let (id, schema) = (entity.id().clone(), entity.schema().to_owned());
        found.push((lane, Item { id, lane: 0, from, to, label, schema, group, open }));
    };
    let (start, end) = entity.extent();
    if start.is_some() || end.is_some() {
        let first = start.as_ref().or(end.as_ref()).map_or(0.0, |d| f64::from(d.first_day()));
        let precise = start.as_ref().map_or(first, |d| f64::from(d.last_day())) + 1.0;
        // What has begun and not ended is drawn until today, lighter.
        let open =
            end.is_none() && (ends.is_some() || known.is_some_and(|s| s.is_a("LegalEntity")));
        let last = end.as_ref().map_or(if open { today.max(precise) } else { precise }, |d| {
            f64::from(d.last_day()) + 1.0
        });
        let lane_name = match (lanes, ends) {
            (Lanes::Entity, Some((source, _))) => source.caption().to_string(),
            _ => lane(entity),
        };
        add(lane_name, first, last.max(first + 1.0), what.clone(), open);
    }
    // Other dated statements, each by itself.
    let Some(known) = known else { return };
    let taken =
        |name: &str| known.temporal_start.iter().chain(&known.temporal_end).any(|p| p == name);
    for value in entity.values().filter(|v| !v.denied && !taken(v.property)) {
        let Some(property) =
            known.property(value.property).filter(|p| p.type_ == PropertyType::Date)
        else {
            continue;
        };
        if matches!(&*property.name, "createdAt" | "modifiedAt" | "retrievedAt") {
            continue;
        }
        if let Ok(date) = value.text.parse::<PartialDate>() {
            let label = format!("{}: {what}", property.label);
            let lane_name = match (lanes, ends) {
                (Lanes::Entity, Some((source, _))) => source.caption().to_string(),
                _ => lane(entity),
            };
            add(
                lane_name,
                f64::from(date.first_day()),
                f64::from(date.last_day()) + 1.0,
                label,
                false,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_years_months_or_days_and_never_too_many() {
        let day = |text: &str| f64::from(days(text.parse().expect("a date")));
        for (from, to, first, most) in [
            ("1950-03-01", "2024-01-01", "1960", 14),
            ("2010-06-01", "2019-01-01", "2011", 14),
            ("2013-02-10", "2014-03-01", "Apr 2013", 14),
            ("2013-02-10", "2013-03-01", "10 Feb 2013", 24),
        ] {
            let ticks = ticks(day(from), day(to));
            assert!((2..=most).contains(&ticks.len()), "{from} {ticks:?}");
            assert!(ticks.iter().any(|(_, text)| text == first), "{ticks:?}");
        }
    }
}
