//! What a user is shown when they come back from a provider, for better or worse.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;

use super::super::account::Done;
use super::super::context::Context;
use super::super::frame::Frame;
use super::super::message::{self, Action};
use super::super::providers::label;
use super::super::{admin, proven, signup_by_mail, step_up};
use crate::flow::FlowView;
use crate::http::error::{PageError, put_retry_after};
use crate::http::redirect::encoded;
use crate::http::refused::Refused;
use crate::i18n::{Key, Texts, keys};
use crate::model::connection::Connection;
use crate::model::refusal::{self, Refusal};
use crate::support::id::AuthorizationId;
use crate::upstream::{LoginPurpose, Reason, ReturnOutcome, Returned, UpstreamFailed};

/// Goes on with a provider's answer that was verified.
pub(super) async fn returned(context: &Context, returned: Returned) -> Result<Response, PageError> {
    if matches!(returned.purpose, LoginPurpose::Test { .. }) {
        return admin::connections::tested(context, Ok(returned)).await;
    }
    let flow = flow_of(&returned.purpose);
    let view = context.flow(flow.map(|id| id.to_string()).as_deref()).await?;
    let connection = returned.connection.clone();
    let with = context.return_context(view.as_ref()).await?;
    let outcome = context.app.upstream.complete_sign_in(returned, &with).await?;
    show(context, &connection, view.as_ref(), outcome).await
}

/// Goes on with what came of it.
pub(super) async fn show(
    context: &Context,
    connection: &Connection,
    view: Option<&FlowView>,
    outcome: ReturnOutcome,
) -> Result<Response, PageError> {
    let page = Ending { context, connection: Some(connection), flow: view.map(|view| view.authorization.id) };
    let forbidden = StatusCode::FORBIDDEN;
    Ok(match outcome {
        ReturnOutcome::In { user, means } => {
            if let Some(upstream) = means.upstream() {
                context.app.upstream.note_session(user.id, upstream).await?;
            }
            return proven::go_on_as(context, &user, view, means).await;
        }
        ReturnOutcome::Linked => Done::Linked.go(context),
        ReturnOutcome::AlreadyLinked => Done::AlreadyLinked.go(context),
        ReturnOutcome::LinkedElsewhere => Done::LinkedElsewhere.go(context),
        ReturnOutcome::SessionEnded => context.go("/login"),
        ReturnOutcome::Confirmed { sign_in, kept, at } => {
            let session = context.session().await?;
            let Some(current) = session.current().filter(|current| current.id == sign_in) else {
                return Ok(context.go("/login"));
            };
            step_up::proved_elsewhere(context, current, (&kept, at)).await?
        }
        ReturnOutcome::ProofEnded => Done::ProofEnded.go(context),
        ReturnOutcome::NotProved => page.say(forbidden, Why::NotProved),
        ReturnOutcome::ProveFirst { waiting } => {
            context.go(&format!("/upstream/confirm?waiting={}", encoded(&waiting)))
        }
        ReturnOutcome::ProveAddress(id) => signup_by_mail::wait(context, id, view),
        ReturnOutcome::AskEmail { waiting } => context.go(&format!("/upstream/email?waiting={}", encoded(&waiting))),
        ReturnOutcome::NoAccount => page.say(forbidden, Why::NoAccount),
        ReturnOutcome::OtherDomain => page.say(forbidden, Why::OtherDomain),
        ReturnOutcome::Disabled => page.say(forbidden, Why::Disabled),
        ReturnOutcome::NotTheOwner => page.say(forbidden, Why::NotTheOwner),
        ReturnOutcome::Throttled(span) => {
            let mut response = page.say(StatusCode::TOO_MANY_REQUESTS, Why::Throttled);
            put_retry_after(response.headers_mut(), Some(span));
            response
        }
    })
}

/// It did not work: says so, and offers the other ways in. The cause is for the log; the provider's own words are not shown.
pub(super) async fn failed(context: &Context, failed: UpstreamFailed) -> Result<Response, PageError> {
    if let Reason::Store(error) = failed.reason {
        return Err(error.into());
    }
    let slug = failed.connection.as_ref().map(|connection| connection.slug.as_str()).unwrap_or_default();
    let refused =
        Refused::from(Refusal::new(reason_of(&failed.reason)).through(slug).because(&failed.reason.to_string()));
    let mut response = failed_page(context, failed).await?;
    response.extensions_mut().insert(refused);
    Ok(response)
}

/// Why, for the operator.
fn reason_of(reason: &Reason) -> refusal::Reason {
    match reason {
        Reason::NoConnection => refusal::Reason::NoConnection,
        Reason::UnknownState | Reason::OtherBrowser => refusal::Reason::UpstreamState,
        Reason::Refused => refusal::Reason::UpstreamDenied,
        reason if reason.is_outage() => refusal::Reason::UpstreamUnreachable,
        _ => refusal::Reason::UpstreamRefused,
    }
}

