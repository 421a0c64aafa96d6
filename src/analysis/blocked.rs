//! Who would be blocked under OFAC's 50 Percent Rule?
//!
//! Source: Revised Guidance on Entities Owned by Persons Whose Property and Interests in Property
//! Are Blocked, 13 August 2014; OFAC FAQs 398 to 402. An entity owned 50 per cent or more in the
//! aggregate, directly or indirectly, by blocked persons is itself blocked, and then counts with
//! its whole stake in what it owns. One below passes nothing on, and control alone does not block.
//! That is a cascade to the least fixed point, not a product of shares.
//!
//! Two fixed points are taken: at the lowest and at the highest shares that the statements allow.
//! A stake of unknown size is nothing at the lowest, and at the highest what the known stakes in
//! the same entity leave of 100 per cent. Whoever is blocked at the lowest is blocked for certain;
//! whoever is blocked only at the highest is blocked if the uncertain stakes are large enough.
//!
//! Listed is who has a live `Sanction` whose authority is OFAC, from its listing date to its end.
//! The topic `sanction` and the legal status `designated` count where there is no `Sanction` that
//! says whose list it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Finding, Question,
    share::{Band, Share},
};
use crate::{
    model::{Id, PartialDate, Period, StatementKey, Strength, schema},
    network::{EntityRef, Seen, ValueRef},
};

/// The question, for a day; without one, stakes and listings count whenever they held.
#[derive(Clone, Debug, Default)]
pub struct Blocked {
    /// The day on which the facts must hold.
    pub on: Option<PartialDate>,
    /// The entity that is asked about; without one, everybody whom a stake of a listed party
    /// touches.
    pub about: Option<Id>,
}

/// A stake in an entity.
struct Stake {
    owner: u32,
    asset: u32,
    /// The share that is stated; `None` where none is, or none that can be read.
    band: Option<Band>,
    strength: Strength,
    denied: bool,
    statements: Vec<StatementKey>,
}

impl Stake {
    /// Whether it is stated, and is not denied, to be this share.
    fn is_exactly(&self, share: Share) -> bool {
        !self.denied && self.band.is_some_and(|band| band.low == share && band.high == share)
    }

    /// The least that it can be: nothing, where it is denied.
    fn low(&self) -> Share {
        self.band.filter(|_| !self.denied).map_or(Share::NONE, |band| band.low)
    }
}

/// Why an entity counts as blocked from the start.
#[derive(Default)]
struct Listing {
    authority: Option<String>,
    since: Option<String>,
    statements: Vec<StatementKey>,
    /// The strength of what says so, the strongest of several.
    strength: Strength,
}

impl Listing {
    /// By whom and since when, as far as that is stated.
    fn words(&self) -> String {
        match (&self.authority, &self.since) {
            (Some(authority), Some(since)) => format!("listed by {authority} since {since}"),
            (Some(authority), None) => format!("listed by {authority}"),
            (None, _) => "listed, the list is not stated".to_owned(),
        }
    }
}

/// Everything that the rule is applied to.
struct Facts {
    listed: BTreeMap<u32, Listing>,
    stakes: Vec<Stake>,
    /// The places of stakes by owner and by asset.
    of_owner: HashMap<u32, Vec<usize>>,
    in_asset: HashMap<u32, Vec<usize>>,
}

impl Question for Blocked {
    fn answer(&self, seen: &Seen, going: &dyn Fn() -> bool) -> Option<Vec<Finding>> {
        let facts = Facts::of(seen, &Period::on(self.on.clone()), going)?;
        let certain = facts.cascade(|_, stake| stake.low());
        let possible = facts.cascade(Facts::high);
        let touched: BTreeSet<u32> = possible
            .iter()
            .filter_map(|owner| facts.of_owner.get(owner))
            .flatten()
            .map(|at| facts.stakes[*at].asset)
            .filter(|asset| !facts.listed.contains_key(asset))
            .collect();
        let asked = self.about.as_ref().map(|id| seen.get(id).map(EntityRef::key));
        let mut findings = Vec::new();
        if let Some(entity) = asked.flatten().and_then(|key| seen.by_key(key)) {
            findings.extend(facts.listed.get(&entity.key()).map(|by| listed_itself(entity, by)));
        }
        for key in touched.into_iter().filter(|key| asked.is_none_or(|one| one == Some(*key))) {
            if !going() {
                return None;
            }
            let Some(entity) = seen.by_key(key) else { continue };
            findings.push(self.finding(seen, &facts, entity, &certain, &possible));
        }
        let rank = |finding: &Finding| {
            ["blocked", "blocked if"].iter().position(|v| *v == finding.verdict)
        };
        findings.sort_by_key(|finding| rank(finding).unwrap_or(2));
        Some(findings)
    }
}

