//! What surrounds a section: whose account it is, the navigation, and what was done before.

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::section::Section;
use super::super::view::Person;
use super::{AccountOwner, Done};
use crate::i18n::Texts;
use crate::protocol::Params;

/// What surrounds a section.
pub(super) struct Shell {
    pub(super) person: Person,
    /// The navigation.
    pub(super) entries: Vec<Entry>,
    /// The name of the section that is shown.
    pub(super) title: String,
    /// Whether the console has a room for the account.
    pub(super) administrator: bool,
    /// What was done before.
    pub(super) said: Option<String>,
}

/// An entry of the navigation.
pub(super) struct Entry {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) current: bool,
}

impl Shell {
    /// That of a section, for its owner.
    pub(super) fn of(context: &Context, owner: &AccountOwner, section: Section, t: &Texts) -> Self {
        let entry = |of: &Section| Entry {
            href: context.app.issuer.local(of.path()),
            name: t.get(of.title()),
            current: *of == section,
        };
        Self {
            person: Person::of(&owner.user),
            entries: Section::ALL.iter().map(entry).collect(),
            title: t.get(section.title()),
            administrator: owner.user.has_roles(),
            said: None,
        }
    }

    /// The same, after something was done: the parameters of the page's address name it.
    pub(super) fn after(self, t: &Texts, section: Section, params: &Params) -> Self {
        Self { said: Done::said(t, section, params), ..self }
    }
}

/// The frame of a section, which is opened by its own address whatever was posted before.
pub(super) fn frame(context: &Context, section: Section) -> Frame {
    Frame::at(context, context.locale.0, section.path().to_owned())
}
