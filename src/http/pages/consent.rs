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
use crate::model::{Apis, User};
use crate::protocol::ScopeSet;
use crate::protocol::resource::Resource;
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
    let apis = context.app.clients.apis().await?;
    let shown = show(&context, (&view, &apis), &user, sign_in.id.to_string());
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

fn show(context: &Context, (view, apis): (&FlowView, &Apis), user: &User, account: String) -> Response {
    let frame = Frame::of(context, context.locale_for(Some(view)));
    let app = AppBadge::of(&view.client, context.locale_for(Some(view)));
    let request = &view.authorization.request;
    // What an app asks tokens for without naming it is what it may ask them for: RFC 8707 section 2.
    let of = if request.resources.is_empty() { &view.client.policy.resources } else { &request.resources };
    let words = Words { t: frame.t, app: &app.name, user, apis, resources: of };
    let shown = ConsentPage {
        asks: words.asks(&request.asked()),
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
    let words = Words { t: frame.t, app: &app.name, user, apis: &Apis::default(), resources: &[] };
    let shown = ConsentPage {
        asks: words.asks(&ScopeSet::of(&[standard::OPENID, standard::PROFILE, standard::EMAIL])),
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

/// Where the words for scopes come from.
struct Words<'a> {
    t: &'a Texts,
    app: &'a str,
    user: &'a User,
    apis: &'a Apis,
    /// What tokens are asked for: their APIs say what their scopes allow.
    resources: &'a [Resource],
}

impl Words<'_> {
    /// What each scope means for the user.
    fn asks(&self, scope: &ScopeSet) -> Vec<Ask> {
        let asks: Vec<Ask> = scope.iter().map(|scope| self.ask(scope)).collect();
        let nothing = || Ask { what: self.t.get(keys::consent::NOTHING), hint: String::new() };
        if asks.is_empty() { vec![nothing()] } else { asks }
    }

    /// One of ours has our words, one of an API those that it says; one that nobody describes is shown by its name.
    fn ask(&self, scope: &str) -> Ask {
        let t = self.t;
        if let Some(words) = words_of(scope) {
            return Ask { what: t.get(words.what), hint: t.with(words.hint, "email", self.user.email.as_str()) };
        }
        let named = || t.with(keys::consent::OTHER, "scope", scope);
        match self.apis.described(scope, self.resources) {
            Some((api, described)) => {
                let said = described.description_in(t.locale());
                let what = if said.is_empty() { named() } else { said.to_owned() };
                Ask { what, hint: t.with(keys::consent::API_HINT, "api", api.name_in(t.locale())) }
            }
            None => Ask { what: named(), hint: t.with(keys::consent::OTHER_HINT, "app", self.app) },
        }
    }
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
