//! The grants: what people allowed apps, with the refresh tokens that the apps have by now.

use std::time::Duration;

use super::apps::{App, Apps};
use super::draw::{Draw, For, spread};
use super::people::People;
use super::{Plan, SeededToken};
use crate::keys::MacKey;
use crate::model::client::ConsentPolicy;
use crate::model::consent::Consent;
use crate::model::epoch::{AccountEpochs, Epoch};
use crate::model::grant::{Grant, GrantTerms, RefreshSlot, Ticket};
use crate::model::session::SignIn;
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::sessions::Means;
use crate::support::id::{GrantId, SignInId};
use crate::support::{Secret, Timestamp, random};
use crate::tokens::code::Code;
use crate::tokens::refresh_token::RefreshToken;

const DAY: Duration = Duration::from_hours(24);
/// For how long a code is good that was exchanged.
const CODE: Duration = Duration::from_mins(1);
/// How many days ago the grants were made that count, and those that have expired.
const LIVE: (u32, u32) = (20, 1);
const EXPIRED: (u32, u32) = (80, 60);
/// How often a refresh token was replaced at most; one in so many grants was revoked, and of one in so many the token before is remembered.
const ROTATIONS: u64 = 40;
const REVOKED: u64 = 100;
const UNSETTLED: u64 = 10;
/// Multiplies, so that what follows each other in time is of people who do not.
const STRIDE: u64 = 2_654_435_761;

/// The grants of a plan: first those that have expired, then those that count.
pub(super) struct Grants<'a> {
    pub(super) plan: &'a Plan,
    pub(super) people: &'a People,
    pub(super) apps: &'a Apps,
    /// Proves that a refresh token is ours.
    pub(super) key: &'a MacKey,
    /// The epoch that the server is in.
    pub(super) server: Epoch,
    pub(super) now: Timestamp,
}

/// A grant, the consent that it is the first of, and its refresh token where that counts.
pub(super) struct Granted {
    pub(super) grant: Grant,
    pub(super) consent: Option<Consent>,
    pub(super) token: Option<SeededToken>,
}

impl Grants<'_> {
    /// How many there are.
    pub(super) const fn count(&self) -> u64 {
        self.plan.expired + self.plan.grants
    }

    /// One of them: those that were made later come later.
    pub(super) fn one(&self, number: u64) -> Granted {
        let draw = Draw::of(self.plan.seed, For::Grant, number);
        match number.checked_sub(self.plan.expired) {
            None => self.expired(number, &draw),
            Some(number) => self.live(number, &draw),
        }
    }

    fn expired(&self, number: u64, draw: &Draw) -> Granted {
        let (person, app) = self.pair(number % self.people.count(), u64::from(u32::MAX) + number);
        let made_at = spread(self.ago(EXPIRED), number, self.plan.expired);
        let (grant, _) = self.granted((person, app), made_at, made_at, draw);
        Granted { grant, consent: None, token: None }
    }

    fn live(&self, number: u64, draw: &Draw) -> Granted {
        let (turn, round) = (number % self.people.count(), number / self.people.count());
        let (person, app) = self.pair(turn, round);
        let made_at = spread(self.ago(LIVE), number, self.plan.grants);
        let (mut grant, text) = self.granted((person, app), made_at, draw.between(made_at, self.now), draw);
        if draw.is_one_in(REVOKED) {
            grant.revoked_at = Some(draw.between(made_at, self.now));
        }
        let client = &app.client;
        let is_first = (0..round).all(|earlier| self.pair(turn, earlier).1.client.id != client.id);
        let is_asked = client.policy.consent == ConsentPolicy::Ask;
        let consent = (is_first && is_asked).then(|| Consent {
            user: grant.user,
            client: client.id.clone(),
            scope: grant.terms.scope.clone(),
            granted_at: made_at,
        });
        let counts = grant.revoked_at.is_none() && client.enabled && People::is_active(person);
        let token = counts.then(|| SeededToken {
            client: client.id.clone(),
            secret: app.secret.clone(),
            refresh_token: Secret::new(text),
        });
        Granted { grant, consent, token }
    }

    /// A person, and the app that they sign in to in this round.
    fn pair(&self, turn: u64, round: u64) -> (u64, &App) {
        let person = turn * STRIDE % self.people.count();
        let draw = Draw::of(self.plan.seed, For::Pair, person.wrapping_mul(STRIDE).wrapping_add(round));
        (person, self.apps.of_pair(&draw))
    }

    fn ago(&self, (from, until): (u32, u32)) -> (Timestamp, Timestamp) {
        (self.now.minus(DAY * from), self.now.minus(DAY * until))
    }

    /// A grant whose code was exchanged a moment after, and whose refresh token was replaced last at this instant; with the token.
    fn granted(
        &self,
        (person, app): (u64, &App),
        made_at: Timestamp,
        rotated_at: Timestamp,
        draw: &Draw,
    ) -> (Grant, String) {
        let (chance, client) = (draw.chance(), &app.client);
        let id = GrantId::new(made_at, chance);
        let epochs = AccountEpochs { account: Epoch::default(), server: self.server };
        let mut sign_in = SignIn::new(SignInId::new(made_at, chance), self.people.id(person), epochs, made_at);
        (sign_in.acr, sign_in.amr) = (Means::Password.acr(), Means::Password.amr());
        let mut terms = GrantTerms::new(client.policy.scopes.clone(), &sign_in);
        terms.resources.clone_from(&client.policy.resources);
        terms.nonce = draw.is_one_in(2).then(|| random::text(chance));
        let redirect_uri = client.redirects.uris.first().map(RegisteredRedirectUri::as_str).map(str::to_owned);
        let challenge = Some(CodeChallenge::of(&random::text(chance)));
        let ticket = Ticket::code(Code::draw(id, chance).0.digest, redirect_uri, challenge, made_at.plus(CODE));
        let ticket = Ticket { used_at: Some(made_at.plus(Duration::from_secs(1))), ..ticket };
        let mut grant = Grant::new(id, (client.id.clone(), Epoch::default()), &sign_in, terms, ticket, made_at);
        let (slot, text) = self.slot(&grant, app, rotated_at, draw);
        grant.expires_at = slot.expires_at.max(made_at.plus(client.tokens.lifetimes.access_token));
        grant.refresh = Some(slot);
        (grant, text)
    }

    fn slot(&self, grant: &Grant, app: &App, rotated_at: Timestamp, draw: &Draw) -> (RefreshSlot, String) {
        let generation = if rotated_at == grant.created_at { 0 } else { draw.below(ROTATIONS) };
        let generation = u32::try_from(generation).unwrap_or(0);
        let (token, text) = RefreshToken::draw(grant.id, generation, self.key, draw.chance());
        let before = generation.checked_sub(1).filter(|_| draw.is_one_in(UNSETTLED));
        let previous = before.map(|before| RefreshToken::draw(grant.id, before, self.key, draw.chance()).0.digest);
        let lifetimes = app.client.tokens.lifetimes;
        let family_ends = grant.created_at.plus(lifetimes.refresh_token_absolute);
        let expires_at = rotated_at.plus(lifetimes.refresh_token_idle).min(family_ends);
        (RefreshSlot { generation, current: token.digest, previous, rotated_at, expires_at }, text)
    }
}
