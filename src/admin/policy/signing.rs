//! With which algorithms tokens are signed, as a document.

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::document::Document;
use crate::admin::keys::AlgorithmUse;
use crate::admin::{FieldError, FieldProblem, KeyProblem};
use crate::model::client::SigningAlgorithm;
use crate::model::policy::{Policy, PolicySection, SigningPolicy};

/// The member that says which algorithms are switched off.
const OFF: &str = "algorithms_off";

/// With which algorithms tokens are signed, of those that are configured. A member that is not there keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct SigningResource {
    /// The algorithms that are switched off: no client is registered with one, and the metadata names none. RS256, which OpenID Connect requires, and
    /// ES256, which new clients have, stay on. Their keys stay published, so nothing that was signed stops being valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithms_off: Option<Vec<SigningAlgorithm>>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes of the policy. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Document for SigningResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.to_vec()
    }
}

impl SigningResource {
    /// What is decided, as a document.
    pub fn of(policy: &Policy) -> Self {
        Self {
            algorithms_off: Some(policy.signing.off.clone()),
            managed_by: policy.manager(PolicySection::Signing).map(ToString::to_string),
            version: Some(policy.version),
        }
    }

    /// What is decided with what the document says. What is off already may stay so, whoever uses it by now.
    pub(super) fn apply(
        &self,
        was: &SigningPolicy,
        uses: &[AlgorithmUse],
        found: &mut Vec<FieldProblem>,
    ) -> SigningPolicy {
        let Some(said) = &self.algorithms_off else { return was.clone() };
        // In the order in which they are listed elsewhere, each once: what is said twice, or the other way round, says nothing new.
        let off: Vec<_> = SigningAlgorithm::ALL.iter().copied().filter(|algorithm| said.contains(algorithm)).collect();
        for algorithm in off.iter().filter(|algorithm| was.is_on(**algorithm)) {
            if SigningPolicy::ALWAYS_ON.contains(algorithm) {
                found.push(FieldError::Key(KeyProblem::AlgorithmNeeded).at(OFF, algorithm.as_str()));
            }
            if let Some(uses) = uses.iter().find(|uses| uses.algorithm == *algorithm && uses.clients > 0) {
                found.push(FieldError::Key(KeyProblem::AlgorithmInUse(uses.clients)).at(OFF, &uses.in_words()));
            }
        }
        SigningPolicy { off }
    }
}
