//! Committing: what is written, the queue it waits in, and the transactions it shares.
//!
//! Owns when something is committed and with what. Leaves what is written to the statements.

mod batch;
pub(crate) mod queue;
pub(crate) mod transaction;
mod unit_of_work;
pub(crate) mod write;
