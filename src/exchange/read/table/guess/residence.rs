//! Addresses and dates beside an aircraft or a car, which has no address.

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
    let (Some(thing), Some(owner)) = (parties.iter().position(Party::is_machine), owner) else {
        return;
    };
    let of_flag = |at: usize| words::normal(&profiles[at].heading).contains("regist");
    let said = std::mem::take(&mut parties[thing].said);
    let (away, own): (Vec<_>, Vec<_>) =
        said.into_iter().partition(|(at, what)| WHERE.contains(what) && !of_flag(*at));
    parties[thing].said = own;
    parties[owner].said.extend(away);
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
}
