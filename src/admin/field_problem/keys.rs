//! What can be wrong with a signing key that is brought, and with an algorithm that is to be switched off.

use crate::keys::ImportRejected;

/// Why a key is not taken, or an algorithm stays on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// A key that was made elsewhere.
    #[error("{0}")]
    Import(ImportRejected),
    /// An algorithm that every server has.
    #[error("stays on: OpenID Connect requires RS256 (Discovery 1.0, section 3), and new clients have ES256")]
    AlgorithmNeeded,
    /// An algorithm that clients are registered with, and how many are.
    #[error("is what clients are registered with ({0}): register them with another one first")]
    AlgorithmInUse(usize),
}

impl KeyProblem {
    /// What a program tells these apart by.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Import(why) => why.code(),
            Self::AlgorithmNeeded => "algorithm_needed",
            Self::AlgorithmInUse(_) => "algorithm_in_use",
        }
    }
}
