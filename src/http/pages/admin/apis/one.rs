//! What the pages of one API have in common: which it is, and the tabs.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::head::{self, Head};
use super::super::release::Managed;
use super::super::room::Room;
use super::super::shell::Shell;
use super::LIST;
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, apis};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::Api;
use crate::support::id::ApiId;

/// The pages of one API, before those that every object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Definition,
    Scopes,
    Apps,
}

impl Tab {
    const ALL: &[Self] = &[Self::Definition, Self::Scopes, Self::Apps];
}

impl From<Tab> for head::Tab {
    fn from(tab: Tab) -> Self {
        match tab {
            Tab::Definition => Self::new("", keys::apis::DEFINITION),
            Tab::Scopes => Self::new("/scopes", keys::apis::SCOPES),
            Tab::Apps => Self::new("/apps", keys::apps::TITLE),
        }
    }
}

/// What stands above the pages of an API. Who sees it sees them all.
pub(super) fn head_of(t: &Texts, administrator: &Administrator, api: &Api, here: impl Into<head::Tab>) -> Head {
    let own = Tab::ALL.iter().copied().map(head::Tab::from);
    let name = api.name_in(t.locale()).to_owned();
    Head {
        known_as: api.resource.as_str().to_owned(),
        ..Head::of(administrator, (path_of(api.id), name), own, here.into())
    }
}

/// Whose files say what an API is.
pub(super) fn managed(administrator: &Administrator, api: &Api) -> Option<Managed> {
    Managed::of(administrator, api.managed_by.as_ref(), (DeclaredKind::Api, &api.id.to_string()))
}

/// Whether the administrator may change here what an API is.
pub(super) fn may_change(administrator: &Administrator, api: &Api) -> bool {
    administrator.may(Permission::WriteClients) && api.managed_by.is_none()
}

/// The first page of an API.
pub(in super::super) fn path_of(api: ApiId) -> String {
    format!("{LIST}/{api}")
}

/// The page behind a tab of an API.
pub(super) fn tab_of(api: ApiId, tab: Tab) -> String {
    head::Tab::from(tab).of(&path_of(api))
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
