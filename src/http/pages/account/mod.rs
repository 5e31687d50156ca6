//! The person's own page: who they are here, where they are signed in, which apps have access.

use axum::response::{IntoResponse, Response};

use super::consent::words_of;
use super::context::Context;
use super::frame::Frame;
use super::own_form::{ACCOUNT, Owner};
use super::problems::{FieldTexts, Shown};
use super::view::{AppBadge, Person};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Texts, keys};
use crate::model::session::SignIn;
use crate::model::{Client, User};
use crate::protocol::ScopeSet;
use crate::support::Timestamp;

pub mod apps;
pub mod claim;
pub mod confirm;
pub mod language;
pub mod links;
pub mod password;
pub mod profile;
pub mod sessions;
pub mod switch;

use profile::{ProfileForm, Typed};

#[derive(askama::Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    person: Person,
    profile: ProfileForm,
    verified: bool,
    administrator: bool,
    since: String,
    password_hint: String,
    has_password: bool,
    sessions: Vec<Row>,
    apps: Vec<App>,
    links: links::Links,
    csrf: FormTokens,
    saved: Option<String>,
    problems: FieldTexts,
}

struct Row {
    id: String,
    browser: String,
    /// When it began, when it was used last, and from which network.
    facts: String,
    here: bool,
}

struct App {
    badge: AppBadge,
    client: String,
    scopes: String,
    since: String,
}

/// The hidden tokens of the page's forms.
struct FormTokens {
    logout: String,
    language: String,
    profile: String,
    password: String,
    sessions: String,
    apps: String,
    links: String,
}

/// What was done before the page is shown again.
#[derive(Clone, Copy)]
pub(super) enum Done {
    Saved,
    PasswordChanged,
    Withdrawn,
    Linked,
    AlreadyLinked,
    LinkedElsewhere,
    ProofEnded,
    Unlinked,
    LastWayIn,
}

impl Done {
    const ALL: &[Self] = &[
        Self::Saved,
        Self::PasswordChanged,
        Self::Withdrawn,
        Self::Linked,
        Self::AlreadyLinked,
        Self::LinkedElsewhere,
        Self::ProofEnded,
        Self::Unlinked,
        Self::LastWayIn,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::PasswordChanged => "password-changed",
            Self::Withdrawn => "withdrawn",
            Self::Linked => "linked",
            Self::AlreadyLinked => "already-linked",
            Self::LinkedElsewhere => "linked-elsewhere",
            Self::ProofEnded => "proof-ended",
            Self::Unlinked => "unlinked",
            Self::LastWayIn => "last-way-in",
        }
    }

    /// Back to the page, which will say so.
    pub(super) fn go(self, context: &Context) -> Response {
        context.go(&format!("/account?done={}", self.name()))
    }

    fn said(t: &Texts, name: &str) -> Option<String> {
        Self::ALL.iter().find(|done| done.name() == name).map(|done| match done {
            Self::Saved => t.get(keys::account::SAVED),
            Self::PasswordChanged => t.get(keys::account::PASSWORD_CHANGED),
            Self::Withdrawn => t.get(keys::account::WITHDRAWN),
            Self::Linked => t.get(keys::account::LINKED),
            Self::AlreadyLinked => t.get(keys::account::ALREADY_LINKED),
            Self::LinkedElsewhere => t.get(keys::account::LINKED_ELSEWHERE),
            Self::ProofEnded => t.get(keys::account::PROOF_ENDED),
            Self::Unlinked => t.get(keys::account::UNLINKED),
            Self::LastWayIn => t.get(keys::account::LAST_WAY_IN),
        })
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    /// The change that the page confirms, from the query.
    saved: Option<String>,
    /// What was not done, and why.
    problem: Option<Shown>,
    /// What was typed into the profile, where it was no good.
    typed: Typed,
}

/// `GET /account`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let sign_in = match context.signed_in().await {
        Ok(sign_in) => sign_in,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let owner = match AccountOwner::of(&context, sign_in).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let saved = Done::said(context.texts(None), params.get("done").unwrap_or_default());
    show(&context, &owner, Said { saved, ..Said::default() }).await
}

/// Whose page it is: an account, as it is now, and its sign-in.
pub struct AccountOwner {
    sign_in: SignIn,
    user: User,
}

