//! The accounts elsewhere that sign in to this one.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::message::UNLINKED;
use super::super::own_form::OwnForm;
use super::super::providers::{self, LinkRow, Way, label, mark};
use super::super::section::Section;
use super::super::step_up;
use super::{AccountOwner, Done};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::identity::accounts::LinkOutcome;
use crate::model::connection::Connection;
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::protocol::Params;
use crate::upstream::presets;

#[derive(askama::Template)]
#[template(path = "unlink.html")]
struct UnlinkPage {
    frame: Frame,
    provider: String,
    csrf: String,
    connection: String,
    subject: String,
}

/// A provider whose account may be added. No button in its colours: many of them would shout, and this is no place to sign in.
pub(super) struct Other {
    pub(super) slug: String,
    pub(super) brand: &'static str,
    pub(super) mark: &'static str,
    pub(super) provider: String,
    pub(super) href: String,
}

/// What the section shows of links: those that are there, and those that may be added.
#[derive(Default)]
pub(super) struct Links {
    pub(super) rows: Vec<LinkRow>,
    pub(super) others: Vec<Other>,
}

/// Reads what the page shows.
pub(super) async fn of(context: &Context, owner: &AccountOwner, t: &'static Texts) -> Result<Links, PageError> {
    let all = context.app.stores.connections.all().await?;
    let links = context.app.stores.upstream_links.of_user(owner.user.id).await?;
    let has_password = context.app.stores.users.password(owner.user.id).await?.is_some();
    let connection_of = |link: &UpstreamLink| all.iter().find(|connection| connection.id == link.identity.connection);
    let usable = links.iter().filter(|link| connection_of(link).is_some_and(|connection| connection.enabled)).count();
    let row = |link: &UpstreamLink| {
        let connection = connection_of(link)?;
        // The last way in stays.
        let others = usable - usize::from(connection.enabled);
        Some(LinkRow::of(t, link, connection, has_password || others > 0))
    };
    let rows = links.iter().filter_map(row).collect();
    let add = |connection: &Connection| {
        let brand = presets::find(&connection.preset)?.brand.name;
        Some(Other {
            slug: connection.slug.to_string(),
            brand,
            mark: mark(brand),
            provider: label(connection, t),
            href: providers::link(context, connection.slug.as_str(), Way::Link(&owner.sign_in)),
        })
    };
    let linked = |connection: &Connection| links.iter().any(|link| link.identity.connection == connection.id);
    let others = all.iter().filter(|connection| connection.enabled && !linked(connection)).filter_map(add).collect();
    Ok(Links { rows, others })
}

/// `POST /account/links`: removes one. An end-user who signed in with it is told first what ends with it.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let identity = named(&form.params)?;
    let carries = carries(&context, &form.owner, &identity).await?;
    if carries && form.params.get("confirm") != Some("yes") {
        return warning(&context, &form.owner, &identity).await;
    }
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let done = match context.app.accounts.unlink(&proved.proof, identity).await {
        Ok(LinkOutcome::LastWayIn) => Ok(Done::LastWayIn.go(&context)),
        Ok(_) if carries => Ok(context.go(&format!("/signed-out?done={UNLINKED}"))),
        Ok(LinkOutcome::Done | LinkOutcome::Gone | LinkOutcome::Taken) => Ok(Done::Unlinked.go(&context)),
        Err(error) => Err(error.into()),
    };
    Ok(proved.answer(&context, done))
}

/// The identity that a form names.
fn named(params: &Params) -> Result<UpstreamIdentity, ProblemKind> {
    let text = |name: &str| params.get(name).unwrap_or_default();
    let connection = text("connection").parse().map_err(|_| ProblemKind::BadRequest)?;
    let subject = UpstreamSubject::parse(text("subject")).map_err(|_| ProblemKind::BadRequest)?;
    Ok(UpstreamIdentity { connection, subject })
}

/// Whether the sign-in in use rests on the link to this identity, and so ends with it.
async fn carries(context: &Context, owner: &AccountOwner, identity: &UpstreamIdentity) -> Result<bool, PageError> {
    let Some(through) = owner.sign_in.upstream.as_ref().and_then(|upstream| upstream.link) else { return Ok(false) };
    let links = context.app.stores.upstream_links.of_user(owner.user.id).await?;
    Ok(links.iter().any(|link| link.id == through && link.identity == *identity))
}

/// The page that says what ends with a link, and asks whether to remove it all the same.
async fn warning(context: &Context, owner: &AccountOwner, identity: &UpstreamIdentity) -> Result<Response, PageError> {
    let all = context.app.stores.connections.all().await?;
    let connection = all.iter().find(|connection| connection.id == identity.connection).ok_or(ProblemKind::NotFound)?;
    let mut frame = Frame::of(context, context.locale.0);
    // The address of this page is that of a form.
    Section::Security.path().clone_into(&mut frame.here);
    let shown = UnlinkPage {
        provider: label(connection, frame.t),
        csrf: context.csrf_of(&owner.sign_in, "/account/links"),
        connection: identity.connection.to_string(),
        subject: identity.subject.to_string(),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// The page that asks whether to remove a link, as it is looked at.
pub(in super::super) fn sample(frame: Frame) -> Response {
    let nothing = String::new;
    let provider = frame.t.get(keys::branding::SAMPLE_PROVIDER);
    let shown = UnlinkPage { provider, csrf: nothing(), connection: nothing(), subject: nothing(), frame };
    page(&shown, &shown.frame)
}
