//! Claim rules: the list.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::done::Done;
use super::head::{Head, Tab};
use super::listing;
use super::release::RELEASED;
use super::room::Room;
use super::shell::Shell;
use crate::admin::Permission;
use crate::admin::claim_rules;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::claim_rule::{ClaimRule, ClaimSource, SourceKind, TokenPlace};
use crate::model::client::ClientId;

pub mod create;
pub mod delete;
mod form;
mod object;
pub mod one;

/// Where the list is.
const LIST: &str = "/admin/claims";

const CREATED: Done = Done::new("created", keys::claims::CREATED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const DELETED: Done = Done::new("deleted", keys::claims::DELETED);
/// What is said of them.
const DONE: &[Done] = &[CREATED, SAVED, DELETED, RELEASED];

#[derive(askama::Template)]
#[template(path = "admin/claims/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    /// What the list is narrowed down to; empty for all.
    q: String,
    rows: Vec<Row>,
    done: Option<String>,
}

/// A rule in the list.
struct Row {
    path: String,
    claim: String,
    source: String,
    scope: String,
    places: String,
    app: String,
}

/// `GET /admin/claims`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let rules = claim_rules::list(&context.app.admin, &administrator.authority).await?;
    let frame = Frame::of(&context, context.locale.0);
    let q = listing::searched(&params);
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Claims),
        may_change: administrator.may(Permission::WriteAttributes),
        rows: rules.iter().filter(|rule| is_about(rule, &q)).map(|rule| Row::of(frame.t, rule)).collect(),
        q,
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// Whether a text is a part of what a rule is known by: its name, its claim, its scope and its app.
pub(super) fn is_about(rule: &ClaimRule, text: &str) -> bool {
    let app = rule.client.as_ref().map_or("", ClientId::as_str);
    listing::contains(text, [rule.name.as_str(), &rule.claim.to_string(), &rule.scope, app])
}

impl Row {
    fn of(t: &Texts, rule: &ClaimRule) -> Self {
        let source = match &rule.source {
            ClaimSource::Attribute { name } => t.with(keys::claims::WHY_ATTRIBUTE, "attribute", name),
            ClaimSource::Groups => t.get(keys::claims::WHY_GROUPS),
            ClaimSource::Roles => t.get(keys::claims::WHY_ROLES),
            ClaimSource::Constant { .. } => t.get(keys::claims::WHY_CONSTANT),
        };
        let places: Vec<_> = rule.tokens.iter().map(|place| t.get(place_words(*place))).collect();
        Self {
            path: path_of(rule.name.as_str()),
            claim: rule.claim.to_string(),
            source,
            scope: rule.scope.clone(),
            places: places.join(", "),
            app: rule.client.as_ref().map_or_else(|| t.get(keys::claims::EVERY_APP), ClientId::to_string),
        }
    }
}

const fn source_words(kind: SourceKind) -> Key {
    match kind {
        SourceKind::Attribute => keys::claims::SOURCE_ATTRIBUTE,
        SourceKind::Groups => keys::claims::SOURCE_GROUPS,
        SourceKind::Roles => keys::claims::SOURCE_ROLES,
        SourceKind::Constant => keys::claims::SOURCE_CONSTANT,
    }
}

const fn place_words(place: TokenPlace) -> Key {
    match place {
        TokenPlace::IdToken => keys::claims::TOKEN_ID_TOKEN,
        TokenPlace::Userinfo => keys::claims::TOKEN_USERINFO,
        TokenPlace::AccessToken => keys::claims::TOKEN_ACCESS_TOKEN,
    }
}

/// The page of the rule of this name: what a name is made of stands for itself in a path.
pub(super) fn path_of(name: &str) -> String {
    format!("{LIST}/rules/{name}")
}

/// What stands above the pages of a rule.
fn head_of(administrator: &Administrator, rule: &ClaimRule, here: Tab) -> Head {
    Head {
        known_as: rule.name.to_string(),
        ..Head::of(administrator, (path_of(rule.name.as_str()), rule.claim.to_string()), [Tab::SETTINGS], here)
    }
}

/// What surrounds a page behind the list.
fn shell(context: &Context, administrator: &Administrator, name: &str) -> Shell {
    Shell::of(context, administrator, Room::Claims).further(LIST, name)
}

/// The rule that a path names.
async fn named(context: &Context, administrator: &Administrator, name: &str) -> Result<ClaimRule, PageError> {
    let found = claim_rules::find(&context.app.admin, &administrator.authority, name).await?;
    Ok(found.ok_or(ProblemKind::NotFound)?)
}
