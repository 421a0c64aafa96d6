//! Typed text that waits for the case: what asked for a change is kept until the case answers, and
//! is shown again with the reason where the case refuses.

use super::model::Request;

/// Something typed that can say why the case refused it.
pub trait Refusable {
    /// Shows the reason beside what was typed.
    fn refuse(&mut self, why: &str);
}

/// What asked for a change that the case has not answered yet.
#[derive(Debug)]
pub struct Sent<T>(Option<T>);

impl<T> Default for Sent<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Refusable> Sent<T> {
    /// Keeps something that asked for a change.
    pub fn put(&mut self, asked: T) {
        self.0 = Some(asked);
    }

    /// Keeps something that has closed, if it asked for a change as it did.
    pub fn keep(&mut self, closed: Option<T>, asked: &[Request]) {
        self.0 = closed.filter(|_| asked.iter().any(Request::is_commit));
    }

    /// Whether the case has not answered yet.
    pub fn waits(&self) -> bool {
        self.0.is_some()
    }

    /// Forgets it, because the case has made the change.
    pub fn taken(&mut self) {
        self.0 = None;
    }

    /// Shows it again in its place with the reason why the case refused, unless something else is
    /// open there by now. Returns whether it did.
    pub fn refused(&mut self, place: &mut Option<T>, why: &str) -> bool {
        let Some(mut again) = self.0.take().filter(|_| place.is_none()) else { return false };
        again.refuse(why);
        *place = Some(again);
        true
    }
}

impl<T: Refusable, P> Refusable for (T, P) {
    fn refuse(&mut self, why: &str) {
        self.0.refuse(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Action;

    impl Refusable for String {
        fn refuse(&mut self, why: &str) {
            self.push_str(why);
        }
    }

    #[test]
    fn what_was_refused_opens_again_unless_something_else_is_open() {
        let asked = [Request::Commit(Action::new(Vec::new()))];
        let mut sent = Sent::default();
        let mut place = None;
        sent.keep(Some("Ma".to_owned()), &asked);
        assert!(sent.refused(&mut place, ": the disk is full"));
        assert_eq!(place.as_deref(), Some("Ma: the disk is full"));
        assert!(!sent.refused(&mut place, "again"), "a refusal is shown once");
        sent.keep(Some("Wang".to_owned()), &asked);
        assert!(!sent.refused(&mut place, "no"), "what is open stays");
        assert_eq!(place.as_deref(), Some("Ma: the disk is full"));
    }

    #[test]
    fn what_asked_for_nothing_or_was_taken_does_not_come_back() {
        let (mut sent, mut place) = (Sent::default(), None);
        sent.keep(Some("Ma".to_owned()), &[]);
        assert!(!sent.refused(&mut place, "no"));
        sent.put("Ma".to_owned());
        sent.taken();
        assert!(!sent.refused(&mut place, "no"));
    }
}