impl Blocked {
    fn finding(
        &self,
        seen: &Seen,
        facts: &Facts,
        entity: EntityRef<'_>,
        certain: &BTreeSet<u32>,
        possible: &BTreeSet<u32>,
    ) -> Finding {
        let key = entity.key();
        let name = entity.caption();
        let on = self.on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
        let verdict = if certain.contains(&key) {
            "blocked"
        } else if possible.contains(&key) {
            "blocked if"
        } else {
            "not blocked"
        };
        let sure: Vec<&Stake> =
            facts.stakes_in(key).filter(|stake| certain.contains(&stake.owner)).collect();
        let held = sure.iter().fold(Share::NONE, |sum, stake| sum.plus(stake.low()));
        let owners = |stakes: &[&Stake]| {
            // The share of a sole owner is the sum, which has just been named.
            let is_said = stakes.len() == 1 && stakes.iter().all(|stake| stake.is_exactly(held));
            let one = |stake: &&Stake| {
                let caption = seen.by_key(stake.owner).map_or("?", EntityRef::caption);
                let how =
                    facts.listed.get(&stake.owner).map_or("blocked".to_owned(), Listing::words);
                let denied = if stake.denied { ", denied" } else { "" };
                let share = if is_said { String::new() } else { format!(", {}", size(stake)) };
                format!("{caption} ({how}{share}{denied})")
            };
            stakes.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let mut words = match verdict {
            "blocked" => {
                let or_more = if sure.iter().any(|stake| facts.high(stake) > stake.low()) {
                    " or more"
                } else {
                    ""
                };
                format!(
                    "{name} would be blocked on these facts{on}: {held}{or_more} is held by {}.",
                    owners(&sure)
                )
            }
            "blocked if" => {
                let unsure: Vec<String> = facts
                    .stakes_in(key)
                    .filter(|stake| possible.contains(&stake.owner))
                    .filter(|stake| {
                        !certain.contains(&stake.owner) || facts.high(stake) > stake.low()
                    })
                    .map(|stake| {
                        let caption = seen.by_key(stake.owner).map_or("?", EntityRef::caption);
                        let why = if certain.contains(&stake.owner) {
                            ""
                        } else {
                            ", itself blocked only if"
                        };
                        format!("{caption} ({}{why})", size(stake))
                    })
                    .collect();
                let need = Share::HALF.less(held);
                let already = if held == Share::NONE {
                    String::new()
                } else {
                    format!(" {held} is held by {} for certain.", owners(&sure))
                };
                format!(
                    "{name} would be blocked{on} if {need} or more is held through what is not \
                     certain: {}.{already}",
                    unsure.join(", ")
                )
            }
            _ => {
                let most = facts.stakes_in(key).filter(|stake| possible.contains(&stake.owner));
                let most = facts.together(key, most);
                format!(
                    "{name} is not blocked on these facts{on}: blocked owners hold {most} at most, less than 50 %."
                )
            }
        };
        let all = facts.stakes_in(key).fold(Share::NONE, |sum, stake| sum.plus(stake.low()));
        if all > Share::WHOLE {
            words += &format!(" The stakes that are stated add up to {all}.");
        }
        let (rests_on, strength) = facts.grounds(key, possible);
        Finding {
            question: "blocked",
            about: vec![entity.id().clone()],
            verdict,
            words,
            rests_on,
            strength,
            date_uncertain: Vec::new(),
        }
    }
}

/// The size of a stake in words.
fn size(stake: &Stake) -> String {
    match stake.band {
        None => "share not stated".to_owned(),
        Some(band) if band.low == band.high => band.low.to_string(),
        Some(band) => format!("{} to {}", band.low, band.high),
    }
}

impl Facts {
    fn of(seen: &Seen, period: &Period, going: &dyn Fn() -> bool) -> Option<Self> {
        let mut facts = Self {
            listed: listed(seen, period),
            stakes: Vec::new(),
            of_owner: HashMap::new(),
            in_asset: HashMap::new(),
        };
        for (number, link) in seen.links().enumerate() {
            if number.is_multiple_of(1024) && !going() {
                return None;
            }
            let is_stake = schema::schema(link.schema()).is_some_and(|s| s.is_a("Ownership"));
            let (start, end) = link.extent();
            if !is_stake || !period.overlaps(start.as_ref(), end.as_ref()) {
                continue;
            }
            let Some((owner, asset)) = seen.ends(link).filter(|(_, asset)| has_shares(*asset))
            else {
                continue;
            };
            // Two statements that contradict each other are not averaged: either may be right.
            let mut bands = link.all("percentage").map(Band::parse);
            let first = bands.next().flatten();
            let band = bands.fold(first, |all, one| Some(all?.around(one?)));
            let shares = link.values().filter(|value| value.property == "percentage");
            let shares: Vec<ValueRef<'_>> = shares.collect();
            let strength = shares.iter().map(|share| share.strength);
            let strength = strength.fold(link.strength(), Ord::min);
            let shares = shares.iter().map(|share| share.statement);
            let statements = link.connecting().chain(shares).collect();
            let at = facts.stakes.len();
            facts.of_owner.entry(owner.key()).or_default().push(at);
            facts.in_asset.entry(asset.key()).or_default().push(at);
            facts.stakes.push(Stake {
                owner: owner.key(),
                asset: asset.key(),
                band,
                strength,
                denied: link.denied(),
                statements,
            });
        }
        Some(facts)
    }

