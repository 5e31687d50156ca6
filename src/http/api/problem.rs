//! What went wrong, as a program is told: problem details, RFC 9457.
//!
//! Owns the table of problems: their stable codes, their statuses, and what is said of each. A handler answers an [`ApiProblem`], which only says
//! what happened; [`written`] puts it down once it is known under which id the request is in the log.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::admin::declared::Step;
use crate::admin::{FieldProblem, Permission, Rejected};
use crate::app::App;
use crate::http::error::{Prospect, STORE_RETRY, put_retry_after};
use crate::http::problem::ProblemKind;
use crate::http::refused::{Refused, reason_of};
use crate::keys::KeyError;
use crate::model::Refusal;
use crate::protocol::own_api;
use crate::store::StoreError;
use crate::support::request::RequestId;

/// Every problem: its code, which never changes its meaning, its status, and its title.
#[rustfmt::skip]
pub(in crate::http) const PROBLEMS: &[(&str, u16, &str)] = &[
    ("malformed", 400, "The request cannot be read"),
    ("unknown_parameter", 400, "The query has a parameter that the operation does not have"),
    ("unauthenticated", 401, "An access token is required"),
    ("invalid_token", 401, "The access token is not valid here"),
    ("proof_needed", 401, "The end-user has to authenticate again"),
    ("second_factor_needed", 401, "The end-user has to prove a second factor"),
    ("insufficient_scope", 403, "The access token is not good for this"),
    ("forbidden", 403, "The caller may not do this"),
    ("reserved", 403, "It belongs to the server"),
    ("not_found", 404, "There is no such thing"),
    ("method_not_allowed", 405, "The method is not one of this resource"),
    ("not_acceptable", 406, "Answers are JSON"),
    ("timeout", 408, "The request took too long"),
    ("taken", 409, "Another one has its unique name"),
    ("stale", 409, "It has changed since it was read"),
    ("no_secret_used", 409, "The client has no secret"),
    ("too_many", 409, "There are as many as there can be"),
    ("in_use", 409, "Clients may still ask for it"),
    ("managed", 409, "Declared files manage it"),
    ("last_administrator", 409, "Nobody would be left to administer the server"),
    ("last_owner", 409, "Nobody would be left to own the server"),
    ("last_way_in", 409, "It is the last way in of the account"),
    ("locked_out", 409, "Nobody who owns the server could sign in to it"),
    ("own_account", 409, "It is the caller's own account"),
    ("already_claimed", 409, "The server has its administrator"),
    ("repeated", 409, "This was done already"),
    ("precondition_failed", 412, "It is not the version that was named"),
    ("too_large", 413, "The body is too large"),
    ("unsupported_media_type", 415, "The body is of another type"),
    ("wrong_host", 421, "The request was meant for another address"),
    ("invalid", 422, "Some fields are not right"),
    ("unknown_preset", 422, "There is no such preset"),
    ("key_reused", 422, "Something else was sent under this idempotency key"),
    ("too_many_requests", 429, "There were too many requests"),
    ("internal", 500, "Something broke here"),
    ("busy", 503, "The server is busy"),
    ("contended", 503, "Others were faster"),
    ("unavailable", 503, "A store is away"),
];

/// When what passes by itself is worth another try.
const SOON: Duration = Duration::from_secs(1);

/// What happened.
#[derive(Clone, Debug)]
pub(in crate::http) struct ApiProblem {
    /// Which row of the table it is.
    code: &'static str,
    /// What it is in this case; the title, where there is no more to say.
    detail: Option<String>,
    errors: Vec<Wrong>,
    challenge: Option<Challenge>,
    retry_after: Option<Duration>,
    refusal: Option<Box<Refusal>>,
    /// What was done before.
    done: Option<Arc<Vec<Step>>>,
}

/// What is wrong with one field of what was sent.
#[derive(Clone, Debug, Serialize)]
struct Wrong {
    /// Where it is: RFC 6901.
    pointer: String,
    /// What programs tell errors of fields apart by.
    code: &'static str,
    detail: String,
}

