//! What the pages of one API have in common: which it is, and the tabs.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::release::Managed;
use super::super::room::Room;
use super::super::shell::{Shell, TabLink};
use super::LIST;
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, apis};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::Api;
use crate::support::id::ApiId;

/// The pages of one API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Definition,
    Scopes,
    Apps,
    History,
    Document,
}

impl Tab {
    const ALL: &[Self] = &[Self::Definition, Self::Scopes, Self::Apps, Self::History, Self::Document];

    const fn path(self) -> &'static str {
        match self {
            Self::Definition => "",
            Self::Scopes => "/scopes",
            Self::Apps => "/apps",
            Self::History => "/history",
            Self::Document => "/document",
        }
    }

    const fn name(self) -> Key {
        match self {
            Self::Definition => keys::apis::DEFINITION,
            Self::Scopes => keys::apis::SCOPES,
            Self::Apps => keys::apps::TITLE,
            Self::History => keys::audit::HISTORY,
            Self::Document => keys::console::DOCUMENT,
        }
    }

    const fn needs(self) -> Permission {
        match self {
            Self::History => Permission::ReadAudit,
            Self::Definition | Self::Scopes | Self::Apps | Self::Document => Permission::ReadClients,
        }
    }
}

/// Which API the pages are of.
pub(super) struct Head {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) resource: String,
    pub(super) managed: Option<Managed>,
    /// What is said of it may be changed here.
    pub(super) may_change: bool,
    pub(super) tabs: Vec<TabLink>,
}

impl Head {
    pub(super) fn of(t: &Texts, administrator: &Administrator, api: &Api, here: Tab) -> Self {
        let path = path_of(api.id);
        let open = Tab::ALL.iter().copied().filter(|tab| administrator.may(tab.needs()));
        let tab = |tab: Tab| TabLink { path: format!("{path}{}", tab.path()), name: tab.name(), here: tab == here };
        let known_as = (DeclaredKind::Api, api.id.to_string());
        let managed = Managed::of(administrator, api.managed_by.as_ref(), (known_as.0, &known_as.1));
        Self {
            name: api.name_in(t.locale()).to_owned(),
            resource: api.resource.as_str().to_owned(),
            may_change: administrator.may(Permission::WriteClients) && managed.is_none(),
            managed,
            tabs: open.map(tab).collect(),
            path,
        }
    }
}

/// The first page of an API.
pub(in super::super) fn path_of(api: ApiId) -> String {
    format!("{LIST}/{api}")
}

/// The page behind a tab of an API.
pub(super) fn tab_of(api: ApiId, tab: Tab) -> String {
    format!("{}{}", path_of(api), tab.path())
}

/// What surrounds the pages of an API.
pub(super) fn shell(context: &Context, administrator: &Administrator, name: &str) -> Shell {
    Shell::of(context, administrator, Room::Apis).further(LIST, name)
}

/// The API that a path names.
pub(super) async fn named(context: &Context, administrator: &Administrator, id: &str) -> Result<Api, PageError> {
    let id: ApiId = id.parse().map_err(|_| ProblemKind::NotFound)?;
    let found = apis::find(&context.app.admin, &administrator.authority, &id.to_string()).await?;
    Ok(found.ok_or(ProblemKind::NotFound)?)
}
