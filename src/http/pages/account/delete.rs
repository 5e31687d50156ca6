//! Deleting one's own account: the page that says what goes and what stays, and the deletion.

use axum::http::StatusCode;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::message::DELETED;
use super::super::own_form::OwnForm;
use super::super::problems::{FieldTexts, Shown};
use super::super::section::{DELETE, Section};
use super::super::step_up;
use super::AccountOwner;
use super::shell::Shell;
use crate::http::cookies::forget_session;
use crate::http::error::PageError;
use crate::i18n::{Texts, keys};
use crate::identity::RecentProof;
use crate::identity::accounts::{DeleteRejected, names_account};
use crate::model::user::LastOf;
use crate::sessions::Ending;

#[derive(askama::Template)]
#[template(path = "account/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    /// What goes with the account.
    goes: Vec<String>,
    /// Why it cannot be deleted, and what to do about it.
    last: Option<String>,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /account/delete`
pub async fn get(context: Context) -> Result<Response, PageError> {
    match AccountOwner::at(&context).await {
        Ok(owner) => show(&context, &owner, None).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /account/delete`: where the address was typed, and then the account proved.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    if !names_account(&form.owner.user, form.params.get("address").unwrap_or_default()) {
        let t = context.texts(None);
        let problem = Shown::beside_email(t, t.get(keys::account::DELETE_OTHER_ADDRESS));
        return show(&context, &form.owner, Some(problem)).await;
    }
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    match delete(&context, &form.owner, &proved.proof).await {
        // There is no session to give a cookie for.
        Ok(Deleted::Gone(response)) => Ok(response),
        Ok(Deleted::Not(response)) => Ok(proved.answer(&context, Ok(response))),
        Err(error) => Ok(proved.answer(&context, Err(error))),
    }
}

/// What became of it, and what the end-user is answered.
enum Deleted {
    Gone(Response),
    Not(Response),
}

async fn delete(context: &Context, owner: &AccountOwner, proof: &RecentProof) -> Result<Deleted, PageError> {
    match context.app.accounts.delete(proof).await {
        Ok(()) => gone(context, owner).await.map(Deleted::Gone),
        Err(DeleteRejected::Gone) => Ok(Deleted::Gone(context.go("/login"))),
        Err(DeleteRejected::Last(why)) => {
            let problem = Shown::saying(StatusCode::CONFLICT, reason(context.texts(None), why));
            show(context, owner, Some(problem)).await.map(Deleted::Not)
        }
        Err(DeleteRejected::Store(error)) => Err(error.into()),
    }
}

/// The account is gone, whatever becomes of this browser's record: others that are signed in there stay so.
async fn gone(context: &Context, owner: &AccountOwner) -> Result<Response, PageError> {
    let left = context.app.flow.sign_out(&context.visitor, Ending::One(owner.sign_in.id)).await?;
    let mut response = context.go(&format!("/signed-out?done={DELETED}"));
    if left.sign_ins.is_empty() {
        forget_session(response.headers_mut(), &context.app.issuer);
    }
    Ok(response)
}

async fn show(context: &Context, owner: &AccountOwner, problem: Option<Shown>) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::at(context, context.locale.0, DELETE.to_owned());
    let last = context.app.accounts.indispensable(&owner.user).await?;
    let shown = DeletePage {
        shell: Shell::of(context, owner, Section::Data, frame.t),
        goes: goes(context, owner, frame.t).await?,
        last: last.map(|why| reason(frame.t, why)),
        csrf: context.csrf_of(&owner.sign_in, DELETE),
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// What goes with the account, counted.
async fn goes(context: &Context, owner: &AccountOwner, t: &Texts) -> Result<Vec<String>, PageError> {
    let sessions = context.app.flow.sessions.of_user(owner.user.id).await?.len();
    let apps = context.app.accounts.apps_with_access(owner.user.id).await?.len();
    let links = context.app.stores.upstream_links.of_user(owner.user.id).await?.len();
    let counted = |key, n: usize| t.counted(key, "n", n as u64);
    Ok(vec![
        t.get(keys::account::DELETE_PROFILE),
        counted(keys::account::DELETE_SESSIONS, sessions),
        counted(keys::account::DELETE_APPS, apps),
        counted(keys::account::DELETE_LINKS, links),
    ])
}

/// Why the server cannot do without the account.
fn reason(t: &Texts, why: LastOf) -> String {
    match why {
        LastOf::Administrators => t.get(keys::account::DELETE_LAST_ADMINISTRATOR),
        LastOf::Owners => t.get(keys::account::DELETE_LAST_OWNER),
    }
}
