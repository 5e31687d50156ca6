//! The administrator's start page: what there is, and the first steps with their commands.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use crate::admin::{clients, connections, users};
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};
use crate::model::User;

/// How many accounts are looked through for a second administrator: the first ones that were made.
const LOOKED_AT: u32 = 200;

#[derive(askama::Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    connections: String,
    steps: Vec<Step>,
}

/// One of the first steps.
struct Step {
    id: &'static str,
    title: String,
    text: String,
    command: &'static str,
    /// Whether it is known to be done.
    done: bool,
}

impl Step {
    fn new(id: &'static str, (title, text): (String, String), command: &'static str, done: bool) -> Self {
        Self { id, title, text, command, done }
    }
}

/// The first steps, as far as they are done.
fn steps(t: &Texts, has_app: bool, has_second: bool) -> Vec<Step> {
    let said = |title: Key, text: Key| (t.get(title), t.get(text));
    vec![
        Step::new(
            "first-app",
            said(keys::console::FIRST_APP_TITLE, keys::console::FIRST_APP),
            "haechi clients create --kind web --name Shop --redirect-uri https://shop.example/callback",
            has_app,
        ),
        // Whether the setup was checked the server does not know.
        Step::new("doctor", said(keys::console::DOCTOR_TITLE, keys::console::DOCTOR), "haechi doctor", false),
        Step::new(
            "second-administrator",
            said(keys::console::SECOND_TITLE, keys::console::SECOND),
            "haechi users create --administrator ADDRESS",
            has_second,
        ),
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
        connections: connections::list(admin, authority).await?.len().to_string(),
        steps: steps(frame.t, !clients.is_empty(), administrators > 1),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
