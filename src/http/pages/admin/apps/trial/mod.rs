//! Trying an app out: what the app would ask for, in the administrator's own browser, and what it would get, decoded.
//!
//! Owns the two pages. The login is the app's own, through the pages that its users see; its answer goes to the result and to no app (`flow::trial`). No
//! token is ever sent to the browser: what was issued is taken apart here, and revoked before it is shown.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::head::Head;
use super::super::setup::{Place, Way};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, refused};
use super::app::{Tab, head_of, named, path_of, shell};
use crate::admin::clients;
use crate::admin::{Permission, ProvenAuthority};
use crate::flow::{Outcome, StartRejected, TrialOrder};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::client::{Client, ClientId};
use crate::protocol::Params;
use crate::protocol::grant_type::GrantType;
use crate::protocol::resource::Resource;

mod decoded;
mod result;
mod run;
mod words;

pub use result::get as result;

#[derive(askama::Template)]
#[template(path = "admin/apps/trial.html")]
struct TrialPage {
    frame: Frame,
    shell: Shell,
    way: Option<Way>,
    head: Head,
    may_try: bool,
    /// The app signs users in.
    by_login: bool,
    /// The app gets tokens for itself.
    by_itself: bool,
    redirect_uri: String,
    scope: String,
    resources: Vec<ResourceChoice>,
    csrf: String,
    problems: FieldTexts,
}

/// A resource that the app may ask a token for.
struct ResourceChoice {
    uri: String,
    chosen: bool,
}

/// Where an app is tried.
fn path(client: &ClientId) -> String {
    format!("{}/try", path_of(client))
}

/// Where what came of a trial is shown.
pub fn result_path(client: &ClientId, trial: &str) -> String {
    format!("{}/{}", path(client), crate::http::redirect::encoded(trial))
}

/// `GET /admin/apps/{id}/try`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    show(&context, &administrator, &client, Said::default()).await
}

/// `POST /admin/apps/{id}/try`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    form.owner.must_somewhere(Permission::WriteClients)?;
    let client = named(&context, &form.owner, &id).await?;
    let grant = match form.params.get("by") {
        Some("login") => GrantType::AuthorizationCode,
        Some("itself") => GrantType::ClientCredentials,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let sent = Sent { context: &context, administrator: &form.owner, client, grant, params: &form.params };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    client: Client,
    grant: GrantType,
    params: &'a Params,
}

impl Sent<'_> {
    fn said(&self, name: &str) -> &str {
        self.params.get(name).unwrap_or_default().trim()
    }

    fn resource(&self) -> Option<&str> {
        Some(self.said("resource")).filter(|resource| !resource.is_empty())
    }

    /// The app's login, from its first step on.
    async fn login(&self) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let scope = self.said("scope").split_whitespace().collect::<Vec<_>>().join(" ");
        let order = TrialOrder {
            client: &self.client,
            by: self.administrator.user.id,
            scope: &scope,
            resource: self.resource(),
        };
        match context.app.flow.try_out(&order, &context.visitor).await {
            Ok(Outcome::Ask { flow, .. }) => Ok(Ok(context.go(&format!("/continue?flow={flow}")))),
            Ok(Outcome::Tried { client, trial }) => Ok(Ok(context.go(&result_path(&client, &trial)))),
            Ok(Outcome::Answer(_)) => Err(ProblemKind::FlowGone.into()),
            Err(StartRejected::RedirectUri { .. }) => Ok(Err(refused(t.get(keys::trial::NO_REDIRECT_URI)))),
            Err(rejected) => Err(rejected.into()),
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let admin = &self.context.app.admin;
        self.client = match clients::try_out(admin, authority, &self.client.id, self.grant).await {
            Ok(client) => client,
            Err(rejected) => return Err(rejected.into()),
        };
        if self.grant == GrantType::AuthorizationCode {
            return self.login().await;
        }
        let result = run::by_itself(self.context, &self.client, self.said("scope"), self.resource()).await?;
        result::show(self.context, self.administrator, &self.client, &result).await.map(Ok)
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let said = Said { typed: Some(self.params), problem: Some(problem) };
        show(self.context, self.administrator, &self.client, said).await
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said<'a> {
    typed: Option<&'a Params>,
    problem: Option<Shown>,
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    client: &Client,
    said: Said<'_>,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let typed = |name: &str| said.typed.and_then(|params| params.get(name)).map(str::to_owned);
    let chosen = typed("resource");
    let resource = |resource: &Resource| ResourceChoice {
        uri: resource.as_str().to_owned(),
        chosen: chosen.as_deref() == Some(resource.as_str()),
    };
    let shown = TrialPage {
        way: Way::at(context, administrator, Place::Login).await?,
        shell: shell(context, administrator, client),
        head: head_of(frame.t, administrator, client, Tab::Trial),
        may_try: administrator.may_in_app(Permission::WriteClients, &client.id) && client.enabled,
        by_login: client.may_use(GrantType::AuthorizationCode),
        by_itself: client.may_use(GrantType::ClientCredentials),
        redirect_uri: client.redirects.uris.first().map(|uri| uri.as_str().to_owned()).unwrap_or_default(),
        scope: typed("scope").unwrap_or_else(|| client.policy.scopes.to_string()),
        resources: client.policy.resources.iter().map(resource).collect(),
        csrf: administrator.csrf(context, &path(&client.id)),
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