/// What a caller is asked for: RFC 6750 section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Challenge {
    /// A token.
    Token,
    /// A token that counts.
    ValidToken,
    /// A token for more, with one of these scopes.
    Scope(&'static str),
    /// A token of an end-user who authenticated a moment ago: RFC 9470 section 3.
    Proof,
    /// The same, by two factors.
    ProofByTwoFactors,
    /// A token of an end-user who proved two factors: RFC 9470 section 3.
    SecondFactor,
}

/// The document: RFC 9457 section 3.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: String,
    code: &'a str,
    request_id: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Wrong],
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<Vec<Value>>,
}

impl ApiProblem {
    /// Nothing that is accepted is JSON.
    pub(super) const NOT_ACCEPTABLE: Self = Self::new("not_acceptable");
    /// There is nothing of this name.
    pub(super) const NOT_FOUND: Self = Self::new("not_found");
    /// It is another version by now than `If-Match` names: RFC 9110 section 13.1.1.
    pub(super) const PRECONDITION_FAILED: Self = Self::new("precondition_failed");

    /// A problem of the table.
    pub(super) const fn new(code: &'static str) -> Self {
        Self { code, detail: None, errors: Vec::new(), challenge: None, retry_after: None, refusal: None, done: None }
    }

    /// Something that cannot be read, and why.
    pub(super) fn malformed(why: impl ToString) -> Self {
        Self::new("malformed").because(why)
    }

    /// No token: RFC 6750 section 3.1, "the resource server SHOULD NOT include an error code or other error information".
    pub(super) fn unauthenticated() -> Self {
        Self { challenge: Some(Challenge::Token), ..Self::new("unauthenticated") }
    }

    /// A token that does not count here: RFC 6750 section 3.1, `invalid_token`.
    pub(super) fn invalid_token(refusal: Refusal) -> Self {
        let refusal = Some(Box::new(refusal));
        Self { challenge: Some(Challenge::ValidToken), refusal, ..Self::new("invalid_token") }
    }

    /// A token that is good for less: RFC 6750 section 3.1, `insufficient_scope`.
    pub(super) fn insufficient_scope(needed: &'static str) -> Self {
        Self { challenge: Some(Challenge::Scope(needed)), ..Self::new("insufficient_scope") }
    }

    /// The end-user authenticated too long ago: RFC 9470.
    pub(super) fn proof_needed() -> Self {
        Self { challenge: Some(Challenge::Proof), ..Self::new("proof_needed") }
    }

    /// The same of one who has a second factor, and authenticates by no less.
    pub(super) fn proof_by_two_factors_needed() -> Self {
        Self { challenge: Some(Challenge::ProofByTwoFactors), ..Self::new("proof_needed") }
    }

    /// The end-user did not prove the second factor that the account needs: RFC 9470.
    pub(super) fn second_factor_needed() -> Self {
        Self { challenge: Some(Challenge::SecondFactor), ..Self::new("second_factor_needed") }
    }

