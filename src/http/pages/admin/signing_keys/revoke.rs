//! Taking a key out of use at once: the page that says what stops working, and the change.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, wrong};
use super::{LIST, REVOKED, state_words};
use crate::admin::keys as signing;
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::keys::KeySummary;
use crate::model::signing_key::KeyState;

#[derive(askama::Template)]
#[template(path = "admin/keys/revoke.html")]
struct RevokePage {
    frame: Frame,
    shell: Shell,
    id: String,
    algorithm: &'static str,
    state: String,
    /// What stops working.
    stops: Vec<String>,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/keys/{kid}/revoke`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(kid): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::RevokeKeys)?;
    let key = named(&context, &administrator, &kid)?;
    Ok(show(&context, &administrator, &key, None))
}

/// `POST /admin/keys/{kid}/revoke`
pub async fn post(
    context: Context,
    Path(kid): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let key = named(&context, &form.owner, &kid)?;
    confirmed_form(&context, &form, Sent { context: &context, administrator: &form.owner, key }).await
}

fn named(context: &Context, administrator: &Administrator, kid: &str) -> Result<KeySummary, PageError> {
    let all = signing::list(&administrator.authority, &context.app.keys)?;
    let found = all.into_iter().find(|key| key.id.to_string() == kid);
    found.ok_or_else(|| ProblemKind::NotFound.into())
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    key: KeySummary,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let app = &self.context.app;
        match signing::revoke(&app.admin, authority, &app.keys, self.key.id).await {
            Ok(()) => Ok(Ok(REVOKED.go(self.context, LIST))),
            Err(rejected) => Ok(Err(wrong::shown(self.context.texts(None), rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.key, Some(problem)))
    }
}

fn show(context: &Context, administrator: &Administrator, key: &KeySummary, problem: Option<Shown>) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let path = format!("{LIST}/{}/revoke", key.id);
    let shown = RevokePage {
        shell: Shell::of(context, administrator, Room::Keys).further(LIST, frame.t.get(keys::signing_keys::REVOKE)),
        id: key.id.to_string(),
        algorithm: key.algorithm.as_str(),
        state: frame.t.get(state_words(key.state)),
        stops: stops(key.state).iter().map(|text| frame.t.get(*text)).collect(),
        csrf: administrator.csrf(context, &path),
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}

/// What stops working with a key in this state.
const fn stops(state: KeyState) -> &'static [Key] {
    use keys::signing_keys as text;
    match state {
        KeyState::Next => &[text::STOPS_NEXT],
        KeyState::Active => &[text::STOPS_TOKENS, text::STOPS_SUCCESSOR, text::STOPS_KEPT],
        KeyState::Retiring => &[text::STOPS_TOKENS, text::STOPS_KEPT],
        KeyState::Retired => &[text::STOPS_HINTS],
    }
}
