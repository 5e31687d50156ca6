//! Agreeing to what an app asks for.

use axum::response::Response;
use url::Url;

use super::context::Context;
use super::frame::{Frame, of_flow, page};
use super::view::{AppBadge, Form};
use crate::flow::{FlowView, Page};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect;
use crate::i18n::{Key, Texts, keys};
use crate::model::User;
use crate::protocol::ScopeSet;
use crate::protocol::scope::standard;

#[derive(askama::Template)]
#[template(path = "consent.html")]
struct ConsentPage {
    frame: Frame,
    app: AppBadge,
    form: Form,
    account: String,
    email: String,
    asks: Vec<Ask>,
    destination: String,
}

/// One thing that the app asks for, in plain words.
struct Ask {
    what: String,
    hint: String,
}

/// `GET /consent`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let id = params.get("flow").unwrap_or_default();
    let view = context.app.flow.view(id, &context.visitor).await?;
    let sign_in = match (view.page(), view.candidate()) {
        (Some(Page::Consent), Some(sign_in)) => sign_in.clone(),
        _ => return redirect::to_dispatcher(&context.app, &view.id(), Ok(())),
    };
    let user = context.app.accounts.find(sign_in.user).await?.ok_or(ProblemKind::FlowGone)?;
    let shown = show(&context, &view, &user, sign_in.id.to_string());
    Ok(of_flow(shown, &view))
}

/// `POST /consent`. Anything that is neither a yes nor another account is a no.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = params.get("flow").unwrap_or_default();
    let account = params.get("account").and_then(|text| text.parse().ok());
    let machine = &context.app.flow;
    let recorded = match (params.get("decision"), account) {
        (Some("allow"), Some(account)) => machine.consent(flow, &context.visitor, account).await,
        (Some("switch"), _) => machine.choose_another(flow, &context.visitor).await,
        _ => machine.deny(flow, &context.visitor).await,
    };
    redirect::to_dispatcher(&context.app, flow, recorded)
}

fn show(context: &Context, view: &FlowView, user: &User, account: String) -> Response {
    let frame = Frame::of(context, context.locale_for(Some(view)));
    let app = AppBadge::of(&view.client, context.locale_for(Some(view)));
    let request = &view.authorization.request;
    let shown = ConsentPage {
        asks: asks(frame.t, &request.asked(), &app.name, user),
        form: context.form("/consent", Some(view)),
        email: user.email.to_string(),
        destination: destination(request.redirect.as_str()),
        account,
        app,
        frame,
    };
    page(&shown, &shown.frame)
}

/// The page as it is looked at: an app that there is not asks this user for what most apps do.
pub(super) fn sample(frame: Frame, user: &User) -> Response {
    let app = AppBadge::sample(frame.t);
    let shown = ConsentPage {
        asks: asks(frame.t, &ScopeSet::of(&[standard::OPENID, standard::PROFILE, standard::EMAIL]), &app.name, user),
        form: Form::sample(),
        email: user.email.to_string(),
        destination: frame.t.get(keys::branding::SAMPLE_HOST),
        account: String::new(),
        app,
        frame,
    };
    page(&shown, &shown.frame)
}

/// A standard scope in plain words.
pub(super) struct ScopeWords {
    /// What the client may do.
    pub(super) what: Key,
    /// What that comes to; its placeholder, if it has one, is the account's address.
    hint: Key,
}

/// The words of a standard scope; a client's own has none.
pub(super) fn words_of(scope: &str) -> Option<ScopeWords> {
    use crate::i18n::keys::consent as text;
    let (what, hint) = match scope {
        standard::OPENID => (text::OPENID, text::OPENID_HINT),
        standard::PROFILE => (text::PROFILE, text::PROFILE_HINT),
        standard::EMAIL => (text::EMAIL, text::EMAIL_HINT),
        standard::ADDRESS => (text::ADDRESS, text::ADDRESS_HINT),
        standard::PHONE => (text::PHONE, text::PHONE_HINT),
        standard::GROUPS => (text::GROUPS, text::GROUPS_HINT),
        standard::ROLES => (text::ROLES, text::ROLES_HINT),
        standard::OFFLINE_ACCESS => (text::OFFLINE_ACCESS, text::OFFLINE_ACCESS_HINT),
        _ => return None,
    };
    Some(ScopeWords { what, hint })
}

/// What each scope means for the user. A scope of the app's own is shown by its name.
fn asks(t: &Texts, scope: &ScopeSet, app: &str, user: &User) -> Vec<Ask> {
    let asks: Vec<Ask> = scope
        .iter()
        .map(|scope| {
            if let Some(words) = words_of(scope) {
                Ask { what: t.get(words.what), hint: t.with(words.hint, "email", user.email.as_str()) }
            } else {
                let what = t.with(keys::consent::OTHER, "scope", scope);
                Ask { what, hint: t.with(keys::consent::OTHER_HINT, "app", app) }
            }
        })
        .collect();
    if asks.is_empty() { vec![Ask { what: t.get(keys::consent::NOTHING), hint: String::new() }] } else { asks }
}

/// Where the user ends up: the host, or the scheme of a program on their device.
fn destination(redirect: &str) -> String {
    match Url::parse(redirect) {
        Ok(url) => match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => url.scheme().to_owned(),
        },
        Err(_) => String::new(),
    }
}
