//! Addresses and dates beside an aircraft or a car, which has no address, and beside land, which has
//! no mail.

use super::{
    super::words::{self, Role},
    party::Party,
    profile::Profile,
};

/// What says where somebody is.
const WHERE: [&str; 8] =
    ["address", "street", "city", "region", "postalCode", "phone", "email", "country"];

/// Gives the address that stands beside an aircraft or a car to its owner.
pub(super) fn of_owner(profiles: &[Profile], parties: &mut [Party]) {
    let owner = parties.iter().position(|party| party.role == Some(Role::Owner));
    let Some(owner) = owner else { return };
    if let Some(land) = parties.iter().position(|party| party.fixed == Some("RealEstate")) {
        let mailed = |at: usize| words::mentions(&profiles[at].heading, &["mailing", "correspond"]);
        give(parties, [land, owner], |at, what| WHERE.contains(&what) && mailed(at));
    }
    let Some(thing) = parties.iter().position(Party::is_machine) else { return };
    let of_flag = |at: usize| words::normal(&profiles[at].heading).contains("regist");
    give(parties, [thing, owner], |at, what| WHERE.contains(&what) && !of_flag(at));
}

/// Gives one party what is said of another.
fn give(
    parties: &mut [Party],
    [from, to]: [usize; 2],
    is_given: impl Fn(usize, &'static str) -> bool,
) {
    let said = std::mem::take(&mut parties[from].said);
    let (given, own): (Vec<_>, Vec<_>) =
        said.into_iter().partition(|(at, what)| is_given(*at, what));
    parties[from].said = own;
    parties[to].said.extend(given);
}

/// Gives a date of registration to the aircraft or car that was registered then.
pub(super) fn registered(profiles: &[Profile], parties: &mut [Party], rest: &mut Vec<usize>) {
    let Some(thing) = parties.iter_mut().find(|party| party.is_machine()) else { return };
    let is_one = |at: &usize| {
        let dated = matches!(profiles[*at].what, Some("date" | "startDate" | "incorporationDate"));
        dated && words::normal(&profiles[*at].heading).contains("registration")
    };
    let Some(date) = rest.iter().copied().find(is_one) else { return };
    rest.retain(|at| *at != date);
    thing.said.push((date, "incorporationDate"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aircraft_has_no_address() {
        let profiles = [Profile::default(), Profile::default(), Profile::default()];
        let airplane = Party {
            fixed: Some("Airplane"),
            said: vec![(0, "tail"), (2, "street")],
            ..Party::default()
        };
        let owner = Party { role: Some(Role::Owner), name: Some(1), ..Party::default() };
        let mut parties = [owner, airplane];
        of_owner(&profiles, &mut parties);
        assert_eq!(parties[0].said, [(2, "street")]);
        assert_eq!(parties[1].said, [(0, "tail")]);
    }

    #[test]
    fn mail_goes_to_the_owner_of_land() {
        let (_, lines) = super::super::tests::guessed(
            "p.csv",
            "parcel_id,situs_address,owner_name,mailing_city,mailing_zip,land_value\n\
             1-1,17 Faraway Lane,Alba Norden,Lebanon,03784,75000\n2-1,19 Faraway Lane,Vance Ltd,Hanover,03755,82000\n",
        );
        let owner = lines.iter().find(|line| line.contains("name=owner_name")).expect("an owner");
        assert!(owner.contains("mailing_city"), "{lines:#?}");
        assert!(!lines.iter().any(|line| line.contains("sharesValue")), "{lines:#?}");
    }
}
