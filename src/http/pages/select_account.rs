//! Choosing among the accounts of a browser.

use crate::i18n::keys;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, of_flow, page};
use super::view::{AppBadge, Form, first_letter};
use crate::flow::{FlowRejected, Page};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect;
use crate::model::User;

#[derive(askama::Template)]
#[template(path = "select_account.html")]
struct SelectAccountPage {
    frame: Frame,
    app: AppBadge,
    form: Form,
    accounts: Vec<Choice>,
}

struct Choice {
    sign_in: String,
    name: String,
    email: String,
}

impl Choice {
    fn letter(&self) -> String {
        first_letter(&self.name)
    }
}

/// `GET /select-account`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let view = context.app.flow.view(params.get("flow").unwrap_or_default(), &context.visitor).await?;
    if view.page() != Some(Page::SelectAccount) {
        return redirect::to_dispatcher(&context.app, &view.id(), Ok(()));
    }
    let accounts = context.app.flow.accounts(&view.session).await?;
    let choice = |choice: crate::flow::AccountChoice| Choice {
        sign_in: choice.sign_in.id.to_string(),
        name: choice.user.display_name().to_owned(),
        email: choice.user.email.to_string(),
    };
    let shown = SelectAccountPage {
        frame: Frame::of(&context, context.locale_for(Some(&view))),
        app: AppBadge::of(&view.client, context.locale_for(Some(&view))),
        form: context.form("/select-account", Some(&view)),
        accounts: accounts.into_iter().map(choice).collect(),
    };
    Ok(of_flow(page(&shown, &shown.frame), &view))
}

/// The page as it is looked at, for an app that there is not.
pub(super) fn sample(frame: Frame, user: &User) -> Response {
    let (name, email) = (user.display_name().to_owned(), user.email.to_string());
    let shown = SelectAccountPage {
        app: AppBadge::sample(frame.t),
        form: Form::sample(),
        accounts: vec![Choice { sign_in: String::new(), name, email }],
        frame,
    };
    page(&shown, &shown.frame)
}

/// `POST /select-account`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = params.get("flow").unwrap_or_default();
    let recorded: Result<(), FlowRejected> = match params.get("account").map(str::parse) {
        Some(Ok(account)) => context.app.flow.choose(flow, &context.visitor, account).await,
        _ => context.app.flow.choose_another(flow, &context.visitor).await,
    };
    redirect::to_dispatcher(&context.app, flow, recorded)
}
