//! Who manages one app, or the people in one group, without a role: the page is the same for both.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::own_form::OwnForm;
use super::super::problems::{FieldTexts, Shown};
use super::super::view::Person;
use super::done::Done;
use super::head::{Head, Tab};
use super::shell::Shell;
use super::wrong::Wrong;
use super::{Administrator, ConfirmedForm, confirmed_form};
use crate::admin::{Aggregate, Permission, ProvenAuthority, Rejected, delegations, users};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::model::{ClientId, Delegation, ServiceAccount, User};
use crate::protocol::Params;
use crate::support::id::UserId;

/// The tab that it is.
pub(super) const TAB: Tab = Tab::new("/managers", keys::managers::TITLE);

const ADDED: Done = Done::new("added", keys::managers::ADDED);
const REMOVED: Done = Done::new("removed", keys::managers::REMOVED);
/// What is said here.
const DONE: &[Done] = &[ADDED, REMOVED];

/// What is managed, and where its page is.
pub(super) struct Place {
    pub(super) of: Delegation,
    pub(super) head: Head,
    /// What a manager may do.
    pub(super) hint: Key,
    pub(super) shell: Shell,
}

impl Place {
    /// The page of its managers.
    fn path(&self) -> String {
        TAB.of(&self.head.path)
    }
}

#[derive(askama::Template)]
#[template(path = "admin/managers.html")]
struct ManagersPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    path: String,
    hint: Key,
    may_give: bool,
    /// Each with whether they may be taken away.
    managers: Vec<(String, Person, bool)>,
    /// The service accounts: the id of each, and its name.
    services: Vec<(String, String, bool)>,
    /// The address or the client id that was typed.
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
    /// Whoever this text names.
    Add(String),
    Remove(UserId),
    RemoveService(ClientId),
}

impl Change {
    fn parse(params: &Params) -> Option<Self> {
        match params.get("do")? {
            "add" => Some(Self::Add(params.get("email")?.trim().to_owned())),
            "remove" => match ClientId::parse(params.get("user")?) {
                Ok(client) => Some(Self::RemoveService(client)),
                Err(_) => Some(Self::Remove(params.get("user")?.parse().ok()?)),
            },
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
    /// Does as asked; `None` where the text names nobody.
    async fn make(&self, authority: &ProvenAuthority) -> Result<Option<Done>, Rejected> {
        let (admin, of) = (&self.context.app.admin, &self.place.of);
        match &self.change {
            Change::Add(named) => {
                if let Some(user) = users::find(admin, authority, named).await? {
                    delegations::give(admin, authority, user.id, of).await?;
                    return Ok(Some(ADDED));
                }
                let Ok(client) = ClientId::parse(named) else { return Ok(None) };
                match delegations::give_to_service_account(admin, authority, client, of).await {
                    Err(Rejected::NotFound(Aggregate::Client)) => Ok(None),
                    given => given.map(|()| Some(ADDED)),
                }
            }
            Change::Remove(user) => {
                delegations::take(admin, authority, *user, of).await?;
                Ok(Some(REMOVED))
            }
            Change::RemoveService(client) => {
                delegations::take_from_service_account(admin, authority, client, of).await?;
                Ok(Some(REMOVED))
            }
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let t = self.context.texts(None);
        match self.make(authority).await {
            Ok(Some(done)) => Ok(Ok(done.go(self.context, &self.place.path()))),
            Ok(None) => {
                self.wrong.add("email", t.get(keys::managers::NOBODY));
                Ok(Err(Shown::marked(t)))
            }
            // The one thing that can be wrong with whom the field names.
            Err(Rejected::Invalid(_)) => {
                self.wrong.add("email", t.get(keys::managers::NO_SERVICE_ACCOUNT));
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
    let admin = &context.app.admin;
    let found = delegations::list(admin, authority, &place.of).await?;
    let services = delegations::service_accounts(admin, authority, &place.of).await?;
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let may_give = administrator.may(Permission::AssignRoles);
    let manager = |user: &User| (user.id.to_string(), Person::of(user), may_give && authority.may_change(user));
    let service = |one: &ServiceAccount| {
        let name = one.client.presentation.name_in(frame.t.locale()).to_owned();
        (one.client.id.to_string(), name, may_give && authority.may_change_service_account(one))
    };
    let path = place.path();
    let shown = ManagersPage {
        managers: found.iter().map(manager).collect(),
        services: services.iter().map(service).collect(),
        csrf: administrator.csrf(context, &path),
        shell: place.shell,
        head: place.head,
        path,
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
