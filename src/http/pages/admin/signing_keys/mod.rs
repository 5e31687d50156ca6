//! The signing keys: the ring of each algorithm on a line of time, and letting the next key take over.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::moments::minute;
use super::super::own_form::OwnForm;
use super::super::problems::{FieldTexts, Shown};
use super::done::Done;
use super::release::{Managed, RELEASED};
use super::room::Room;
use super::shell::Shell;
use super::{Administrator, ConfirmedForm, confirmed_form, refused, wrong};
use crate::admin::declared::DeclaredKind;
use crate::admin::keys::{self as signing, AlgorithmUse};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::keys::{KeySummary, Rotation};
use crate::model::client::SigningAlgorithm;
use crate::model::policy::{PolicySection, SigningPolicy};
use crate::model::signing_key::KeyState;
use crate::support::Timestamp;

pub mod algorithms;
pub mod history;
pub mod import;
pub mod revoke;
mod time_line;

use time_line::{Bar, TimeLine};

/// Where the keys are.
const LIST: &str = "/admin/keys";
/// Where a rotation is asked for.
const ROTATE: &str = "/admin/keys/rotate";

#[derive(askama::Template)]
#[template(path = "admin/keys/list.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is offered by itself")]
struct KeysPage {
    frame: Frame,
    shell: Shell,
    may_rotate: bool,
    may_revoke: bool,
    may_import: bool,
    may_audit: bool,
    managed: Option<Managed>,
    rings: Vec<Ring>,
    csrf: String,
    csrf_algorithms: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// The keys of one algorithm.
struct Ring {
    algorithm: &'static str,
    /// There is a key that signs, or will.
    held: bool,
    /// Clients can be registered with it.
    on: bool,
    /// It may be switched on or off here.
    may_switch: bool,
    /// What happens next by itself.
    next_step: String,
    bars: Vec<Bar>,
    height: u32,
    now: u32,
    rows: Vec<Row>,
    /// Which apps are registered with it, where the administrator may know.
    apps: Option<String>,
}

struct Row {
    id: String,
    state: String,
    live: bool,
    made: String,
    signs: String,
    stopped: String,
}

/// `GET /admin/keys`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let done = Done::said(
        &[IMPORTED, ROTATED, REVOKED, SWITCHED_OFF, SWITCHED_ON, RELEASED],
        context.texts(None),
        params.get("done"),
    );
    show(&context, &administrator, done, None).await
}

