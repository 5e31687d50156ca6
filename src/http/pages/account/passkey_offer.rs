//! The offer of a passkey: one page after a login by password, on the way to where it leads.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, leading_to_app};
use super::super::own_form::OwnForm;
use super::super::passkey::{Answer, Prompt, refused};
use super::super::passkey_offer::{PATH, remembered};
use super::super::problems::{FieldTexts, Shown};
use super::super::view::Form;
use super::super::{onward, step_up};
use super::AccountOwner;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::sessions::Onward;

#[derive(askama::Template)]
#[template(path = "account/passkey_offer.html")]
struct OfferPage {
    frame: Frame,
    prompt: Prompt,
    later: Form,
    problems: FieldTexts,
}

/// `GET /account/passkeys/offer`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let owner = match AccountOwner::at(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let flow = context.flow(params.get("flow")).await?;
    show(&context, &owner, flow.as_ref(), None).await
}

/// `POST /account/passkeys/offer`: what the browser made, or "not now".
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let flow = context.flow(form.params.get("flow")).await?;
    if form.params.get("do") == Some("later") {
        context.app.passkeys.decline_offer(form.owner.user.id).await?;
        return onward::way(&context, &onward_of(&context, flow.as_ref()));
    }
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let added = add(&context, &form, flow.as_ref(), &proved).await;
    Ok(proved.answer(&context, added))
}

async fn add(
    context: &Context,
    form: &OwnForm<AccountOwner>,
    flow: Option<&FlowView>,
    proved: &step_up::Proved,
) -> Result<Response, PageError> {
    let Some(sent) = Answer::of(&form.params) else { return show(context, &form.owner, flow, None).await };
    let by = (&proved.proof, context.visitor.browser.digest());
    match context.app.passkeys.register(by, None, &sent.ticket, &sent.answer).await {
        Ok(made) => {
            let whose = (&form.owner.sign_in, &form.owner.user);
            proved.made_passkey(context, whose, &made, onward::way(context, &onward_of(context, flow))?).await
        }
        Err(why) => {
            let shown = refused(context.texts(flow), why)?;
            show(context, &form.owner, flow, Some(shown)).await
        }
    }
}

fn onward_of(context: &Context, flow: Option<&FlowView>) -> Onward {
    flow.map_or_else(|| Onward::Page(remembered(context)), |view| Onward::Flow(view.authorization.id))
}

/// The page; or on, where there is nothing to offer any more.
async fn show(
    context: &Context,
    owner: &AccountOwner,
    flow: Option<&FlowView>,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let browser = context.visitor.browser.digest();
    let has_one = !context.app.passkeys.of(owner.user.id).await?.is_empty();
    let asked = context.app.passkeys.ask_to_register(&owner.user, browser).await?;
    let Some(asked) = asked.filter(|_| !has_one) else {
        return onward::way(context, &onward_of(context, flow));
    };
    let (problems, manner) = Shown::parts(problem);
    let form = || Form { csrf: context.csrf_of(&owner.sign_in, PATH), flow: flow.map(FlowView::id) };
    let frame = Frame::at(context, context.locale_for(flow), format!("{PATH}{}", form().query()));
    let label = frame.t.get(keys::passkey::CREATE);
    let shown = OfferPage { prompt: Prompt::of(context, asked, (PATH, form()), label), later: form(), problems, frame };
    Ok(leading_to_app(manner.answer(&shown, &shown.frame), flow))
}
