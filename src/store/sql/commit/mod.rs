//! Committing: the queue that writes wait in, the transactions they share, and units of work.
//!
//! Owns when something is committed and with what. Of what is written it knows [`super::statements::write::Mergeable`].

mod autocommit;
mod batch;
mod held;
mod job;
pub(crate) mod queue;
pub(crate) mod transaction;
pub(crate) mod unit_of_work;

#[cfg(test)]
mod tests;
