//! Where a page stands on the way from the claim to a first login.

use crate::i18n::{Key, keys};

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Who the administrator is.
    Account,
    /// Whether the server is reached as it thinks.
    Server,
    /// The first app.
    App,
    /// A login to it.
    Login,
}

impl Place {
    const ALL: [Self; 4] = [Self::Account, Self::Server, Self::App, Self::Login];

    const fn name(self) -> Key {
        match self {
            Self::Account => keys::setup::STEP_ACCOUNT,
            Self::Server => keys::setup::STEP_SERVER,
            Self::App => keys::setup::STEP_APP,
            Self::Login => keys::setup::STEP_LOGIN,
        }
    }

    /// With more apps than these the first steps are long taken.
    pub(super) const fn most_apps(self) -> usize {
        match self {
            Self::Account | Self::Server | Self::App => 0,
            Self::Login => 1,
        }
    }
}

/// The steps, and where the page is among them.
pub(super) struct Way {
    pub(super) steps: Vec<Step>,
}

pub(super) struct Step {
    pub(super) name: Key,
    pub(super) done: bool,
    pub(super) here: bool,
}

impl Way {
    /// The way as seen from one of its places.
    pub(super) fn from(here: Place) -> Self {
        let step = |place: Place| Step { name: place.name(), done: place < here, here: place == here };
        Self { steps: Place::ALL.map(step).into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_is_done_and_what_is_ahead_is_not() {
        let way = Way::from(Place::App);
        let seen: Vec<(bool, bool)> = way.steps.iter().map(|step| (step.done, step.here)).collect();
        assert_eq!(seen, [(true, false), (true, false), (false, true), (false, false)]);
    }
}
