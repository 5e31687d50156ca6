//! What the pages of one person have in common: whose they are, and the tabs.

use super::super::super::context::Context;
use super::super::super::view::Person;
use super::super::Administrator;
use super::super::head::{self, Head, Tag};
use super::super::room::Room;
use super::super::shell::Shell;
use super::{LIST, State, named_roles};
use crate::admin::{Permission, users};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::User;
use crate::support::id::UserId;

/// The pages of one person, before those that every object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Profile,
    Access,
    Groups,
    Sessions,
    Apps,
    Preview,
}

impl Tab {
    const ALL: &[Self] = &[Self::Profile, Self::Access, Self::Groups, Self::Sessions, Self::Apps, Self::Preview];

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
            Self::Profile | Self::Access | Self::Groups | Self::Apps => Permission::ReadUsers,
        }
    }
}

impl From<Tab> for head::Tab {
    fn from(tab: Tab) -> Self {
        match tab {
            Tab::Profile => Self::new("", keys::account::PROFILE),
            Tab::Access => Self::new("/access", keys::people::ACCESS),
            Tab::Groups => Self::new("/groups", keys::groups::OF_PERSON),
            Tab::Sessions => Self::new("/sessions", keys::people::SESSIONS),
            Tab::Apps => Self::new("/apps", keys::apps::TITLE),
            Tab::Preview => Self::new("/preview", keys::claims::PREVIEW),
        }
    }
}

/// What stands above the pages of a person.
pub(super) async fn head_of(
    (context, administrator): (&Context, &Administrator),
    t: &Texts,
    user: &User,
    here: Tab,
) -> Result<Head, PageError> {
    let state = State::of_one(context, administrator, user).await?;
    Ok(head_in(t, administrator, (user, &state), here.into()))
}

/// The same, of a person whose state is known.
pub(super) fn head_in(
    t: &Texts,
    administrator: &Administrator,
    (user, state): (&User, &State),
    here: head::Tab,
) -> Head {
    let person = Person::of(user);
    let own = Tab::ALL.iter().copied().filter(|tab| tab.is_open_to(administrator, user)).map(head::Tab::from);
    let mut tags = vec![Tag { text: t.get(state.words), off: state.off }];
    if !user.roles.is_empty() {
        tags.push(Tag { text: named_roles(t, &user.roles), off: false });
    }
    Head {
        letter: Some(person.letter()),
        about: person.email,
        tags,
        active: user.is_active(),
        ..Head::of(administrator, (path_of(user.id), person.name), own, here)
    }
}

/// The first page of a person.
pub(super) fn path_of(user: UserId) -> String {
    format!("{LIST}/{user}")
}

/// Where is shown what their tokens say.
pub(in super::super) fn preview_of(user: UserId) -> String {
    head::Tab::from(Tab::Preview).of(&path_of(user))
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
