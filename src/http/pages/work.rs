//! The work that a form asks its browser for before the next guess: what the page holds of it, and its script, or how long to wait without one.
//!
//! A page whose next guess will cost work says so as it is drawn, so that the browser works while somebody types. The form of the login page does not know yet whose
//! password it will be: its script asks, with what was typed as the account's name and never with a password, before it sends the form.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::context::Context;
use super::problems::Shown;
use crate::http::json::Json;
use crate::http::page_policy::OwnWorkers;
use crate::i18n::{Texts, keys};
use crate::identity::Origin;
use crate::identity::throttling::{Challenge, Purpose};

/// What a page shows and holds of a challenge.
pub(super) struct Work {
    pub(super) challenge: String,
    pub(super) bits: u32,
    /// How long to wait where no script runs; empty where the work is done.
    pub(super) wait: String,
}

impl Work {
    /// A new challenge for the form of a page, where its next guess costs one; or the one that is met and not spent.
    pub(super) async fn ask(context: &Context, t: &Texts, purpose: Purpose, due: bool) -> Option<Self> {
        if let Some(met) = context.unspent.get() {
            return Some(Self { challenge: met.text.clone(), bits: met.bits, wait: String::new() });
        }
        if !due {
            return None;
        }
        let Challenge { text, bits, wait } = context.app.throttle.ask_work(purpose, &context.origin()).await?;
        Some(Self { challenge: text, bits, wait: t.with(keys::work::WAIT, "wait", &t.wait(wait)) })
    }
}

/// Whether a form that is shown again was held up for work.
pub(super) fn held_up(problem: Option<&Shown>) -> bool {
    problem.is_some_and(|shown| shown.asks_work)
}

/// Keeps for the form what its browser worked for, where nobody looked at the guess because too many wait: nobody works twice for one.
pub(super) async fn kept(context: &Context, from: &Origin, presented: Option<&str>, problem: &Shown) {
    let Some(presented) = presented.filter(|_| from.worked && problem.is_busy()) else { return };
    if let Some(met) = context.app.throttle.give_work_back(presented, from).await {
        // The first one: a request makes one guess.
        context.unspent.get_or_init(|| met);
    }
}

/// What the script of a form is told that asks, before it sends it: a challenge, or that there is none to meet.
pub(super) async fn told(context: &Context, purpose: Purpose, due: bool) -> Response {
    let asked = if due { context.app.throttle.ask_work(purpose, &context.origin()).await } else { None };
    match asked {
        Some(Challenge { text, bits, .. }) => Json(json!({ "challenge": text, "bits": bits })).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Lets the page of a form that holds a challenge, or asks for one, work for it beside itself.
pub(super) fn with_worker(mut response: Response, works: bool) -> Response {
    if works {
        response.extensions_mut().insert(OwnWorkers);
    }
    response
}
