//! Bringing a signing key that was made elsewhere. What was typed is never shown again: it is a private key.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::listing::Choice;
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::{IMPORTED, LIST};
use crate::admin::keys::{self as signing, KeyGiven};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::client::SigningAlgorithm;
use crate::support::Secret;

/// Where the form is.
const PATH: &str = "/admin/keys/import";

#[derive(askama::Template)]
#[template(path = "admin/keys/import.html")]
struct ImportPage {
    frame: Frame,
    shell: Shell,
    /// The algorithms that the server offers.
    algorithms: Vec<Choice>,
    wrong: Wrong,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/keys/import`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::ImportKeys)?;
    Ok(show((&context, &administrator), None, Wrong::default(), None))
}

/// `POST /admin/keys/import`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    form.owner.must(Permission::ImportKeys)?;
    let algorithm = form.params.get("algorithm").and_then(SigningAlgorithm::parse).ok_or(ProblemKind::BadRequest)?;
    let given = KeyGiven { algorithm, pem: Secret::from(form.params.get("pem").unwrap_or_default()) };
    let sent = Sent { context: &context, administrator: &form.owner, given, wrong: Wrong::default() };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    given: KeyGiven,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let app = &self.context.app;
        match signing::import(&app.admin, authority, &app.keys, &self.given).await {
            Ok(_) => Ok(Ok(IMPORTED.go(self.context, LIST))),
            Err(rejected) => Ok(Err(self.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let at = (self.context, self.administrator);
        Ok(show(at, Some(self.given.algorithm), self.wrong, Some(problem)))
    }
}

fn show(
    (context, administrator): (&Context, &Administrator),
    chosen: Option<SigningAlgorithm>,
    wrong: Wrong,
    problem: Option<Shown>,
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let choice = |algorithm: SigningAlgorithm| Choice {
        value: algorithm.as_str(),
        text: algorithm.as_str().to_owned(),
        chosen: chosen == Some(algorithm),
    };
    let shown = ImportPage {
        shell: Shell::of(context, administrator, Room::Keys).further(LIST, frame.t.get(keys::signing_keys::IMPORT)),
        algorithms: context.app.config.keys.offered().into_iter().map(choice).collect(),
        wrong,
        csrf: administrator.csrf(context, PATH),
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
