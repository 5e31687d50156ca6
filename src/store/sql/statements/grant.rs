//! Grants: codes, refresh tokens, revocation.
//!
//! Owns the statements that decide: each is one `UPDATE` whose condition is the check, and it answers with the rows it changed.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter, QueryOrder,
    QuerySelect, Value,
};

use crate::model::client::ClientId;
use crate::model::grant::{Grant, GrantTerms, IssuedCode, RefreshSlot};
use crate::protocol::pkce::CodeChallenge;
use crate::store::sql::db::codec::{corrupt, digest, hour, id, id_of_row, unreadable};
use crate::store::sql::db::entity::{grant, user};
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, ChangedRows, Reporting, Rows};
use crate::store::{BackedGrant, GrantFilter, StoreError, StoreResult};
use crate::support::id::{GrantId, SignInId, UserId};
use crate::support::{Digest, Timestamp};

/// How the columns of an account begin where they stand beside a grant's.
const OF_USER: &str = "user_";

/// A grant as a row of values, in the order of the table's columns.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: GrantId,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn of(grant: &Grant) -> StoreResult<Self> {
        let (code, refresh) = (&grant.code, grant.refresh.as_ref());
        let values = vec![
            grant.id.as_bytes().to_vec().into(),
            grant.user.as_bytes().to_vec().into(),
            grant.client.as_str().into(),
            grant.sign_in.as_bytes().to_vec().into(),
            grant.is_offline().into(),
            serde_json::to_string(&grant.terms).map_err(unreadable("grant"))?.into(),
            code.digest.as_bytes().to_vec().into(),
            code.redirect_uri.clone().into(),
            code.challenge.as_ref().map(|challenge| challenge.as_str().to_owned()).into(),
            code.expires_at.millis().into(),
            code.used_at.map(Timestamp::millis).into(),
            refresh.map(|slot| i64::from(slot.generation)).into(),
            refresh.map(|slot| slot.current.as_bytes().to_vec()).into(),
            refresh.and_then(|slot| slot.previous).map(|digest| digest.as_bytes().to_vec()).into(),
            refresh.map(|slot| slot.rotated_at.millis()).into(),
            refresh.map(|slot| slot.expires_at.millis()).into(),
            grant.created_at.millis().into(),
            grant.expires_at.millis().into(),
            hour(grant.expires_at).into(),
            grant.revoked_at.map(Timestamp::millis).into(),
        ];
        Ok(Self { id: grant.id, values })
    }
}

/// Adds grants. An id that is taken adds nothing.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    reporting: Reporting,
    grants: &[&Row],
) -> Result<ChangedRows, DbErr> {
    let columns = grant::Column::iter().map(|column| column.as_str()).collect::<Vec<_>>().join(", ");
    let rows = Rows::new(grants.iter().map(|row| row.values.clone()));
    rows::change(db, reporting, rows, "id", |list, _| {
        format!(
            "INSERT INTO grants ({columns}) SELECT * FROM ({list}) AS added WHERE column1 IS NOT NULL \
             ON CONFLICT (id) DO NOTHING"
        )
    })
    .await
}

/// The live grants of an account, the newest first, at most 200.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
    let rows = grant::Entity::find()
        .filter(grant::Column::UserId.eq(user.as_bytes().to_vec()))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(grant::Column::ExpiresAt.gt(now.millis()))
        .order_by_desc(grant::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(Grant::try_from).collect()
}

/// The rows of these grants; one that is not there has no entry.
pub(crate) async fn look_up<C: ConnectionTrait>(
    db: &C,
    wanted: &[GrantId],
) -> Result<HashMap<GrantId, grant::Model>, DbErr> {
    let rows = Rows::new(wanted.iter().map(|id| vec![id.as_bytes().to_vec().into()]));
    let sql =
        |list: &str, _: &str| format!("SELECT grants.* FROM ({list}) AS wanted CROSS JOIN grants WHERE id = column1");
    let mut found = HashMap::with_capacity(wanted.len());
    for row in rows::select(db, rows, sql).await? {
        let row = grant::Model::from_query_result(&row, "")?;
        found.insert(GrantId::from_bytes(id_of_row(&row.id)?), row);
    }
    Ok(found)
}

/// A grant's row, and what the other tables say of it.
#[derive(Clone, Debug)]
pub(crate) struct BackedRow {
    grant: grant::Model,
    user: user::Model,
    signed_out: bool,
    consented: bool,
}