impl Owner for AccountOwner {
    const HOME: &'static str = ACCOUNT;

    fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    fn user(&self) -> &User {
        &self.user
    }

    async fn of(context: &Context, sign_in: SignIn) -> Result<Self, Response> {
        match context.app.accounts.find(sign_in.user).await {
            Ok(Some(user)) => Ok(Self { sign_in, user }),
            Ok(None) => Err(context.go("/login")),
            Err(error) => Err(PageError::from(error).into_response()),
        }
    }
}

async fn show(context: &Context, owner: &AccountOwner, said: Said) -> Result<Response, PageError> {
    let AccountOwner { sign_in, user } = owner;
    let Said { saved, problem, typed } = said;
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let page = AccountPage {
        person: Person::of(user),
        profile: ProfileForm::of(frame.t, user, &typed),
        verified: user.email_verified,
        administrator: !user.roles.is_empty(),
        since: day(user.created_at),
        password_hint: context.password_hint(frame.t),
        has_password: context.app.stores.users.password(user.id).await?.is_some(),
        sessions: rows(context, sign_in).await?,
        apps: apps(context, user, frame.t).await?,
        links: links::of(context, owner, frame.t).await?,
        csrf: FormTokens {
            logout: context.csrf_of(sign_in, "/logout"),
            language: context.csrf_of(sign_in, "/account/language"),
            profile: context.csrf_of(sign_in, "/account/profile"),
            password: context.csrf_of(sign_in, "/account/password"),
            sessions: context.csrf_of(sign_in, "/account/sessions"),
            apps: context.csrf_of(sign_in, "/account/apps"),
            links: context.csrf_of(sign_in, "/account/links"),
        },
        saved,
        problems,
        frame,
    };
    Ok(manner.answer(&page, &page.frame))
}

async fn rows(context: &Context, here: &SignIn) -> Result<Vec<Row>, PageError> {
    let mut sign_ins = context.app.flow.sessions.of_user(here.user).await?;
    // This browser first, then the newest: what a person looks for is a sign-in that they did not make.
    sign_ins.sort_by_key(|sign_in| (sign_in.id != here.id, std::cmp::Reverse(sign_in.created_at)));
    let t = context.texts(None);
    let row = |sign_in: SignIn| Row {
        id: sign_in.id.to_string(),
        facts: facts(&sign_in, t),
        here: sign_in.id == here.id,
        browser: if sign_in.browser.is_empty() { t.get(keys::account::BROWSER_UNKNOWN) } else { sign_in.browser },
    };
    Ok(sign_ins.into_iter().map(row).collect())
}

/// What tells one sign-in from another, besides its browser.
pub(super) fn facts(sign_in: &SignIn, t: &Texts) -> String {
    let since = t.with(keys::account::SESSION_SINCE, "when", &day(sign_in.created_at));
    let used = t.with(keys::account::SESSION_USED, "when", &minute(sign_in.used_at));
    let from = t.with(keys::account::SESSION_FROM, "network", &sign_in.network);
    let known = [Some(since), Some(used), Some(from).filter(|_| !sign_in.network.is_empty())];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

async fn apps(context: &Context, user: &User, t: &Texts) -> Result<Vec<App>, PageError> {
    let apps = context.app.accounts.apps_with_access(user.id).await?;
    Ok(apps.iter().map(|app| App::of(&app.client, &app.scope, app.since, t)).collect())
}

impl App {
    fn of(client: &Client, scope: &ScopeSet, since: Timestamp, t: &Texts) -> Self {
        let in_words = |scope: &str| words_of(scope).map_or_else(|| scope.to_owned(), |words| t.get(words.what));
        Self {
            badge: AppBadge::of(client, t.locale()),
            client: client.id.to_string(),
            scopes: scope.iter().map(in_words).collect::<Vec<_>>().join(", "),
            since: day(since),
        }
    }
}

/// The day, in UTC: 2026-11-23.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// The minute, in UTC: 2026-11-23 09:41 UTC.
fn minute(at: Timestamp) -> String {
    let text: String = at.to_string().chars().take(16).collect();
    format!("{} UTC", text.replace('T', " "))
}
