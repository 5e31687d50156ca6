//! People: the list, and what is done to several of them at once. The pages of one person are in files of their own, one a tab.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::day;
use super::super::own_form::OwnForm;
use super::super::view::{Person, named_roles, role_words};
use super::done::Done;
use super::listing::{AFTER, Choice, PAGE, Ways};
use super::room::Room;
use super::shell::Shell;
use super::{Administrator, confirmed};
use crate::admin::affiliations;
use crate::admin::users::{self, AccountState};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::User;
use crate::model::affiliation::{AffiliationKind, Catalogue};
use crate::model::user::Role;
use crate::protocol::Params;
use crate::store::{Page, UserOrder, UserQuery};
use crate::support::id::{AffiliationId, UserId};

pub mod access;
pub mod apps;
mod attribute;
pub mod attributes;
pub mod bulk;
pub mod delete;
pub mod groups;
pub mod new;
pub mod object;
mod person;
pub mod preview;
pub mod profile;
pub mod sessions;

pub(super) use person::preview_of;

/// Where the list is.
const LIST: &str = "/admin/people";
/// Where what is done to several goes to.
const SEVERAL: &str = "/admin/people/several";
/// What narrows the list down, and orders it.
const KEPT: &[&str] = &["q", "state", "group", "role", "sort"];
/// What stands before the id in the name of the box that picks somebody.
const PICKED: &str = "pick-";

#[derive(askama::Template)]
#[template(path = "admin/people/list.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is a right of its own")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    may_invite: bool,
    may_see_attributes: bool,
    may_end: bool,
    may_export: bool,
    q: String,
    states: Vec<Choice>,
    given: Vec<Given>,
    orders: Vec<Choice>,
    rows: Vec<Row>,
    ways: Ways,
    csrf: String,
    csrf_export: String,
    done: Option<String>,
}

/// Somebody in the list.
struct Row {
    id: String,
    person: Person,
    state: State,
    roles: String,
    since: String,
}

/// What is said of whether an account is used.
struct State {
    words: Key,
    off: bool,
}

impl State {
    fn of(state: Option<AccountState>, user: &User) -> Self {
        let words = match state.unwrap_or_else(|| user.status.into()) {
            AccountState::Active => keys::people::ACTIVE,
            AccountState::Invited => keys::people::STATE_INVITED,
            AccountState::Disabled => keys::people::DISABLED,
        };
        Self { words, off: !user.is_active() }
    }

    /// That of one account.
    async fn of_one(context: &Context, administrator: &Administrator, user: &User) -> Result<Self, PageError> {
        let one = std::slice::from_ref(user);
        let states = users::states(&context.app.admin, &administrator.authority, one).await?;
        Ok(Self::of(states.get(&user.id).copied(), user))
    }
}

/// What the list can be narrowed down to, by its name in the address.
const STATES: &[(&str, Key)] = &[
    ("", keys::people::ALL),
    (AccountState::Active.as_str(), keys::people::ACTIVE),
    (AccountState::Invited.as_str(), keys::people::STATE_INVITED),
    (AccountState::Disabled.as_str(), keys::people::DISABLED),
    ("administrators", keys::people::ADMINISTRATORS),
];
/// How it can be ordered.
const ORDERS: &[(&str, Key)] =
    &[("", keys::people::NEWEST), ("oldest", keys::people::OLDEST), ("email", keys::people::BY_EMAIL)];

/// A field that narrows the list down to who was given a group, or a role in apps.
struct Given {
    id: &'static str,
    label: Key,
    typed: String,
    /// Those that are offered while it is typed.
    offered: Vec<String>,
}

/// The most names that such a field offers.
const MOST_OFFERED: usize = 100;
/// Those fields; without a group and a role there is none.
const GIVEN: [(AffiliationKind, &str, Key); 2] = [
    (AffiliationKind::Group, "group", keys::people::IN_GROUP),
    (AffiliationKind::Role, "role", keys::people::WITH_ROLE),
];