/// The rows of these grants with what they depend on; one that is not there, or whose account is not, has no entry.
pub(crate) async fn look_up_backed<C: ConnectionTrait>(
    db: &C,
    wanted: &[GrantId],
) -> Result<HashMap<GrantId, BackedRow>, DbErr> {
    let users = user::Column::iter().map(|column| format!("users.{0} AS {OF_USER}{0}", column.as_str()));
    let users = users.collect::<Vec<_>>().join(", ");
    let rows = Rows::new(wanted.iter().map(|id| vec![id.as_bytes().to_vec().into()]));
    let sql = |list: &str, _: &str| {
        format!(
            "SELECT grants.*, {users}, \
             EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = grants.sign_in_id) AS signed_out, \
             EXISTS (SELECT 1 FROM consents WHERE consents.user_id = grants.user_id \
                     AND consents.client_id = grants.client_id) AS consented \
             FROM ({list}) AS wanted CROSS JOIN grants CROSS JOIN users \
             WHERE grants.id = column1 AND users.id = grants.user_id"
        )
    };
    let mut found = HashMap::with_capacity(wanted.len());
    for row in rows::select(db, rows, sql).await? {
        let backed = BackedRow {
            grant: grant::Model::from_query_result(&row, "")?,
            user: user::Model::from_query_result(&row, OF_USER)?,
            signed_out: row.try_get("", "signed_out")?,
            consented: row.try_get("", "consented")?,
        };
        found.insert(GrantId::from_bytes(id_of_row(&backed.grant.id)?), backed);
    }
    Ok(found)
}

/// A code to use up.
#[derive(Debug)]
pub(crate) struct Redemption {
    pub(crate) id: GrantId,
    pub(crate) now: Timestamp,
    pub(crate) refresh: Option<RefreshSlot>,
    pub(crate) expires_at: Timestamp,
}

/// Uses codes up that are unused.
pub(crate) async fn redeem<C: ConnectionTrait>(
    db: &C,
    reporting: Reporting,
    wanted: &[&Redemption],
) -> Result<ChangedRows, DbErr> {
    let rows = Rows::new(wanted.iter().map(|wanted| {
        let mut row = vec![wanted.id.as_bytes().to_vec().into(), wanted.now.millis().into()];
        row.extend(slot(wanted.refresh.as_ref()));
        row.extend(expiry(wanted.expires_at));
        row
    }));
    rows::change(db, reporting, rows, "id", |list, _| {
        format!(
            "UPDATE grants SET code_used_at = column2, refresh_generation = column3, refresh_current = column4, \
             refresh_previous = column5, refresh_rotated_at = column6, refresh_expires_at = column7, \
             expires_at = column8, purge_hour = column9 FROM ({list}) AS wanted \
             WHERE id = column1 AND code_used_at IS NULL AND revoked_at IS NULL"
        )
    })
    .await
}

/// A refresh token to replace, if the slot still has this generation and digest.
#[derive(Debug)]
pub(crate) struct Rotation {
    pub(crate) id: GrantId,
    pub(crate) expected: (u32, Digest),
    pub(crate) next: RefreshSlot,
    pub(crate) expires_at: Timestamp,
}

/// Replaces refresh tokens that are as expected.
pub(crate) async fn rotate<C: ConnectionTrait>(
    db: &C,
    reporting: Reporting,
    wanted: &[&Rotation],
) -> Result<ChangedRows, DbErr> {
    let rows = Rows::new(wanted.iter().map(|wanted| {
        let (generation, current) = &wanted.expected;
        let mut row: Vec<Value> = vec![wanted.id.as_bytes().to_vec().into()];
        row.extend([i64::from(*generation).into(), current.as_bytes().to_vec().into()]);
        row.extend(slot(Some(&wanted.next)));
        row.extend(expiry(wanted.expires_at));
        row
    }));
    rows::change(db, reporting, rows, "id", |list, _| {
        format!(
            "UPDATE grants SET refresh_generation = column4, refresh_current = column5, refresh_previous = column6, \
             refresh_rotated_at = column7, refresh_expires_at = column8, expires_at = column9, purge_hour = column10 \
             FROM ({list}) AS wanted WHERE id = column1 AND refresh_generation = column2 \
             AND refresh_current = column3 AND revoked_at IS NULL"
        )
    })
    .await
}

