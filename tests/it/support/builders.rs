//! Accounts, sign-ins, grants, clients and connections for tests: complete values, which a test changes where it is about a field
//! (`User { roles, ..user(…) }`). They rest on the constructors of `model`, so that a new field is added there and nowhere here.

use std::time::Duration;

use haechi::model::client::{Client, ClientId, ClientKind};
use haechi::model::connection::{Connection, Slug};
use haechi::model::epoch::{AccountEpochs, Epoch};
use haechi::model::grant::{Grant, GrantTerms, Ticket};
use haechi::model::passkey::{Backup, CredentialId, KeyProtection, Passkey, StoredCredential};
use haechi::model::session::SignIn;
use haechi::model::user::{EmailAddress, User};
use haechi::protocol::ScopeSet;
use haechi::support::id::{ConnectionId, GrantId, PasskeyId, SignInId, UserId};
use haechi::support::{Digest, Random, Timestamp};
use uuid::Uuid;

/// An account with a verified address.
pub fn user(email: &str, now: Timestamp, random: &dyn Random) -> User {
    let email = EmailAddress::parse(email).unwrap();
    User { email_verified: true, ..User::new(UserId::new(now, random), email, now) }
}

/// A sign-in by password, in the first epochs of the account and of the server.
pub fn sign_in(user: UserId, now: Timestamp, random: &dyn Random) -> SignIn {
    let id = SignInId::new(now, random);
    SignIn { amr: vec!["pwd".to_owned()], ..SignIn::new(id, user, AccountEpochs::default(), now) }
}

/// What an end-user granted to a client in a new sign-in by password, in the first epochs of both. Its code, which nobody knows, counts for a minute.
pub fn grant(user: UserId, client: &str, scope: &str, now: Timestamp, random: &dyn Random) -> Grant {
    let id = GrantId::new(now, random);
    let sign_in = sign_in(user, now, random);
    let terms = GrantTerms::new(ScopeSet::parse(scope).unwrap(), &sign_in);
    let code = Ticket::code(Digest::of("code", id.as_bytes()), None, None, now.plus(Duration::from_mins(1)));
    Grant::new(id, (ClientId::parse(client).unwrap(), Epoch::default()), &sign_in, terms, code, now)
}

/// A client with nothing allowed that the kind does not bring along.
pub fn client(id: &str, kind: ClientKind, now: Timestamp) -> Client {
    Client::new(ClientId::parse(id).unwrap(), id.to_owned(), kind, now)
}

/// A connection of a preset, switched on.
pub fn connection(slug: &str, preset: &str, client_id: &str, now: Timestamp, random: &dyn Random) -> Connection {
    let (id, slug) = (ConnectionId::new(now, random), Slug::parse(slug).unwrap());
    Connection { enabled: true, ..Connection::new(id, slug, preset.to_owned(), client_id.to_owned(), now) }
}

/// A passkey that an account made where browsers had them for the issuer. Nobody signs in by it.
pub fn passkey(user: &User) -> Passkey {
    Passkey {
        id: PasskeyId::from_bytes([9; 16]),
        user: user.id,
        credential_id: CredentialId::parse(&[7; 32]).unwrap(),
        credential: StoredCredential("{}".to_owned()),
        name: "Phone".to_owned(),
        aaguid: Uuid::from_u128(7),
        sign_count: 0,
        backup: Backup::BackedUp,
        protection: KeyProtection::Unproved,
        created_at: user.created_at,
        last_used_at: None,
    }
}
