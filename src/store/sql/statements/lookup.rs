//! What a shared look-up is: a type whose value is the key of what is asked for.
//!
//! Owns the contract between a look-up and those who ask it for many at once. Leaves when it is asked to [`crate::store::sql::lookups`].

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;

use sea_orm::{ConnectionTrait, DbErr};

/// A look-up of something by its key, which one statement can do for many.
pub(crate) trait LookUp: Copy + Eq + Hash + Send + Sync + 'static {
    /// What there is of this key.
    type Found: Clone + Send + Sync + 'static;

    /// What there is of each key; one of which there is nothing has no entry.
    fn look_up<C: ConnectionTrait>(
        db: &C,
        wanted: &[Self],
    ) -> impl Future<Output = Result<HashMap<Self, Self::Found>, DbErr>> + Send;
}
