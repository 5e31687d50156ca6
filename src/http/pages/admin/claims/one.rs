//! The page of one claim rule: its form.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::head::{Head, Tab};
use super::super::release::Managed;
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::form::{Form, typed};
use super::{DONE, SAVED, head_of, named, path_of, shell};
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, ProvenAuthority, attributes, claim_rules};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::claim_rule::ClaimRule;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/claims/one.html")]
struct OnePage {
    frame: Frame,
    shell: Shell,
    head: Head,
    path: String,
    may_change: bool,
    managed: Option<Managed>,
    version: i64,
    form: Form,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// `GET /admin/claims/rules/{name}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(name): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let rule = named(&context, &administrator, &name).await?;
    let form = filled(&context, &administrator, &rule, &Params::default()).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    Ok(show(&context, &administrator, &rule, form, (None, done)))
}

/// `POST /admin/claims/rules/{name}`
pub async fn post(
    context: Context,
    Path(name): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let rule = named(&context, &form.owner, &name).await?;
    let filled = filled(&context, &form.owner, &rule, &form.params).await?;
    let sent = Sent { context: &context, administrator: &form.owner, rule, form: filled, params: &form.params };
    confirmed_form(&context, &form, sent).await
}

async fn filled(
    context: &Context,
    administrator: &Administrator,
    rule: &ClaimRule,
    params: &Params,
) -> Result<Form, PageError> {
    let declared = attributes::list(&context.app.admin, &administrator.authority).await?;
    Ok(Form::of(context.texts(None), Some(rule), &declared, params))
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    rule: ClaimRule,
    form: Form,
    params: &'a Params,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let Some(document) = typed(self.params) else {
            self.form.wrong.add("values", t.get(keys::claims::PROBLEM_VALUES));
            return Ok(Err(Shown::marked(t)));
        };
        match claim_rules::update(&context.app.admin, authority, self.rule.name.clone(), &document).await {
            Ok(is) => Ok(Ok(SAVED.go(context, &path_of(is.name.as_str())))),
            Err(rejected) => Ok(Err(self.form.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.rule, self.form, (Some(problem), None)))
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    rule: &ClaimRule,
    form: Form,
    (problem, done): (Option<Shown>, Option<String>),
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let (path, managed_by) = (path_of(rule.name.as_str()), rule.managed_by.as_ref());
    let shown = OnePage {
        shell: shell(context, administrator, rule.claim.as_str()),
        head: head_of(administrator, rule, Tab::SETTINGS),
        may_change: administrator.may(Permission::WriteAttributes) && managed_by.is_none(),
        managed: Managed::of(administrator, managed_by, (DeclaredKind::ClaimRule, rule.name.as_str())),
        version: rule.version,
        form,
        csrf: administrator.csrf(context, &path),
        done,
        problems,
        path,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
