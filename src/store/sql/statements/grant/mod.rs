//! Grants: codes, refresh tokens, revocation.
//!
//! Owns the statements that decide: each is one `UPDATE` whose condition is the check, and it answers with the rows it changed.

mod code;
mod epochs;
mod exchange;
mod insert;
mod list;
mod lookup;
mod purge;
mod refresh;
mod revoke;
mod row;
mod ticket;

pub(crate) use code::{BurnCode, RedeemCode};
pub(super) use epochs::link_removed;
pub(crate) use exchange::{ExchangeCode, ExchangeRefreshToken};
pub(crate) use insert::InsertGrant;
pub(crate) use list::{of_user, offline_of_user};
pub(crate) use lookup::{FindBackedGrant, FindGrant};
pub(crate) use purge::{PurgeGrants, first_due};
pub(crate) use refresh::{ForgetPreviousRefreshToken, RotateRefreshToken};
pub(crate) use revoke::{RevokeGrants, revoke};
