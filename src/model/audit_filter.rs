//! Which entries of the audit log are asked for.

use super::audit_event::{Actor, AuditKind, AuditOutcome, AuditTarget};
use super::client::ClientId;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// What an entry must have in common with what is asked for. What is not said is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// It is of one of these kinds; any where there are none.
    pub kinds: Vec<AuditKind>,
    /// This became of it.
    pub outcome: Option<AuditOutcome>,
    /// They caused it.
    pub actor: Option<Actor>,
    /// It happened to this account.
    pub user: Option<UserId>,
    /// It happened to this client.
    pub client: Option<ClientId>,
    /// It happened to this.
    pub target: Option<AuditTarget>,
    /// This request caused it.
    pub request: Option<String>,
    /// It happened at this instant or later.
    pub since: Option<Timestamp>,
    /// It happened before this instant.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    /// The kinds that entries may be of; `None` where any will do. As each kind has one outcome, asking for an outcome is asking for kinds.
    pub fn wanted_kinds(&self) -> Option<Vec<AuditKind>> {
        if self.kinds.is_empty() && self.outcome.is_none() {
            return None;
        }
        let asked = |kind: &AuditKind| self.kinds.is_empty() || self.kinds.contains(kind);
        let became = |kind: &AuditKind| self.outcome.is_none_or(|outcome| kind.outcome() == outcome);
        Some(AuditKind::ALL.iter().copied().filter(|kind| asked(kind) && became(kind)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_narrows_the_kinds() {
        let filter =
            |kinds: &[AuditKind], outcome| AuditFilter { kinds: kinds.to_vec(), outcome, ..AuditFilter::default() };
        assert_eq!(filter(&[], None).wanted_kinds(), None);
        let both = [AuditKind::SignedIn, AuditKind::SignInFailed];
        assert_eq!(filter(&both, None).wanted_kinds().as_deref(), Some(&both[..]));
        assert_eq!(filter(&both, Some(AuditOutcome::Refused)).wanted_kinds(), Some(vec![AuditKind::SignInFailed]));
        assert_eq!(filter(&[AuditKind::SignedIn], Some(AuditOutcome::Refused)).wanted_kinds(), Some(Vec::new()));
        assert_eq!(filter(&[], Some(AuditOutcome::Refused)).wanted_kinds().map(|kinds| kinds.len()), Some(11));
    }
}
