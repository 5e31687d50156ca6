//! A grant as a row of its table.

use sea_orm::Value;

use super::ticket::ticket_of;
use crate::model::client::ClientId;
use crate::model::epoch::{ConnectionEpoch, Epoch, GrantEpochs};
use crate::model::grant::{Grant, GrantTerms, RefreshSlot};
use crate::store::sql::db::codec::{corrupt, digest, id, unreadable};
use crate::store::sql::db::entity::grant;
use crate::store::{StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{ConnectionId, GrantId, LinkId, SignInId, UserId};

/// The five columns of a refresh token.
pub(super) fn slot(slot: Option<&RefreshSlot>) -> [Value; 5] {
    [
        slot.map(|slot| i64::from(slot.generation)).into(),
        slot.map(|slot| slot.current.as_bytes().to_vec()).into(),
        slot.and_then(|slot| slot.previous).map(|digest| digest.as_bytes().to_vec()).into(),
        slot.map(|slot| slot.rotated_at.millis()).into(),
        slot.map(|slot| slot.expires_at.millis()).into(),
    ]
}

impl TryFrom<grant::Model> for Grant {
    type Error = StoreError;

    fn try_from(row: grant::Model) -> StoreResult<Self> {
        let terms: GrantTerms = serde_json::from_str(&row.terms).map_err(unreadable("grant"))?;
        Ok(Self {
            id: GrantId::from_bytes(id(&row.id)?),
            user: UserId::from_bytes(id(&row.user_id)?),
            client: ClientId::parse(&row.client_id).map_err(|_| corrupt("grant: client id"))?,
            sign_in: sign_in_of(&row)?,
            source: row.source_id.as_deref().map(id).transpose()?.map(GrantId::from_bytes),
            epochs: epochs_of(&row)?,
            terms,
            ticket: ticket_of(&row)?,
            refresh: refresh_of(&row)?,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            revoked_at: row.revoked_at.map(Timestamp::from_millis),
        })
    }
}

/// A grant without a sign-in has an empty one: the column is older than they are.
fn sign_in_of(row: &grant::Model) -> StoreResult<Option<SignInId>> {
    if row.sign_in_id.is_empty() { Ok(None) } else { Ok(Some(SignInId::from_bytes(id(&row.sign_in_id)?))) }
}

fn epochs_of(row: &grant::Model) -> StoreResult<GrantEpochs> {
    let connection = match (&row.connection_id, row.connection_epoch) {
        (Some(connection), Some(epoch)) => {
            let connection = ConnectionId::from_bytes(id(connection)?);
            let link = row.link_id.as_deref().map(id).transpose()?.map(LinkId::from_bytes);
            Some(ConnectionEpoch { connection, epoch: Epoch::from_count(epoch), link })
        }
        (None, None) => None,
        _ => return Err(corrupt("grant: half a connection's epoch")),
    };
    Ok(GrantEpochs {
        user: Epoch::from_count(row.user_epoch),
        server: Epoch::from_count(row.server_epoch),
        client: Epoch::from_count(row.client_epoch),
        consent: Epoch::from_count(row.consent_epoch),
        connection,
    })
}

fn refresh_of(row: &grant::Model) -> StoreResult<Option<RefreshSlot>> {
    let (Some(generation), Some(current)) = (row.refresh_generation, &row.refresh_current) else { return Ok(None) };
    let (Some(rotated_at), Some(expires_at)) = (row.refresh_rotated_at, row.refresh_expires_at) else {
        return Err(corrupt("grant: half a refresh token"));
    };
    Ok(Some(RefreshSlot {
        generation: u32::try_from(generation).map_err(|_| corrupt("grant: generation"))?,
        current: digest(current)?,
        previous: row.refresh_previous.as_deref().map(digest).transpose()?,
        rotated_at: Timestamp::from_millis(rotated_at),
        expires_at: Timestamp::from_millis(expires_at),
    }))
}
