//! Looking grants up together: by themselves, or with what they depend on.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult};

use super::epochs::EpochColumns;
use crate::model::epoch::Epoch;
use crate::store::sql::db::codec::{digest, id_of_row};
use crate::store::sql::db::entity::grant;
use crate::store::sql::db::rows::{self, Rows};
use crate::store::sql::statements::consent;
use crate::store::sql::statements::lookup::LookUp;
use crate::store::sql::statements::user::StoredUser;
use crate::store::{BackedGrant, ClientStanding, GrantConsent, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::GrantId;

/// How the columns of an account begin where they stand beside a grant's, none of which begins like that.
pub(super) const OF_USER: &str = "account_";

/// Looks up the row of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FindGrant(pub(crate) GrantId);

impl LookUp for FindGrant {
    type Found = grant::Model;

    async fn look_up<C: ConnectionTrait>(db: &C, wanted: &[Self]) -> Result<HashMap<Self, grant::Model>, DbErr> {
        let rows = Rows::new(wanted.iter().map(|id| vec![id.0.as_bytes().to_vec().into()]));
        let sql = |list: &str, _: &str| {
            format!("SELECT grants.* FROM ({list}) AS wanted CROSS JOIN grants WHERE id = column1")
        };
        let mut found = HashMap::with_capacity(wanted.len());
        for row in rows::select(db, rows, sql).await? {
            let row = grant::Model::from_query_result(&row, "")?;
            found.insert(Self(GrantId::from_bytes(id_of_row(&row.id)?)), row);
        }
        Ok(found)
    }
}

/// Looks up the row of a grant with what it depends on. Of a grant whose account is not there, there is nothing, nor behind a token that was revoked by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FindBackedGrant {
    pub(crate) grant: GrantId,
    /// The digest of the `jti` of an access token of the grant.
    pub(crate) token: Option<Digest>,
}

impl FindBackedGrant {
    /// What was asked for, of which this is found.
    fn of_row(row: &QueryResult) -> Result<Self, DbErr> {
        let token: Option<Vec<u8>> = row.try_get("", "token")?;
        let token = token.map(|token| digest(&token)).transpose().map_err(|error| DbErr::Type(error.to_string()))?;
        let grant: Vec<u8> = row.try_get("", "id")?;
        Ok(Self { grant: GrantId::from_bytes(id_of_row(&grant)?), token })
    }
}

/// A grant's row, and what the other tables say of it.
#[derive(Clone, Debug)]
pub(crate) struct BackedRow {
    grant: grant::Model,
    user: StoredUser,
    client: Option<ClientStanding>,
    signed_out: bool,
    connection_ended: bool,
    consent: GrantConsent,
}

impl LookUp for FindBackedGrant {
    type Found = BackedRow;

    async fn look_up<C: ConnectionTrait>(db: &C, wanted: &[Self]) -> Result<HashMap<Self, BackedRow>, DbErr> {
        let rows = Rows::new(wanted.iter().map(|wanted| {
            vec![wanted.grant.as_bytes().to_vec().into(), wanted.token.map(|token| token.as_bytes().to_vec()).into()]
        }));
        let mut found = HashMap::with_capacity(wanted.len());
        for row in rows::select(db, rows, |list, _| with_what_it_depends_on(list)).await? {
            let backed = BackedRow {
                grant: grant::Model::from_query_result(&row, "")?,
                user: StoredUser::from_query_result(&row, OF_USER)?,
                client: standing(&row)?,
                signed_out: row.try_get("", "signed_out")?,
                connection_ended: row.try_get("", "connection_ended")?,
                consent: match (row.try_get("", "withdrawn")?, row.try_get("", "consented")?) {
                    (true, _) => GrantConsent::Withdrawn,
                    (false, true) => GrantConsent::Given,
                    (false, false) => GrantConsent::Absent,
                },
            };
            found.insert(Self::of_row(&row)?, backed);
        }
        Ok(found)
    }
}

/// The grants of a list, each with what the other tables say of it. The row of the client is looked at once.
fn with_what_it_depends_on(list: &str) -> String {
    let columns = EpochColumns::of_table();
    let (way_in_ended, withdrawn, counts) = (columns.way_in_ended(), columns.withdrawn(), consent::COUNTS_FOR_CLIENT);
    let users = StoredUser::columns_behind_a_grant(OF_USER);
    format!(
        "SELECT grants.*, column2 AS token, {users}, clients.version AS standing_version, clients.epoch AS standing_epoch, \
         EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = grants.sign_in_id) AS signed_out, \
         {way_in_ended} AS connection_ended, {withdrawn} AS withdrawn, \
         EXISTS (SELECT 1 FROM consents WHERE consents.user_id = grants.user_id \
                 AND consents.client_id = grants.client_id AND {counts}) AS consented \
         FROM ({list}) AS wanted CROSS JOIN grants CROSS JOIN users \
         LEFT JOIN clients ON clients.id = grants.client_id AND NOT clients.deleted \
         WHERE grants.id = column1 AND users.id = grants.user_id AND NOT users.deleted \
         AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE revoked_tokens.jti = column2)"
    )
}

fn standing(row: &QueryResult) -> Result<Option<ClientStanding>, DbErr> {
    let version: Option<i64> = row.try_get("", "standing_version")?;
    let epoch: Option<i64> = row.try_get("", "standing_epoch")?;
    Ok(version.zip(epoch).map(|(version, epoch)| ClientStanding { version, epoch: Epoch::from_count(epoch) }))
}

impl TryFrom<BackedRow> for BackedGrant {
    type Error = StoreError;

    fn try_from(row: BackedRow) -> StoreResult<Self> {
        let BackedRow { grant, user, client, signed_out, connection_ended, consent } = row;
        let (grant, user) = (grant.try_into()?, user.try_into()?);
        Ok(Self { grant, user, client, signed_out, connection_ended, consent })
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement, Value};

    use super::*;
    use crate::store::sql::db::migrate;
    use crate::store::sql::db::testing::TestDatabase;

    /// On PostgreSQL the integration tests look at the plans that were followed (`store::plans`).
    #[tokio::test]
    async fn sqlite_looks_at_the_row_of_a_client_once_and_at_no_delegations() {
        let (_database, connections) = TestDatabase::open().await;
        migrate::up(&connections.write).await.unwrap();
        let queue = connections.queue[0]();
        for rows in [1, 8] {
            let list = rows::values_list(DbBackend::Sqlite, rows, 2);
            let sql = format!("EXPLAIN QUERY PLAN {}", with_what_it_depends_on(&list));
            let nulls = vec![Value::BigInt(None); rows * 2];
            let told = queue.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, nulls)).await;
            let plan: Vec<String> = told.unwrap().iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            let of = |table: &str| plan.iter().filter(|step| step.contains(table)).count();
            assert_eq!((of(" grants"), of(" clients"), of(" delegations")), (1, 1, 0), "{plan:#?}");
        }
    }
}
