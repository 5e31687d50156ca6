//! The page of one group, or of one role in apps: its form, and who has it.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::super::view::Person;
use super::super::done::Done;
use super::super::head::{Head, Tab};
use super::super::listing::{AFTER, PAGE, Ways};
use super::super::release::Managed;
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::form::Form;
use super::{ADDED, DONE, REMOVED, SAVED, Side, Sided, head_of, named, path_of, shell};
use crate::admin::affiliations::{self, Defined};
use crate::admin::{Permission, ProvenAuthority, Rejected, Target, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::User;
use crate::protocol::Params;
use crate::support::id::UserId;

#[derive(askama::Template)]
#[template(path = "admin/groups/one.html")]
struct OnePage {
    frame: Frame,
    shell: Shell,
    side: &'static Side,
    head: Head,
    path: String,
    may_change: bool,
    managed: Option<Managed>,
    may_give: bool,
    form: Form,
    version: i64,
    /// Who has it, and whether that may be changed.
    members: Vec<(String, Person, bool)>,
    /// The address that was typed.
    email: String,
    ways: Ways,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// `GET /admin/groups/{id}`, `GET /admin/roles/{id}`
pub async fn get<D: Sided>(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let is = named::<D>(&context, &administrator, &id).await?;
    let said = Said {
        done: Done::said(DONE, context.texts(None), params.get("done")),
        after: params.get(AFTER).and_then(|after| after.parse().ok()),
        ..Said::of(Form::of::<D>(Some(&is), &Params::default()))
    };
    show::<D>(&context, &administrator, &is, said).await
}

/// What the page is asked to do.
enum Change<D> {
    Save(D),
    Add(String),
    Remove(UserId),
}

impl<D: Sided> Change<D> {
    fn parse(params: &Params) -> Option<Self> {
        match params.get("do")? {
            "save" => Some(Self::Save(D::typed(params))),
            "add" => Some(Self::Add(params.get("email")?.trim().to_owned())),
            "remove" => Some(Self::Remove(params.get("user")?.parse().ok()?)),
            _ => None,
        }
    }
}

/// `POST /admin/groups/{id}`, `POST /admin/roles/{id}`
pub async fn post<D: Sided>(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let is = named::<D>(&context, &form.owner, &id).await?;
    let change = Change::<D>::parse(&form.params).ok_or(ProblemKind::BadRequest)?;
    let typed = if matches!(change, Change::Save(_)) { &form.params } else { &Params::default() };
    let version = version_of(&form.params).unwrap_or(is.affiliation.version);
    let filled = Form::of::<D>(Some(&is), typed);
    let sent = Sent { context: &context, administrator: &form.owner, is, version, change, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a, D> {
    context: &'a Context,
    administrator: &'a Administrator,
    is: Defined,
    /// The version that the form was drawn of.
    version: i64,
    change: Change<D>,
    form: Form,
}

impl<D: Sided> Sent<'_, D> {
    /// Does as asked; `None` where nobody has the address.
    async fn make(&self, authority: &ProvenAuthority) -> Result<Option<Done>, Rejected> {
        let (admin, id) = (&self.context.app.admin, self.is.affiliation.id);
        match &self.change {
            Change::Save(document) => {
                affiliations::update(admin, authority, Target::at(id, self.version), document).await?;
                Ok(Some(SAVED))
            }
            Change::Add(email) => {
                let Some(user) = users::find(admin, authority, email).await? else { return Ok(None) };
                users::join(admin, authority, user.id, (D::KIND, id)).await?;
                Ok(Some(ADDED))
            }
            Change::Remove(user) => {
                users::leave(admin, authority, *user, (D::KIND, id)).await?;
                Ok(Some(REMOVED))
            }
        }
    }
}

impl<D: Sided> ConfirmedForm for Sent<'_, D> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        match self.make(authority).await {
            Ok(Some(done)) => Ok(Ok(done.go(context, &path_of::<D>(self.is.affiliation.id)))),
            Ok(None) => {
                self.form.wrong.add("email", t.get(keys::groups::NO_MEMBER));
                Ok(Err(Shown::marked(t)))
            }
            Err(rejected) => Ok(Err(self.form.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let email = if let Change::Add(email) = self.change { email } else { String::new() };
        let said = Said { problem: Some(problem), email, ..Said::of(self.form) };
        show::<D>(self.context, self.administrator, &self.is, said).await
    }
}

/// What the page says besides what it always says.
struct Said {
    form: Form,
    email: String,
    problem: Option<Shown>,
    done: Option<String>,
    /// The member after whom the list begins.
    after: Option<UserId>,
}

impl Said {
    fn of(form: Form) -> Self {
        Self { form, email: String::new(), problem: None, done: None, after: None }
    }
}

async fn show<D: Sided>(
    context: &Context,
    administrator: &Administrator,
    is: &Defined,
    said: Said,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let (one, path) = (&is.affiliation, path_of::<D>(is.affiliation.id));
    let members = affiliations::members(&context.app.admin, &administrator.authority, one.id, said.after, PAGE).await?;
    let next = members.items.last().filter(|_| members.more).map(|last| last.id);
    let label = one.label_in(frame.t.locale()).to_owned();
    let authority = &administrator.authority;
    let open = |user: &User| authority.may_change(user) && authority.may_take(one);
    let member = |user: &User| (user.id.to_string(), Person::of(user), open(user));
    let shown = OnePage {
        shell: shell::<D>(context, administrator, &label),
        side: D::SIDE,
        head: head_of::<D>(context, administrator, one, Tab::SETTINGS),
        may_change: administrator.may(Permission::WriteGroups) && one.managed_by.is_none(),
        managed: Managed::of(administrator, one.managed_by.as_ref(), (D::SIDE.kind, &one.key())),
        may_give: administrator.authority.may_give(one),
        form: said.form,
        version: one.version,
        members: members.items.iter().map(member).collect(),
        email: said.email,
        ways: Ways {
            first: said.after.map(|_| path.clone()),
            next: next.map(|next| format!("{path}?{AFTER}={next}")),
            narrowed: false,
        },
        csrf: administrator.csrf(context, &path),
        done: said.done,
        problems,
        path,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