/// Makes an unused code useless.
pub(crate) async fn burn<C: ConnectionTrait>(db: &C, id: GrantId, now: Timestamp) -> Result<u64, DbErr> {
    let sql = "UPDATE grants SET code_used_at = $2 WHERE id = $1 AND code_used_at IS NULL";
    execute(db, sql, vec![id.as_bytes().to_vec().into(), now.millis().into()]).await
}

/// Forgets the refresh token before the newest.
pub(crate) async fn forget_previous_refresh_token<C: ConnectionTrait>(
    db: &C,
    id: GrantId,
    generation: u32,
) -> Result<u64, DbErr> {
    let sql = "UPDATE grants SET refresh_previous = NULL \
               WHERE id = $1 AND refresh_generation = $2 AND refresh_previous IS NOT NULL";
    execute(db, sql, vec![id.as_bytes().to_vec().into(), i64::from(generation).into()]).await
}

/// Revokes what matches and is not revoked.
pub(crate) async fn revoke<C: ConnectionTrait>(db: &C, filter: &GrantFilter, now: Timestamp) -> Result<u64, DbErr> {
    let (condition, mut values): (_, Vec<Value>) = match filter {
        GrantFilter::One(id) => ("id = $1", vec![id.as_bytes().to_vec().into()]),
        GrantFilter::OfUser(user) => ("user_id = $1", vec![user.as_bytes().to_vec().into()]),
        GrantFilter::OfClient(client) => ("client_id = $1", vec![client.as_str().into()]),
        GrantFilter::OfUserToClient(user, client) => {
            ("user_id = $1 AND client_id = $2", vec![user.as_bytes().to_vec().into(), client.as_str().into()])
        }
        GrantFilter::OfSignIn(id) => ("sign_in_id = $1 AND NOT offline", vec![id.as_bytes().to_vec().into()]),
    };
    values.push(now.millis().into());
    let at = values.len();
    let sql = format!("UPDATE grants SET revoked_at = ${at} WHERE {condition} AND revoked_at IS NULL");
    execute(db, &sql, values).await
}

/// The five columns of a refresh token.
fn slot(slot: Option<&RefreshSlot>) -> [Value; 5] {
    [
        slot.map(|slot| i64::from(slot.generation)).into(),
        slot.map(|slot| slot.current.as_bytes().to_vec()).into(),
        slot.and_then(|slot| slot.previous).map(|digest| digest.as_bytes().to_vec()).into(),
        slot.map(|slot| slot.rotated_at.millis()).into(),
        slot.map(|slot| slot.expires_at.millis()).into(),
    ]
}

fn expiry(at: Timestamp) -> [Value; 2] {
    [at.millis().into(), hour(at).into()]
}

impl TryFrom<BackedRow> for BackedGrant {
    type Error = StoreError;

    fn try_from(row: BackedRow) -> StoreResult<Self> {
        let BackedRow { grant, user, signed_out, consented } = row;
        Ok(Self { grant: grant.try_into()?, user: user.try_into()?, signed_out, consented })
    }
}

impl TryFrom<grant::Model> for Grant {
    type Error = StoreError;

    fn try_from(row: grant::Model) -> StoreResult<Self> {
        let terms: GrantTerms = serde_json::from_str(&row.terms).map_err(unreadable("grant"))?;
        let challenge = row.code_challenge.as_deref().map(|text| CodeChallenge::parse(text, Some("S256"))).transpose();
        Ok(Self {
            id: GrantId::from_bytes(id(&row.id)?),
            user: UserId::from_bytes(id(&row.user_id)?),
            client: ClientId::parse(&row.client_id).map_err(|_| corrupt("grant: client id"))?,
            sign_in: SignInId::from_bytes(id(&row.sign_in_id)?),
            terms,
            code: IssuedCode {
                digest: digest(&row.code_digest)?,
                redirect_uri: row.code_redirect_uri.clone(),
                challenge: challenge.map_err(|_| corrupt("grant: code challenge"))?,
                expires_at: Timestamp::from_millis(row.code_expires_at),
                used_at: row.code_used_at.map(Timestamp::from_millis),
            },
            refresh: refresh_of(&row)?,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            revoked_at: row.revoked_at.map(Timestamp::from_millis),
        })
    }
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
