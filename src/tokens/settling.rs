//! Noting, behind the answer, that an app has its newest tokens: what only reads by contract (introspection, UserInfo) must not wait for a write.
//!
//! Owns a bounded list of what is to be noted, and the task that does. What finds no room there, or cannot be written, is noted at the next use: until
//! then the app may still try its last refresh again.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::mpsc;

use crate::store::GrantStore;
use crate::support::id::GrantId;

/// The most notes that wait, and the most that are written at once.
const WAITING: usize = 1024;
const AT_ONCE: usize = 64;

/// The generation of a grant's refresh token that its app was seen to have: the one before need not be remembered.
type Settled = (GrantId, u32);

/// Where notes wait.
#[derive(Debug)]
pub struct Settling(mpsc::Sender<Settled>);

impl Settling {
    /// Starts the task that writes what is noted. It ends when this is dropped.
    pub fn start(grants: Arc<dyn GrantStore>) -> Self {
        let (sender, mut waiting) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let mut settled = Vec::with_capacity(AT_ONCE);
            while waiting.recv_many(&mut settled, AT_ONCE).await > 0 {
                // An app that is busy is seen many times before the first note of it is written.
                let distinct: HashSet<Settled> = settled.drain(..).collect();
                join_all(distinct.into_iter().map(|settled| write(grants.as_ref(), settled))).await;
            }
        });
        Self(sender)
    }

    /// Notes it, if there is room.
    pub(super) fn note(&self, grant: GrantId, generation: u32) {
        let _ = self.0.try_send((grant, generation));
    }
}

async fn write(grants: &dyn GrantStore, (grant, generation): Settled) {
    if let Err(error) = grants.forget_previous_refresh_token(grant, generation).await {
        tracing::debug!(%error, "a previous refresh token is remembered a little longer");
    }
}
