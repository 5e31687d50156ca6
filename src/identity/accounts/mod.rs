//! What users do with their own accounts.
//!
//! Owns signing up, proving who one is by password, and changing what is one's own; each change is committed together with its
//! audit entry. Leaves the session that a sign-in begins to `flow`, and what administrators do to accounts to `admin`.

use std::sync::Arc;
use std::time::Duration;

use super::password::{Breached, Identity, Password, PasswordHasher, PasswordRejected, check_new_password};
use super::throttling::Throttle;
use crate::affiliations::Affiliations;
use crate::config::Config;
use crate::counts::Counts;
use crate::keys::Sealer;
use crate::mail::Mailer;
use crate::model::User;
use crate::policy::{Policies, SignInRules};
use crate::store::{StoreError, StoreResult, Stores};
use crate::support::id::UserId;
use crate::support::{Clock, Random, Secret};

mod access;
mod attributes;
mod change_password;
mod codes;
mod deletion;
mod draft;
mod endings;
mod factors;
mod links;
mod mailed;
mod new_password;
mod noticed;
mod profile;
mod recent_proof;
mod recovery;
mod sign_in;
mod sign_up;
mod sign_up_again;
mod sign_up_by_mail;
mod standard_claims;
mod work;
mod zones;

pub use super::throttling::Origin;
pub use access::AppAccess;
pub use attributes::{AttributeRejected, check_attribute, check_size, read_attribute, written_attribute};
pub use change_password::{ChangePasswordRejected, Entitled};
pub use codes::{Attempt, CodeRejected};
pub use deletion::{DeleteRejected, names_account};
pub(super) use draft::CheckedPerson;
pub(crate) use draft::check_locale;
pub use draft::{AccountRejected, MAX_NAME_CHARS, NewAccount, NewPerson};
pub use factors::{AddedFactor, Adder, FactorRejected, NewFactor};
pub use links::{JoinRejected, LinkOutcome, Newcomer, claims};
pub use mailed::{
    AskRejected, Asked, ChangeAddressRejected, Entered, GIVES_WAY_IN, LinkRejected, PROVES_ADDRESS, Presented,
    ResetRejected, SETS_PASSWORD, SIGNS_IN,
};
pub use new_password::NotTaken;
pub use profile::{ChangeProfileRejected, ProfileDraft};
pub use recent_proof::{RecentProof, acr_of};
pub use sign_in::SignInRejected;
pub use sign_up::SignUpRejected;
pub(super) use sign_up::admit;
pub use sign_up_again::NotMailedAgain;
pub use sign_up_by_mail::WaitingSignUp;
pub(super) use sign_up_by_mail::{Draft, FirstWayIn};
pub(crate) use standard_claims::text_claims;
pub use standard_claims::{ClaimRejected, PostalAddress, check_claim};

/// What accounts rest on. What guesses are held back by and counted in may be shared with others, as the hasher may.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub stores: Stores,
    pub hasher: Arc<PasswordHasher>,
    pub breached: Breached,
    pub throttle: Arc<Throttle>,
    pub counts: Arc<Counts>,
    pub policies: Arc<Policies>,
    pub affiliations: Arc<Affiliations>,
    pub mailer: Arc<Mailer>,
    /// Seals what apps share with the server.
    pub sealer: Arc<Sealer>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// What accounts need of the rest of the house. A clone shares it.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) stores: Stores,
    pub(crate) hasher: Arc<PasswordHasher>,
    breached: Breached,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) policies: Arc<Policies>,
    /// The groups and roles that people have.
    pub(crate) affiliations: Arc<Affiliations>,
    pub(crate) mailer: Arc<Mailer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Seals what apps share with the server.
    sealer: Arc<Sealer>,
    settings: AccountSettings,
}

/// The settings that accounts go by, whatever is decided.
#[derive(Clone, Debug)]
struct AccountSettings {
    service_name: Arc<str>,
    /// How long a proof counts as recent.
    proof: Duration,
}

/// What holds for accounts now.
#[derive(Clone, Debug)]
pub(crate) struct AccountRules {
    /// Who may make one, and by which means it is signed in to.
    pub(crate) sign_in: SignInRules,
    service_name: Arc<str>,
}

impl AccountRules {
    /// Checks a new password of a user.
    pub(crate) fn check_password(
        &self,
        typed: &Secret<String>,
        email: &str,
        name: Option<&str>,
    ) -> Result<Password, PasswordRejected> {
        let identity = Identity { email, name, service: &self.service_name };
        check_new_password(typed, self.sign_in.password_min_chars, &identity)
    }
}

impl Accounts {
    /// The service of these parts.
    pub fn new(parts: Parts, config: &Config) -> Self {
        let Parts { stores, hasher, breached, throttle, counts, policies, affiliations, mailer, sealer, clock, random } =
            parts;
        let settings =
            AccountSettings { service_name: config.pages.service_name.as_str().into(), proof: config.sessions.proof() };
        Self {
            stores,
            hasher,
            breached,
            throttle,
            counts,
            policies,
            affiliations,
            mailer,
            clock,
            random,
            sealer,
            settings,
        }
    }

    /// What holds for accounts now.
    pub(crate) async fn rules(&self) -> StoreResult<AccountRules> {
        Ok(AccountRules { sign_in: self.policies.sign_in().await?, service_name: self.settings.service_name.clone() })
    }

    /// The account of this id, as it is now.
    pub async fn find(&self, id: UserId) -> StoreResult<Option<User>> {
        self.stores.users.find(id).await
    }
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A stored hash that cannot be read.
fn unreadable_hash(user: UserId) -> StoreError {
    StoreError::Corrupt(format!("the password hash of {user} cannot be checked here"))
}
