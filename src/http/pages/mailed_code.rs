//! What the pages have in common that wait for a mailed code, and those that the mailed link leads to, in the browser only in which the mail was asked for: to sign in, and to
//! sign up.
//!
//! Leaves what follows a code or a link, and what is said where it counts no more, to the two.

use axum::http::StatusCode;

use super::context::Context;
use super::frame::Frame;
use super::problems::{FieldTexts, Manner, Shown};
use super::view::{AppBadge, Form};
use super::work::{self, Work};
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::redirect::encoded;
use crate::i18n::Texts;
use crate::identity::throttling::Purpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::protocol::Params;
use crate::support::id::OneTimeTokenId;

/// A form that waits for a code.
pub(super) struct AwaitedCode {
    path: &'static str,
    pub(super) id: OneTimeTokenId,
    pub(super) app: Option<AppBadge>,
    pub(super) form: Form,
    pub(super) email: String,
    pub(super) problems: FieldTexts,
    pub(super) work: Option<Work>,
}

impl AwaitedCode {
    /// The form at a path, for the code that a page names, and how its page is answered. `None` where that code counts no more, or never did in this browser.
    pub(super) async fn find(
        context: &Context,
        flow: Option<&FlowView>,
        (purpose, path): (OneTimeTokenPurpose, &'static str),
        params: &Params,
        problem: Option<Shown>,
    ) -> Result<Option<(Self, Manner)>, PageError> {
        let Some(id) = named_in(params) else { return Ok(None) };
        let accounts = &context.app.accounts;
        let found = accounts.code_waits_for(purpose, id, context.visitor.browser.bytes()).await?;
        let Some((email, owner)) = found else { return Ok(None) };
        let due = work::held_up(problem.as_ref())
            || accounts.code_asks_work(owner, true, (&id.to_string(), &context.origin())).await;
        let (problems, manner) = Shown::parts(problem);
        let code = Self {
            path,
            id,
            app: flow.map(|view| AppBadge::of(&view.client, context.locale_for(flow))),
            form: context.form(path, flow),
            email: email.to_string(),
            problems,
            work: Work::ask(context, context.texts(flow), Purpose::MailedCode, due).await,
        };
        Ok(Some((code, manner)))
    }

    /// The form as it is looked at: for an app that there is not, and the code of nobody.
    pub(super) fn sample(context: &Context, t: &Texts, email: &str) -> Self {
        Self {
            path: "",
            id: OneTimeTokenId::new(context.app.clock.now(), context.app.random.as_ref()),
            app: Some(AppBadge::sample(t)),
            form: Form::sample(),
            email: email.to_owned(),
            problems: FieldTexts::default(),
            work: None,
        }
    }

    /// Where its page is.
    pub(super) fn address(&self, flow: Option<&FlowView>) -> String {
        address(self.path, self.id, flow)
    }
}

/// The code that a page names.
pub(super) fn named_in(params: &Params) -> Option<OneTimeTokenId> {
    params.get("login")?.parse().ok()
}

/// Where the page is that waits for a code.
pub(super) fn address(path: &str, code: OneTimeTokenId, flow: Option<&FlowView>) -> String {
    let flow = flow.map(|view| format!("&flow={}", encoded(&view.id()))).unwrap_or_default();
    format!("{path}?login={code}{flow}")
}

/// The form that a mailed link leads to.
pub(super) struct OpenedLink {
    pub(super) csrf: String,
    pub(super) token: String,
    pub(super) flow: String,
    pub(super) email: String,
    /// The browser is the one in which the mail was asked for.
    pub(super) here: bool,
}

impl OpenedLink {
    /// The form as it is looked at.
    pub(super) fn sample(email: &str) -> Self {
        let nothing = String::new;
        Self { csrf: nothing(), token: nothing(), flow: nothing(), email: email.to_owned(), here: true }
    }

    /// The form at a path, of a mail to this address, and the frame and the status of its page.
    pub(super) fn at(
        context: &Context,
        path: &str,
        params: &Params,
        (email, here): (String, bool),
    ) -> (Self, Frame, StatusCode) {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        let (token, flow) = (text("token"), text("flow"));
        let query = if flow.is_empty() { String::new() } else { format!("&flow={}", encoded(&flow)) };
        let frame = Frame::at(context, context.locale.0, format!("{path}?token={}{query}", encoded(&token)));
        let status = if here { StatusCode::OK } else { StatusCode::CONFLICT };
        (Self { csrf: context.csrf(path), token, flow, email, here }, frame, status)
    }
}
