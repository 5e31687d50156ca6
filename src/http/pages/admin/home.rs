//! The administrator's start page: the first steps with their commands, and what is administered in the browser.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::overview::Overview;
use super::room::Room;
use super::shell::Shell;
use super::{Administrator, connections as providers, delegated};
use crate::admin::{Permission, audit, clients, connections, production, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, Texts, keys};
use crate::model::audit_event::AuditKind;
use crate::model::audit_filter::AuditFilter;
use crate::store::UserQuery;

#[derive(askama::Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    shell: Shell,
    /// What the console is for them.
    intro: Key,
    first: Option<FirstSteps>,
    /// What they manage without a role.
    delegated: Vec<delegated::Row>,
    /// Whether anything of the whole server is theirs to look after.
    oversees: bool,
    overview: Overview,
}

/// What is shown to those who may take the first steps.
struct FirstSteps {
    /// The sign-in providers by their names; empty where there are none.
    providers: String,
    steps: Vec<Step>,
}

/// What the first steps are of. Who may not do all of it is not asked to.
const NEEDED: &[Permission] = &[
    Permission::WriteClients,
    Permission::AssignRoles,
    Permission::WriteConnections,
    Permission::ReadAudit,
    Permission::ReadSettings,
];
/// What somebody needs one of, to be told what needs attention: who has none looks after single apps and groups.
const OVERSEEING: &[Permission] = &[
    Permission::ReadKeys,
    Permission::ReadUsers,
    Permission::ReadClients,
    Permission::ReadWebhooks,
    Permission::ReadSettings,
];
/// What the audit log has of a login to an app: that it was tried out, or that somebody allowed it something.
const LOGINS: &[AuditKind] = &[AuditKind::ClientTried, AuditKind::ConsentGiven];

/// One of the first steps.
struct Step {
    id: &'static str,
    title: String,
    text: String,
    /// Where it is done in the browser; empty where it is not.
    path: &'static str,
    /// The command that does the same.
    command: &'static str,
    state: State,
}

/// Where a step stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Done,
    /// What to do now.
    Next,
    /// What can wait, or of which nobody can know whether it is done.
    Open,
}

impl State {
    /// The first thing that is known not to be done comes next.
    fn of_each<const N: usize>(done: [Option<bool>; N]) -> [Self; N] {
        let next = done.iter().position(|&done| done == Some(false));
        std::array::from_fn(|at| match done[at] {
            Some(true) => Self::Done,
            _ if next == Some(at) => Self::Next,
            _ => Self::Open,
        })
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Next => "next",
            Self::Open => "open",
        }
    }
}

/// The steps of which is known whether they were taken.
const FIRST_APP: &str = "first-app";
const FIRST_LOGIN: &str = "first-login";
const SECOND: &str = "second-administrator";
const PRODUCTION: &str = "production";

/// The first steps, in the order in which they are taken.
fn steps(t: &Texts, taken: &[&str]) -> Vec<Step> {
    use keys::console as text;
    // Whether the setup was looked at and a backup is made the server does not know.
    let known = |id| Some(taken.contains(&id));
    let known = [None, known(FIRST_APP), known(FIRST_LOGIN), known(SECOND), None, known(PRODUCTION)];
    let [setup, app, login, second, backup, production] = State::of_each(known);
    let step = |id, (title, words), path, command, state| Step {
        id,
        title: t.get(title),
        text: t.get(words),
        path,
        command,
        state,
    };
    vec![
        step("claimed", (text::CLAIMED_TITLE, text::CLAIMED), "", "", State::Done),
        step("doctor", (text::DOCTOR_TITLE, text::DOCTOR), "/admin/setup", "haechi doctor", setup),
        step(FIRST_APP, (text::FIRST_APP_TITLE, text::FIRST_APP), "/admin/apps/new", "haechi clients create", app),
        step(FIRST_LOGIN, (text::FIRST_LOGIN_TITLE, text::FIRST_LOGIN), "/admin/apps", "haechi demo", login),
        step(
            SECOND,
            (text::SECOND_TITLE, text::SECOND),
            "/admin/people/new",
            "haechi users create --administrator ADDRESS",
            second,
        ),
        step("backup", (text::BACKUP_TITLE, text::BACKUP), "", "", backup),
        step(PRODUCTION, (text::PRODUCTION_TITLE, text::PRODUCTION), "/admin/setup/production", "", production),
    ]
}

/// `GET /admin`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let frame = Frame::of(&context, context.locale.0);
    let takes_steps = NEEDED.iter().all(|&permission| administrator.may(permission));
    let first = if takes_steps { Some(first_steps(&context, &administrator, frame.t).await?) } else { None };
    let oversees = OVERSEEING.iter().any(|&permission| administrator.may(permission));
    let overview = Overview::of(&context, &administrator, &params, frame.t).await?;
    let shown = HomePage {
        shell: Shell::of(&context, &administrator, Room::Overview),
        intro: intro(takes_steps, oversees),
        first,
        delegated: delegated::rows(&context, &administrator, context.locale.0).await?,
        oversees,
        overview,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// What the console is for somebody: all of it, what their roles are for, or what they were given to manage.
const fn intro(takes_steps: bool, oversees: bool) -> Key {
    match (takes_steps, oversees) {
        (true, _) => keys::console::INTRO,
        (false, true) => keys::console::INTRO_ROLES,
        (false, false) => keys::console::INTRO_DELEGATED,
    }
}

async fn first_steps(context: &Context, administrator: &Administrator, t: &Texts) -> Result<FirstSteps, PageError> {
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let clients = clients::list(admin, authority, None, 2).await?.items;
    let administering = UserQuery { administers: Some(true), ..UserQuery::default() };
    let administrators = users::list(admin, authority, &administering, 2).await?.items.len();
    let providers = providers::named_in(&connections::list(admin, authority).await?, t);
    let logins = AuditFilter { kinds: LOGINS.to_vec(), ..AuditFilter::default() };
    let known = [
        (FIRST_APP, clients.iter().any(|client| !client.id.is_of_demo())),
        (FIRST_LOGIN, !audit::find(admin, authority, &logins, None, 1).await?.events.is_empty()),
        (SECOND, administrators > 1),
        (PRODUCTION, production::missing(authority, &context.app.config)?.is_empty()),
    ];
    let taken: Vec<_> = known.into_iter().filter(|(_, taken)| *taken).map(|(id, _)| id).collect();
    Ok(FirstSteps { providers, steps: steps(t, &taken) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_thing_that_is_not_done_comes_next() {
        let classes = |done| State::of_each::<3>(done).map(State::class);
        assert_eq!(classes([Some(false), Some(false), None]), ["next", "open", "open"]);
        assert_eq!(classes([Some(true), Some(false), None]), ["done", "next", "open"]);
        assert_eq!(classes([Some(false), Some(true), None]), ["next", "done", "open"]);
        assert_eq!(classes([Some(true), Some(true), None]), ["done", "done", "open"]);
    }
}
