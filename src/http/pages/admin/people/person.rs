//! What the pages of one person have in common: whose they are, and the tabs.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::room::Room;
use super::super::shell::{Shell, TabLink};
use super::{LIST, State, named_roles};
use crate::admin::{Permission, users};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::User;
use crate::support::id::UserId;

use super::super::super::view::Person;

/// The pages of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Profile,
    Access,
    Groups,
    Sessions,
    Apps,
    Preview,
    History,
    Document,
}

impl Tab {
    const ALL: &[Self] = &[
        Self::Profile,
        Self::Access,
        Self::Groups,
        Self::Sessions,
        Self::Apps,
        Self::Preview,
        Self::History,
        Self::Document,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Profile => "",
            Self::Access => "/access",
            Self::Groups => "/groups",
            Self::Sessions => "/sessions",
            Self::Apps => "/apps",
            Self::Preview => "/preview",
            Self::History => "/history",
            Self::Document => "/document",
        }
    }

    const fn name(self) -> Key {
        match self {
            Self::Profile => keys::account::PROFILE,
            Self::Access => keys::people::ACCESS,
            Self::Groups => keys::groups::OF_PERSON,
            Self::Sessions => keys::people::SESSIONS,
            Self::Apps => keys::apps::TITLE,
            Self::Preview => keys::claims::PREVIEW,
            Self::History => keys::audit::HISTORY,
            Self::Document => keys::console::DOCUMENT,
        }
    }

    fn is_open_to(self, administrator: &Administrator, user: &User) -> bool {
        match self {
            Self::Preview => administrator.authority.allows_somewhere(self.needs()),
            _ => administrator.may_on_person(self.needs(), user),
        }
    }

    const fn needs(self) -> Permission {
        match self {
            Self::Sessions => Permission::ReadSessions,
            // Whoever sees people sees this page: the tab is for who sees their apps, too.
            Self::Preview => Permission::ReadClients,
            Self::History => Permission::ReadAudit,
            Self::Profile | Self::Access | Self::Groups | Self::Apps | Self::Document => Permission::ReadUsers,
        }
    }
}

/// Whose pages they are.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) person: Person,
    pub(super) active: bool,
    pub(super) state: State,
    pub(super) roles: String,
    pub(super) tabs: Vec<TabLink>,
}

impl Head {
    pub(super) async fn of(
        (context, administrator): (&Context, &Administrator),
        t: &Texts,
        user: &User,
        here: Tab,
    ) -> Result<Self, PageError> {
        let path = path_of(user.id);
        let open = Tab::ALL.iter().copied().filter(|tab| tab.is_open_to(administrator, user));
        let tab = |tab: Tab| TabLink { path: format!("{path}{}", tab.path()), name: tab.name(), here: tab == here };
        Ok(Self {
            id: user.id.to_string(),
            person: Person::of(user),
            active: user.is_active(),
            state: State::of_one(context, administrator, user).await?,
            roles: named_roles(t, &user.roles),
            tabs: open.map(tab).collect(),
            path,
        })
    }
}

/// The first page of a person.
pub(super) fn path_of(user: UserId) -> String {
    format!("{LIST}/{user}")
}

/// Where is shown what their tokens say.
pub(in super::super) fn preview_of(user: UserId) -> String {
    format!("{}{}", path_of(user), Tab::Preview.path())
}

/// What surrounds the pages of a person.
pub(super) fn shell(context: &Context, administrator: &Administrator, user: &User) -> Shell {
    Shell::of(context, administrator, Room::People).further(LIST, user.display_name())
}

/// The person that a path names.
pub(super) async fn named(context: &Context, administrator: &Administrator, id: &str) -> Result<User, PageError> {
    let id: UserId = id.parse().map_err(|_| ProblemKind::NotFound)?;
    let found = users::find(&context.app.admin, &administrator.authority, &id.to_string()).await?;
    Ok(found.ok_or(ProblemKind::NotFound)?)
}
