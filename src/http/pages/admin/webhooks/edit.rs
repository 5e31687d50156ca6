//! The page of one webhook: its form, its secret, and the messages to it.

use std::time::Duration;

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::moments::minute;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::grace;
use super::super::head::{Head, Tab};
use super::super::listing::{AFTER, Ways};
use super::super::release::Managed;
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::form::WebhookForm;
use super::{DONE, SAVED, head_of, named, path_of, shell};
use crate::admin::declared::DeclaredKind;
use crate::admin::webhooks::{self, WebhookResource, WithSecret};
use crate::admin::{Permission, ProvenAuthority, Rejected, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::model::Webhook;
use crate::model::webhook::{Message, MessageState};
use crate::protocol::Params;

/// How many messages a page has.
const PAGE: u32 = 25;

#[derive(askama::Template)]
#[template(path = "admin/webhooks/webhook.html")]
struct WebhookPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    path: String,
    may_change: bool,
    managed: Option<Managed>,
    form: WebhookForm,
    version: i64,
    /// A secret that was made just now.
    fresh: Option<String>,
    /// Since when and until when each secret counts.
    secrets: Vec<(String, Option<String>)>,
    graces: Vec<(u64, String)>,
    messages: Vec<MessageRow>,
    ways: Ways,
    csrf: String,
    csrf_press: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// A message in the list.
struct MessageRow {
    id: String,
    kind: String,
    state: Key,
    good: bool,
    bad: bool,
    /// What was answered last, or why nothing was.
    answer: String,
    attempts: u32,
    when: String,
    next: Option<String>,
    body: String,
}

impl MessageRow {
    fn of(message: &Message) -> Self {
        let last = message.last.as_ref();
        let answer = last.map(|last| match (last.status, &last.problem) {
            (Some(status), _) => status.to_string(),
            (None, problem) => problem.clone().unwrap_or_default(),
        });
        let waits = message.state == MessageState::Waiting;
        Self {
            id: message.id.to_string(),
            kind: message.kind.clone(),
            state: words_of(message.state),
            good: message.state == MessageState::Delivered,
            bad: message.state == MessageState::Failed,
            answer: answer.unwrap_or_default(),
            attempts: message.attempts,
            when: minute(message.created_at),
            next: waits.then(|| minute(message.next_at)),
            body: message.body.clone(),
        }
    }
}

const fn words_of(state: MessageState) -> Key {
    match state {
        MessageState::Waiting => keys::webhooks::WAITING,
        MessageState::Delivered => keys::webhooks::DELIVERED,
        MessageState::Failed => keys::webhooks::FAILED,
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    form: Option<WebhookForm>,
    problem: Option<Shown>,
    done: Option<String>,
    fresh: Option<String>,
    /// The message after which the list begins.
    after: Option<String>,
}

/// `GET /admin/webhooks/{id}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let webhook = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    let after = params.get(AFTER).map(str::to_owned);
    show(&context, &administrator, &webhook, Said { done, after, ..Said::default() }).await
}

/// What the page is asked to do.
enum Change {
    Save(Box<WebhookResource>),
    Rotate(Duration),
}

impl Change {
    fn parse(form: &WebhookForm, params: &Params) -> Option<Self> {
        match params.get("do")? {
            "save" => Some(Self::Save(Box::new(form.document()))),
            "rotate" => grace::chosen(params).map(Self::Rotate),
            _ => None,
        }
    }
}

/// `POST /admin/webhooks/{id}`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let webhook = named(&context, &form.owner, &id).await?;
    let filled = WebhookForm::typed(context.texts(None), &form.params);
    let change = Change::parse(&filled, &form.params).ok_or(ProblemKind::BadRequest)?;
    let version = version_of(&form.params).ok_or(ProblemKind::BadRequest)?;
    let sent = Sent { context: &context, administrator: &form.owner, webhook, version, change, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    webhook: Webhook,
    /// What the form was drawn of: sent again, it makes no second secret.
    version: i64,
    change: Change,
    form: WebhookForm,
}

impl Sent<'_> {
    async fn make(&self, authority: &ProvenAuthority) -> Result<WithSecret, Rejected> {
        let (admin, target) = (&self.context.app.admin, Target::at(self.webhook.id, self.version));
        match &self.change {
            Change::Rotate(grace) => webhooks::rotate_secret(admin, authority, target, *grace).await,
            Change::Save(document) => {
                let webhook = webhooks::update(admin, authority, target, document).await?;
                Ok(WithSecret { webhook, secret: None })
            }
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        match self.make(authority).await {
            Ok(made) if made.secret.is_some() => with_secret(context, self.administrator, &made).await.map(Ok),
            Ok(_) => Ok(Ok(SAVED.go(context, &path_of(self.webhook.id)))),
            Err(rejected) => Ok(Err(self.form.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let form = matches!(self.change, Change::Save(_)).then_some(self.form);
        let said = Said { form, problem: Some(problem), ..Said::default() };
        show(self.context, self.administrator, &self.webhook, said).await
    }
}

/// The page of a webhook with a secret that was made just now.
pub(super) async fn with_secret(
    context: &Context,
    administrator: &Administrator,
    made: &WithSecret,
) -> Result<Response, PageError> {
    let fresh = made.secret.as_ref().map(|secret| secret.expose().clone());
    show(context, administrator, &made.webhook, Said { fresh, ..Said::default() }).await
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    webhook: &Webhook,
    said: Said,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let mut frame = Frame::of(context, context.locale.0);
    let path = path_of(webhook.id);
    // What answered a form is not opened by its address: the language switch leads to the page itself.
    frame.here.clone_from(&path);
    let after = said.after.as_deref().and_then(|id| id.parse().ok());
    let page = webhooks::messages(&context.app.admin, &administrator.authority, webhook.id, after, PAGE).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.id.to_string());
    let ways = Ways {
        first: after.map(|_| path.clone()),
        next: next.map(|next| format!("{path}?{AFTER}={next}")),
        narrowed: false,
    };
    let now = context.app.clock.now();
    let live = webhook.secrets.iter().filter(|one| one.is_live(now));
    let shown = WebhookPage {
        shell: shell(context, administrator, &webhook.url),
        head: head_of(frame.t, administrator, webhook, Tab::SETTINGS),
        may_change: administrator.may(Permission::WriteWebhooks),
        managed: Managed::of(administrator, webhook.managed_by.as_ref(), (DeclaredKind::Webhook, &webhook.known_as())),
        form: said.form.unwrap_or_else(|| WebhookForm::of(frame.t, webhook)),
        version: webhook.version,
        fresh: said.fresh,
        secrets: live.map(|one| (minute(one.created_at), one.expires_at.map(minute))).collect(),
        graces: grace::choices(frame.t, keys::apps::GRACE_NONE),
        messages: page.items.iter().map(MessageRow::of).collect(),
        ways,
        csrf: administrator.csrf(context, &path),
        csrf_press: administrator.csrf(context, &format!("{path}/press")),
        done: said.done,
        problems,
        path,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
