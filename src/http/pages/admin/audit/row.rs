//! An entry of the audit log in the words of the page.

use std::collections::{HashMap, HashSet};

use futures_util::future::try_join_all;

use super::objects::{self, Objects, Place};
use crate::admin::{Administration, Authority, Rejected, clients, users};
use crate::i18n::{Key, Texts, keys};
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind, AuditOutcome, AuditTarget};
use crate::model::client::ClientId;
use crate::support::id::UserId;

/// An entry as the list shows it.
pub(in super::super) struct Row {
    pub(in super::super) id: String,
    /// The second, in UTC.
    pub(in super::super) at: String,
    pub(in super::super) what: String,
    pub(in super::super) refused: bool,
    pub(in super::super) outcome: String,
    pub(in super::super) who: Named,
    pub(in super::super) on: Option<Named>,
    /// The app, where something else than the app is what it happened to.
    pub(in super::super) app: Option<Named>,
    pub(in super::super) address: String,
    pub(in super::super) request: String,
    pub(in super::super) detail: String,
    /// The account that it happened to, to look for more of it.
    pub(in super::super) user: Option<String>,
}

/// Somebody or something, and its page where it has one.
pub(in super::super) struct Named {
    pub(in super::super) text: String,
    pub(in super::super) path: Option<String>,
}

/// The addresses of the accounts, the clients, and what else entries name, that are still there.
pub(super) struct Names {
    people: HashMap<UserId, String>,
    clients: HashSet<ClientId>,
    objects: Objects,
}

impl Names {
    /// Those that entries name.
    pub(super) async fn in_entries(
        admin: &Administration,
        authority: &Authority,
        events: &[AuditEvent],
    ) -> Result<Self, Rejected> {
        let person = async |id: UserId| -> Result<Option<(UserId, String)>, Rejected> {
            Ok(users::find(admin, authority, &id.to_string()).await?.map(|user| (id, user.email.to_string())))
        };
        let client = async |id: ClientId| -> Result<Option<ClientId>, Rejected> {
            Ok(clients::find(admin, authority, &id).await?.map(|client| client.id.clone()))
        };
        let ids: HashSet<UserId> = events.iter().flat_map(|event| [acting(event), event.user]).flatten().collect();
        let people = try_join_all(ids.into_iter().map(person)).await?.into_iter().flatten().collect();
        let ids: HashSet<ClientId> = events.iter().flat_map(clients_of).collect();
        let clients = try_join_all(ids.into_iter().map(client)).await?.into_iter().flatten().collect();
        Ok(Self { people, clients, objects: Objects::in_entries(admin, authority, events).await? })
    }

    fn person(&self, id: UserId) -> Named {
        match self.people.get(&id) {
            Some(email) => Named { text: email.clone(), path: Some(format!("/admin/people/{id}")) },
            None => Named::plain(id.to_string()),
        }
    }

    fn client(&self, id: &ClientId) -> Named {
        let path = self.clients.contains(id).then(|| format!("/admin/apps/{id}"));
        Named { text: id.to_string(), path }
    }
}

/// The clients that an entry names: who acts, and what it is about.
fn clients_of(event: &AuditEvent) -> impl Iterator<Item = ClientId> {
    let acting = match &event.actor {
        Actor::Client(id) => Some(id.clone()),
        _ => None,
    };
    let target = match event.happened_to() {
        Some(AuditTarget::Client(id)) => Some(id),
        _ => None,
    };
    acting.into_iter().chain(target).chain(event.client.clone())
}