    fn stakes_in(&self, asset: u32) -> impl Iterator<Item = &Stake> {
        self.in_asset.get(&asset).into_iter().flatten().map(|at| &self.stakes[*at])
    }

    /// The most that a stake can be.
    fn high(&self, stake: &Stake) -> Share {
        stake.band.map_or_else(|| self.left(stake.asset), |band| band.high)
    }

    /// What the known stakes in an entity leave of it.
    fn left(&self, asset: u32) -> Share {
        let known = self.stakes_in(asset).fold(Share::NONE, |sum, stake| sum.plus(stake.low()));
        Share::WHOLE.less(known)
    }

    /// The most that some stakes in one entity make up: those of unknown size share what is left.
    fn together<'a>(&self, asset: u32, stakes: impl Iterator<Item = &'a Stake>) -> Share {
        let (mut sum, mut unknown) = (Share::NONE, Share::NONE);
        for stake in stakes {
            match stake.band {
                Some(band) => sum = sum.plus(band.high),
                None => unknown = self.left(asset),
            }
        }
        sum.plus(unknown)
    }

    /// Everybody who is blocked where each stake counts so much.
    fn cascade(&self, size: impl Fn(&Self, &Stake) -> Share) -> BTreeSet<u32> {
        let mut blocked: BTreeSet<u32> = self.listed.keys().copied().collect();
        let mut held: HashMap<u32, Share> = HashMap::new();
        // An unknown stake takes what is left only once, however many there are.
        let mut took_rest: BTreeSet<u32> = BTreeSet::new();
        let mut waiting: Vec<u32> = blocked.iter().copied().collect();
        while let Some(owner) = waiting.pop() {
            for at in self.of_owner.get(&owner).into_iter().flatten() {
                let stake = &self.stakes[*at];
                if stake.band.is_none() && !took_rest.insert(stake.asset) {
                    continue;
                }
                let sum = held.entry(stake.asset).or_default();
                *sum = sum.plus(size(self, stake));
                if *sum >= Share::HALF && blocked.insert(stake.asset) {
                    waiting.push(stake.asset);
                }
            }
        }
        blocked
    }

    /// The statements that the verdict on an entity rests on, and the weakest strength among them:
    /// its stakes that blocked owners hold, theirs in turn, and the listings.
    fn grounds(&self, key: u32, possible: &BTreeSet<u32>) -> (Vec<StatementKey>, Option<Strength>) {
        let mut statements = BTreeSet::new();
        let mut weakest: Option<Strength> = None;
        let mut weigh = |strength| weakest = Some(weakest.map_or(strength, |w| w.min(strength)));
        let mut seen = BTreeSet::from([key]);
        let mut waiting = vec![key];
        while let Some(asset) = waiting.pop() {
            if let Some(listing) = self.listed.get(&asset) {
                statements.extend(&listing.statements);
                weigh(listing.strength);
                continue;
            }
            for stake in self.stakes_in(asset).filter(|stake| possible.contains(&stake.owner)) {
                statements.extend(&stake.statements);
                weigh(stake.strength);
                if seen.insert(stake.owner) {
                    waiting.push(stake.owner);
                }
            }
        }
        (statements.into_iter().collect(), weakest)
    }
}

/// The finding about an entity that is itself listed.
fn listed_itself(entity: EntityRef<'_>, listing: &Listing) -> Finding {
    let mut rests_on = listing.statements.clone();
    rests_on.sort_unstable();
    rests_on.dedup();
    Finding {
        question: "blocked",
        about: vec![entity.id().clone()],
        verdict: "blocked",
        words: format!("{} is itself {}.", entity.caption(), listing.words()),
        rests_on,
        strength: Some(listing.strength),
        date_uncertain: Vec::new(),
    }
}

