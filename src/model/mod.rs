//! What Haechi keeps: accounts, clients, grants, sign-ins, consents, and the record of what happened.
//!
//! Owns the aggregates and their pure questions ("may this client use this grant?"). Leaves storing them to `store`, and
//! every effect to the layers above.

pub mod account_state;
pub mod acr;
pub mod affiliation;
pub mod api;
pub mod attribute;
pub mod audit_chain;
pub mod audit_entry;
pub mod audit_event;
pub mod audit_filter;
pub mod audit_kind;
pub mod authorization;
pub mod branding;
pub mod claim_rule;
pub mod client;
pub mod connection;
pub mod consent;
pub mod count;
pub mod delegation;
pub mod epoch;
pub mod factor;
pub mod grant;
pub mod locale;
pub mod logo;
pub mod mail;
pub mod manager;
pub mod one_time_token;
pub mod passkey;
pub mod policy;
pub mod refusal;
pub mod role;
pub mod service_account;
pub mod session;
pub mod signing_key;
pub mod sketch;
pub mod slug;
pub mod upstream_link;
pub mod upstream_value;
pub mod user;
pub mod user_edit;
pub mod webhook;

pub use account_state::AccountState;
pub use affiliation::{Affiliation, AffiliationKind};
pub use api::{Api, Apis};
pub use audit_event::AuditEvent;
pub use audit_filter::AuditFilter;
pub use authorization::Authorization;
pub use branding::Branding;
pub use claim_rule::ClaimRule;
pub use client::{Client, ClientId};
pub use connection::Connection;
pub use consent::Consent;
pub use delegation::{Delegation, DelegationKind};
pub use epoch::Epoch;
pub use grant::Grant;
pub use locale::{Direction, Locale, Localized};
pub use passkey::Passkey;
pub use policy::Policy;
pub use refusal::{NotedRefusal, Refusal};
pub use service_account::ServiceAccount;
pub use session::{Session, SignIn};
pub use upstream_link::UpstreamLink;
pub use user::User;
pub use webhook::Webhook;
