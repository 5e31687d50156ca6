//! What the pages of one app have in common: which it is, and the tabs.

use super::super::super::context::Context;
use super::super::super::view::AppBadge;
use super::super::Administrator;
use super::super::head::{self, Head, Tag};
use super::super::managers;
use super::super::release::Managed;
use super::super::room::Room;
use super::super::shell::Shell;
use super::{LIST, words_of};
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, clients};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::client::{Client, ClientId};

/// The pages of one app, before those that every object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Settings,
    Credentials,
    Security,
    Trial,
    Preview,
    Problems,
    Consents,
    Managers,
}

impl Tab {
    const ALL: &[Self] = &[
        Self::Settings,
        Self::Credentials,
        Self::Security,
        Self::Trial,
        Self::Preview,
        Self::Problems,
        Self::Consents,
        Self::Managers,
    ];

    fn is_open_to(self, administrator: &Administrator, client: &ClientId) -> bool {
        match self {
            // Whose tokens are shown is somebody whom the administrator sees.
            Self::Preview => administrator.authority.allows_somewhere(self.needs()),
            // They are any people.
            Self::Consents => administrator.may(self.needs()),
            _ => administrator.may_in_app(self.needs(), client),
        }
    }

    const fn needs(self) -> Permission {
        match self {
            Self::Settings | Self::Credentials | Self::Security | Self::Trial | Self::Problems => {
                Permission::ReadClients
            }
            Self::Preview | Self::Consents | Self::Managers => Permission::ReadUsers,
        }
    }
}

impl From<Tab> for head::Tab {
    fn from(tab: Tab) -> Self {
        match tab {
            Tab::Settings => Self::SETTINGS,
            Tab::Credentials => Self::new("/credentials", keys::apps::CREDENTIALS),
            Tab::Security => Self::new("/security", keys::apps::SECURITY),
            Tab::Trial => Self::new("/try", keys::trial::TITLE),
            Tab::Preview => Self::new("/preview", keys::claims::PREVIEW),
            Tab::Problems => Self::new("/problems", keys::apps::PROBLEMS),
            Tab::Consents => Self::new("/consents", keys::apps::CONSENTS),
            Tab::Managers => managers::TAB,
        }
    }
}

/// What stands above the pages of an app.
pub(super) fn head_of(t: &Texts, administrator: &Administrator, client: &Client, here: impl Into<head::Tab>) -> Head {
    let badge = AppBadge::of(client, t.locale());
    let own = Tab::ALL.iter().copied().filter(|tab| tab.is_open_to(administrator, &client.id)).map(head::Tab::from);
    let head = Head::of(administrator, (path_of(&client.id), badge.name.clone()), own, here.into());
    Head {
        badge: Some(badge),
        known_as: client.id.to_string(),
        about: t.get(words_of(client.kind).0),
        tags: vec![Tag::on(t, client.enabled)],
        active: client.enabled,
        managed: Managed::of(administrator, client.managed_by.as_ref(), (DeclaredKind::Client, client.id.as_str())),
        ..head
    }
}

/// The first page of an app. What an id is made of stands for itself in a path.
pub(in super::super) fn path_of(id: &ClientId) -> String {
    format!("{LIST}/{}", crate::http::redirect::encoded(id.as_str()))
}

/// What surrounds the pages of an app.
pub(super) fn shell(context: &Context, administrator: &Administrator, client: &Client) -> Shell {
    let name = client.presentation.name_in(context.locale.0);
    Shell::of(context, administrator, Room::Apps).further(LIST, name)
}

/// The app that a path names.
pub(super) async fn named(context: &Context, administrator: &Administrator, id: &str) -> Result<Client, PageError> {
    let id = ClientId::parse(id).map_err(|_| ProblemKind::NotFound)?;
    Ok(clients::find(&context.app.admin, &administrator.authority, &id).await?.ok_or(ProblemKind::NotFound)?)
}