/// Who is listed, by key.
fn listed(seen: &Seen, period: &Period) -> BTreeMap<u32, Listing> {
    let mut listed: BTreeMap<u32, Listing> = BTreeMap::new();
    // Whoever has a `Sanction` of some list is listed by that one, whatever the topic says.
    let mut explained: BTreeSet<u32> = BTreeSet::new();
    for sanction in seen.nodes().filter(|node| node.schema() == "Sanction") {
        let subjects: Vec<u32> =
            sanction.all("entity").filter_map(|id| seen.find(id)).map(EntityRef::key).collect();
        explained.extend(&subjects);
        let authority = sanction.all("authority").find(|text| is_ofac(text));
        let since = sanction.first("listingDate").or_else(|| sanction.first("startDate"));
        let date = |text: Option<&str>| text.and_then(|text| text.parse::<PartialDate>().ok());
        let (start, end) = (date(since), date(sanction.first("endDate")));
        let Some(authority) = authority.filter(|_| period.overlaps(start.as_ref(), end.as_ref()))
        else {
            continue;
        };
        for subject in subjects {
            let listing = listed.entry(subject).or_default();
            listing.authority.get_or_insert_with(|| authority.to_owned());
            if let Some(since) = since {
                listing.since.get_or_insert_with(|| since.to_owned());
            }
            let named = ["entity", "authority", "listingDate", "startDate"];
            let said = sanction.values().filter(|value| named.contains(&value.property));
            listing.statements.extend(said.map(|value| value.statement));
            listing.strength = listing.strength.max(sanction.strength());
        }
    }
    for entity in seen.nodes().filter(|node| !explained.contains(&node.key())) {
        let says_so = |value: &ValueRef<'_>| UNNAMED.contains(&(value.property, value.text));
        let mut listing = Listing::default();
        for value in entity.values().filter(|value| !value.denied && says_so(value)) {
            listing.statements.push(value.statement);
            listing.strength = listing.strength.max(value.strength);
        }
        if !listing.statements.is_empty() {
            listed.insert(entity.key(), listing);
        }
    }
    listed
}

/// Whether an entity can be owned in shares. An account cannot: what blocked persons have in it is
/// blocked as their property, not by the rule.
fn has_shares(entity: EntityRef<'_>) -> bool {
    let is = |name| schema::schema(entity.schema()).is_some_and(|schema| schema.is_a(name));
    !is("BankAccount") && !is("CryptoWallet")
}

/// What says that somebody is listed, and not by whom.
const UNNAMED: [(&str, &str); 2] = [("topics", "sanction"), ("legalStatus", "designated")];