    /// Too many requests: RFC 6585 section 4.
    pub(super) fn too_many_requests(retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new("too_many_requests") }
    }

    /// What cannot be read of a request before any operation sees it.
    pub(in crate::http) fn of_kind(kind: ProblemKind) -> Self {
        let code = match kind {
            ProblemKind::NotFound => "not_found",
            ProblemKind::MethodNotAllowed => "method_not_allowed",
            ProblemKind::Timeout => "timeout",
            ProblemKind::TooLarge => "too_large",
            ProblemKind::UnsupportedMediaType => "unsupported_media_type",
            ProblemKind::WrongHost => "wrong_host",
            ProblemKind::Throttled => "too_many_requests",
            ProblemKind::Forbidden | ProblemKind::StaleForm => "forbidden",
            ProblemKind::Unavailable => "unavailable",
            ProblemKind::Internal => "internal",
            ProblemKind::UnknownClient
            | ProblemKind::RedirectUri
            | ProblemKind::BadRequest
            | ProblemKind::FlowGone
            | ProblemKind::OtherBrowser => "malformed",
        };
        Self { refusal: reason_of(kind).map(|reason| Box::new(Refusal::new(reason))), ..Self::new(code) }
    }

    /// Something broke that no caller can mend; the cause is logged.
    pub(in crate::http) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new("internal")
    }

    /// Says what it is in this case.
    #[expect(clippy::needless_pass_by_value, reason = "callers make the text, or the error, for this")]
    pub(super) fn because(self, why: impl ToString) -> Self {
        Self { detail: Some(why.to_string()), ..self }
    }

    /// Says what is wrong with one field: its place in the document, or the name of a parameter.
    #[expect(clippy::needless_pass_by_value, reason = "callers make the text, or the error, for this")]
    pub(super) fn at(mut self, pointer: String, code: &'static str, detail: impl ToString) -> Self {
        self.errors.push(Wrong { pointer, code, detail: detail.to_string() });
        self
    }

    /// The same of a part of what was sent: where that is, and what it is called.
    pub(super) fn of_part(mut self, place: &str, name: &str) -> Self {
        for wrong in &mut self.errors {
            wrong.pointer.insert_str(0, place);
            wrong.detail = format!("{name}: {}", wrong.detail);
        }
        let detail = format!("{name}: {}", self.detail.as_deref().unwrap_or(self.row().1));
        self.because(detail)
    }

    /// Says what was done before, with the secrets that were made.
    pub(super) fn behind(self, done: Vec<Step>) -> Self {
        Self { done: Some(Arc::new(done)).filter(|done| !done.is_empty()), ..self }
    }

    /// What became of a condition that the caller made: the thing changed although it was named in the version that there was.
    pub(super) fn under_a_condition(self) -> Self {
        if self.code == "stale" { Self { code: "precondition_failed", ..self } } else { self }
    }

    /// Whether it was done before under the name that it was to be done once under.
    pub(super) fn is_repetition(&self) -> bool {
        self.code == "repeated"
    }

    fn row(&self) -> (StatusCode, &'static str) {
        let row = PROBLEMS.iter().find(|(code, ..)| *code == self.code);
        let (status, title) = row.map_or((500, "Something broke here"), |(_, status, title)| (*status, *title));
        (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), title)
    }
}

/// RFC 6901 section 3: a member of the document, with what has a meaning of its own written otherwise.
pub(super) fn pointer(path: &str) -> String {
    let escaped = |part: &str| format!("/{}", part.replace('~', "~0").replace('/', "~1"));
    // The rules name members of members with a dot; the names themselves have none.
    path.split('.').map(escaped).collect()
}

