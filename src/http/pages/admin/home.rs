//! The administrator's start page: the first steps with their commands, and what is administered in the browser.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::overview::Overview;
use super::room::Room;
use super::shell::Shell;
use super::{Administrator, connections as providers};
use crate::admin::{Permission, clients, connections, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Texts, keys};
use crate::store::UserQuery;

#[derive(askama::Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    shell: Shell,
    first: Option<FirstSteps>,
    overview: Overview,
}

/// What is shown to those who may take the first steps.
struct FirstSteps {
    /// The sign-in providers by their names; empty where there are none.
    providers: String,
    steps: Vec<Step>,
}

/// What the first steps are of. Who may not do all of it is not asked to.
const NEEDED: &[Permission] = &[Permission::WriteClients, Permission::AssignRoles, Permission::WriteConnections];

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

/// The first steps, in the order in which they are taken.
fn steps(t: &Texts, has_app: bool, has_second: bool) -> Vec<Step> {
    // Whether the setup was checked the server does not know.
    let [app, second, doctor] = State::of_each([Some(has_app), Some(has_second), None]);
    vec![
        Step {
            id: "first-app",
            title: t.get(keys::console::FIRST_APP_TITLE),
            text: t.get(keys::console::FIRST_APP),
            path: "/admin/apps/new",
            command: "haechi clients create",
            state: app,
        },
        Step {
            id: "second-administrator",
            title: t.get(keys::console::SECOND_TITLE),
            text: t.get(keys::console::SECOND),
            path: "/admin/people/new",
            command: "haechi users create --administrator ADDRESS",
            state: second,
        },
        Step {
            id: "doctor",
            title: t.get(keys::console::DOCTOR_TITLE),
            text: t.get(keys::console::DOCTOR),
            path: "",
            command: "haechi doctor",
            state: doctor,
        },
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
    let overview = Overview::of(&context, &administrator, &params, frame.t).await?;
    let shown = HomePage { shell: Shell::of(&context, &administrator, Room::Overview), first, overview, frame };
    Ok(page(&shown, &shown.frame))
}

async fn first_steps(context: &Context, administrator: &Administrator, t: &Texts) -> Result<FirstSteps, PageError> {
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let clients = clients::list(admin, authority, None, 2).await?.items;
    let administering = UserQuery { administers: Some(true), ..UserQuery::default() };
    let administrators = users::list(admin, authority, &administering, 2).await?.items.len();
    let providers = providers::named_in(&connections::list(admin, authority).await?, t);
    Ok(FirstSteps { providers, steps: steps(t, !clients.is_empty(), administrators > 1) })
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