/// Whether an authority is OFAC.
fn is_ofac(authority: &str) -> bool {
    let text = authority.to_lowercase();
    text.contains("ofac") || text.contains("office of foreign assets control")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op, Progress};

    /// The verdicts in a case of stakes (`owner asset share`), where X and Y are listed.
    fn verdicts(stakes: &str) -> String {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, values: &[(&str, &str)]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let mut names = BTreeSet::new();
        let mut ops = Vec::new();
        for (number, line) in stakes.split(';').map(str::trim).enumerate() {
            let mut words = line.splitn(3, ' ');
            let (owner, asset) = (words.next().expect("an owner"), words.next().expect("an asset"));
            names.extend([owner, asset]);
            let mut values = vec![("owner", owner), ("asset", asset)];
            values.extend(words.next().map(|share| ("percentage", share)));
            ops.push(add(&format!("stake{number}"), "Ownership", &values));
        }
        for name in names {
            let mut values = vec![("name", name)];
            if ["X", "Y"].contains(&name) {
                values.push(("topics", "sanction"));
            }
            ops.push(add(name, "Company", &values));
        }
        case.commit(Action::new(ops)).expect("valid");
        let seen = Seen::read(&case, &Progress::new()).expect("readable");
        let findings = Blocked::default().answer(&seen, &|| true).expect("not stopped");
        let mut said: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.about[0], finding.verdict))
            .collect();
        said.sort();
        said.join(", ")
    }

    /// The cases of the FAQs, as the design gives them.
    #[test]
    fn the_rule_is_a_cascade_and_not_a_product() {
        assert_eq!(verdicts("X A 50; A B 50"), "A blocked, B blocked");
        assert_eq!(verdicts("X A 50; X B 50; A C 25; B C 25"), "A blocked, B blocked, C blocked");
        assert_eq!(verdicts("X A 25; X B 25; A C 50; B C 50"), "A not blocked, B not blocked");
        assert_eq!(verdicts("X A 25; Y A 25"), "A blocked", "blocked persons count together");
        assert_eq!(verdicts("X A 49.999999; A B 100"), "A not blocked");
        assert_eq!(verdicts("X A 25; X A 25"), "A blocked", "two stakes of one owner");
        assert_eq!(verdicts("Z A 100"), "", "no listed party holds a stake in it");
    }

    #[test]
    fn circles_end() {
        assert_eq!(verdicts("X A 30; B A 20; A B 100"), "A not blocked");
        assert_eq!(verdicts("X A 50; A B 50; B A 50"), "A blocked, B blocked");
        assert_eq!(verdicts("A A 60; X A 40"), "A not blocked");
    }

    #[test]
    fn what_is_not_known_gives_an_if_as_far_as_the_rest_allows() {
        assert_eq!(verdicts("X A"), "A blocked if");
        assert_eq!(verdicts("X A; Z A 50"), "A blocked if", "it may be the other half");
        assert_eq!(verdicts("X A; Z A 50.000001"), "A not blocked");
        assert_eq!(verdicts("X A 30; Y A; Z A 60"), "A not blocked", "30 and 10 at most");
        assert_eq!(verdicts("X A 25-50"), "A blocked if");
        assert_eq!(verdicts("X A 25-49.9"), "A not blocked");
        assert_eq!(verdicts("X A >50; A B"), "A blocked, B blocked if");
        assert_eq!(verdicts("X A; A B 50"), "A blocked if, B blocked if");
        // Two unknown stakes share what is left; they do not each take it.
        assert_eq!(verdicts("X A; Y A; Z A 60"), "A not blocked");
        assert_eq!(verdicts("X A a majority"), "A blocked if", "what cannot be read is unknown");
    }

    /// Who is blocked by the words of the rule, applied until nothing changes: `size` is what a
    /// stake counts in millionths of a per cent.
    fn by_the_words(stakes: &[(u8, u8, Option<u8>)], most: bool) -> BTreeSet<u8> {
        let known = |asset: u8| -> i64 {
            let of = stakes.iter().filter(|stake| stake.1 == asset);
            of.filter_map(|stake| stake.2).map(i64::from).sum()
        };
        let mut blocked = BTreeSet::from([0, 1]);
        loop {
            let holds = |asset: u8| -> i64 {
                let held = stakes.iter().filter(|s| s.1 == asset && blocked.contains(&s.0));
                let sum: i64 = held.clone().filter_map(|s| s.2).map(i64::from).sum();
                let unknown = held.filter(|s| s.2.is_none()).count() > 0;
                sum + if most && unknown { (100 - known(asset)).max(0) } else { 0 }
            };
            let new: Vec<u8> = (2..8).filter(|n| !blocked.contains(n) && holds(*n) >= 50).collect();
            if new.is_empty() {
                return blocked;
            }
            blocked.extend(new);
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn the_cascade_is_what_the_words_of_the_rule_say(
            stakes in proptest::collection::vec(
                (0..8_u8, 0..8_u8, proptest::option::weighted(0.8, 0..=100_u8)), 0..14,
            ),
        ) {
            const NAMES: [&str; 8] = ["X", "Y", "A", "B", "C", "D", "E", "F"];
            let line = |(owner, asset, share): &(u8, u8, Option<u8>)| {
                let share = share.map(|share| format!(" {share}")).unwrap_or_default();
                format!("{} {}{share}", NAMES[*owner as usize], NAMES[*asset as usize])
            };
            let text = stakes.iter().map(line).collect::<Vec<_>>().join("; ");
            let said = if stakes.is_empty() { String::new() } else { verdicts(&text) };
            let (least, most) = (by_the_words(&stakes, false), by_the_words(&stakes, true));
            proptest::prop_assert!(least.is_subset(&most));
            for n in 2..8_u8 {
                let name = NAMES[n as usize];
                let expected = match (least.contains(&n), most.contains(&n)) {
                    (true, _) => Some(format!("{name} blocked")),
                    (_, true) => Some(format!("{name} blocked if")),
                    _ => None,
                };
                let found = said.split(", ").find(|one| one.starts_with(name));
                let found = found.filter(|one| !one.ends_with("not blocked")).map(str::to_owned);
                proptest::prop_assert_eq!(found, expected, "{} in {}", name, text);
            }
        }
    }
}
