//! Which apps may ask tokens for an API.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::head::Head;
use super::super::listing::{AFTER, PAGE, Ways};
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::one::{Tab, head_of, named, shell, tab_of};
use super::{ADDED, DONE, REMOVED};
use crate::admin::{Aggregate, Permission, ProvenAuthority, Rejected, apis};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::Api;
use crate::model::client::{Client, ClientId};
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/apis/apps.html")]
struct AppsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_change: bool,
    /// Who may: the client id and the name.
    apps: Vec<(String, String)>,
    ways: Ways,
    /// The client id that was typed.
    client: String,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// `GET /admin/apis/{id}/apps`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let api = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &api, Said { done, query: params, ..Said::default() }).await
}

/// `POST /admin/apis/{id}/apps`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let api = named(&context, &form.owner, &id).await?;
    let may = match form.params.get("do") {
        Some("add") => true,
        Some("remove") => false,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let client = form.params.get("client_id").unwrap_or_default().trim().to_owned();
    let sent = Sent { context: &context, administrator: &form.owner, api, client, may, wrong: Wrong::default() };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    api: Api,
    client: String,
    may: bool,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (admin, t) = (&self.context.app.admin, self.context.texts(None));
        let changed = match ClientId::parse(&self.client) {
            Ok(client) => apis::let_ask(admin, authority, (self.api.id, &client), self.may).await,
            Err(_) => Err(Rejected::NotFound(Aggregate::Client)),
        };
        match changed {
            Ok(_) => {
                let done = if self.may { ADDED } else { REMOVED };
                Ok(Ok(done.go(self.context, &tab_of(self.api.id, Tab::Apps))))
            }
            Err(Rejected::NotFound(Aggregate::Client)) => {
                self.wrong.add("client_id", t.get(keys::apis::NO_APP));
                Ok(Err(Shown::marked(t)))
            }
            Err(rejected) => Ok(Err(self.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let client = if self.may { self.client } else { String::new() };
        let said = Said { client, wrong: self.wrong, problem: Some(problem), ..Said::default() };
        show(self.context, self.administrator, &self.api, said).await
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    client: String,
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
    query: Params,
}

async fn show(context: &Context, administrator: &Administrator, api: &Api, said: Said) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let head = head_of(frame.t, administrator, api, Tab::Apps);
    let path = tab_of(api.id, Tab::Apps);
    let after = said.query.get(AFTER).and_then(|text| ClientId::parse(text).ok());
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let found = apis::clients_of(admin, authority, api, after.as_ref(), PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|last| last.id.as_str());
    let app = |client: &Client| (client.id.to_string(), client.presentation.name_in(frame.t.locale()).to_owned());
    let shown = AppsPage {
        shell: shell(context, administrator, &head.name),
        may_change: administrator.may(Permission::WriteClients),
        apps: found.items.iter().map(app).collect(),
        ways: Ways::of(&path, &said.query, &[], next),
        client: said.client,
        wrong: said.wrong,
        csrf: administrator.csrf(context, &path),
        done: said.done,
        head,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