async fn failed_page(context: &Context, failed: UpstreamFailed) -> Result<Response, PageError> {
    if matches!(failed.purpose, Some(LoginPurpose::Test { .. })) {
        return admin::connections::tested(context, Err(failed)).await;
    }
    let flow = failed.purpose.as_ref().and_then(flow_of);
    let page = Ending { context, connection: failed.connection.as_deref(), flow };
    Ok(match failed.reason {
        Reason::NoConnection => page.say(StatusCode::NOT_FOUND, Why::NoConnection),
        Reason::UnknownState => page.say(StatusCode::BAD_REQUEST, Why::Over),
        Reason::OtherBrowser => page.say(StatusCode::BAD_REQUEST, Why::OtherBrowser),
        Reason::Refused => page.say(StatusCode::FORBIDDEN, Why::Refused),
        reason if reason.is_outage() => {
            let mut response = page.say(StatusCode::BAD_GATEWAY, Why::Outage);
            put_retry_after(response.headers_mut(), Some(Duration::from_secs(30)));
            response
        }
        _ => page.say(StatusCode::BAD_GATEWAY, Why::Failed),
    })
}

fn flow_of(purpose: &LoginPurpose) -> Option<AuthorizationId> {
    match purpose {
        LoginPurpose::SignIn { flow } | LoginPurpose::Prove { flow, .. } => *flow,
        LoginPurpose::Link { .. } | LoginPurpose::Confirm { .. } | LoginPurpose::Test { .. } => None,
    }
}

/// Why a login through a provider ends here. The texts say what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    NoAccount,
    OtherDomain,
    Disabled,
    NotTheOwner,
    NotProved,
    Throttled,
    NoConnection,
    Over,
    OtherBrowser,
    Refused,
    Outage,
    Failed,
}

impl Why {
    /// What its page calls it, and what the page says about it.
    const fn texts(self) -> (Key, Key) {
        use crate::i18n::keys::upstream as text;
        match self {
            Self::NoAccount => (text::NO_ACCOUNT_TITLE, text::NO_ACCOUNT_TEXT),
            Self::OtherDomain => (text::OTHER_DOMAIN_TITLE, text::OTHER_DOMAIN_TEXT),
            Self::Disabled => (text::DISABLED_TITLE, text::DISABLED_TEXT),
            Self::NotTheOwner => (text::NOT_THE_OWNER_TITLE, text::NOT_THE_OWNER_TEXT),
            Self::NotProved => (text::NOT_PROVED_TITLE, text::NOT_PROVED_TEXT),
            Self::Throttled => (text::THROTTLED_TITLE, text::THROTTLED_TEXT),
            Self::NoConnection => (text::NO_CONNECTION_TITLE, text::NO_CONNECTION_TEXT),
            Self::Over => (text::OVER_TITLE, text::OVER_TEXT),
            Self::OtherBrowser => (text::OTHER_BROWSER_TITLE, text::OTHER_BROWSER_TEXT),
            Self::Refused => (text::REFUSED_TITLE, text::REFUSED_TEXT),
            Self::Outage => (text::OUTAGE_TITLE, text::OUTAGE_TEXT),
            Self::Failed => (text::FAILED_TITLE, text::FAILED_TEXT),
        }
    }

    /// What the id of its page's card is made of.
    const fn code(self) -> &'static str {
        match self {
            Self::NoAccount => "no-account",
            Self::OtherDomain => "other-domain",
            Self::Disabled => "disabled",
            Self::NotTheOwner => "not-the-owner",
            Self::NotProved => "not-proved",
            Self::Throttled => "throttled",
            Self::NoConnection => "no-connection",
            Self::Over => "over",
            Self::OtherBrowser => "other-browser",
            Self::Refused => "refused",
            Self::Outage => "outage",
            Self::Failed => "failed",
        }
    }
}

/// A page that says why not, with a way on.
struct Ending<'a> {
    context: &'a Context,
    connection: Option<&'a Connection>,
    flow: Option<AuthorizationId>,
}

impl Ending<'_> {
    fn say(&self, status: StatusCode, why: Why) -> Response {
        let (title, text) = why.texts();
        let t = Texts::of(self.context.locale.0);
        let name = self.connection.map_or_else(|| t.get(keys::upstream::PROVIDER), |connection| label(connection, t));
        let title = t.with(title, "provider", &name);
        let text = t.with(text, "provider", &name);
        let query = self.flow.map(|flow| format!("?flow={flow}")).unwrap_or_default();
        let login = format!("/login{query}");
        let other = Action { href: self.context.app.issuer.local(&login), label: t.get(keys::upstream::OTHER_WAYS) };
        let mut frame = Frame::of(self.context, t.locale());
        // Asked for once more in another language, the address of this page would find its code used. And the code stays out of the page.
        frame.here = login;
        let mut response =
            message::show(status, &format!("upstream-{}", why.code()), (title, text), Some(other), frame);
        let slug = self.connection.map_or("", |connection| connection.slug.as_str());
        // Whose account it is, and whether it may be used: nothing that a setting would mend.
        let refusal = Refusal::new(refusal::Reason::Forbidden).through(slug).because(why.code());
        response.extensions_mut().insert(Refused::from(refusal));
        response
    }
}
