//! What the pages of one app have in common: which it is, and the tabs.

use super::super::super::context::Context;
use super::super::super::view::AppBadge;
use super::super::Administrator;
use super::super::release::Managed;
use super::super::room::Room;
use super::super::shell::{Shell, TabLink};
use super::{LIST, words_of};
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, clients};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::client::{Client, ClientId};

/// The pages of one app.
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
    History,
    Document,
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
        Self::History,
        Self::Document,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Settings => "",
            Self::Credentials => "/credentials",
            Self::Security => "/security",
            Self::Trial => "/try",
            Self::Preview => "/preview",
            Self::Problems => "/problems",
            Self::Consents => "/consents",
            Self::Managers => "/managers",
            Self::History => "/history",
            Self::Document => "/document",
        }
    }

    const fn name(self) -> Key {
        match self {
            Self::Settings => keys::connection::SETTINGS,
            Self::Credentials => keys::apps::CREDENTIALS,
            Self::Security => keys::apps::SECURITY,
            Self::Trial => keys::trial::TITLE,
            Self::Preview => keys::claims::PREVIEW,
            Self::Problems => keys::apps::PROBLEMS,
            Self::Consents => keys::apps::CONSENTS,
            Self::Managers => keys::managers::TITLE,
            Self::History => keys::audit::HISTORY,
            Self::Document => keys::console::DOCUMENT,
        }
    }

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
            Self::Settings | Self::Credentials | Self::Security | Self::Trial | Self::Problems | Self::Document => {
                Permission::ReadClients
            }
            Self::Preview | Self::Consents | Self::Managers => Permission::ReadUsers,
            Self::History => Permission::ReadAudit,
        }
    }
}

/// Which app the pages are of.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) badge: AppBadge,
    pub(super) kind: String,
    pub(super) enabled: bool,
    pub(super) managed: Option<Managed>,
    pub(super) tabs: Vec<TabLink>,
}

impl Head {
    pub(super) fn of(t: &Texts, administrator: &Administrator, client: &Client, here: Tab) -> Self {
        let path = path_of(&client.id);
        let open = Tab::ALL.iter().filter(|tab| tab.is_open_to(administrator, &client.id));
        let tab = |tab: &Tab| TabLink { path: format!("{path}{}", tab.path()), name: tab.name(), here: *tab == here };
        Self {
            id: client.id.to_string(),
            badge: AppBadge::of(client, t.locale()),
            kind: t.get(words_of(client.kind).0),
            enabled: client.enabled,
            managed: Managed::of(administrator, client.managed_by.as_ref(), (DeclaredKind::Client, client.id.as_str())),
            tabs: open.map(tab).collect(),
            path,
        }
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
