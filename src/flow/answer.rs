//! The answer to a client: RFC 6749 sections 4.1.2 and 4.1.2.1, with `iss` in every one (RFC 9207 section 2).

use crate::model::Refusal;
use crate::protocol::OAuthError;
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::prompt::Display;
use crate::protocol::redirect_uri::RedirectTarget;
use crate::protocol::response_mode::ResponseMode;

/// What a client is answered, and how that travels.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Where it goes: matched against what the client registered.
    pub redirect: RedirectTarget,
    /// How it travels.
    pub mode: ResponseMode,
    /// The parameters of the answer, in the order they are written.
    pub params: Vec<(&'static str, String)>,
    /// Whether the client asked for its pages in a popup.
    pub popup: bool,
    /// Why the client is refused, where it is: for the operator.
    pub refusal: Option<Box<Refusal>>,
}

/// Where and how a client is answered, whatever the answer is.
pub(super) struct ReturnPath<'a> {
    pub(super) redirect: &'a RedirectTarget,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<&'a str>,
    pub(super) issuer: &'a str,
    pub(super) popup: bool,
}

impl<'a> ReturnPath<'a> {
    pub(super) fn of(request: &'a AuthorizationRequest, issuer: &'a str) -> Self {
        let state = request.state.as_deref();
        let popup = request.display == Display::Popup;
        Self { redirect: &request.redirect, mode: request.response_mode, state, issuer, popup }
    }

    pub(super) fn code(&self, code: String) -> Answer {
        self.answer(vec![("code", code)])
    }

    pub(super) fn error(&self, error: &OAuthError, refusal: Refusal) -> Answer {
        let description = error.description.clone().into_owned();
        let params = vec![("error", error.code.as_str().to_owned()), ("error_description", description)];
        Answer { refusal: Some(Box::new(refusal)), ..self.answer(params) }
    }

    fn answer(&self, mut params: Vec<(&'static str, String)>) -> Answer {
        params.extend(self.state.map(|state| ("state", state.to_owned())));
        params.push(("iss", self.issuer.to_owned()));
        Answer { redirect: self.redirect.clone(), mode: self.mode, params, popup: self.popup, refusal: None }
    }
}

impl Answer {
    /// The URL of an answer that travels in it; `None` for one that the browser posts.
    pub fn location(&self) -> Option<String> {
        let pairs: Vec<(&str, &str)> = self.params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match self.mode {
            ResponseMode::Query => Some(self.redirect.with_query(&pairs)),
            ResponseMode::Fragment => Some(self.redirect.with_fragment(&pairs)),
            ResponseMode::FormPost => None,
        }
    }
}