impl Given {
    fn all(catalogue: &Catalogue, params: &Params) -> Vec<Self> {
        let field = |(kind, id, label): (AffiliationKind, &'static str, Key)| {
            let typed = params.get(id).unwrap_or_default().trim().to_owned();
            let offered: Vec<_> = catalogue.of_kind(kind).iter().take(MOST_OFFERED).map(|one| one.key()).collect();
            (!offered.is_empty() || !typed.is_empty()).then_some(Self { id, label, typed, offered })
        };
        GIVEN.into_iter().filter_map(field).collect()
    }
}

/// The groups and roles that the address names; `None` where it names one that there is not, which nobody has.
fn given(catalogue: &Catalogue, params: &Params) -> Option<Vec<AffiliationId>> {
    let named = |(kind, id, _): (AffiliationKind, &str, Key)| {
        let name = params.get(id).map(str::trim).filter(|name| !name.is_empty())?;
        Some(catalogue.find(kind, name).map(|one| one.id))
    };
    GIVEN.into_iter().filter_map(named).collect()
}

/// What a list's address asks for.
fn asked(params: &Params, given: Vec<AffiliationId>) -> UserQuery {
    let id = params.get(AFTER).and_then(|after| after.parse::<UserId>().ok());
    let state = params.get("state").unwrap_or_default();
    UserQuery {
        search: params.get("q").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
        status: AccountState::parse(state),
        administers: (state == "administrators").then_some(true),
        within: None,
        given,
        order: match params.get("sort") {
            Some("oldest") => UserOrder::Oldest(id),
            Some("email") => UserOrder::Email(params.get(AFTER).map(str::to_owned)),
            _ => UserOrder::Newest(id),
        },
    }
}

/// `GET /admin/people`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let catalogue = affiliations::catalogue(&context.app.admin, &administrator.authority).await?;
    let given = given(&catalogue, &params);
    let nobody = given.is_none();
    let query = asked(&params, given.unwrap_or_default());
    let found = if nobody {
        Page { items: Vec::new(), more: false }
    } else {
        users::list(&context.app.admin, &administrator.authority, &query, PAGE).await?
    };
    let next = found.items.last().filter(|_| found.more).map(|last| query.order.place_of(last));
    let states = users::states(&context.app.admin, &administrator.authority, &found.items).await?;
    let frame = Frame::of(&context, context.locale.0);
    let row = |user: &User| Row {
        id: user.id.to_string(),
        person: Person::of(user),
        state: State::of(states.get(&user.id).copied(), user),
        roles: named_roles(frame.t, &user.roles),
        since: day(user.created_at),
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::People),
        may_change: administrator.may(Permission::WriteUsers),
        may_invite: administrator.authority.allows_somewhere(Permission::WriteUsers),
        may_see_attributes: administrator.may(Permission::ReadUsers),
        may_end: administrator.authority.allows_somewhere(Permission::RevokeSessions),
        may_export: administrator.may(Permission::ExportUsers),
        q: query.search.clone().unwrap_or_default(),
        given: Given::all(&catalogue, &params),
        states: Choice::all(frame.t, STATES.iter().copied(), params.get("state")),
        orders: Choice::all(frame.t, ORDERS.iter().copied(), params.get("sort")),
        rows: found.items.iter().map(row).collect(),
        ways: Ways::of(LIST, &params, KEPT, next.as_deref()),
        csrf: administrator.csrf(&context, SEVERAL),
        csrf_export: administrator.csrf(&context, "/admin/people/export"),
        done: said(frame.t, &params),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// What can be done to several people at once.
#[derive(Clone, Copy)]
enum Together {
    Disable,
    Enable,
    SignOut,
}

impl Together {
    fn parse(text: Option<&str>) -> Option<Self> {
        match text? {
            "disable" => Some(Self::Disable),
            "enable" => Some(Self::Enable),
            "sign-out" => Some(Self::SignOut),
            _ => None,
        }
    }

    async fn to(self, context: &Context, authority: &ProvenAuthority, user: UserId) -> Result<(), Rejected> {
        let admin = &context.app.admin;
        match self {
            Self::Disable => users::set_enabled(admin, authority, user, false).await,
            Self::Enable => users::set_enabled(admin, authority, user, true).await,
            Self::SignOut => users::revoke_sessions(admin, authority, user).await,
        }
        .map(drop)
    }
}

