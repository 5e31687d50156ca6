//! The last refused requests of each app: as many as are kept of one, no more of a kind than are kept of that, and no two that say the same.

use std::time::Duration;

use super::apps::Apps;
use super::draw::{Draw, For, spread};
use super::{Plan, SeedRejected};
use crate::model::NotedRefusal;
use crate::model::client::Client;
use crate::model::refusal::{Reason, Refusal};
use crate::protocol::resource::Resource;
use crate::store::EXAMPLES_OF_CLIENT;
use crate::support::Timestamp;
use crate::support::id::RefusalId;
use crate::support::request::RequestIds;

/// Over how long they are spread: they are kept a little longer.
const OVER: Duration = Duration::from_hours(24 * 28);
/// How many kinds there are.
const KINDS: u64 = 4;

/// The most of one app.
pub const MOST_OF_APP: u64 = KINDS * EXAMPLES_OF_CLIENT as u64;

/// The refusals of a plan.
pub(super) struct Refusals<'a> {
    pub(super) plan: &'a Plan,
    pub(super) apps: &'a Apps,
    pub(super) requests: RequestIds,
    pub(super) now: Timestamp,
}

impl Refusals<'_> {
    /// One of them: each app has one before any has the next. Those that happened later come later.
    pub(super) fn one(&self, number: u64) -> Result<NotedRefusal, SeedRejected> {
        let draw = Draw::of(self.plan.seed, For::Refusal, number);
        let at = spread((self.now.minus(OVER), self.now), number, self.plan.refusals);
        let client = self.apps.client(number % self.plan.apps.max(1))?;
        let (endpoint, refusal) = refused(&client, number / self.plan.apps.max(1));
        Ok(NotedRefusal {
            id: RefusalId::new(at, draw.chance()),
            at,
            request: self.requests.next().to_string(),
            endpoint: endpoint.to_owned(),
            registered: true,
            refusal,
        })
    }
}

/// What an app was refused for the so-many-th time, and where.
fn refused(client: &Client, nth: u64) -> (&'static str, Refusal) {
    let (endpoint, refusal) = match nth % KINDS {
        0 => {
            let sent = format!("openid reports:{nth}");
            let refusal = Refusal::new(Reason::InvalidScope).at("scope", Some(&sent));
            ("/authorize", refusal.expecting(client.policy.scopes.iter()))
        }
        1 => {
            let sent = format!("https://reports-{nth}.example");
            let refusal = Refusal::new(Reason::InvalidTarget).at("resource", Some(&sent));
            ("/token", refusal.expecting(client.policy.resources.iter().map(Resource::as_str)))
        }
        2 => {
            let sent = format!("code token{nth}");
            let refusal = Refusal::new(Reason::UnsupportedResponseType).at("response_type", Some(&sent));
            ("/authorize", refusal.expecting(["code"]))
        }
        _ => {
            let sent = format!("https://{}.example/bye/{nth}", client.id);
            ("/logout", Refusal::new(Reason::PostLogoutRedirectUri).at("post_logout_redirect_uri", Some(&sent)))
        }
    };
    (endpoint, refusal.by(&client.id))
}
