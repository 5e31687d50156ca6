//! The work that a form asks its browser for before the next guess: what the page holds of it, and its script, or how long to wait without one.

use axum::response::Response;

use super::context::Context;
use crate::http::page_policy::OwnWorkers;
use crate::i18n::{Texts, keys};
use crate::identity::throttling::{Challenge, Purpose};

/// What a page shows and holds of a challenge.
pub(super) struct Work {
    pub(super) challenge: String,
    pub(super) bits: u32,
    /// How long to wait where no script runs.
    pub(super) wait: String,
}

impl Work {
    /// A new challenge for the form of a page, where its guess was held up for one.
    pub(super) async fn ask(context: &Context, t: &Texts, purpose: Purpose, held_up: bool) -> Option<Self> {
        if !held_up {
            return None;
        }
        let Challenge { text, bits, wait } = context.app.throttle.ask_work(purpose, &context.origin()).await?;
        Some(Self { challenge: text, bits, wait: t.with(keys::work::WAIT, "wait", &t.wait(wait)) })
    }
}

/// Lets the page of a form that holds a challenge work for it beside itself.
pub(super) fn with_worker(mut response: Response, work: Option<&Work>) -> Response {
    if work.is_some() {
        response.extensions_mut().insert(OwnWorkers);
    }
    response
}
