//! Making an account by a passkey, and nothing else.

use axum::response::Response;

use super::context::Context;
use super::passkey::{self, Answer};
use super::signup::{self, Entered, Typed};
use super::{problems, proven, signup_by_mail};
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::identity::accounts::{NewPerson, SignUpRejected};
use crate::identity::passkeys::NotSignedUp;
use crate::sessions::Means;

/// `POST /signup/passkey`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    let flow = flow.as_ref();
    let typed = Typed::of(&params);
    let Some(sent) = Answer::of(&params) else {
        return signup::show(&context, flow, Entered { typed, ..Entered::default() }).await;
    };
    let locale = context.locale_for(flow);
    let new = NewPerson { email: &typed.email, name: Some(&typed.name), locale: Some(locale.as_str()) };
    let (passkeys, from) = (&context.app.passkeys, context.origin());
    let (browser, answer) = (&context.visitor.browser, (sent.ticket.as_str(), sent.answer.as_str()));
    let rejected = if context.app.accounts.proves_addresses_first().await? {
        let here = (&from, browser.digest(), browser.bytes());
        match passkeys.sign_up_by_mail(new, here, context.asked(flow), answer).await {
            Ok(id) => return Ok(signup_by_mail::wait(&context, id, flow)),
            Err(rejected) => rejected,
        }
    } else {
        match passkeys.sign_up(new, (&from, browser.digest()), answer).await {
            Ok((user, protection)) => {
                return proven::go_on_as(&context, &user, flow, Means::Passkey(protection)).await;
            }
            Err(rejected) => rejected,
        }
    };
    let problem = match rejected {
        NotSignedUp::Account(SignUpRejected::SwitchedOff) => return Ok(signup::closed(&context, flow)),
        NotSignedUp::Account(why) => problems::of_sign_up(context.texts(flow), why)?,
        NotSignedUp::Passkey(why) => passkey::refused(context.texts(flow), why)?,
    };
    // The passkey was made in vain.
    let signal = passkey::unknown(&context, &sent);
    signup::show(&context, flow, Entered { typed, problem: Some(problem), signal }).await
}
