//! The administrator's start page: the first steps with their commands, and what is administered in the browser.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::{Administrator, connections as providers};
use crate::admin::{clients, connections, users};
use crate::http::error::PageError;
use crate::i18n::{Texts, keys};
use crate::model::User;

/// How many accounts are looked through for a second administrator: the first ones that were made.
const LOOKED_AT: u32 = 200;

#[derive(askama::Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    /// The sign-in providers by their names; empty where there are none.
    providers: String,
    steps: Vec<Step>,
}

/// One of the first steps.
struct Step {
    id: &'static str,
    title: String,
    text: String,
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
            command: "haechi clients create",
            state: app,
        },
        Step {
            id: "second-administrator",
            title: t.get(keys::console::SECOND_TITLE),
            text: t.get(keys::console::SECOND),
            command: "haechi users create --administrator ADDRESS",
            state: second,
        },
        Step {
            id: "doctor",
            title: t.get(keys::console::DOCTOR_TITLE),
            text: t.get(keys::console::DOCTOR),
            command: "haechi doctor",
            state: doctor,
        },
    ]
}

/// `GET /admin`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let clients = clients::list(admin, authority, None, 2).await?.items;
    let accounts = users::list(admin, authority, None, None, LOOKED_AT).await?.items;
    let administrators = accounts.iter().filter(|user| User::is_administrator(user)).count();
    let frame = Frame::of(&context, context.locale.0);
    let shown = HomePage {
        providers: providers::named_in(&connections::list(admin, authority).await?, frame.t),
        steps: steps(frame.t, !clients.is_empty(), administrators > 1),
        frame,
    };
    Ok(page(&shown, &shown.frame))
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
