//! What can be wrong with a claim rule, and with what a preview of tokens is asked for.

use crate::model::claim_rule::ClaimNameRejected;

/// What can be wrong with what is said of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimProblem {
    /// The name of a claim that a rule gives.
    #[error("{0}")]
    Name(ClaimNameRejected),
    /// Another rule, which is named, gives the same apps the claim there.
    #[error("gives the same apps this claim in one of these places already")]
    Taken,
    /// What another source of a claim has.
    #[error("goes with another source only")]
    NotOfSource,
    /// RFC 8707 section 2: a resource that the client is not registered for.
    #[error("is not among the resources that the client is registered for")]
    NotForTheClient,
}

impl ClaimProblem {
    /// What a program tells these errors apart by.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Name(_) => "not_a_claim_name",
            Self::Taken => "claim_taken",
            Self::NotOfSource => "not_of_source",
            Self::NotForTheClient => "not_for_the_client",
        }
    }
}
