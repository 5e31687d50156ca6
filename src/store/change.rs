//! Units of work: changes that are committed together.

use async_trait::async_trait;

use super::{GrantFilter, Ground, LogoOwner, StoreResult};
use crate::model::affiliation::Affiliation;
use crate::model::api::Api;
use crate::model::attribute::AttributeDefinition;
use crate::model::audit_event::AuditEvent;
use crate::model::claim_rule::ClaimRule;
use crate::model::client::{Client, ClientId};
use crate::model::connection::Connection;
use crate::model::consent::Consent;
use crate::model::delegation::Delegation;
use crate::model::factor::{Factor, SpentCode};
use crate::model::logo::Logo;
use crate::model::mail::Mail;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::passkey::{Passkey, PasskeyUse};
use crate::model::policy::Policy;
use crate::model::signing_key::SigningKeyRecord;
use crate::model::upstream_link::{LinkEpochs, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::model::user::{PasswordCredential, User};
use crate::model::user_edit::UserEdit;
use crate::model::webhook::{Message, Webhook};
use crate::support::id::{
    AffiliationId, ApiId, ConnectionId, FactorId, MailId, OneTimeTokenId, PasskeyId, SignInId, UserId, WebhookId,
};
use crate::support::{Digest, Timestamp};

/// One step of a unit of work. Those that are committed together all happen or none.
#[derive(Clone, Debug)]
pub enum Change {
    /// Changes nothing, and fails unless what the others were decided by still holds.
    Holds(Ground),
    /// Adds an account. `Taken` when the address is in use.
    InsertUser(User),
    /// Replaces an account whose stored version is `version`, and counts the version up. `Stale`, `Taken`, `LastAdministrator` or
    /// `LastOwner`.
    UpdateUser(User),
    /// Edits an account as it is stored then. `Stale` where it is gone or not as the edit was decided for, or is given what is not there; `LastAdministrator`, `LastOwner`.
    EditUser(UserEdit),
    /// Deletes an account as it is stored then, and frees its address: everything of it ends, and its rows go later. Refused as an edit is.
    DeleteUser(UserEdit),
    /// Sets the password of an account.
    PutPassword(PasswordCredential),
    /// Takes the password of an account away, where it has one.
    DeletePassword(UserId),
    /// Adds a second factor. `Taken` where the account has as many as it may have, `Stale` where it is gone.
    InsertFactor(Factor),
    /// Gives a second factor of an account another name. `Stale` where there is none.
    RenameFactor(UserId, FactorId, String),
    /// Takes a second factor from an account, and with the last one its recovery codes. `Stale` where there is none.
    DeleteFactor(UserId, FactorId),
    /// Takes every second factor and every recovery code from an account.
    DeleteFactors(UserId),
    /// Spends a code of an account: `TokenSpent` where it was spent before, a later one was, or it is none of the account's.
    SpendCode {
        /// The account.
        user: UserId,
        /// The code.
        code: SpentCode,
        /// The present: when the factor was used last.
        now: Timestamp,
    },
    /// Replaces the recovery codes of an account by these, which were made then. `Stale` where it is gone.
    PutRecoveryCodes(UserId, Vec<Digest>, Timestamp),
    /// Remembers that an account was let in once without the second factor that it needs. `Taken` where it was before.
    OfferFactor(UserId, Timestamp),
    /// Declares an attribute of accounts. `Taken` when the name is in use.
    InsertAttribute(AttributeDefinition),
    /// Replaces a declared attribute whose stored version is `version`, and counts the version up. `Stale` otherwise.
    UpdateAttribute(AttributeDefinition),
    /// Takes a declared attribute back. `Stale` where there is none.
    DeleteAttribute(String),
    /// Adds a group or a role. `Taken` when the name is in use; `Stale` where its client is not there.
    InsertAffiliation(Affiliation),
    /// Replaces a group or a role whose stored version is `version`, and counts the version up. `Stale` otherwise.
    UpdateAffiliation(Affiliation),
    /// Deletes a group or a role: nobody has it any more. `Stale` where there is none.
    DeleteAffiliation(AffiliationId),
    /// Gives an account the management of an app, or of the people in a group. `Stale` where the account or that is not there, `Taken` where it has it,
    /// `Full` where there are as many as there may be.
    InsertDelegation(UserId, Delegation),
    /// Takes the management of an app or a group from an account. `Stale` where it has none.
    DeleteDelegation(UserId, Delegation),
    /// Gives the management of an app or a group to a client, for what it does for itself, as to an account.
    InsertClientDelegation(ClientId, Delegation),
    /// Takes the management of an app or a group from a client. `Stale` where it has none.
    DeleteClientDelegation(ClientId, Delegation),
    /// Adds a claim rule. `Taken` when the name is in use, or another rule gives the same apps the same claim in one place; `Stale` where its client is
    /// not there.
    InsertClaimRule(ClaimRule),
    /// Replaces a claim rule whose stored version is `version`, and counts the version up. `Stale` otherwise; refused as a new one is.
    UpdateClaimRule(ClaimRule),
    /// Deletes a claim rule. `Stale` where there is none.
    DeleteClaimRule(String),
    /// Adds a client. `Taken` when the id is in use. Where a client of the id was deleted, the new one begins in a later epoch than that had.
    InsertClient(Client),
    /// Replaces a client whose stored version is `version`, and counts the version up. `Stale` otherwise.
    UpdateClient(Client),
    /// Deletes a client with its roles, claim rules and logo: with it end its consents and grants, whose rows go later.
    DeleteClient(ClientId),
    /// Forgets what everybody agreed to for a client before the epoch that it is in; the rows go later.
    ForgetConsents(ClientId),
    /// Declares an API. `Taken` when the resource is another's already.
    InsertApi(Box<Api>),
    /// Replaces an API whose stored version is `version`, and counts the version up. `Stale` otherwise.
    UpdateApi(Box<Api>),
    /// Takes an API back. `Stale` where there is none, or where a client may ask tokens for it.
    DeleteApi(ApiId),
    /// Adds a connection to an upstream provider. `Taken` when the id or the slug is in use.
    InsertConnection(Box<Connection>),
    /// Replaces a connection whose stored version is `version`, and counts the version up. `Stale` otherwise, or when the slug is another.
    /// Where it keeps no tokens, its links lose those that they have.
    UpdateConnection(Box<Connection>),
    /// Deletes a connection with its links, whose rows go later.
    DeleteConnection {
        /// The connection.
        id: ConnectionId,
        /// Whether the sessions and grants that came through it end.
        ends: bool,
    },
    /// Replaces the policy whose stored version is `version`, and counts that up. `Stale` otherwise; `LockedOut` where nobody who administers the
    /// server could sign in by it.
    PutPolicy(Box<Policy>),
    /// Puts a logo in the place of the one that its owner had. The owner's own document says which it is.
    PutLogo(LogoOwner, Box<Logo>),
    /// Takes the logo of an owner away, where they have one.
    DeleteLogo(LogoOwner),
    /// Adds a link. `Taken` when the identity is linked already, to any account; `Ended` unless the account and the connection are in these
    /// epochs and may be used.
    InsertUpstreamLink(UpstreamLink, LinkEpochs),
    /// Sets the label, the tokens, the last use and the subject of a link that is kept under another one so far, or under the same. `Stale`
    /// unless it is there and leads to this account; `Taken` where another link has the new subject.
    TouchUpstreamLink {
        /// What it is found by so far.
        was: UpstreamSubject,
        /// The link as it is to be.
        link: UpstreamLink,
    },
    /// Moves the server from one issuer to another. `Stale` where it has another one.
    ChangeIssuer {
        /// The issuer so far.
        from: String,
        /// The issuer from now on.
        to: String,
    },
    /// Removes a link of an account. `Stale` where there is none; `LastWayIn` where the account has nothing else that counts: no password, no
    /// passkey, and no other link of an enabled connection.
    DeleteUpstreamLink(UpstreamIdentity, UserId),
    /// Adds a passkey to an account. `Taken` when its credential is some account's already, `Full` where the account has as many as one may have;
    /// `Stale` where the account is gone.
    InsertPasskey(Box<Passkey>),
    /// Gives a passkey of an account another name. `Stale` where there is none.
    RenamePasskey {
        /// The passkey.
        id: PasskeyId,
        /// The account that it is of.
        user: UserId,
        /// Its name from now on.
        name: String,
    },
    /// Notes that a passkey was used. `Stale` where it is gone, or its counter does not count up: then two have its key.
    UsePasskey(PasskeyUse),
    /// Remembers when an account did not want a passkey that it was offered. `Stale` where it is gone.
    DeclinePasskey(UserId, Timestamp),
    /// Removes a passkey of an account. `Stale` where there is none; `LastWayIn` where the account has neither a password that counts, nor another passkey,
    /// nor a link of an enabled connection.
    DeletePasskey(PasskeyId, UserId),
    /// Removes every passkey of an account, whether it has another way in or not: of who is let back in by one that goes along.
    DeletePasskeys(UserId),
    /// Adds or replaces the consent of an account to a client.
    PutConsent(Consent),
    /// Withdraws what an account allowed a client: its consent, where there is one, and every grant.
    WithdrawConsent(UserId, ClientId),
    /// Revokes every grant that matches and is not revoked yet.
    RevokeGrants(GrantFilter, Timestamp),
    /// Ends a sign-in for good, or all that rest on a provider's session, whatever a session store may bring back, until `until`.
    EndSignIn {
        /// The sign-in that ends, or [what](crate::model::session::end_mark_of) the end of the provider's session is remembered by.
        id: SignInId,
        /// Until when the end is remembered: the latest instant at which the session could still have lived.
        until: Timestamp,
    },
    /// Ends one sign-in as [`EndSignIn`](Self::EndSignIn) does, and adds the entry that tells of it to the audit log if this is what ended it: of
    /// many that end it at one instant one does.
    SignOut {
        /// The sign-in that ends.
        id: SignInId,
        /// Until when the end is remembered.
        until: Timestamp,
        /// What the audit log says of it.
        event: Box<AuditEvent>,
    },
    /// Adds a one-time token.
    InsertOneTimeToken(OneTimeToken),
    /// Forgets every unused one-time token of a purpose.
    DropOneTimeTokens(OneTimeTokenPurpose),
    /// Forgets every unused one-time token of a purpose and an account: a new one ends those before it.
    DropOneTimeTokensOf(OneTimeTokenPurpose, UserId),
    /// Removes the links, passkeys, second factors and recovery codes of an account that were made since then, whether it has another way in or not: what
    /// somebody else prepared.
    DeleteWaysInSince {
        /// Whose they are.
        user: UserId,
        /// Since when.
        since: Timestamp,
    },
    /// Puts a mail into the outbox.
    PutMail(Box<Mail>),
    /// The same of one that anybody can ask for: only where its account is there, if it is about one, and neither that nor its address was mailed `most` of them within an
    /// hour. Nothing shows whether it was put there, and it costs the same.
    PutAskedMail {
        /// The mail.
        mail: Box<Mail>,
        /// The most of an hour.
        most: u32,
    },
    /// Sends a mail from the beginning that was given up. `Stale` where it is in no such state.
    RetryMail {
        /// The mail.
        id: MailId,
        /// The present.
        now: Timestamp,
    },
    /// Gives a mail up that was not sent: what it says is forgotten. `Stale` where there is none.
    DropMail {
        /// The mail.
        id: MailId,
        /// The present.
        now: Timestamp,
    },
    /// Spends a one-time token: `TokenSpent` unless it is there, unused, unexpired and has this digest.
    TakeOneTimeToken {
        /// The token that is presented.
        id: OneTimeTokenId,
        /// The digest of what was presented.
        digest: Digest,
        /// The present: the token must not have expired.
        now: Timestamp,
    },
    /// Gives a one-time token that waits another text, another code and another end, to be tried as often as any: `TokenSpent` unless it is there, unused, unexpired and
    /// has the digest that was seen. One that is given the digest that it has keeps the tries that were made.
    RenewOneTimeToken {
        /// The digest that was seen.
        seen: Digest,
        /// The token as it is from then on.
        token: OneTimeToken,
        /// The present: the token must not have expired.
        now: Timestamp,
    },
    /// Counts a try at the code of a one-time token, before it is looked at: `TokenSpent` unless it is there, unused, unexpired, good in this browser, and
    /// was not tried as often as it may be.
    TryCode {
        /// The token.
        id: OneTimeTokenId,
        /// The browser that it must be good in.
        browser: Digest,
        /// The present.
        now: Timestamp,
    },
    /// Spends a one-time token whose code was tried as often as it may be.
    EndTriedOut {
        /// The token.
        id: OneTimeTokenId,
        /// The present.
        now: Timestamp,
    },
    /// Uses a value that must not be used again before `until`: `TokenSpent` where it was used before.
    UseOnce {
        /// The digest of the value.
        value: Digest,
        /// Until when it is remembered.
        until: Timestamp,
        /// The present.
        now: Timestamp,
    },
    /// Fails with `AlreadyClaimed` when any administrator was ever made; otherwise remembers that one was now.
    ClaimServer(Timestamp),
    /// Ends every session and grant of every account: the server begins another epoch, which no copy of the database had before this instant.
    EndEverything(Timestamp),
    /// Adds a webhook, which is told what happens from then on.
    InsertWebhook(Webhook),
    /// Replaces a webhook whose stored version is `version`, and counts the version up. `Stale` otherwise. One that is switched on is told what
    /// happens from then on.
    UpdateWebhook(Webhook),
    /// Deletes a webhook with the messages to it.
    DeleteWebhook(WebhookId),
    /// Adds a message to a webhook; one that is there is sent from the beginning, unless it waits. `Stale` where the webhook is gone.
    PutMessage(Message),
    /// Replaces the whole ring of signing keys if its version is still the one that was read, and counts that up. `Stale` otherwise.
    ReplaceKeys {
        /// The version of the ring that was read.
        expected: u64,
        /// The keys from now on.
        keys: Vec<SigningKeyRecord>,
    },
    /// Refuses a signing key from now on, by a digest of its public part: it was revoked.
    RefuseKey {
        /// The digest.
        key: Digest,
        /// Until when it is remembered.
        until: Timestamp,
    },
    /// Adds an entry to the audit log.
    Audit(AuditEvent),
    /// Fails with `TakenBack` where everything before it went well: for who wants to know whether it would.
    TakeBack,
}

/// Commits units of work.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// Makes all the changes, in order, or none. `LockedOut` where passwords do not count, and nobody who administers the server would be left
    /// with another way in. Whatever a node may have cached of them is forgotten everywhere: the store's
    /// [`RevisionStore::revision`] counts up with the commit when a client or an API changed.
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()>;
}