/// `POST /admin/keys/rotate`: the key of one algorithm, or of all.
pub async fn rotate(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let algorithm = match form.params.get("algorithm") {
        Some(name) => Some(SigningAlgorithm::parse(name).ok_or(ProblemKind::BadRequest)?),
        None => None,
    };
    confirmed_form(&context, &form, Sent { context: &context, administrator: &form.owner, algorithm }).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    algorithm: Option<SigningAlgorithm>,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (app, t) = (&self.context.app, self.context.texts(None));
        match signing::rotate(&app.admin, authority, &app.keys, self.algorithm).await {
            Ok(all) if all.iter().any(|one| matches!(one, Rotation::Done(_))) => Ok(Ok(ROTATED.go(self.context, LIST))),
            Ok(all) => Ok(Err(refused(too_early(t, &all)))),
            Err(rejected) => Ok(Err(wrong::shown(t, rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        show(self.context, self.administrator, None, Some(problem)).await
    }
}

/// From when on the next keys can take over: until then verifiers may not know them.
fn too_early(t: &Texts, all: &[Rotation]) -> String {
    let from = all.iter().filter_map(|one| match one {
        Rotation::Possible(_, from) => Some(*from),
        Rotation::Done(_) => None,
    });
    from.min().map_or_else(
        || t.get(keys::signing_keys::NO_KEY),
        |from| t.with(keys::signing_keys::TOO_EARLY, "when", &minute(from)),
    )
}

const IMPORTED: Done = Done::new("imported", keys::signing_keys::DONE_IMPORTED);
const SWITCHED_OFF: Done = Done::new("off", keys::signing_keys::DONE_OFF);
const SWITCHED_ON: Done = Done::new("on", keys::signing_keys::DONE_ON);
const ROTATED: Done = Done::new("rotated", keys::signing_keys::DONE_ROTATED);
const REVOKED: Done = Done::new("revoked", keys::signing_keys::DONE_REVOKED);

async fn show(
    context: &Context,
    administrator: &Administrator,
    done: Option<String>,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let (app, authority) = (&context.app, &administrator.authority);
    let all = signing::list(authority, &app.keys)?;
    let uses = if administrator.may(Permission::ReadClients) {
        Some(signing::uses(&app.admin, authority).await?)
    } else {
        None
    };
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let decided = app.accounts.policies.current().await?;
    let manager = decided.policy.manager(PolicySection::Signing);
    let view = View {
        t: frame.t,
        now: app.clock.now(),
        all: &all,
        held: app.keys.algorithms(),
        uses: uses.as_deref(),
        signing: &decided.policy.signing,
        may_switch: administrator.may(Permission::WriteSettings) && manager.is_none(),
    };
    let shown = KeysPage {
        shell: Shell::of(context, administrator, Room::Keys),
        may_rotate: administrator.may(Permission::RotateKeys),
        may_revoke: administrator.may(Permission::RevokeKeys),
        may_import: administrator.may(Permission::ImportKeys),
        may_audit: administrator.may(Permission::ReadAudit),
        managed: Managed::of(administrator, manager, (DeclaredKind::Policy, PolicySection::Signing.as_str())),
        rings: SigningAlgorithm::ALL.iter().filter_map(|algorithm| view.ring(*algorithm, context)).collect(),
        csrf: administrator.csrf(context, ROTATE),
        csrf_algorithms: administrator.csrf(context, algorithms::PATH),
        done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// What the page is drawn of.
struct View<'a> {
    t: &'static Texts,
    now: Timestamp,
    all: &'a [KeySummary],
    held: Vec<SigningAlgorithm>,
    uses: Option<&'a [AlgorithmUse]>,
    signing: &'a SigningPolicy,
    may_switch: bool,
}

impl View<'_> {
    /// The keys of an algorithm; `None` of one that the server neither holds nor offers.
    fn ring(&self, algorithm: SigningAlgorithm, context: &Context) -> Option<Ring> {
        let mut own: Vec<&KeySummary> = self.all.iter().filter(|key| key.algorithm == algorithm).collect();
        let offered = context.app.config.keys.offered().contains(&algorithm);
        if own.is_empty() && !offered {
            return None;
        }
        // What will be first, then what is, then what was.
        own.sort_by_key(|key| (place(key.state), std::cmp::Reverse(key.created_at)));
        let line = TimeLine::of(&own, self.now);
        Some(Ring {
            algorithm: algorithm.as_str(),
            held: self.held.contains(&algorithm),
            on: self.signing.is_on(algorithm),
            may_switch: self.may_switch && offered && !SigningPolicy::ALWAYS_ON.contains(&algorithm),
            next_step: self.next_step(algorithm, &own, context),
            height: line.height(),
            now: time_line::NOW,
            bars: line.bars(),
            rows: own.iter().map(|key| self.row(key)).collect(),
            apps: self.uses.map(|uses| self.apps(uses, algorithm)),
        })
    }

    fn row(&self, key: &KeySummary) -> Row {
        let time = |at: Option<Timestamp>| at.map(minute).unwrap_or_default();
        Row {
            id: key.id.to_string(),
            state: self.t.get(state_words(key.state)),
            live: matches!(key.state, KeyState::Active | KeyState::Next),
            made: minute(key.created_at),
            signs: time(key.activated_at),
            stopped: time(key.retired_at),
        }
    }

    /// When the key that signs gives way by itself, or when the first one of its algorithm signs.
    fn next_step(&self, algorithm: SigningAlgorithm, own: &[&KeySummary], context: &Context) -> String {
        let signs = own.iter().find(|key| key.state == KeyState::Active).and_then(|key| key.activated_at);
        match (signs, context.app.keys.next_signs_at(algorithm)) {
            (Some(since), next) => {
                let until = next.unwrap_or_else(|| since.plus(context.app.config.keys.rotation()));
                self.t.with(keys::signing_keys::UNTIL, "when", &minute(until))
            }
            (None, Some(from)) => self.t.with(keys::signing_keys::FIRST_SIGNS, "when", &minute(from)),
            (None, None) => self.t.get(keys::signing_keys::ON_REQUEST),
        }
    }

    fn apps(&self, uses: &[AlgorithmUse], algorithm: SigningAlgorithm) -> String {
        let of = uses.iter().find(|one| one.algorithm == algorithm);
        let Some(of) = of.filter(|of| of.clients > 0) else { return self.t.get(keys::signing_keys::APPS_NONE) };
        let more = if of.clients > of.named.len() { " …" } else { "" };
        let names = format!("{}{more}", of.named.join(", "));
        let count = self.t.counted(keys::signing_keys::APPS, "n", of.clients as u64);
        format!("{count} {names}")
    }
}

/// In which order states are shown.
const fn place(state: KeyState) -> u8 {
    match state {
        KeyState::Next => 0,
        KeyState::Active => 1,
        KeyState::Retiring => 2,
        KeyState::Retired => 3,
    }
}

/// What a state is called.
const fn state_words(state: KeyState) -> Key {
    use keys::signing_keys as text;
    match state {
        KeyState::Next => text::NEXT,
        KeyState::Active => text::ACTIVE,
        KeyState::Retiring => text::RETIRING,
        KeyState::Retired => text::RETIRED,
    }
}
