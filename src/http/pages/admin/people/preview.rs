//! What a person's tokens would say in an app, and why.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::Administrator;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::token_preview::Documents;
use super::super::wrong::Wrong;
use super::person::{Tab, head_of, named, shell};
use crate::admin::clients;
use crate::admin::token_preview::{self, Asked, TokenPreview};
use crate::admin::{Permission, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::User;
use crate::model::client::{Client, ClientId};
use crate::protocol::Params;

/// How many apps are offered.
const OFFERED: u32 = 100;

#[derive(askama::Template)]
#[template(path = "admin/people/preview.html")]
struct PreviewPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    client: String,
    /// The apps that are offered: their ids and names.
    apps: Vec<(String, String)>,
    scope: String,
    resource: String,
    wrong: Wrong,
    problems: FieldTexts,
    shown: Option<Documents>,
}

/// `GET /admin/people/{id}/preview`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must_somewhere(Permission::ReadClients)?;
    let user = named(&context, &administrator, &id).await?;
    let (found, wrong, problem) = look(&context, &administrator, &user, &params).await?;
    let apps = clients::list(&context.app.admin, &administrator.authority, None, OFFERED).await?.items;
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(&context, context.locale.0);
    let app = |client: &Client| (client.id.to_string(), client.presentation.name_in(context.locale.0).to_owned());
    let typed = |name: &str| params.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let shown = PreviewPage {
        shell: shell(&context, &administrator, &user),
        head: head_of((&context, &administrator), frame.t, &user, Tab::Preview).await?,
        client: typed("client_id").unwrap_or_default(),
        apps: apps.iter().map(app).collect(),
        // What the app is registered for, where nothing else was asked for.
        scope: typed("scope").or_else(|| found.as_ref().map(|found| found.scope.clone())).unwrap_or_default(),
        resource: resources(&params).join(" "),
        wrong,
        problems,
        shown: found.map(|found| Documents::of(frame.t, &found)),
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// What was asked for, if something was.
async fn look(
    context: &Context,
    administrator: &Administrator,
    user: &User,
    params: &Params,
) -> Result<(Option<TokenPreview>, Wrong, Option<Shown>), PageError> {
    let (t, mut wrong) = (context.texts(None), Wrong::default());
    let Some(client) = params.get("client_id").map(str::trim).filter(|id| !id.is_empty()) else {
        return Ok((None, wrong, None));
    };
    let scope = params.get("scope").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let asked = Asked { scope, resources: resources(params) };
    let found = match ClientId::parse(client) {
        Ok(client) => {
            let (admin, tokens, by) = (&context.app.admin, &context.app.tokens, &administrator.authority);
            token_preview::preview(admin, tokens, by, (user.id, &client), &asked).await
        }
        Err(why) => Err(why.into()),
    };
    match found {
        Ok(found) => Ok((Some(found), wrong, None)),
        Err(Rejected::NotFound(_)) => {
            wrong.add("client_id", t.get(keys::groups::PROBLEM_CLIENT));
            Ok((None, wrong, Some(Shown::marked(t))))
        }
        Err(rejected) => {
            let shown = wrong.refuse(t, rejected)?;
            Ok((None, wrong, Some(shown)))
        }
    }
}

/// The resources: several in one field, or in several.
fn resources(params: &Params) -> Vec<String> {
    params.all("resource").flat_map(str::split_whitespace).map(str::to_owned).collect()
}
