//! What an end-user changes about two-step verification.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::own_form::OwnForm;
use super::super::section::Section;
use super::super::{problems, recovery_codes, second_step, step_up};
use super::security::Trouble;
use super::{AccountOwner, Done, security};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::identity::RecentProof;
use crate::identity::accounts::FactorRejected;
use crate::protocol::Params;
use crate::sessions::{Onward, Then};
use crate::support::id::FactorId;

/// What a form wants.
enum Wanted {
    Add,
    Rename(FactorId),
    Remove(FactorId),
    Codes,
    /// Not to trust a browser any more: no proof is asked for what only makes the account stricter.
    Forget(String),
}

fn wanted(params: &Params) -> Result<Wanted, ProblemKind> {
    let factor = || params.get("factor").and_then(|id| id.parse().ok()).ok_or(ProblemKind::BadRequest);
    match params.get("action").unwrap_or_default() {
        "add" => Ok(Wanted::Add),
        "rename" => factor().map(Wanted::Rename),
        "remove" => factor().map(Wanted::Remove),
        "codes" => Ok(Wanted::Codes),
        "forget" => Ok(Wanted::Forget(params.get("browser").unwrap_or_default().to_owned())),
        _ => Err(ProblemKind::BadRequest),
    }
}

/// `POST /account/two-step`
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let wanted = wanted(&form.params)?;
    if let Wanted::Forget(browser) = &wanted {
        context.app.flow.sessions.distrust(&form.owner.user, Some(browser)).await?;
        return Ok(Done::BrowserForgotten.go(&context));
    }
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let done = act(&context, &form, &proved.proof, wanted).await;
    Ok(proved.answer(&context, done))
}

async fn act(
    context: &Context,
    form: &OwnForm<AccountOwner>,
    proof: &RecentProof,
    wanted: Wanted,
) -> Result<Response, PageError> {
    let (accounts, owner) = (&context.app.accounts, &form.owner);
    let done = match wanted {
        Wanted::Add => {
            let onward = Onward::Page(Section::Security.path().to_owned());
            let login = (Then::Raise(owner.sign_in.id), onward);
            return second_step::add_app(context, &owner.user, login).await;
        }
        Wanted::Codes => match accounts.renew_recovery_codes(proof).await {
            Ok(codes) => {
                let frame = Frame::at(context, context.locale.0, Section::Security.path().to_owned());
                let href = context.app.issuer.local(Section::Security.path());
                return Ok(recovery_codes::codes_page(frame, &codes, href));
            }
            Err(rejected) => Err(rejected),
        },
        Wanted::Rename(id) => {
            let name = form.params.get("name").unwrap_or_default();
            accounts.rename_factor(proof, id, name).await.map(|()| Done::FactorRenamed)
        }
        Wanted::Remove(id) => accounts.remove_factor(proof, id).await.map(|()| Done::FactorRemoved),
        Wanted::Forget(_) => Ok(Done::BrowserForgotten),
    };
    match done {
        Ok(done) => Ok(done.go(context)),
        // Somebody removed it in another tab.
        Err(FactorRejected::Gone) => Ok(context.go(Section::Security.path())),
        Err(rejected) => {
            let problem = problems::of_factor(context.texts(None), rejected)?;
            security::show(context, owner, &Params::default(), Some(Trouble::Password(problem))).await
        }
    }
}
