//! The relationships of a row.

use std::collections::BTreeMap;

use super::{
    super::{
        super::{
            mapping::{EntityMapping, PropertyMapping},
            row::Row,
            shares, source,
            words::{self, Role},
        },
        either, people,
        plan::{Link, TableKind},
        values::{self, Relation},
    },
    Build, Variant, ends, is_a, label, promoted,
    property::property_of,
    say,
};
use crate::model::schema;

/// Stems of posts of those who represent their clients, not those for whom they work.
const LAWYERS: [&str; 10] = [
    "lawyer",
    "attorney",
    "counsel",
    "solicitor",
    "avocat",
    "anwalt",
    "abogad",
    "advogad",
    "адвокат",
    "律师",
];

impl Build<'_> {
    /// The relationships of a link, one for each meaning of its column and each schema of its ends.
    pub(super) fn links(&mut self, link: &Link, variants: &[Variant]) {
        let mut groups: BTreeMap<Relation, Vec<String>> = BTreeMap::new();
        let usual = Relation { schema: link.schema, reversed: false };
        let mut known: Vec<String> = Vec::new();
        if let Some(column) = link.relation {
            for value in &self.profiles[column].values {
                let Some(relation) = values::relation(value) else { continue };
                // A lawyer by his post works somewhere; whom he represents, that does not say.
                let post = relation.schema == "Representation"
                    && words::mentions(value, &LAWYERS)
                    && people::is_post(&self.profiles[column].heading);
                if post {
                    continue;
                }
                // A heading that says director is believed, unless a cell says owner.
                let office = link.schema == "Ownership" && values::is_relation(value);
                let believed =
                    link.schema == "UnknownLink" || relation.schema == "Ownership" || office;
                if believed && relation != usual {
                    groups.entry(relation).or_default().push(value.clone());
                    known.push(value.clone());
                }
            }
        }
        let heading = link.relation.map(|column| self.heading(column)).unwrap_or_default();
        let mut all: Vec<(Relation, BTreeMap<String, Vec<String>>, bool)> = groups
            .into_iter()
            .map(|(relation, values)| (relation, BTreeMap::from([(heading.clone(), values)]), true))
            .collect();
        let rest = if known.is_empty() {
            BTreeMap::new()
        } else {
            BTreeMap::from([(heading.clone(), known)])
        };
        all.push((usual, rest, false));
        for (relation, filter, is) in all {
            for turned in link.turns() {
                let (from, to) = if relation.reversed == turned {
                    (link.from, link.to)
                } else {
                    (link.to, link.from)
                };
                let of =
                    |party: usize| variants.iter().filter(move |variant| variant.party == party);
                for from in of(from) {
                    for to in of(to) {
                        let before = self.made.len();
                        self.link(link, relation.schema, (from, to), &filter, is);
                        self.condition(link, turned, before);
                        self.drop_unmet(before);
                    }
                }
            }
        }
    }

    /// Makes what was made for a link only in the rows that it is for.
    fn condition(&mut self, link: &Link, turned: bool, before: usize) {
        let needs = link.needs.map(|at| (self.heading(at), either::nothings(self.rows, at)));
        let arrows = link.turned.as_ref().map(|(at, back)| (self.heading(*at), back.clone()));
        for made in &mut self.made[before..] {
            made.filters_not.extend(needs.clone());
            if turned {
                made.filters.extend(arrows.clone());
            } else {
                made.filters_not.extend(arrows.clone());
            }
        }
    }

    /// Drops what was made for rows that the table has not, where all its rows were looked at.
    fn drop_unmet(&mut self, before: usize) {
        if self.rows.len() >= source::SAMPLE {
            return;
        }
        let column = |heading: &String| self.profiles.iter().position(|p| p.heading == *heading);
        let met = |(heading, values): (&String, &Vec<String>), row: &Row| {
            column(heading).is_some_and(|at| values.iter().any(|value| value == row.get(at)))
        };
        let fits = |made: &EntityMapping| {
            self.rows.iter().any(|row| {
                made.filters.iter().all(|filter| met(filter, row))
                    && !made.filters_not.iter().any(|filter| met(filter, row))
            })
        };
        let kept: Vec<bool> = self.made[before..].iter().map(fits).collect();
        let mut kept = std::iter::repeat_n(true, before).chain(kept);
        self.made.retain(|_| kept.next().unwrap_or(true));
    }

    pub(super) fn link(
        &mut self,
        link: &Link,
        schema_name: &'static str,
        (from, to): (&Variant, &Variant),
        filter: &BTreeMap<String, Vec<String>>,
        is: bool,
    ) {
        // Firms have partners, too: somebody's associates are those whose names look like people's.
        // Nobody directs, or works for, one whose name looks like that of a person.
        let called_as_people = |variant: &Variant, without: bool| {
            let name = self.party(variant.party).name.map(|name| &self.profiles[name]);
            name.map_or(without, |name| name.people >= 0.5 && name.companies == 0.0)
        };
        let personal =
            |variant: &Variant| is_a(variant.schema, "Person") || called_as_people(variant, true);
        let fits = |schema_name: &'static str| {
            let refused = match schema_name {
                "Associate" => !(personal(from) && personal(to)),
                "Directorship" | "Membership" | "Employment" => {
                    to.schema == "LegalEntity"
                        && self
                            .party(to.party)
                            .role
                            .is_none_or(|role| matches!(role, Role::Source | Role::Target))
                        && called_as_people(to, false)
                }
                _ => false,
            };
            if refused {
                return None;
            }
            let [source, target] = ends(schema_name)?;
            // What the rows of another table are, that table says.
            let end = |variant: &Variant, range: &str| match self.party(variant.party).refers {
                Some(_) => Some(variant.schema),
                None => promoted(variant.schema, range),
            };
            Some((end(from, source.1)?, end(to, target.1)?))
        };
        let (schema_name, schemata) = match fits(schema_name) {
            Some(schemata) => (schema_name, schemata),
            None => match fits("UnknownLink") {
                Some(schemata) => ("UnknownLink", schemata),
                None => return,
            },
        };
        let Some([source, target]) = ends(schema_name) else { return };
        let mut filters = from.filters.clone();
        filters.extend(to.filters.clone());
        let mut filters_not = from.filters_not.clone();
        filters_not.extend(to.filters_not.clone());
        if is {
            filters.extend(filter.clone());
        } else {
            filters_not.extend(filter.clone());
        }
        let one = self.as_schema(from, schemata.0, &filters, &filters_not);
        let other = self.as_schema(to, schemata.1, &filters, &filters_not);
        let mut properties = vec![
            PropertyMapping::entity(source.0, &one),
            PropertyMapping::entity(target.0, &other),
        ];
        let mut left: Vec<usize> = Vec::new();
        for (at, what) in &link.said {
            let profile = &self.profiles[*at];
            match property_of(schema_name, what, &profile.heading) {
                Some(property) if say(&mut properties, property, profile) => {}
                _ => left.push(*at),
            }
            // What a register calls the control of a company names the share as well.
            let bands: Vec<String> = profile
                .values
                .iter()
                .filter(|value| {
                    matches!(*what, "relation" | "role") && shares::range(value).is_some()
                })
                .cloned()
                .collect();
            let unsaid = properties.iter().all(|said| said.property != "percentage");
            if schema_name == "Ownership" && unsaid && !bands.is_empty() {
                properties.push(PropertyMapping {
                    when: BTreeMap::from([(profile.heading.clone(), bands)]),
                    ..PropertyMapping::column("percentage", &profile.heading)
                });
            }
        }
        if let Some(role) =
            link.role.as_ref().filter(|_| matches!(schema_name, "UnknownLink" | "Directorship"))
        {
            properties.push(PropertyMapping {
                property: "role".into(),
                literals: vec![role.clone()],
                ..PropertyMapping::default()
            });
        }
        left.extend(&link.notes);
        // Who sold a share is not who bought it, though both are tied to its company.
        let side = link.role.as_ref().filter(|_| self.is_deal(link));
        let side = side.map_or_else(String::new, |role| format!(" {role}"));
        let label_of = schema::label(schema_name).to_lowercase();
        let mut mapping = EntityMapping {
            name: self.free(&label_of),
            schema: schema_name.to_owned(),
            key_literal: format!("{schema_name} {}{side}", self.stem),
            each_row: matches!(self.plan.kind, TableKind::Relationships | TableKind::Graph)
                || link.relation.is_some()
                || self.is_deal(link),
            apart: self.party(link.from).role == Some(Role::Parent),
            filters,
            filters_not,
            forms: [self.forms(from), self.forms(to)].concat(),
            properties,
            ..EntityMapping::default()
        };
        label(&mut mapping, left.iter().map(|at| self.heading(*at)).collect());
        self.aside(&mut mapping, [link.from, link.to]);
        self.made.push(mapping);
    }

    /// Whether each row is a deal of its own, however often the two meet.
    pub(super) fn is_deal(&self, link: &Link) -> bool {
        const SIDES: [Role; 5] =
            [Role::Transferor, Role::Transferee, Role::Customer, Role::Creditor, Role::Debtor];
        let side = |party: usize| self.party(party).role.is_some_and(|role| SIDES.contains(&role));
        side(link.from) || side(link.to)
    }

    /// The name of the entity of a variant as it must be for a relationship; adds one of that
    /// schema beside it where only some rows ask for it.
    pub(super) fn as_schema(
        &mut self,
        variant: &Variant,
        schema_name: &'static str,
        filters: &BTreeMap<String, Vec<String>>,
        filters_not: &BTreeMap<String, Vec<String>>,
    ) -> String {
        if is_a(variant.schema, schema_name) {
            return variant.name.clone();
        }
        let Some(base) = self.made.iter().find(|made| made.name == variant.name) else {
            return variant.name.clone();
        };
        if base.each_row {
            return variant.name.clone();
        }
        let mut mapping = EntityMapping {
            schema: schema_name.to_owned(),
            filters: filters.clone(),
            filters_not: filters_not.clone(),
            properties: base
                .properties
                .iter()
                .filter(|said| said.property == "name")
                .map(|said| PropertyMapping { required: true, ..said.clone() })
                .collect(),
            ..base.clone()
        };
        let label = schema::label(schema_name).to_lowercase();
        mapping.name = self.free(&format!("{} as {label}", variant.name));
        let name = mapping.name.clone();
        self.made.push(mapping);
        name
    }
}
