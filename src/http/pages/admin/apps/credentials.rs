//! How an app proves who it is: its method, its secrets, its keys. A secret is shown in the answer that makes it, and never again.

use std::time::Duration;

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::moments::minute;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::grace;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::app::{Tab, head_of, named, path_of, shell};
use super::fields::{self, Group, GroupView, Input};
use super::{DONE, SAVED};
use crate::admin::clients::{self, AuthenticationMethod, ClientResource, WithSecret};
use crate::admin::{Permission, ProvenAuthority, Rejected, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::client::{Client, ClientSecret};
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/apps/credentials.html")]
struct CredentialsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_change: bool,
    uses_secret: bool,
    /// A secret that was made just now.
    fresh: Option<String>,
    /// Since when and until when each secret counts.
    secrets: Vec<(String, Option<String>)>,
    graces: Vec<(u64, String)>,
    group: GroupView,
    version: i64,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said<'a> {
    typed: Option<&'a Params>,
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
    fresh: Option<String>,
}

/// What the page is asked to do.
enum Change {
    Method,
    Rotate(Duration),
}

impl Change {
    fn parse(params: &Params) -> Option<Self> {
        match params.get("do")? {
            "method" => Some(Self::Method),
            "rotate" => grace::chosen(params).map(Self::Rotate),
            _ => None,
        }
    }
}

/// `GET /admin/apps/{id}/credentials`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &client, Said { done, ..Said::default() })
}

/// `POST /admin/apps/{id}/credentials`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let client = named(&context, &form.owner, &id).await?;
    let change = Change::parse(&form.params).ok_or(ProblemKind::BadRequest)?;
    let version = version_of(&form.params).ok_or(ProblemKind::BadRequest)?;
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        client,
        change,
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
    change: Change,
    /// What the form was drawn of: sent again, it makes no second secret.
    version: i64,
    params: &'a Params,
    wrong: Wrong,
}

impl Sent<'_> {
    async fn make(&self, authority: &ProvenAuthority, t: &Texts) -> Result<Result<WithSecret, Wrong>, Rejected> {
        let (admin, target) = (&self.context.app.admin, Target::at(self.client.id.clone(), self.version));
        match self.change {
            Change::Rotate(grace) => clients::rotate_secret(admin, authority, target, grace).await.map(Ok),
            Change::Method => match fields::document(t, &[Group::Authentication], self.params) {
                Ok(said) => clients::update(admin, authority, target, &fitting(said)).await.map(Ok),
                Err(wrong) => Ok(Err(wrong)),
            },
        }
    }
}

/// What the form says, without what does not go with the method that it says: those fields have nothing to say then.
fn fitting(said: ClientResource) -> ClientResource {
    let method = said.token_endpoint_auth_method;
    let by_key = method == Some(AuthenticationMethod::PrivateKeyJwt);
    let by_secret =
        matches!(method, Some(AuthenticationMethod::ClientSecretBasic | AuthenticationMethod::ClientSecretPost));
    ClientResource {
        token_endpoint_auth_method_pinned: said.token_endpoint_auth_method_pinned.filter(|_| by_secret),
        jwks: said.jwks.filter(|_| by_key),
        jwks_uri: said.jwks_uri.filter(|_| by_key),
        token_endpoint_auth_signing_alg: said.token_endpoint_auth_signing_alg.filter(|_| by_key),
        client_assertion_audience: said.client_assertion_audience.filter(|_| by_key),
        ..said
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        match self.make(authority, t).await {
            Ok(Ok(WithSecret { client, secret: Some(secret) })) => {
                let said = Said { fresh: Some(secret.expose().clone()), ..Said::default() };
                show(context, self.administrator, &client, said).map(Ok)
            }
            Ok(Ok(_)) => Ok(Ok(SAVED.go(context, &format!("{}/credentials", path_of(&self.client.id))))),
            Ok(Err(wrong)) => {
                self.wrong = wrong;
                Ok(Err(Shown::marked(t)))
            }
            Err(rejected) => Ok(Err(self.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let typed = matches!(self.change, Change::Method).then_some(self.params);
        let said = Said { typed, wrong: self.wrong, problem: Some(problem), ..Said::default() };
        show(self.context, self.administrator, &self.client, said)
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    client: &Client,
    said: Said<'_>,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let mut frame = Frame::of(context, context.locale.0);
    let path = format!("{}/credentials", path_of(&client.id));
    // What answered a form is not opened by its address: the language switch leads to the page itself.
    frame.here.clone_from(&path);
    let document = serde_json::to_value(ClientResource::from(client)).map_err(|error| PageError::internal(&error))?;
    let now = context.app.clock.now();
    let secret = |secret: &ClientSecret| (minute(secret.created_at), secret.expires_at.map(minute));
    let shown = CredentialsPage {
        shell: shell(context, administrator, client),
        head: head_of(frame.t, administrator, client, Tab::Credentials),
        may_change: administrator.may_in_app(Permission::WriteClients, &client.id),
        uses_secret: client.authentication.method.uses_secret(),
        fresh: said.fresh,
        secrets: client.authentication.secrets.iter().filter(|one| one.is_live(now)).map(secret).collect(),
        graces: grace::choices(frame.t, keys::apps::GRACE_NONE),
        group: GroupView::of(Group::Authentication, &document, said.typed, &said.wrong),
        version: client.version,
        csrf: administrator.csrf(context, &path),
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
