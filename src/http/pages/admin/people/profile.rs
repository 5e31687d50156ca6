//! What is said of a person: the claims about them, as an administrator sees and changes them.

use axum::extract::Path;
use axum::response::Response;
use serde_json::{Map, Value};

use super::super::super::account::profile::{self, ProfileForm, Typed};
use super::super::super::attributes::{AttributeField, Input, changed};
use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::moments::minute;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::person::{Tab, head_of, named, path_of, shell};
use super::{DONE, SAVED};
use crate::admin::attributes;
use crate::admin::users::{self, UserResource};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::User;
use crate::model::attribute::Definitions;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/people/profile.html")]
struct ProfilePage {
    frame: Frame,
    shell: Shell,
    head: Head,
    id: String,
    may_change: bool,
    /// Whose address it is, and what the house knows of them besides, may be changed, too.
    may_say_all: bool,
    email: String,
    verified: bool,
    form: ProfileForm,
    attributes: Vec<AttributeField>,
    locale: String,
    version: i64,
    created: String,
    updated: String,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    typed: Option<Params>,
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
}

/// `GET /admin/people/{id}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &user, Said { done, ..Said::default() }).await
}

/// `POST /admin/people/{id}`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let user = named(&context, &form.owner, &id).await?;
    let declared = attributes::list(&context.app.admin, &form.owner.authority).await?;
    let document = document(&declared, &user, &form.params).ok_or(ProblemKind::BadRequest)?;
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        user,
        document,
        params: &form.params,
        wrong: Wrong::default(),
    };
    confirmed_form(&context, &form, sent).await
}

/// What the form says of an account. A claim whose field is not in the form stays as it is.
fn document(declared: &Definitions, user: &User, params: &Params) -> Option<UserResource> {
    let said = ProfileForm::claims().chain(["email", "locale"]).filter(|name| params.names(name));
    let text = |name: &str| Value::String(params.get(name).unwrap_or_default().trim().to_owned());
    let said_of = |(name, text): (&str, &str)| (name.to_owned(), attributes::read_in(declared, name, text));
    let claims: Map<String, Value> = said.map(|name| (name.to_owned(), text(name))).collect();
    let document: UserResource = serde_json::from_value(Value::Object(claims)).ok()?;
    Some(UserResource {
        address: profile::names_address(params).then(|| profile::address(&user.profile, params)),
        email_verified: params.names("email").then(|| params.names("email_verified")),
        attributes: Some(changed(declared, user, params).map(said_of).collect()),
        version: Some(params.get("version")?.parse().ok()?),
        ..document
    })
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    user: User,
    document: UserResource,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let context = self.context;
        match users::update(&context.app.admin, authority, self.user.id, &self.document).await {
            Ok(_) => Ok(Ok(SAVED.go(context, &path_of(self.user.id)))),
            Err(rejected) => Ok(Err(self.wrong.refuse(context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let said = Said { typed: Some(self.params.clone()), wrong: self.wrong, problem: Some(problem), done: None };
        show(self.context, self.administrator, &self.user, said).await
    }
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    user: &User,
    said: Said,
) -> Result<Response, PageError> {
    let declared = attributes::list(&context.app.admin, &administrator.authority).await?;
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let typed = said.typed.unwrap_or_default();
    let (again, may_say_all) = (typed.names("email"), administrator.may(Permission::WriteUsers));
    let or_stored = |name: &str, stored: &str| typed.get(name).unwrap_or(stored).to_owned();
    let shown = ProfilePage {
        shell: shell(context, administrator, user),
        head: head_of((context, administrator), frame.t, user, Tab::Profile).await?,
        id: user.id.to_string(),
        may_change: administrator.authority.may_change(user),
        may_say_all,
        email: or_stored("email", user.email.as_str()),
        verified: if again { typed.names("email_verified") } else { user.email_verified },
        locale: or_stored("locale", user.locale.as_deref().unwrap_or_default()),
        attributes: AttributeField::all(frame.t, (&declared, user), &typed, |name| {
            said.wrong.beside(&format!("attributes.{name}")).to_owned()
        }),
        form: ProfileForm::of(frame.t, user, &Typed { params: typed, ..Typed::default() })
            .marked(|claim| said.wrong.beside(claim).to_owned()),
        version: user.version,
        created: minute(user.created_at),
        updated: minute(user.updated_at),
        wrong: said.wrong,
        csrf: administrator.csrf(context, &path_of(user.id)),
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