fn acting(event: &AuditEvent) -> Option<UserId> {
    match event.actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

impl Named {
    fn plain(text: String) -> Self {
        Self { text, path: None }
    }
}

impl Row {
    pub(super) fn of(t: &Texts, event: &AuditEvent, names: &Names) -> Self {
        let outcome = event.kind.outcome();
        let refused = outcome == AuditOutcome::Refused;
        let target = event.happened_to();
        let of_app = matches!(target, Some(AuditTarget::Client(_)));
        Self {
            id: event.id.to_string(),
            at: event.at.to_string().chars().take(19).collect::<String>().replace('T', " "),
            what: t.get(words_of(event.kind)),
            refused,
            outcome: t.get(if refused { keys::audit::REFUSED } else { keys::audit::SUCCEEDED }),
            who: who(t, &event.actor, names),
            on: target.map(|target| on(t, event, &target, names)),
            app: event.client.as_ref().filter(|_| !of_app).map(|id| names.client(id)),
            address: event.address.clone().unwrap_or_default(),
            request: event.request.clone().unwrap_or_default(),
            detail: event.detail.clone().unwrap_or_default(),
            user: event.user.map(|id| id.to_string()),
        }
    }
}

fn who(t: &Texts, actor: &Actor, names: &Names) -> Named {
    match actor {
        Actor::Anonymous => Named::plain(t.get(keys::audit::BY_ANONYMOUS)),
        Actor::System => Named::plain(t.get(keys::audit::BY_SYSTEM)),
        Actor::Operator => Named::plain(t.get(keys::audit::BY_OPERATOR)),
        Actor::User(id) => names.person(*id),
        Actor::Client(id) => names.client(id),
    }
}

fn on(t: &Texts, event: &AuditEvent, target: &AuditTarget, names: &Names) -> Named {
    match target {
        AuditTarget::Server => {
            Named { text: t.get(keys::audit::SERVER), path: objects::of_server(event).map(str::to_owned) }
        }
        AuditTarget::User(id) => names.person(*id),
        AuditTarget::Client(id) => names.client(id),
        AuditTarget::Session(id) => {
            let there = event.user.filter(|user| names.people.contains_key(user));
            Named { text: id.to_string(), path: there.map(|user| format!("/admin/people/{user}/sessions")) }
        }
        other => match names.objects.place(other) {
            Some(Place { name, path }) => Named { text: name, path: Some(path) },
            None => Named::plain(other.to_string()),
        },
    }
}

/// What a kind is called.
#[allow(clippy::too_many_lines, reason = "a row for each kind")]
pub(in super::super) const fn words_of(kind: AuditKind) -> Key {
    match kind {
        AuditKind::ServerClaimed => keys::audit::SERVER_CLAIMED,
        AuditKind::IssuerChanged => keys::audit::ISSUER_CHANGED,
        AuditKind::EverythingEnded => keys::audit::EVERYTHING_ENDED,
        AuditKind::CommitsLost => keys::audit::COMMITS_LOST,
        AuditKind::UserCreated => keys::audit::USER_CREATED,
        AuditKind::UserChanged => keys::audit::USER_CHANGED,
        AuditKind::UserDisabled => keys::audit::USER_DISABLED,
        AuditKind::UserEnabled => keys::audit::USER_ENABLED,
        AuditKind::UserDeleted => keys::audit::USER_DELETED,
        AuditKind::GroupCreated => keys::audit::GROUP_CREATED,
        AuditKind::GroupChanged => keys::audit::GROUP_CHANGED,
        AuditKind::GroupDeleted => keys::audit::GROUP_DELETED,
        AuditKind::RoleCreated => keys::audit::ROLE_CREATED,
        AuditKind::RoleChanged => keys::audit::ROLE_CHANGED,
        AuditKind::RoleDeleted => keys::audit::ROLE_DELETED,
        AuditKind::MembershipsChanged => keys::audit::MEMBERSHIPS_CHANGED,
        AuditKind::DelegationGiven => keys::audit::DELEGATION_GIVEN,
        AuditKind::DelegationTaken => keys::audit::DELEGATION_TAKEN,
        AuditKind::AttributeDeclared => keys::audit::ATTRIBUTE_DECLARED,
        AuditKind::AttributeChanged => keys::audit::ATTRIBUTE_CHANGED,
        AuditKind::AttributeDeleted => keys::audit::ATTRIBUTE_DELETED,
        AuditKind::ClaimRuleCreated => keys::audit::CLAIM_RULE_CREATED,
        AuditKind::ClaimRuleChanged => keys::audit::CLAIM_RULE_CHANGED,
        AuditKind::ClaimRuleDeleted => keys::audit::CLAIM_RULE_DELETED,
        AuditKind::PasskeyAdded => keys::audit::PASSKEY_ADDED,
        AuditKind::PasskeyRemoved => keys::audit::PASSKEY_REMOVED,
        AuditKind::PasskeySuspected => keys::audit::PASSKEY_SUSPECTED,
        AuditKind::PasswordChanged => keys::audit::PASSWORD_CHANGED,
        AuditKind::PasswordResetAsked => keys::audit::PASSWORD_RESET_ASKED,
        AuditKind::PasswordReset => keys::audit::PASSWORD_RESET,
        AuditKind::AddressVerified => keys::audit::ADDRESS_VERIFIED,
        AuditKind::AddressChangeAsked => keys::audit::ADDRESS_CHANGE_ASKED,
        AuditKind::AddressChanged => keys::audit::ADDRESS_CHANGED,
        AuditKind::AddressRestored => keys::audit::ADDRESS_RESTORED,
        AuditKind::UserInvited => keys::audit::USER_INVITED,
        AuditKind::InvitationRefused => keys::audit::INVITATION_REFUSED,
        AuditKind::InvitationAccepted => keys::audit::INVITATION_ACCEPTED,
        AuditKind::InvitationWithdrawn => keys::audit::INVITATION_WITHDRAWN,
        AuditKind::MailTested => keys::audit::MAIL_TESTED,
        AuditKind::MailRetried => keys::audit::MAIL_RETRIED,
        AuditKind::MailDropped => keys::audit::MAIL_DROPPED,
        AuditKind::SignedIn => keys::audit::SIGNED_IN,
        AuditKind::FirstFactorProved => keys::audit::FIRST_FACTOR_PROVED,
        AuditKind::SecondFactorFailed => keys::audit::SECOND_FACTOR_FAILED,
        AuditKind::FactorAdded => keys::audit::FACTOR_ADDED,
        AuditKind::FactorRenamed => keys::audit::FACTOR_RENAMED,
        AuditKind::FactorRemoved => keys::audit::FACTOR_REMOVED,
        AuditKind::FactorsReset => keys::audit::FACTORS_RESET,
        AuditKind::RecoveryCodeUsed => keys::audit::RECOVERY_CODE_USED,
        AuditKind::RecoveryCodesRenewed => keys::audit::RECOVERY_CODES_RENEWED,
        AuditKind::BrowserTrusted => keys::audit::BROWSER_TRUSTED,
        AuditKind::BrowserForgotten => keys::audit::BROWSER_FORGOTTEN,
        AuditKind::AccountRecovered => keys::audit::ACCOUNT_RECOVERED,
        AuditKind::SignInFailed => keys::audit::SIGN_IN_FAILED,
        AuditKind::GuessingSeen => keys::audit::GUESSING_SEEN,
        AuditKind::SignUpAsked => keys::audit::SIGN_UP_ASKED,
        AuditKind::SignInAsked => keys::audit::SIGN_IN_ASKED,
        AuditKind::PasswordsHeldBack => keys::audit::PASSWORDS_HELD_BACK,
        AuditKind::CodesHeldBack => keys::audit::CODES_HELD_BACK,
        AuditKind::SignedOut => keys::audit::SIGNED_OUT,
        AuditKind::SessionsRevoked => keys::audit::SESSIONS_REVOKED,
        AuditKind::ConsentGiven => keys::audit::CONSENT_GIVEN,
        AuditKind::ConsentWithdrawn => keys::audit::CONSENT_WITHDRAWN,
        AuditKind::ClientCreated => keys::audit::CLIENT_CREATED,
        AuditKind::ClientChanged => keys::audit::CLIENT_CHANGED,
        AuditKind::ClientDisabled => keys::audit::CLIENT_DISABLED,
        AuditKind::ClientEnabled => keys::audit::CLIENT_ENABLED,
        AuditKind::ClientDeleted => keys::audit::CLIENT_DELETED,
        AuditKind::ClientSecretRotated => keys::audit::CLIENT_SECRET_ROTATED,
        AuditKind::ApiDeclared => keys::audit::API_DECLARED,
        AuditKind::ApiChanged => keys::audit::API_CHANGED,
        AuditKind::ApiDeleted => keys::audit::API_DELETED,
        AuditKind::ClientTried => keys::audit::CLIENT_TRIED,
        AuditKind::CodeReplayed => keys::audit::CODE_REPLAYED,
        AuditKind::CodeBurned => keys::audit::CODE_BURNED,
        AuditKind::RefreshTokenReused => keys::audit::REFRESH_TOKEN_REUSED,
        AuditKind::TokenRevoked => keys::audit::TOKEN_REVOKED,
        AuditKind::KeysRotated => keys::audit::KEYS_ROTATED,
        AuditKind::PolicyChanged => keys::audit::POLICY_CHANGED,
        AuditKind::ConnectionCreated => keys::audit::CONNECTION_CREATED,
        AuditKind::ConnectionChanged => keys::audit::CONNECTION_CHANGED,
        AuditKind::ConnectionEnabled => keys::audit::CONNECTION_ENABLED,
        AuditKind::ConnectionDisabled => keys::audit::CONNECTION_DISABLED,
        AuditKind::ConnectionDeleted => keys::audit::CONNECTION_DELETED,
        AuditKind::ConnectionSecretRotated => keys::audit::CONNECTION_SECRET_ROTATED,
        AuditKind::UpstreamLinked => keys::audit::UPSTREAM_LINKED,
        AuditKind::UpstreamUnlinked => keys::audit::UPSTREAM_UNLINKED,
        AuditKind::UpstreamTokensRead => keys::audit::UPSTREAM_TOKENS_READ,
        AuditKind::PeopleExported => keys::audit::PEOPLE_EXPORTED,
        AuditKind::PersonalDataRead => keys::audit::PERSONAL_DATA_READ,
        AuditKind::WebhookCreated => keys::audit::WEBHOOK_CREATED,
        AuditKind::WebhookChanged => keys::audit::WEBHOOK_CHANGED,
        AuditKind::WebhookEnabled => keys::audit::WEBHOOK_ENABLED,
        AuditKind::WebhookDisabled => keys::audit::WEBHOOK_DISABLED,
        AuditKind::WebhookDeleted => keys::audit::WEBHOOK_DELETED,
        AuditKind::WebhookSecretRotated => keys::audit::WEBHOOK_SECRET_ROTATED,
        AuditKind::WebhookMessageSent => keys::audit::WEBHOOK_MESSAGE_SENT,
        AuditKind::RedirectUriMismatch => keys::audit::REDIRECT_URI_MISMATCH,
    }
}
