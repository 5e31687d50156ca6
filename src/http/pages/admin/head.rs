//! What stands above every page of an object: what it is called, what is said of it in a line, and the tabs, each a page of its own.
//!
//! Owns the tabs that every object has. Which others there are, and who may open them, each kind says.

use super::super::view::AppBadge;
use super::Administrator;
use super::release::Managed;
use super::shell::TabLink;
use crate::admin::Permission;
use crate::i18n::{Key, Texts, keys};

/// A page of an object: where it is, behind the object's own, and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab {
    path: &'static str,
    name: Key,
}

impl Tab {
    /// The object's own page, where that is its form.
    pub(super) const SETTINGS: Self = Self::new("", keys::connection::SETTINGS);
    /// What happened to it.
    pub(super) const HISTORY: Self = Self::new("/history", keys::audit::HISTORY);
    /// It as programs see it.
    pub(super) const DOCUMENT: Self = Self::new("/document", keys::console::DOCUMENT);

    pub(super) const fn new(path: &'static str, name: Key) -> Self {
        Self { path, name }
    }

    /// Where it is, of the object at a path.
    pub(super) fn of(self, path: &str) -> String {
        format!("{path}{}", self.path)
    }
}

/// What stands above the pages of an object.
pub struct Head {
    /// Where the object's own page is.
    pub(super) path: String,
    pub(super) name: String,
    /// The picture of an app.
    pub(super) badge: Option<AppBadge>,
    /// What stands for a person.
    pub(super) letter: Option<String>,
    /// The mark of a sign-in provider.
    pub(super) tile: Option<Tile>,
    /// What programs know it as; empty where that is not said.
    pub(super) known_as: String,
    /// What it is besides: the kind of an app, the address of a person.
    pub(super) about: String,
    pub(super) tags: Vec<Tag>,
    /// It is switched on.
    pub(super) active: bool,
    pub(super) managed: Option<Managed>,
    pub(super) tabs: Vec<TabLink>,
}

/// A mark, and whose colours it has.
pub(super) struct Tile {
    pub(super) brand: &'static str,
    pub(super) mark: &'static str,
}

/// A word on how it is with an object.
pub(super) struct Tag {
    pub(super) text: String,
    pub(super) off: bool,
}

impl Tag {
    /// Whether it is switched on.
    pub(super) fn on(t: &Texts, on: bool) -> Self {
        Self { text: t.get(if on { keys::connection::ON } else { keys::connection::OFF }), off: !on }
    }
}

impl Head {
    /// That of an object of which no more is said than its name. `own` are its tabs before those that every object has.
    pub(super) fn of(
        administrator: &Administrator,
        (path, name): (String, String),
        own: impl IntoIterator<Item = Tab>,
        here: Tab,
    ) -> Self {
        let history = administrator.may(Permission::ReadAudit).then_some(Tab::HISTORY);
        let link = |tab: Tab| TabLink { path: tab.of(&path), name: tab.name, here: tab == here };
        Self {
            tabs: own.into_iter().chain(history).chain([Tab::DOCUMENT]).map(link).collect(),
            path,
            name,
            badge: None,
            letter: None,
            tile: None,
            known_as: String::new(),
            about: String::new(),
            tags: Vec::new(),
            active: true,
            managed: None,
        }
    }
}
