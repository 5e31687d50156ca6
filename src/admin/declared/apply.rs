//! Making what there is of a kind what is declared of it: the same for every kind.

use std::collections::BTreeSet;

use super::{Action, DeclaredKind, Step, StepRejected, Undeclared};
use crate::admin::{Administration, Authority, Permission, ProvenAuthority, Rejected};
use crate::model::manager::Manager;

/// One that there is.
pub(super) struct Known {
    pub(super) name: String,
    pub(super) managed_by: Option<Manager>,
}

impl Known {
    pub(super) fn new(name: String, managed_by: Option<&Manager>) -> Self {
        Self { name, managed_by: managed_by.cloned() }
    }
}

/// A document that can be declared.
pub(super) trait Declared {
    /// What it is of.
    const KIND: DeclaredKind;
    /// What changing it takes.
    const PERMISSION: Permission;

    /// The id that it says.
    fn name(&self) -> Option<&str>;

    /// Makes the one of this id what the document says.
    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected>;

    /// All that there are.
    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected>;

    /// Deletes the one of this id, with everything that came of it.
    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected>;
}

/// Does what differs, one thing after another.
pub(super) async fn apply<T: Declared>(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &[T],
    undeclared: Undeclared,
) -> Result<Vec<Step>, StepRejected> {
    let rejected = |name: &str, why| StepRejected { kind: T::KIND, name: name.to_owned(), why };
    authority.require(T::PERMISSION).map_err(|why| rejected("*", why))?;
    let (mut steps, mut named) = (Vec::new(), BTreeSet::new());
    for document in declared {
        let name = document.name().unwrap_or_default();
        steps.push(document.make_so(admin, authority).await.map_err(|why| rejected(name, why))?);
        named.insert(name);
    }
    if undeclared == Undeclared::Goes {
        let there = T::names(admin, authority).await.map_err(|why| rejected("*", why))?;
        for Known { name, managed_by } in there {
            // What others manage is not these files' to take away.
            if !named.contains(name.as_str()) && authority.is_manager(managed_by.as_ref()) {
                T::delete(admin, authority, &name).await.map_err(|why| rejected(&name, why))?;
                steps.push(Step::of(T::KIND, name, Action::Delete));
            }
        }
    }
    Ok(steps)
}
