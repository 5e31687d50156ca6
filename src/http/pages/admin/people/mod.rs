//! People: the list, and what is done to several of them at once. The pages of one person are in files of their own, one a tab.

use axum::response::Response;

use super::super::account::day;
use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::super::step_up;
use super::super::view::{Person, named_roles, role_words};
use super::Administrator;
use super::listing::{AFTER, Choice, PAGE, Ways};
use super::room::Room;
use super::shell::Shell;
use crate::admin::users;
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::User;
use crate::model::user::{Role, UserStatus};
use crate::protocol::Params;
use crate::store::{UserOrder, UserQuery};
use crate::support::id::UserId;

pub mod access;
pub mod apps;
pub mod create;
pub mod delete;
pub mod document;
mod person;
pub mod profile;
pub mod sessions;

/// Where the list is.
const LIST: &str = "/admin/people";
/// Where what is done to several goes to.
const SEVERAL: &str = "/admin/people/several";
/// What narrows the list down, and orders it.
const KEPT: &[&str] = &["q", "state", "sort"];
/// What stands before the id in the name of the box that picks somebody.
const PICKED: &str = "pick-";

#[derive(askama::Template)]
#[template(path = "admin/people/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    may_end: bool,
    q: String,
    states: Vec<Choice>,
    orders: Vec<Choice>,
    rows: Vec<Row>,
    ways: Ways,
    csrf: String,
    done: Option<String>,
}

/// Somebody in the list.
struct Row {
    id: String,
    person: Person,
    active: bool,
    roles: String,
    since: String,
}

/// What the list can be narrowed down to, by its name in the address.
const STATES: &[(&str, Key)] = &[
    ("", keys::people::ALL),
    ("active", keys::people::ACTIVE),
    ("disabled", keys::people::DISABLED),
    ("administrators", keys::people::ADMINISTRATORS),
];
/// How it can be ordered.
const ORDERS: &[(&str, Key)] =
    &[("", keys::people::NEWEST), ("oldest", keys::people::OLDEST), ("email", keys::people::BY_EMAIL)];

/// What a list's address asks for.
fn asked(params: &Params) -> UserQuery {
    let id = params.get(AFTER).and_then(|after| after.parse::<UserId>().ok());
    let state = params.get("state").unwrap_or_default();
    UserQuery {
        search: params.get("q").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
        status: match state {
            "active" => Some(UserStatus::Active),
            "disabled" => Some(UserStatus::Disabled),
            _ => None,
        },
        administers: (state == "administrators").then_some(true),
        order: match params.get("sort") {
            Some("oldest") => UserOrder::Oldest(id),
            Some("email") => UserOrder::Email(params.get(AFTER).map(str::to_owned)),
            _ => UserOrder::Newest(id),
        },
    }
}

/// The place after which the next page begins.
fn place(order: &UserOrder, last: &User) -> String {
    match order {
        UserOrder::Email(_) => last.email.lookup_key(),
        UserOrder::Oldest(_) | UserOrder::Newest(_) => last.id.to_string(),
    }
}

fn choices(t: &Texts, of: &'static [(&'static str, Key)], chosen: Option<&str>) -> Vec<Choice> {
    let choice = |(value, text): &(&'static str, Key)| Choice {
        value,
        text: t.get(*text),
        chosen: chosen.unwrap_or_default() == *value,
    };
    of.iter().map(choice).collect()
}

/// `GET /admin/people`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let query = asked(&params);
    let found = users::list(&context.app.admin, &administrator.authority, &query, PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|last| place(&query.order, last));
    let frame = Frame::of(&context, context.locale.0);
    let row = |user: &User| Row {
        id: user.id.to_string(),
        person: Person::of(user),
        active: user.is_active(),
        roles: named_roles(frame.t, &user.roles),
        since: day(user.created_at),
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::People),
        may_change: administrator.may(Permission::WriteUsers),
        may_end: administrator.may(Permission::RevokeSessions),
        q: query.search.clone().unwrap_or_default(),
        states: choices(frame.t, STATES, params.get("state")),
        orders: choices(frame.t, ORDERS, params.get("sort")),
        rows: found.items.iter().map(row).collect(),
        ways: Ways::of(LIST, &params, KEPT, next.as_deref()),
        csrf: administrator.csrf(&context, SEVERAL),
        done: Done::said(frame.t, &params),
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
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let authority = form.owner.proven(&proved)?;
    let mut refused = 0;
    for &user in &picked {
        match together.to(&context, &authority, user).await {
            Ok(()) => {}
            Err(Rejected::Store(error)) => return Ok(proved.answer(&context, Err(error.into()))),
            Err(_) => refused += 1,
        }
    }
    let answer = context.go(&format!("{LIST}?done=several&n={}&refused={refused}", picked.len() - refused));
    Ok(proved.answer(&context, Ok(answer)))
}

/// What was done before a page is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Created,
    Saved,
    On,
    Off,
    PasswordSet,
    Unlinked,
    SignedOut,
    Withdrawn,
    Deleted,
}

impl Done {
    const ALL: &[Self] = &[
        Self::Created,
        Self::Saved,
        Self::On,
        Self::Off,
        Self::PasswordSet,
        Self::Unlinked,
        Self::SignedOut,
        Self::Withdrawn,
        Self::Deleted,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Saved => "saved",
            Self::On => "on",
            Self::Off => "off",
            Self::PasswordSet => "password-set",
            Self::Unlinked => "unlinked",
            Self::SignedOut => "signed-out",
            Self::Withdrawn => "withdrawn",
            Self::Deleted => "deleted",
        }
    }

    fn said(t: &Texts, params: &Params) -> Option<String> {
        let name = params.get("done")?;
        let count = |name: &str| params.get(name).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
        if name == "several" {
            let done = t.counted(keys::people::SEVERAL_DONE, "n", count("n"));
            return Some(match count("refused") {
                0 => done,
                refused => format!("{done} {}", t.counted(keys::people::SEVERAL_REFUSED, "n", refused)),
            });
        }
        let done = Self::ALL.iter().find(|done| done.name() == name)?;
        Some(t.get(match done {
            Self::Created => keys::people::DONE_CREATED,
            Self::Saved => keys::account::SAVED,
            Self::On => keys::people::DONE_ON,
            Self::Off => keys::people::DONE_OFF,
            Self::PasswordSet => keys::people::DONE_PASSWORD,
            Self::Unlinked => keys::account::UNLINKED,
            Self::SignedOut => keys::people::DONE_SIGNED_OUT,
            Self::Withdrawn => keys::account::WITHDRAWN,
            Self::Deleted => keys::people::DONE_DELETED,
        }))
    }

    /// Back to one of our pages, which will say so.
    fn go(self, context: &Context, path: &str) -> Response {
        context.go(&format!("{path}?done={}", self.name()))
    }
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
    let ticked = |role: &Role| {
        let open = administrator.authority.may_assign(*role);
        if open { params.names(&format!("role-{}", role.as_str())) } else { held.contains(role) }
    };
    Role::ALL.iter().copied().filter(ticked).collect()
}
