//! The way from a second step to signing in as somebody else.

use super::super::view::Form;
use super::Waiting;
use crate::sessions::Onward;

/// Where an app's request is told that somebody wants another account.
const CHOICE: &str = "/select-account";

/// How somebody signs in as somebody else.
pub(in super::super) enum Away {
    /// By telling the app's request so, which goes on with whoever signs in then.
    Choice(Form),
    /// By a page: the one to sign in at, or where somebody is signed in already, the one to sign out at.
    Page(&'static str),
}

impl Waiting<'_> {
    /// The way; `None` for who came to add an app of their own accord, and goes back instead.
    pub(in super::super) fn away(&self) -> Option<Away> {
        match (&self.pending.onward, &self.flow) {
            (_, Some(flow)) => Some(Away::Choice(self.context.form(CHOICE, Some(flow)))),
            (Onward::Page(_), None) if self.raises().is_none() => Some(Away::Page("/login")),
            (Onward::Page(_), None) => {
                (self.pending.enrols || self.adding().is_none()).then_some(Away::Page("/logout"))
            }
            (Onward::Flow(_), None) => None,
        }
    }
}
