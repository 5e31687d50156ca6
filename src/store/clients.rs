//! Clients.

use std::cmp::Ordering;

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::client::{Client, ClientId, SeenLogin};
use crate::model::epoch::Epoch;
use crate::support::Timestamp;

/// What stands between the parts of a place. No id of a client has it.
const BETWEEN: char = ' ';

/// The order of a list of clients, and the place in it after which the list goes on; `None` where it begins. Those that are alike in it are in the order of their
/// ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientOrder {
    /// By id.
    Id(Option<ClientId>),
    /// By name, whatever its case.
    Name(Option<(String, ClientId)>),
    /// As they were registered, the last one first.
    Newest(Option<(Timestamp, ClientId)>),
    /// As they were changed, the last one first.
    Changed(Option<(Timestamp, ClientId)>),
}

impl Default for ClientOrder {
    fn default() -> Self {
        Self::Id(None)
    }
}

impl ClientOrder {
    /// What the order by name goes by: the name in lower case, and without the one character that PostgreSQL cannot hold.
    pub fn name_key(client: &Client) -> String {
        client.presentation.name.replace('\0', "").to_lowercase()
    }

    /// The same order, after a client.
    #[must_use]
    pub fn after(&self, client: &Client) -> Self {
        let id = client.id.clone();
        match self {
            Self::Id(_) => Self::Id(Some(id)),
            Self::Name(_) => Self::Name(Some((Self::name_key(client), id))),
            Self::Newest(_) => Self::Newest(Some((client.created_at, id))),
            Self::Changed(_) => Self::Changed(Some((client.updated_at, id))),
        }
    }

    /// The place of a client in the order, as a text: the list goes on after it.
    pub fn place_of(&self, client: &Client) -> String {
        let id = &client.id;
        match self {
            Self::Id(_) => id.to_string(),
            Self::Name(_) => format!("{id}{BETWEEN}{}", Self::name_key(client)),
            Self::Newest(_) => format!("{id}{BETWEEN}{}", client.created_at.millis()),
            Self::Changed(_) => format!("{id}{BETWEEN}{}", client.updated_at.millis()),
        }
    }

    /// The same order, after a place of it; `None` where the text is no place in this order.
    pub fn after_place(&self, place: &str) -> Option<Self> {
        let (id, value) = place.split_once(BETWEEN).map_or((place, None), |(id, value)| (id, Some(value)));
        let id = ClientId::parse(id).ok()?;
        match (self, value) {
            (Self::Id(_), None) => Some(Self::Id(Some(id))),
            (Self::Name(_), Some(name)) if !name.contains('\0') => Some(Self::Name(Some((name.to_owned(), id)))),
            (Self::Newest(_), Some(at)) => Some(Self::Newest(Some((moment(at)?, id)))),
            (Self::Changed(_), Some(at)) => Some(Self::Changed(Some((moment(at)?, id)))),
            _ => None,
        }
    }

    /// Which of two clients comes first.
    pub fn compare(&self, one: &Client, other: &Client) -> Ordering {
        match self {
            Self::Id(_) => one.id.cmp(&other.id),
            Self::Name(_) => (Self::name_key(one), &one.id).cmp(&(Self::name_key(other), &other.id)),
            Self::Newest(_) => (other.created_at, &other.id).cmp(&(one.created_at, &one.id)),
            Self::Changed(_) => (other.updated_at, &other.id).cmp(&(one.updated_at, &one.id)),
        }
    }

    /// Whether a client comes after the place at which the list goes on.
    pub fn goes_on_to(&self, client: &Client) -> bool {
        match self {
            Self::Id(after) => after.as_ref().is_none_or(|after| client.id > *after),
            Self::Name(after) => after
                .as_ref()
                .is_none_or(|(name, id)| (Self::name_key(client).as_str(), &client.id) > (name.as_str(), id)),
            Self::Newest(after) => after.as_ref().is_none_or(|(at, id)| (client.created_at, &client.id) < (*at, id)),
            Self::Changed(after) => after.as_ref().is_none_or(|(at, id)| (client.updated_at, &client.id) < (*at, id)),
        }
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_millis)
}

/// Reads clients, and notes what they were seen doing.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// The client of this id.
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>>;
    /// Clients by id, after `after`.
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>>;
    /// Clients in an order. Where there is a text, those of them that have it, whatever its case, in what they are known by: their id, names, redirect URIs and
    /// resources. It may bring some more: what was written by a node that did not know of searching.
    async fn search(&self, text: Option<&str>, order: &ClientOrder, limit: u32) -> StoreResult<Page<Client>>;
    /// An enabled client with a redirect URI of this origin (CORS preflights do not name a client). One look-up in an index, however many clients there are.
    async fn with_origin(&self, origin: &str) -> StoreResult<Option<ClientId>>;
    /// Adds logins of a client in this epoch to those that are remembered, of which the last [`SeenLogin::REMEMBERED`] stay, whichever nodes
    /// add some. It is no change of the client: neither its version nor the revision goes up.
    async fn note_logins(&self, id: &ClientId, epoch: Epoch, logins: &[SeenLogin]) -> StoreResult<()>;
    /// The logins that are remembered of a client, the newest last.
    async fn seen_logins(&self, id: &ClientId) -> StoreResult<Vec<SeenLogin>>;
}
