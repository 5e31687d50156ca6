//! Who manages one app, or the people in one group, without a role: the page is the same for both.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::own_form::OwnForm;
use super::super::problems::{FieldTexts, Shown};
use super::super::view::Person;
use super::done::Done;
use super::shell::{Shell, TabLink};
use super::wrong::Wrong;
use super::{Administrator, ConfirmedForm, confirmed_form};
use crate::admin::{Permission, ProvenAuthority, Rejected, delegations, users};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::model::{Delegation, User};
use crate::protocol::Params;
use crate::support::id::UserId;

const ADDED: Done = Done::new("added", keys::managers::ADDED);
const REMOVED: Done = Done::new("removed", keys::managers::REMOVED);
/// What is said here.
const DONE: &[Done] = &[ADDED, REMOVED];

/// What is managed, and where its page is.
pub(super) struct Place {
    pub(super) of: Delegation,
    /// What people call it.
    pub(super) name: String,
    /// The page of its managers.
    pub(super) path: String,
    /// What a manager may do.
    pub(super) hint: Key,
    pub(super) shell: Shell,
    /// The pages beside this one; empty where there are none.
    pub(super) tabs: Vec<TabLink>,
}

#[derive(askama::Template)]
#[template(path = "admin/managers.html")]
struct ManagersPage {
    frame: Frame,
    shell: Shell,
    tabs: Vec<TabLink>,
    name: String,
    path: String,
    hint: Key,
    may_give: bool,
    /// Each with whether they may be taken away.
    managers: Vec<(String, Person, bool)>,
    /// The address that was typed.
    email: String,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// The page as it is opened.
pub(super) async fn page_of(
    context: &Context,
    administrator: &Administrator,
    params: &Params,
    place: Place,
) -> Result<Response, PageError> {
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(context, administrator, place, Said { done, ..Said::default() }).await
}

/// The form as it was sent.
pub(super) async fn sent(
    context: &Context,
    form: &OwnForm<Administrator>,
    place: Place,
) -> Result<Response, PageError> {
    let change = Change::parse(&form.params).ok_or(ProblemKind::BadRequest)?;
    let sent = Sent { context, administrator: &form.owner, place, change, wrong: Wrong::default() };
    confirmed_form(context, form, sent).await
}

/// What the page is asked to do.
enum Change {
    Add(String),
    Remove(UserId),
}

impl Change {
    fn parse(params: &Params) -> Option<Self> {
        match params.get("do")? {
            "add" => Some(Self::Add(params.get("email")?.trim().to_owned())),
            "remove" => Some(Self::Remove(params.get("user")?.parse().ok()?)),
            _ => None,
        }
    }
}

struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    place: Place,
    change: Change,
    wrong: Wrong,
}

impl Sent<'_> {
    /// Does as asked; `None` where nobody has the address.
    async fn make(&self, authority: &ProvenAuthority) -> Result<Option<Done>, Rejected> {
        let (admin, of) = (&self.context.app.admin, &self.place.of);
        match &self.change {
            Change::Add(email) => {
                let Some(user) = users::find(admin, authority, email).await? else { return Ok(None) };
                delegations::give(admin, authority, user.id, of).await?;
                Ok(Some(ADDED))
            }
            Change::Remove(user) => {
                delegations::take(admin, authority, *user, of).await?;
                Ok(Some(REMOVED))
            }
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let t = self.context.texts(None);
        match self.make(authority).await {
            Ok(Some(done)) => Ok(Ok(done.go(self.context, &self.place.path))),
            Ok(None) => {
                self.wrong.add("email", t.get(keys::groups::NO_MEMBER));
                Ok(Err(Shown::marked(t)))
            }
            Err(rejected) => Ok(Err(self.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let email = if let Change::Add(email) = self.change { email } else { String::new() };
        let said = Said { email, wrong: self.wrong, problem: Some(problem), done: None };
        show(self.context, self.administrator, self.place, said).await
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    email: String,
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    place: Place,
    said: Said,
) -> Result<Response, PageError> {
    let authority = &administrator.authority;
    let found = delegations::list(&context.app.admin, authority, &place.of).await?;
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let may_give = administrator.may(Permission::AssignRoles);
    let manager = |user: &User| (user.id.to_string(), Person::of(user), may_give && authority.may_change(user));
    let shown = ManagersPage {
        managers: found.iter().map(manager).collect(),
        csrf: administrator.csrf(context, &place.path),
        shell: place.shell,
        tabs: place.tabs,
        name: place.name,
        path: place.path,
        hint: place.hint,
        may_give,
        email: said.email,
        wrong: said.wrong,
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
