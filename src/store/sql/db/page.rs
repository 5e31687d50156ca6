//! Pages of lists.

use crate::store::{Page, StoreResult};

/// Makes a page of one row more than it holds, which says whether more follow.
pub(crate) fn page<R, T>(rows: Vec<R>, limit: u32, read: impl Fn(R) -> StoreResult<T>) -> StoreResult<Page<T>> {
    let limit = limit as usize;
    let more = rows.len() > limit;
    Ok(Page { items: rows.into_iter().take(limit).map(read).collect::<StoreResult<_>>()?, more })
}
