//! Noting, behind the answer, what the logins of each client had: a client that always sends PKCE may as well be held to it.
//! A login is a code that was redeemed: only then it is known how the client authenticates.
//!
//! Owns a bounded list of what was seen, and the task that writes it down: one write for each client every few seconds, however many logins there
//! were. What finds no room, or cannot be written, is forgotten: it is a sample.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::model::client::{Client, ClientId, SeenLogin};
use crate::model::epoch::Epoch;
use crate::store::ClientStore;

/// The most logins that wait to be written.
const WAITING: usize = 1024;
/// How long what was seen is gathered before it is written.
const GATHERED_FOR: Duration = Duration::from_secs(2);

/// A login of a client in this epoch.
type Seen = (ClientId, Epoch, SeenLogin);

/// Where what was seen waits.
#[derive(Debug)]
pub struct SeenLogins(mpsc::Sender<Seen>);

impl SeenLogins {
    /// Starts the task that writes what is noted. It ends when this is dropped.
    pub fn start(clients: Arc<dyn ClientStore>) -> Self {
        let (sender, mut waiting) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            while let Some(first) = waiting.recv().await {
                tokio::time::sleep(GATHERED_FOR).await;
                let more = std::iter::from_fn(|| waiting.try_recv().ok());
                let gathered = by_client(std::iter::once(first).chain(more).take(WAITING));
                for ((client, epoch), logins) in gathered {
                    write(clients.as_ref(), &client, epoch, &logins).await;
                }
            }
        });
        Self(sender)
    }

    /// Notes a login, if there is room.
    pub fn note(&self, client: &Client, seen: SeenLogin) {
        let _ = self.0.try_send((client.id.clone(), client.epoch, seen));
    }
}

fn by_client(seen: impl Iterator<Item = Seen>) -> HashMap<(ClientId, Epoch), Vec<SeenLogin>> {
    let mut gathered: HashMap<_, Vec<SeenLogin>> = HashMap::new();
    for (client, epoch, login) in seen {
        gathered.entry((client, epoch)).or_default().push(login);
    }
    gathered
}

async fn write(clients: &dyn ClientStore, client: &ClientId, epoch: Epoch, logins: &[SeenLogin]) {
    if let Err(error) = clients.note_logins(client, epoch, logins).await {
        tracing::debug!(%error, %client, "logins are not counted among the last ones");
    }
}