impl IntoResponse for ApiProblem {
    /// The status and the problem; what it says is written by [`written`].
    fn into_response(self) -> Response {
        let mut response = self.row().0.into_response();
        if let Some(refusal) = self.refusal.clone() {
            response.extensions_mut().insert(Refused(refusal));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes down the problem that a request ran into, if it did. Other headers of the answer stay.
pub(in crate::http) fn written(app: &App, path: &str, id: RequestId, mut response: Response) -> Response {
    let Some(problem) = response.extensions_mut().remove::<ApiProblem>() else { return response };
    let (status, title) = problem.row();
    let document = Document {
        // Section 3.1.1: what is found there, if it is dereferenced, is what is said of the problem for people.
        r#type: app.issuer.url(&format!("{}/docs#{}", own_api::PATH, problem.code)),
        title,
        status: status.as_u16(),
        detail: problem.detail.as_deref().unwrap_or(title),
        instance: format!("{path}#{id}"),
        code: problem.code,
        request_id: id.to_string(),
        errors: &problem.errors,
        done: problem.done.as_deref().map(|done| done.iter().filter_map(|step| step.shown().ok()).collect()),
    };
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(value) = problem.challenge.and_then(|challenge| challenge_of(app, challenge)) {
        parts.headers.insert(header::WWW_AUTHENTICATE, value);
    }
    put_retry_after(&mut parts.headers, problem.retry_after);
    Response::from_parts(parts, body.into())
}

/// RFC 6750 section 3.
fn challenge_of(app: &App, challenge: Challenge) -> Option<HeaderValue> {
    // RFC 9470 section 3: "max_age", "the allowable elapsed time in seconds since the last active authentication event".
    let max_age = || format!(", max_age=\"{}\"", app.config.sessions.proof().as_secs());
    // RFC 9470 section 3: "acr_values", "space-separated string listing the authentication context class reference values in order of preference".
    let acr_values = || format!(", acr_values=\"{}\"", app.config.acr.classes().of_two_factors());
    let insufficient = ", error=\"insufficient_user_authentication\"";
    let error = match challenge {
        Challenge::Token => String::new(),
        Challenge::ValidToken => ", error=\"invalid_token\"".to_owned(),
        Challenge::Scope(scope) => format!(", error=\"insufficient_scope\", scope=\"{scope}\""),
        Challenge::Proof => format!("{insufficient}{}", max_age()),
        Challenge::ProofByTwoFactors => format!("{insufficient}{}{}", acr_values(), max_age()),
        Challenge::SecondFactor => format!("{insufficient}{}", acr_values()),
    };
    HeaderValue::from_str(&format!("Bearer realm=\"haechi\"{error}")).ok()
}

impl From<StoreError> for ApiProblem {
    fn from(error: StoreError) -> Self {
        match Prospect::after(&error) {
            Prospect::TryAgain => Self { retry_after: Some(STORE_RETRY), ..Self::new("unavailable") },
            Prospect::Broken => Self::new("internal"),
        }
    }
}

impl From<Rejected> for ApiProblem {
    fn from(rejected: Rejected) -> Self {
        let code = rejected.code();
        match rejected {
            Rejected::Store(error) => error.into(),
            Rejected::Invalid(problems) => problems.iter().fold(Self::new(code), Self::with_field),
            Rejected::ProofNeeded => Self::proof_needed(),
            Rejected::Forbidden(permission) => {
                let needed = if permission.is_some_and(Permission::is_to_see) { own_api::READ } else { own_api::WRITE };
                let challenge = Some(Challenge::Scope(needed));
                Self { challenge, ..Self::new(code).because(rejected) }
            }
            Rejected::Busy | Rejected::Keys(KeyError::Contended) => {
                Self { retry_after: Some(SOON), ..Self::new(code).because(rejected) }
            }
            Rejected::TooOften(wait) => Self { retry_after: Some(wait), ..Self::new(code).because(rejected) },
            // The server holds no key of this algorithm: the caller named one.
            Rejected::Keys(KeyError::NoKey(_)) => {
                Self::new("invalid").because(&rejected).at(pointer("algorithm"), "algorithm_not_offered", &rejected)
            }
            Rejected::Keys(KeyError::UnknownKey(_)) => Self::new(code).because(rejected),
            Rejected::Keys(error) => Self::internal(&error),
            rejected => Self::new(code).because(rejected),
        }
    }
}

impl ApiProblem {
    fn with_field(self, problem: &FieldProblem) -> Self {
        self.at(pointer(&problem.field), problem.error.code(), problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_one_row_and_a_status_that_there_is() {
        for (at, (code, status, title)) in PROBLEMS.iter().enumerate() {
            assert!(PROBLEMS[..at].iter().all(|(other, ..)| other != code), "{code}");
            assert!((400..600).contains(status) && !title.is_empty(), "{code}");
        }
    }

    #[test]
    fn what_administration_refuses_has_a_row() {
        let source = include_str!("../../admin/rejected.rs");
        let (codes, _) = source.split_once("fn of_commit").unwrap();
        let codes: Vec<&str> = codes
            .lines()
            .filter_map(|line| line.trim().strip_suffix("\",")?.split_once("=> \""))
            .map(|(_, code)| code)
            .collect();
        assert!(codes.len() > 10, "{codes:?}");
        for code in codes.iter().filter(|code| code.bytes().all(|b| b == b'_' || b.is_ascii_lowercase())) {
            assert!(PROBLEMS.iter().any(|(known, ..)| known == code), "{code} has no row");
        }
    }

    #[test]
    fn a_pointer_leads_to_a_member_of_a_member() {
        assert_eq!(pointer("claim_map.email"), "/claim_map/email");
        assert_eq!(pointer("name#ko"), "/name#ko");
        assert_eq!(pointer("a/b~c"), "/a~1b~0c");
    }
}