/// `POST /admin/people/several`: the same to everybody who is picked. Whom it cannot be done to is passed over, and counted.
pub async fn several(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let together = Together::parse(form.params.get("do")).ok_or(ProblemKind::BadRequest)?;
    let picked: Vec<UserId> =
        form.params.iter().filter_map(|(name, _)| name.strip_prefix(PICKED)?.parse().ok()).collect();
    confirmed(&context, &form, async |authority| {
        let mut refused = 0;
        for &user in &picked {
            match together.to(&context, authority, user).await {
                Ok(()) => {}
                Err(Rejected::Store(error)) => return Err(error.into()),
                Err(_) => refused += 1,
            }
        }
        Ok(context.go(&format!("{LIST}?done=several&n={}&refused={refused}", picked.len() - refused)))
    })
    .await
}

const CREATED: Done = Done::new("created", keys::people::DONE_CREATED);
const INVITED: Done = Done::new("invited", keys::people::INVITED);
const WITHDRAWN_INVITATION: Done = Done::new("invitation-withdrawn", keys::people::INVITE_WITHDRAWN);
const RESET_SENT: Done = Done::new("reset-sent", keys::people::RESET_SENT);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ON: Done = Done::new("on", keys::people::DONE_ON);
const OFF: Done = Done::new("off", keys::people::DONE_OFF);
const FACTORS_RESET: Done = Done::new("factors-reset", keys::people::DONE_FACTORS);
const PASSWORD_SET: Done = Done::new("password-set", keys::people::DONE_PASSWORD);
const PASSKEY_REMOVED: Done = Done::new("passkey-removed", keys::people::PASSKEY_REMOVED);
const UNLINKED: Done = Done::new("unlinked", keys::account::UNLINKED);
const SIGNED_OUT: Done = Done::new("signed-out", keys::people::DONE_SIGNED_OUT);
const WITHDRAWN: Done = Done::new("withdrawn", keys::account::WITHDRAWN);
const EXPORT_READY: Done = Done::new("export-ready", keys::people::EXPORT_READY);
const DELETED: Done = Done::new("deleted", keys::people::DONE_DELETED);

/// What is said of people.
const DONE: &[Done] = &[
    EXPORT_READY,
    CREATED,
    INVITED,
    WITHDRAWN_INVITATION,
    RESET_SENT,
    SAVED,
    ON,
    OFF,
    PASSWORD_SET,
    FACTORS_RESET,
    UNLINKED,
    PASSKEY_REMOVED,
    SIGNED_OUT,
    WITHDRAWN,
    DELETED,
];

/// What the list says that was opened with these parameters: what was done to several has its numbers there.
fn said(t: &Texts, params: &Params) -> Option<String> {
    if params.get("done") != Some("several") {
        return Done::said(DONE, t, params.get("done"));
    }
    let count = |name: &str| params.get(name).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    let done = t.counted(keys::people::SEVERAL_DONE, "n", count("n"));
    Some(match count("refused") {
        0 => done,
        refused => format!("{done} {}", t.counted(keys::people::SEVERAL_REFUSED, "n", refused)),
    })
}

/// A box to tick for a role.
struct RoleBox {
    id: String,
    name: String,
    hint: String,
    ticked: bool,
    /// The administrator may give and take it.
    open: bool,
}

/// A box for each role. Those that may do more than the administrator are shown, and closed.
fn role_boxes(t: &Texts, administrator: &Administrator, held: &[Role]) -> Vec<RoleBox> {
    let one = |&role: &Role| {
        let (name, hint) = role_words(role);
        RoleBox {
            id: format!("role-{}", role.as_str()),
            name: t.get(name),
            hint: t.get(hint),
            ticked: held.contains(&role),
            open: administrator.authority.may_assign(role),
        }
    };
    Role::ALL.iter().map(one).collect()
}

/// The roles whose boxes were ticked, and those of `held` whose boxes are closed.
fn ticked_roles(administrator: &Administrator, params: &Params, held: &[Role]) -> Vec<Role> {
    administrator.roles_given(held, |role| params.names(&format!("role-{}", role.as_str())))
}
