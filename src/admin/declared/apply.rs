//! Making what there is of a kind what is declared of it: the same for every kind.

use std::borrow::Cow;
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

    /// What two ids of the same thing have in common, however each is written.
    fn key_of(id: &str) -> Cow<'_, str> {
        Cow::Borrowed(id)
    }

    /// Makes the one of this id what the document says.
    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected>;

    /// All that there are.
    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected>;

    /// Deletes the one of this id, with everything that came of it.
    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected>;
}

/// Does what differs, one thing after another, and adds what was done to the steps.
pub(super) async fn apply<T: Declared>(
    admin: &Administration,
    authority: &ProvenAuthority,
    (declared, undeclared): (&[T], Undeclared<'_>),
    steps: &mut Vec<Step>,
) -> Result<(), StepRejected> {
    make_so(admin, authority, declared, steps).await?;
    if undeclared != Undeclared::Stays {
        delete_others(admin, authority, (declared, undeclared), steps).await?;
    }
    Ok(())
}

/// Deletes those that are not declared, as far as they are these files' to take away.
pub(super) async fn delete_others<T: Declared>(
    admin: &Administration,
    authority: &ProvenAuthority,
    (declared, undeclared): (&[T], Undeclared<'_>),
    steps: &mut Vec<Step>,
) -> Result<(), StepRejected> {
    for name in others(admin, authority, declared).await? {
        let action = undeclared.action(T::KIND, &name);
        if action == Action::Delete {
            T::delete(admin, authority, &name).await.map_err(|why| rejected::<T>(&name, why))?;
        }
        steps.push(Step::of(T::KIND, name, action));
    }
    Ok(())
}

/// Makes each what its document says.
pub(super) async fn make_so<T: Declared>(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &[T],
    steps: &mut Vec<Step>,
) -> Result<(), StepRejected> {
    authority.require(T::PERMISSION).map_err(|why| rejected::<T>("*", why))?;
    for document in declared {
        let name = document.name().unwrap_or_default();
        steps.push(document.make_so(admin, authority).await.map_err(|why| rejected::<T>(name, why))?);
    }
    Ok(())
}

/// Those that are not declared, and that these files may take away: what others manage is not theirs.
pub(super) async fn others<T: Declared>(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &[T],
) -> Result<Vec<String>, StepRejected> {
    let named: BTreeSet<Cow<'_, str>> = declared.iter().filter_map(T::name).map(T::key_of).collect();
    let there = T::names(admin, authority).await.map_err(|why| rejected::<T>("*", why))?;
    let goes = |one: &Known| !named.contains(&*T::key_of(&one.name)) && authority.is_manager(one.managed_by.as_ref());
    Ok(there.into_iter().filter(goes).map(|one| one.name).collect())
}

/// What was refused of a kind, and of which.
pub(super) fn rejected<T: Declared>(name: &str, why: Rejected) -> StepRejected {
    StepRejected::new(T::KIND, name.to_owned(), why)
}
