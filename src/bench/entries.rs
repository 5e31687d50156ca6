//! The audit log: what happens at a server, in the proportions in which it does, with every entry as the one who writes it in production makes it.

use std::net::Ipv4Addr;
use std::time::Duration;

use super::Plan;
use super::apps::Apps;
use super::draw::{Draw, For, spread};
use super::people::People;
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind, AuditTarget};
use crate::support::Timestamp;
use crate::support::id::{GrantId, SignInId};
use crate::support::request::RequestIds;

/// How many entries of a hundred are of which kind.
const KINDS: &[(AuditKind, u64)] = &[
    (AuditKind::SignedIn, 60),
    (AuditKind::SignedOut, 10),
    (AuditKind::SignInFailed, 10),
    (AuditKind::ConsentGiven, 10),
    (AuditKind::UserChanged, 5),
    (AuditKind::PasswordChanged, 2),
    (AuditKind::TokenRevoked, 2),
    (AuditKind::ClientChanged, 1),
];

/// The entries of a plan.
pub(super) struct Entries<'a> {
    pub(super) plan: &'a Plan,
    pub(super) people: &'a People,
    pub(super) apps: &'a Apps,
    pub(super) requests: RequestIds,
    /// Over how long they are spread, up to now: they are not to be shortened away at once.
    pub(super) over: Duration,
    pub(super) now: Timestamp,
}

impl Entries<'_> {
    /// One of them: those that happened later come later.
    pub(super) fn one(&self, number: u64) -> AuditEvent {
        let draw = Draw::of(self.plan.seed, For::Entry, number);
        let at = spread((self.now.minus(self.over), self.now), number, self.plan.entries);
        let kind = kind(draw.below(100));
        let user = self.people.id(draw.below(self.people.made_before(at)));
        let app = &self.apps.of_pair(&draw).client;
        let by = |actor: Actor| AuditEvent::new(kind, actor, at, draw.chance());
        let of_user = || by(Actor::User(user)).to_user(user);
        let event = match kind {
            AuditKind::SignedIn => of_user().saying("password"),
            AuditKind::SignedOut => of_user().to(AuditTarget::Session(SignInId::new(at, draw.chance()))),
            AuditKind::SignInFailed => by(Actor::Anonymous).to_user(user),
            AuditKind::ConsentGiven => of_user().to_client(app.id.clone()).saying(app.policy.scopes.to_string()),
            AuditKind::TokenRevoked => {
                let grant = GrantId::new(at, draw.chance());
                by(Actor::Client(app.id.clone())).to_user(user).to_client(app.id.clone()).saying(grant.to_string())
            }
            AuditKind::ClientChanged => by(Actor::Operator).to_client(app.id.clone()),
            _ => of_user(),
        };
        // What the operator does at the command line is on behalf of no request.
        if kind == AuditKind::ClientChanged { event } else { self.on_behalf_of_a_request(event, &draw) }
    }

    fn on_behalf_of_a_request(&self, event: AuditEvent, draw: &Draw) -> AuditEvent {
        // RFC 5737 section 3: addresses for documentation.
        let address = Ipv4Addr::new(203, 0, 113, u8::try_from(draw.below(256)).unwrap_or(0));
        AuditEvent { address: Some(address.to_string()), request: Some(self.requests.next().to_string()), ..event }
    }
}

/// The kind that this one of a hundred is of.
fn kind(drawn: u64) -> AuditKind {
    let mut left = drawn;
    for (kind, share) in KINDS {
        match left.checked_sub(*share) {
            None => return *kind,
            Some(rest) => left = rest,
        }
    }
    AuditKind::SignedIn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_share_of_a_hundred() {
        assert_eq!(KINDS.iter().map(|(_, share)| share).sum::<u64>(), 100);
        for (wanted, share) in KINDS {
            let drawn = (0..100).filter(|drawn| kind(*drawn) == *wanted).count();
            assert_eq!(drawn as u64, *share, "{wanted:?}");
        }
    }
}
