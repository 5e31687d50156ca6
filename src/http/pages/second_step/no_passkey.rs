//! The page for somebody whose second step is a passkey that cannot be asked for here any more.

use axum::http::StatusCode;
use axum::response::Response;

use super::super::frame::{Frame, leading_to_app, with_status};
use super::super::view::Person;
use super::{Away, PATH, Waiting};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::User;
use crate::sessions::{Onward, Then};

#[derive(askama::Template)]
#[template(path = "second_step_no_passkey.html")]
struct NoPasskeyPage {
    frame: Frame,
    /// Why passkeys are no way here.
    why: String,
    whose: Person,
    away: Option<Away>,
    /// Where the account is asked once more for what it has.
    again: String,
    /// Whoever lacks everything else can have a link mailed to set a password by.
    resets: bool,
    /// Where they ask for it.
    forgot: String,
}

impl Waiting<'_> {
    /// Says why, and how it goes on: since passkeys count for nothing, whoever begins anew is asked for something else, or for nothing more. Where passkeys are
    /// used, the account lost what it had meanwhile, and this login is worth nothing.
    pub(super) async fn show_no_passkey(self) -> Result<Response, PageError> {
        let (context, flow) = (self.context, self.flow.as_ref());
        let why = self.why_no_passkey().await?.ok_or(ProblemKind::FlowGone)?;
        let frame = Frame::at(context, context.locale_for(flow), format!("{PATH}?login={}", self.handle));
        let shown = NoPasskeyPage {
            why: frame.t.get(why),
            whose: Person::of(&self.user),
            away: self.away(),
            again: self.again(),
            resets: context.app.accounts.resets_passwords().await?,
            forgot: context.app.issuer.local(&format!("/forgot{}", context.form("/forgot", flow).query())),
            frame,
        };
        Ok(leading_to_app(with_status(StatusCode::CONFLICT, &shown, &shown.frame), flow))
    }

    fn again(&self) -> String {
        let path = match (&self.pending.onward, &self.pending.then) {
            (Onward::Flow(id), _) => format!("/continue?flow={id}"),
            (Onward::Page(path), Then::Raise(_)) => path.clone(),
            (Onward::Page(_), Then::Begin(_)) => "/login".to_owned(),
        };
        self.context.app.issuer.local(&path)
    }
}

/// The page as it is looked at.
pub(in super::super) fn sample(frame: Frame, user: &User) -> Response {
    let shown = NoPasskeyPage {
        why: frame.t.get(keys::passkey::IMPOSSIBLE),
        whose: Person::of(user),
        away: None,
        again: "-".to_owned(),
        resets: false,
        forgot: "-".to_owned(),
        frame,
    };
    with_status(StatusCode::OK, &shown, &shown.frame)
}
