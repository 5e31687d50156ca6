//! What surrounds the pages of the console: the navigation, where the page is in it, and who is at it.

use super::super::context::Context;
use super::super::view::Person;
use super::Administrator;
use super::room::{self, Room, RoomLink};
use crate::i18n::{Key, Texts};

/// The surroundings of a page of the console, beside the frame that every page has.
pub(super) struct Shell {
    pub(super) rooms: Vec<RoomLink>,
    /// The way to the page, from the first page of the console on; the page itself is the last.
    pub(super) crumbs: Vec<Crumb>,
    pub(super) me: Person,
    /// The token of the form that signs out.
    pub(super) csrf_logout: String,
    /// What the page was searched by.
    pub(super) searched: String,
}

/// A place on the way to a page.
pub(super) struct Crumb {
    pub(super) text: String,
    /// Where it is; `None` of the page itself.
    pub(super) path: Option<String>,
}

/// A tab of the pages of an object: a page of its own.
pub(super) struct TabLink {
    pub(super) path: String,
    pub(super) name: Key,
    pub(super) here: bool,
}

impl Shell {
    /// The surroundings of the first page of a room.
    pub(super) fn of(context: &Context, administrator: &Administrator, here: Room) -> Self {
        let t = context.texts(None);
        Self {
            rooms: room::links(&administrator.authority, here),
            crumbs: Self::way_to(t, here),
            me: Person::of(&administrator.user),
            csrf_logout: administrator.csrf(context, "/logout"),
            searched: String::new(),
        }
    }

    fn way_to(t: &Texts, here: Room) -> Vec<Crumb> {
        let itself = Crumb { text: t.get(here.name()), path: None };
        if here == Room::Overview {
            return vec![itself];
        }
        let first = Room::Overview;
        vec![Crumb { text: t.get(first.name()), path: Some(first.path().to_owned()) }, itself]
    }

    /// The same of a page further in, by its name; `back` is where the page before it is.
    #[must_use]
    pub(super) fn further(mut self, back: &str, name: impl Into<String>) -> Self {
        if let Some(last) = self.crumbs.last_mut() {
            last.path = Some(back.to_owned());
        }
        self.crumbs.push(Crumb { text: name.into(), path: None });
        self
    }
}
