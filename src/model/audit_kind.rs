//! What entries of the audit log are about: one table.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of what an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was done.
    Succeeded,
    /// It was asked for, and not done.
    Refused,
}

macro_rules! kinds {
    ($($name:ident = $text:literal, $outcome:ident;)*) => {
        /// What an entry of the audit log is about. Each kind has a stable name, which entries are stored, shown and found by, and one outcome: what is
        /// refused is a kind of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the names are the documentation")]
        pub enum AuditKind {
            $(#[serde(rename = $text)] $name,)*
        }

        impl AuditKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name: `signed_in`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The one of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
            }

            /// What became of what it tells of.
            pub const fn outcome(self) -> AuditOutcome {
                match self {
                    $(Self::$name => AuditOutcome::$outcome,)*
                }
            }
        }
    };
}

kinds! {
    ServerClaimed = "server_claimed", Succeeded;
    IssuerChanged = "issuer_changed", Succeeded;
    EverythingEnded = "everything_ended", Succeeded;
    CommitsLost = "commits_lost", Succeeded;
    UserCreated = "user_created", Succeeded;
    UserChanged = "user_changed", Succeeded;
    UserDisabled = "user_disabled", Succeeded;
    UserEnabled = "user_enabled", Succeeded;
    UserDeleted = "user_deleted", Succeeded;
    AttributeDeclared = "attribute_declared", Succeeded;
    AttributeChanged = "attribute_changed", Succeeded;
    AttributeDeleted = "attribute_deleted", Succeeded;
    ClaimRuleCreated = "claim_rule_created", Succeeded;
    ClaimRuleChanged = "claim_rule_changed", Succeeded;
    ClaimRuleDeleted = "claim_rule_deleted", Succeeded;
    GroupCreated = "group_created", Succeeded;
    GroupChanged = "group_changed", Succeeded;
    GroupDeleted = "group_deleted", Succeeded;
    RoleCreated = "role_created", Succeeded;
    RoleChanged = "role_changed", Succeeded;
    RoleDeleted = "role_deleted", Succeeded;
    MembershipsChanged = "memberships_changed", Succeeded;
    DelegationGiven = "delegation_given", Succeeded;
    DelegationTaken = "delegation_taken", Succeeded;
    PasswordChanged = "password_changed", Succeeded;
    PasskeyAdded = "passkey_added", Succeeded;
    PasskeyRemoved = "passkey_removed", Succeeded;
    PasskeySuspected = "passkey_suspected", Refused;
    PasswordResetAsked = "password_reset_asked", Succeeded;
    PasswordReset = "password_reset", Succeeded;
    AddressVerified = "address_verified", Succeeded;
    AddressChangeAsked = "address_change_asked", Succeeded;
    AddressChanged = "address_changed", Succeeded;
    AddressRestored = "address_restored", Succeeded;
    UserInvited = "user_invited", Succeeded;
    InvitationRefused = "invitation_refused", Refused;
    InvitationAccepted = "invitation_accepted", Succeeded;
    InvitationWithdrawn = "invitation_withdrawn", Succeeded;
    MailTested = "mail_tested", Succeeded;
    MailRetried = "mail_retried", Succeeded;
    MailDropped = "mail_dropped", Succeeded;
    PeopleExported = "people_exported", Succeeded;
    PersonalDataRead = "personal_data_read", Succeeded;
    SignedIn = "signed_in", Succeeded;
    FirstFactorProved = "first_factor_proved", Succeeded;
    SecondFactorFailed = "second_factor_failed", Refused;
    FactorAdded = "factor_added", Succeeded;
    FactorRenamed = "factor_renamed", Succeeded;
    FactorRemoved = "factor_removed", Succeeded;
    FactorsReset = "factors_reset", Succeeded;
    RecoveryCodeUsed = "recovery_code_used", Succeeded;
    RecoveryCodesRenewed = "recovery_codes_renewed", Succeeded;
    BrowserTrusted = "browser_trusted", Succeeded;
    BrowserForgotten = "browser_forgotten", Succeeded;
    AccountRecovered = "account_recovered", Succeeded;
    SignInFailed = "sign_in_failed", Refused;
    GuessingSeen = "guessing_seen", Refused;
    SignUpAsked = "sign_up_asked", Succeeded;
    SignInAsked = "sign_in_asked", Succeeded;
    PasswordsHeldBack = "passwords_held_back", Refused;
    CodesHeldBack = "codes_held_back", Refused;
    SignedOut = "signed_out", Succeeded;
    SessionsRevoked = "sessions_revoked", Succeeded;
    ConsentGiven = "consent_given", Succeeded;
    ConsentWithdrawn = "consent_withdrawn", Succeeded;
    ClientCreated = "client_created", Succeeded;
    ClientChanged = "client_changed", Succeeded;
    ClientDisabled = "client_disabled", Succeeded;
    ClientEnabled = "client_enabled", Succeeded;
    ClientDeleted = "client_deleted", Succeeded;
    ApiDeclared = "api_declared", Succeeded;
    ApiChanged = "api_changed", Succeeded;
    ApiDeleted = "api_deleted", Succeeded;
    ClientSecretRotated = "client_secret_rotated", Succeeded;
    ClientTried = "client_tried", Succeeded;
    CodeReplayed = "code_replayed", Refused;
    CodeBurned = "code_burned", Refused;
    RefreshTokenReused = "refresh_token_reused", Refused;
    TokenRevoked = "token_revoked", Succeeded;
    KeysRotated = "keys_rotated", Succeeded;
    PolicyChanged = "policy_changed", Succeeded;
    ConnectionCreated = "connection_created", Succeeded;
    ConnectionChanged = "connection_changed", Succeeded;
    ConnectionEnabled = "connection_enabled", Succeeded;
    ConnectionDisabled = "connection_disabled", Succeeded;
    ConnectionDeleted = "connection_deleted", Succeeded;
    ConnectionSecretRotated = "connection_secret_rotated", Succeeded;
    UpstreamLinked = "upstream_linked", Succeeded;
    UpstreamUnlinked = "upstream_unlinked", Succeeded;
    UpstreamTokensRead = "upstream_tokens_read", Succeeded;
    WebhookCreated = "webhook_created", Succeeded;
    WebhookChanged = "webhook_changed", Succeeded;
    WebhookEnabled = "webhook_enabled", Succeeded;
    WebhookDisabled = "webhook_disabled", Succeeded;
    WebhookDeleted = "webhook_deleted", Succeeded;
    WebhookSecretRotated = "webhook_secret_rotated", Succeeded;
    WebhookMessageSent = "webhook_message_sent", Succeeded;
    RedirectUriMismatch = "redirect_uri_mismatch", Refused;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = AuditKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), AuditKind::ALL.len());
    }
}
