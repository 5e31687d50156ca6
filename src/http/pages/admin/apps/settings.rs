//! What an app is registered with, but for its credentials; and switching it on and off.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::apis::offered::{Offered, offered};
use super::super::done::Done;
use super::super::head::Head;
use super::super::logo::LogoForm;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed, confirmed_form, version_of};
use super::app::{Tab, head_of, named, path_of, shell};
use super::fields::{self, Group, GroupView, Input};
use super::{DONE, OFF, ON, SAVED, name_of};
use crate::admin::clients::{self, ClientResource};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::client::Client;
use crate::model::user::Role;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/apps/settings.html")]
struct SettingsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_change: bool,
    may_delete: bool,
    groups: Vec<GroupView>,
    offered: Vec<Offered>,
    version: i64,
    /// The name of its kind.
    kind: &'static str,
    /// What is wrong with no single field.
    unreadable: String,
    csrf: String,
    csrf_state: String,
    logo: LogoForm,
    done: Option<String>,
    problems: FieldTexts,
}

/// What the page says besides what it always says.
#[derive(Default)]
pub(super) struct Said<'a> {
    typed: Option<&'a Params>,
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
}

impl Said<'_> {
    /// What is wrong with a form of the page that is not its own.
    pub(super) fn refusing(wrong: Wrong, problem: Shown) -> Self {
        Self { wrong, problem: Some(problem), ..Self::default() }
    }
}

/// `GET /admin/apps/{id}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &client, Said { done, ..Said::default() }).await
}

/// `POST /admin/apps/{id}`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let client = named(&context, &form.owner, &id).await?;
    let version = version_of(&form.params).ok_or(ProblemKind::BadRequest)?;
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        client,
        version,
        params: &form.params,
        wrong: Wrong::default(),
    };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    client: Client,
    version: i64,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let said = match fields::document(t, Group::SETTINGS, self.params) {
            Ok(said) => said,
            Err(wrong) => {
                self.wrong = wrong;
                return Ok(Err(Shown::marked(t)));
            }
        };
        let held = &self.client.policy.roles;
        let roles = roles(self.administrator, said.roles.as_deref().unwrap_or_default(), held);
        let document = ClientResource { version: Some(self.version), roles, ..said };
        match clients::update(&context.app.admin, authority, &self.client.id, &document).await {
            Ok(_) => Ok(Ok(SAVED.go(context, &path_of(&self.client.id)))),
            Err(rejected) => Ok(Err(self.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let said = Said { typed: Some(self.params), wrong: self.wrong, problem: Some(problem), done: None };
        show(self.context, self.administrator, &self.client, said).await
    }
}

/// `POST /admin/apps/{id}/state`: on or off.
pub async fn state(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let enabled = match form.params.get("state") {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let client = named(&context, &form.owner, &id).await?;
    let done = if enabled { ON } else { OFF };
    confirmed(&context, &form, async |authority| {
        clients::set_enabled(&context.app.admin, authority, &client.id, enabled).await?;
        Ok(done.go(&context, &path_of(&client.id)))
    })
    .await
}

/// The roles that the form gives the app; `None` where they stay.
fn roles(administrator: &Administrator, ticked: &[Role], held: &[Role]) -> Option<Vec<Role>> {
    let given = administrator.roles_given(held, |role| ticked.contains(&role));
    let changes = Role::ALL.iter().any(|role| given.contains(role) != held.contains(role));
    changes.then_some(given)
}

/// The page, of an app as it is.
pub(super) async fn show(
    context: &Context,
    administrator: &Administrator,
    client: &Client,
    said: Said<'_>,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let document = ClientResource::from(client).at(&context.app.issuer);
    let document = serde_json::to_value(document).map_err(|error| PageError::internal(&error))?;
    let closed = |role: &&Role| !administrator.authority.may_assign(**role);
    let closed: Vec<_> = Role::ALL.iter().filter(closed).map(|role| role.as_str()).collect();
    let holds = |role: &str| client.policy.roles.iter().any(|held| held.as_str() == role);
    let group = |group: &Group| {
        let view = GroupView::of(*group, &document, said.typed, &said.wrong);
        view.closing("roles", &closed, holds)
    };
    let path = path_of(&client.id);
    let shown = SettingsPage {
        shell: shell(context, administrator, client),
        head: head_of(frame.t, administrator, client, Tab::Settings),
        may_change: administrator.may_in_app(Permission::WriteClients, &client.id),
        may_delete: administrator.may(Permission::WriteClients),
        groups: Group::SETTINGS.iter().map(group).collect(),
        offered: offered(context, administrator, frame.t.locale()).await?,
        version: client.version,
        kind: name_of(client.kind),
        unreadable: said.wrong.beside("").to_owned(),
        csrf: administrator.csrf(context, &path),
        csrf_state: administrator.csrf(context, &format!("{path}/state")),
        logo: LogoForm::of(
            (context, administrator),
            (&path, keys::logo::HINT_APP),
            client.presentation.links.logo,
            &said.wrong,
        ),
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
