//! Consignments, events, and what is said of each activity.

use std::collections::BTreeSet;

use super::{
    super::super::{
        mapping::{EntityMapping, PropertyMapping},
        words::Role,
    },
    Build, Variant, label,
    property::property_of,
    say,
};
use crate::model::schema;

impl Build<'_> {
    /// Consignments, one a row.
    pub(super) fn trade(&mut self, variants: &[Variant]) {
        let plan = self.plan;
        let mut properties: Vec<PropertyMapping> = Vec::new();
        for (role, property) in [
            (Role::Shipper, "sender"),
            (Role::Payer, "sender"),
            (Role::Consignee, "receiver"),
            (Role::Beneficiary, "receiver"),
            (Role::Notify, "notifyParty"),
            (Role::Declarant, "declarant"),
            (Role::Vessel, "transport"),
        ] {
            let known = schema::schema("EconomicActivity")
                .and_then(|schema| schema.property(property))
                .is_some();
            let taken = properties.iter().any(|said| said.property == property);
            let Some(party) = plan.role(role).filter(|_| known && !taken) else { continue };
            for variant in variants.iter().filter(|variant| variant.party == party) {
                properties.push(PropertyMapping::entity(property, &variant.name));
            }
        }
        self.activity("EconomicActivity", properties, &[], &[]);
    }

    /// What happened to the things of each row.
    pub(super) fn events(&mut self, variants: &[Variant]) {
        let plan = self.plan;
        let Some(event) = plan.event else { return };
        for link in &plan.links {
            self.links(link, variants);
        }
        let of = |role: Role| -> Vec<&Variant> {
            let party = plan.role(role);
            variants.iter().filter(|variant| Some(variant.party) == party).collect()
        };
        let mut properties: Vec<PropertyMapping> = Vec::new();
        match event.schema {
            "Call" => {
                for (role, property) in [(Role::Caller, "caller"), (Role::Called, "receiver")] {
                    properties.extend(
                        of(role).iter().map(|party| PropertyMapping::entity(property, &party.name)),
                    );
                }
                for (property, what) in
                    [("callerNumber", "callerNumber"), ("receiverNumber", "calledNumber")]
                {
                    let number = self.profiles.iter().find(|profile| profile.what == Some(what));
                    properties.extend(
                        number.map(|number| PropertyMapping::column(property, &number.heading)),
                    );
                }
            }
            "CourtCase" => {}
            _ => {
                let subject = variants.iter().filter(|v| Some(v.party) == plan.subject);
                properties
                    .extend(subject.map(|thing| PropertyMapping::entity("vehicle", &thing.name)));
                for (what, property) in [("placeFrom", "startLocation"), ("placeTo", "endLocation")]
                {
                    let found = self.profiles.iter().find(|profile| profile.what == Some(what));
                    let Some(place) = found else { continue };
                    let name = self.place(&place.heading.clone());
                    properties.push(PropertyMapping::entity(property, &name));
                }
            }
        }
        self.activity(event.schema, properties, &[], &["placeFrom", "placeTo"]);
        if event.schema == "CourtCase" {
            self.case(variants);
        }
    }

    /// A place of a column; gives its name.
    pub(super) fn place(&mut self, heading: &str) -> String {
        let name = self.free("place");
        self.made.push(EntityMapping {
            name: name.clone(),
            schema: "Address".to_owned(),
            keys: vec![heading.to_owned()],
            key_literal: format!("Address {}", self.stem),
            whole_key: true,
            properties: vec![PropertyMapping {
                required: true,
                ..PropertyMapping::column("full", heading)
            }],
            ..EntityMapping::default()
        });
        name
    }

    /// The case that was made last by its number, and its parties.
    pub(super) fn case(&mut self, variants: &[Variant]) {
        let number = self.profiles.iter().find(|profile| profile.what == Some("caseNumber"));
        let number = number.map(|profile| profile.heading.clone());
        let Some(case) = self.made.last_mut() else { return };
        if let Some(number) = number {
            case.keys = vec![number];
            case.each_row = false;
        }
        let case = case.name.clone();
        for variant in variants {
            let mut properties = vec![
                PropertyMapping::entity("party", &variant.name),
                PropertyMapping::entity("case", &case),
            ];
            let mut notes: Vec<usize> = Vec::new();
            if let Some(part) = &self.plan.part {
                properties.push(PropertyMapping::column("role", &self.profiles[part.role].heading));
                for (at, what) in &part.said {
                    let profile = &self.profiles[*at];
                    match property_of("CourtCaseParty", what, &profile.heading) {
                        Some(property) if say(&mut properties, property, profile) => {}
                        _ => notes.push(*at),
                    }
                }
                notes.extend(&part.notes);
            } else if let Some(column) = self.party(variant.party).named_in() {
                properties.push(PropertyMapping {
                    property: "role".into(),
                    literals: vec![self.heading(column)],
                    ..PropertyMapping::default()
                });
            } else {
                continue;
            }
            let mut mapping = EntityMapping {
                name: self.free("party of the case"),
                schema: "CourtCaseParty".to_owned(),
                key_literal: format!("CourtCaseParty {}", self.stem),
                filters: variant.filters.clone(),
                filters_not: variant.filters_not.clone(),
                forms: self.forms(variant),
                properties,
                ..EntityMapping::default()
            };
            label(&mut mapping, notes.iter().map(|at| self.heading(*at)).collect());
            self.made.push(mapping);
        }
    }

    /// The payment or consignment of each row, with what is said of it.
    pub(super) fn activity(
        &mut self,
        schema_name: &'static str,
        mut properties: Vec<PropertyMapping>,
        filtered: &[EntityMapping],
        without: &[&str],
    ) {
        let mut left = self.plan.rest.clone();
        let mut seen = BTreeSet::new();
        for (at, what) in &self.plan.activity {
            let profile = &self.profiles[*at];
            if without.contains(what) || self.is_of_account(&profile.heading) {
                continue;
            }
            let known = property_of(schema_name, what, &profile.heading)
                .filter(|property| *property == "date" || seen.insert(*property));
            match known {
                Some(property) if say(&mut properties, property, profile) => {}
                _ => left.push(*at),
            }
        }
        // What is said of a bank and has no account is kept with the payment.
        for party in &self.plan.parties {
            for (at, what) in &party.said {
                let heading = &self.profiles[*at].heading;
                if matches!(
                    *what,
                    "bankName"
                        | "swiftBic"
                        | "iban"
                        | "accountNumber"
                        | "bankCountry"
                        | "bankAddress"
                ) && !self.is_of_account(heading)
                    && schema_name == "Payment"
                {
                    left.push(*at);
                }
            }
        }
        let mut mapping = EntityMapping {
            name: self.free(&schema::label(schema_name).to_lowercase()),
            schema: schema_name.to_owned(),
            key_literal: format!("{schema_name} {}", self.stem),
            each_row: true,
            properties,
            ..EntityMapping::default()
        };
        for other in filtered {
            mapping.filters.extend(other.filters.clone());
            mapping.filters_not.extend(other.filters_not.clone());
            mapping.forms.extend(other.forms.clone());
        }
        label(&mut mapping, left.iter().map(|at| self.heading(*at)).collect());
        self.made.push(mapping);
    }
}
