//! Webhooks: the list, and what is done with one of them with one press.

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::done::Done;
use super::head::{Head, Tab, Tag};
use super::listing;
use super::release::RELEASED;
use super::room::Room;
use super::several::{self, Listed, Together};
use super::shell::Shell;
use super::{Administrator, confirmed};
use crate::admin::{Permission, ProvenAuthority, Rejected, webhooks};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::Webhook;
use crate::support::id::{MessageId, WebhookId};

pub mod create;
pub mod delete;
pub mod edit;
mod form;
mod object;

/// Where the list is.
const LIST: &str = "/admin/webhooks";

const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ON: Done = Done::new("on", keys::webhooks::IS_ON);
const OFF: Done = Done::new("off", keys::webhooks::IS_OFF);
const TESTED: Done = Done::new("tested", keys::webhooks::TESTED);
const REPLAYED: Done = Done::new("replayed", keys::webhooks::REPLAYED);
const DELETED: Done = Done::new("deleted", keys::webhooks::DELETED);

/// What is said of webhooks.
const DONE: &[Done] = &[SAVED, ON, OFF, TESTED, REPLAYED, RELEASED, DELETED];

#[derive(askama::Template)]
#[template(path = "admin/webhooks/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    /// What the list is narrowed down to; empty for all.
    q: String,
    rows: Vec<Row>,
    csrf: String,
    done: Option<String>,
}

/// A webhook in the list.
struct Row {
    id: String,
    path: String,
    url: String,
    description: String,
    told_of: String,
    on: bool,
}

/// `GET /admin/webhooks`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let frame = Frame::of(&context, context.locale.0);
    let all = webhooks::list(&context.app.admin, &administrator.authority).await?;
    let q = listing::searched(&params);
    let row = |webhook: &Webhook| Row {
        id: webhook.id.to_string(),
        path: path_of(webhook.id),
        url: webhook.url.clone(),
        description: webhook.description.clone(),
        told_of: told_of(frame.t, webhook),
        on: webhook.enabled,
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Webhooks),
        may_change: administrator.may(Permission::WriteWebhooks),
        rows: all.iter().filter(|webhook| is_about(webhook, &q)).map(row).collect(),
        q,
        csrf: several::csrf::<Webhook>(&context, &administrator),
        done: several::said(DONE, frame.t, &params),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// Whether a text is a part of what a webhook is known by.
pub(super) fn is_about(webhook: &Webhook, text: &str) -> bool {
    listing::contains(text, [webhook.known_as().as_str(), &webhook.url, &webhook.description])
}

/// `POST /admin/webhooks/{id}/press`: on, off, a test, or a message once more.
pub async fn press(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let webhook = named(&context, &form.owner, &id).await?;
    let press = Press::parse(form.params.get("do"), form.params.get("message")).ok_or(ProblemKind::BadRequest)?;
    let (admin, id) = (&context.app.admin, webhook.id);
    confirmed(&context, &form, async |authority| {
        let done = match press {
            Press::Switch(on) => {
                webhooks::set_enabled(admin, authority, id, on).await?;
                if on { ON } else { OFF }
            }
            Press::Test => {
                webhooks::test(admin, authority, id).await?;
                TESTED
            }
            Press::Replay(message) => {
                webhooks::replay(admin, authority, id, message).await?;
                REPLAYED
            }
        };
        Ok(done.go(&context, &path_of(id)))
    })
    .await
}

/// What is done with one press.
#[derive(Clone, Copy)]
enum Press {
    Switch(bool),
    Test,
    Replay(MessageId),
}

impl Press {
    fn parse(what: Option<&str>, message: Option<&str>) -> Option<Self> {
        match what? {
            "on" => Some(Self::Switch(true)),
            "off" => Some(Self::Switch(false)),
            "test" => Some(Self::Test),
            "replay" => message?.parse().ok().map(Self::Replay),
            _ => None,
        }
    }
}

/// The page of a webhook.
pub(super) fn path_of(id: WebhookId) -> String {
    format!("{LIST}/{id}")
}

/// What stands above the pages of a webhook.
fn head_of(t: &Texts, administrator: &Administrator, webhook: &Webhook, here: Tab) -> Head {
    Head {
        tags: vec![Tag::on(t, webhook.enabled)],
        active: webhook.enabled,
        ..Head::of(administrator, (path_of(webhook.id), webhook.url.clone()), [Tab::SETTINGS], here)
    }
}

/// What surrounds a page behind the list.
fn shell(context: &Context, administrator: &Administrator, name: &str) -> Shell {
    Shell::of(context, administrator, Room::Webhooks).further(LIST, name)
}

/// The webhook that a path names.
async fn named(context: &Context, administrator: &Administrator, id: &str) -> Result<Webhook, PageError> {
    let id = id.parse().map_err(|_| ProblemKind::NotFound)?;
    Ok(webhooks::find(&context.app.admin, &administrator.authority, id).await?.ok_or(ProblemKind::NotFound)?)
}

/// What a webhook is told of, in a few words.
fn told_of(t: &Texts, webhook: &Webhook) -> String {
    match webhook.kinds.len() {
        0 => t.get(keys::webhooks::EVERYTHING),
        several => t.counted(keys::webhooks::KINDS, "n", several.try_into().unwrap_or(u64::MAX)),
    }
}

impl Listed for Webhook {
    const LIST: &'static str = LIST;
    const ROOM: Room = Room::Webhooks;
    const NEEDS: Permission = Permission::WriteWebhooks;
    const DOES: &'static [Together] = &[Together::On, Together::Off, Together::Delete];
    const LOST: Key = keys::webhooks::DELETE_LOST;
    type Id = WebhookId;

    fn id(text: &str) -> Option<WebhookId> {
        text.parse().ok()
    }

    async fn name(
        context: &Context,
        administrator: &Administrator,
        id: &WebhookId,
    ) -> Result<Option<String>, Rejected> {
        let found = webhooks::find(&context.app.admin, &administrator.authority, *id).await?;
        Ok(found.map(|webhook| webhook.url))
    }

    async fn apply(
        context: &Context,
        authority: &ProvenAuthority,
        id: &WebhookId,
        together: Together,
    ) -> Result<(), Rejected> {
        let admin = &context.app.admin;
        match together {
            Together::On => webhooks::set_enabled(admin, authority, *id, true).await.map(drop),
            Together::Off => webhooks::set_enabled(admin, authority, *id, false).await.map(drop),
            Together::Delete => webhooks::delete(admin, authority, *id).await,
        }
    }
}

/// `POST /admin/webhooks/several`: the same to every webhook that is picked.
pub async fn several(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    several::post::<Webhook>(&context, &form).await
}
