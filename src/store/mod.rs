//! What the house asks of its storage: one trait an aggregate, and [`Change`]s that are committed together.
//!
//! Owns the contracts, which the store conformance suite holds every backend to. `sql` keeps what must last, `redis` what may be
//! lost. A verb that must succeed only once is one conditional statement and says what it found; none reads first and writes
//! later. Values that only Haechi may read arrive here sealed already: a store sees bytes.

use std::sync::Arc;

mod affiliations;
mod apis;
mod attributes;
mod audit;
mod change;
mod claim_rules;
mod clients;
mod clock;
mod connections;
mod consents;
mod counts;
mod delegations;
mod error;
mod factors;
mod filling;
mod grants;
mod ground;
mod housekeeping;
mod logos;
mod mails;
mod marks;
mod page;
mod passkeys;
mod policy;
pub mod redis;
mod refusals;
mod revision;
mod sealed_records;
mod server;
mod signing_keys;
pub mod sql;
mod throttles;
mod tokens;
mod upstream_links;
mod users;
mod webhooks;

pub use affiliations::{AffiliationStore, MAX_AFFILIATIONS};
pub use apis::{ApiStore, MAX_APIS};
pub use attributes::AttributeStore;
pub use audit::{AuditLog, AuditPage, EntryIndex, SealedChain, StoredEntry};
pub use change::{Change, UnitOfWork};
pub use claim_rules::{ClaimRuleStore, MAX_CLAIM_RULES};
pub use clients::{ClientOrder, ClientStore};
pub use clock::DatabaseClock;
pub use connections::ConnectionStore;
pub use consents::{ConsentStanding, ConsentStore};
pub use counts::CountStore;
pub use delegations::{DelegationStore, MAX_DELEGATIONS};
pub use error::{Conflict, StoreError, StoreResult};
pub use factors::FactorStore;
pub use filling::{Batch, Filler, Filling};
pub use grants::{
    BackedGrant, ClientStanding, CodeExchange, CodeRedemption, Exchange, GrantConsent, GrantFilter, GrantStore,
    NextRefreshToken, RefreshExchange, RefreshRotation,
};
pub use ground::{ActingAccount, ActingClient, Ground};
pub use housekeeping::Housekeeping;
pub use logos::{LogoOwner, LogoStore};
pub use mails::{MOST_MAILS_WAITING, MailStore};
pub use marks::{MarkStore, Noted};
pub use page::Page;
pub use passkeys::PasskeyStore;
pub use policy::PolicyStore;
pub use refusals::{EXAMPLES_OF_CLIENT, KEPT_OF_CLIENT, KEPT_OF_STRANGERS, RefusalStore};
pub use revision::RevisionStore;
pub use sealed_records::{RecordKind, RecordStore, SealedRecord};
pub use server::{Adoption, ServerIdentity, ServerStore};
pub use signing_keys::SigningKeyStore;
pub use throttles::ThrottleStore;
pub use tokens::{OneTimeTokenStore, ReplayStore, RevokedTokenStore};
pub use upstream_links::UpstreamLinkStore;
pub use users::{SignInStatus, UserOrder, UserQuery, UserStore};
pub use webhooks::{Behind, MAX_WEBHOOKS, MOST_WAITING, WebhookStore};

/// Every store, as the layers above take them. Only `app` knows which backend is behind which.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is documented at its trait")]
pub struct Stores {
    pub work: Arc<dyn UnitOfWork>,
    pub revision: Arc<dyn RevisionStore>,
    pub users: Arc<dyn UserStore>,
    pub attributes: Arc<dyn AttributeStore>,
    pub affiliations: Arc<dyn AffiliationStore>,
    pub apis: Arc<dyn ApiStore>,
    pub claim_rules: Arc<dyn ClaimRuleStore>,
    pub clients: Arc<dyn ClientStore>,
    pub connections: Arc<dyn ConnectionStore>,
    pub policy: Arc<dyn PolicyStore>,
    pub upstream_links: Arc<dyn UpstreamLinkStore>,
    pub passkeys: Arc<dyn PasskeyStore>,
    pub consents: Arc<dyn ConsentStore>,
    pub grants: Arc<dyn GrantStore>,
    pub revoked_tokens: Arc<dyn RevokedTokenStore>,
    pub signing_keys: Arc<dyn SigningKeyStore>,
    pub replays: Arc<dyn ReplayStore>,
    pub one_time_tokens: Arc<dyn OneTimeTokenStore>,
    pub audit: Arc<dyn AuditLog>,
    pub counts: Arc<dyn CountStore>,
    pub delegations: Arc<dyn DelegationStore>,
    pub factors: Arc<dyn FactorStore>,
    pub filler: Arc<dyn Filler>,
    pub refusals: Arc<dyn RefusalStore>,
    pub webhooks: Arc<dyn WebhookStore>,
    pub logos: Arc<dyn LogoStore>,
    pub mails: Arc<dyn MailStore>,
    pub housekeeping: Arc<dyn Housekeeping>,
    pub server: Arc<dyn ServerStore>,
    pub marks: Arc<dyn MarkStore>,
    pub records: Arc<dyn RecordStore>,
    pub throttles: Arc<dyn ThrottleStore>,
    pub clock: Arc<dyn DatabaseClock>,
}
