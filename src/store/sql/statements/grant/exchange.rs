//! Exchanging a code or a refresh token in one statement, which decides and writes.
//!
//! Owns the conditions under which that is right without a look beforehand: the grant and all that it rests on are as they must be, and the client is
//! registered as the caller knows it. What is not as it must be stays as it is: whoever asked looks it up then, and finds out why. What both statements
//! know of the values of their list is named in [`of_exchange`].

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Value};

use super::epochs::EpochColumns;
use super::lookup::OF_USER;
use crate::model::epoch::Epoch;
use crate::store::sql::db::codec::{bytes, id_of_row};
use crate::store::sql::db::entity::grant;
use crate::store::sql::db::rows::{self, Reporting, Rows};
use crate::store::sql::statements::user::StoredUser;
use crate::store::sql::statements::write::{Key, Mergeable};
use crate::store::sql::statements::{affiliation, consent, delegation};
use crate::store::{BackedGrant, ClientStanding, CodeExchange, Exchange, GrantConsent, RefreshExchange, StoreResult};

/// Uses a code up and puts the first refresh token in place.
#[derive(Debug)]
pub(crate) struct ExchangeCode(pub(crate) CodeExchange);

/// Puts another refresh token in the place of the newest.
#[derive(Debug)]
pub(crate) struct ExchangeRefreshToken(pub(crate) RefreshExchange);

impl Mergeable for ExchangeCode {
    type Output = StoreResult<Option<BackedGrant>>;

    const IS_ONE_TOGETHER: bool = true;

    fn key(&self) -> Option<Key> {
        Some(self.0.exchange.grant.into())
    }

    async fn apply<C: ConnectionTrait>(db: &C, _: Reporting, wanted: &[&Self]) -> StoreResult<Vec<Self::Output>> {
        let rows = Rows::new(wanted.iter().map(|Self(wanted)| {
            let challenge = wanted.challenge.as_ref().map(|challenge| challenge.as_str().to_owned());
            let mut row = of_exchange(&wanted.exchange);
            row.extend([bytes(wanted.digest), wanted.redirect_uri.clone().into(), challenge.into()]);
            row
        }));
        let backend = db.get_database_backend();
        let exchanged = rows::select(db, rows, |list, _| exchange_code(backend, list));
        answers(&exchanged.await?, wanted.iter().map(|Self(wanted)| &wanted.exchange))
    }
}

impl Mergeable for ExchangeRefreshToken {
    type Output = StoreResult<Option<BackedGrant>>;

    const IS_ONE_TOGETHER: bool = true;

    fn key(&self) -> Option<Key> {
        Some(self.0.exchange.grant.into())
    }

    async fn apply<C: ConnectionTrait>(db: &C, _: Reporting, wanted: &[&Self]) -> StoreResult<Vec<Self::Output>> {
        let rows = Rows::new(wanted.iter().map(|Self(wanted)| {
            let mut row = of_exchange(&wanted.exchange);
            row.extend([i64::from(wanted.generation).into(), bytes(wanted.current)]);
            row
        }));
        let backend = db.get_database_backend();
        let exchanged = rows::select(db, rows, |list, _| exchange_refresh_token(backend, list));
        answers(&exchanged.await?, wanted.iter().map(|Self(wanted)| &wanted.exchange))
    }
}

fn exchange_code(backend: DbBackend, list: &str) -> String {
    let (conditions, returned, Ends { slot, row }) = (conditions(), returned(), Ends::on(backend));
    let issued = "CASE WHEN offline AND column7 IS NOT NULL THEN";
    format!(
        "UPDATE grants SET code_used_at = column5, refresh_generation = {issued} 0 END, refresh_current = {issued} column7 END, \
         refresh_rotated_at = {issued} column5 END, refresh_expires_at = {issued} {slot} END, \
         expires_at = {issued} {row} ELSE column6 END FROM ({list}) AS wanted \
         WHERE grants.id = column1 AND ticket_kind = 'authorization_code' AND code_digest = column10 AND code_used_at IS NULL \
         AND code_expires_at > column5 AND code_redirect_uri IS NOT DISTINCT FROM column11 \
         AND code_challenge IS NOT DISTINCT FROM column12 AND {conditions} RETURNING {returned}"
    )
}

fn exchange_refresh_token(backend: DbBackend, list: &str) -> String {
    let (conditions, returned, Ends { slot, row }) = (conditions(), returned(), Ends::on(backend));
    format!(
        "UPDATE grants SET refresh_generation = column10 + 1, refresh_current = column7, refresh_previous = column11, \
         refresh_rotated_at = column5, refresh_expires_at = {slot}, expires_at = {row} FROM ({list}) AS wanted \
         WHERE grants.id = column1 AND refresh_generation = column10 AND refresh_current = column11 \
         AND refresh_expires_at > column5 AND {conditions} RETURNING {returned}"
    )
}

/// The first nine columns of a list.
fn of_exchange(exchange: &Exchange) -> Vec<Value> {
    let next = exchange.next.as_ref();
    vec![
        exchange.grant.as_bytes().to_vec().into(),
        exchange.client.as_str().to_owned().into(),
        exchange.client_version.into(),
        exchange.needs_consent.into(),
        exchange.now.millis().into(),
        exchange.tokens_end.millis().into(),
        next.map(|next| next.digest.as_bytes().to_vec()).into(),
        next.map(|next| next.idle_end.millis()).into(),
        next.map(|next| i64::try_from(next.longest.as_millis()).unwrap_or(i64::MAX)).into(),
    ]
}

/// The ends of a refresh token and of the row, as of the list and of the row before.
struct Ends {
    slot: String,
    row: String,
}

impl Ends {
    fn on(backend: DbBackend) -> Self {
        let (least, greatest) = if backend == DbBackend::Sqlite { ("MIN", "MAX") } else { ("LEAST", "GREATEST") };
        let slot = format!("{least}(column8, created_at + column9)");
        let row = format!("{greatest}(expires_at, column6, {slot})");
        Self { slot, row }
    }
}

/// What holds of every grant that something may be exchanged of. The grant is found by its id alone: a planner that knows little of a table must not take all grants of a
/// client for a few. The client's row is looked at once: its version is what the caller knows where it may be used, is in the grant's epoch, and was agreed to where that
/// is needed. A grant whose tokens are bound to a key is none: which key was proved is to be compared.
/// Its terms name it where they have one, and terms that have none may contain the same letters, and are looked up then.
fn conditions() -> String {
    let columns = EpochColumns::of_table();
    let (current, client) = (columns.are_current_but_for_the_client(), columns.client_that_counts());
    let counts = consent::COUNTS_FOR_CLIENT;
    format!(
        "grants.client_id || '' = column2 AND revoked_at IS NULL AND terms NOT LIKE '%\"cnf\":%' AND {current} \
         AND (offline OR NOT EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = grants.sign_in_id)) \
         AND (SELECT CASE WHEN NOT column4 OR EXISTS (SELECT 1 FROM consents WHERE consents.user_id = grants.user_id \
         AND consents.client_id = grants.client_id AND {counts}) THEN clients.version END {client}) = column3"
    )
}

/// The row as it is now, and the account: its epoch and the server's are the grant's.
fn returned() -> String {
    let (definitions, delegations) = (affiliation::VERSION, delegation::NONE_READ);
    format!(
        "*, grants.user_id AS {OF_USER}id, grants.user_epoch AS {OF_USER}epoch, grants.server_epoch AS {OF_USER}server_epoch, \
         {definitions} AS {OF_USER}definitions_version, {delegations} AS {OF_USER}delegations, \
         (SELECT users.document FROM users WHERE users.id = grants.user_id) AS {OF_USER}document"
    )
}

/// What came of each, in their order. What cannot be read of one is no fault of the others.
fn answers<'a>(
    rows: &[QueryResult],
    wanted: impl Iterator<Item = &'a Exchange>,
) -> StoreResult<Vec<StoreResult<Option<BackedGrant>>>> {
    let mut found = rows.iter().map(exchanged).collect::<Result<Vec<_>, DbErr>>()?;
    let mut answers = Vec::with_capacity(found.len());
    for exchange in wanted {
        let of_it = found.iter().position(|(id, ..)| id == exchange.grant.as_bytes());
        let answer = of_it.map(|at| found.swap_remove(at)).map(|(_, grant, user)| backed(exchange, grant, user));
        answers.push(answer.transpose());
    }
    Ok(answers)
}

fn exchanged(row: &QueryResult) -> Result<([u8; 16], grant::Model, StoredUser), DbErr> {
    let grant = grant::Model::from_query_result(row, "")?;
    Ok((id_of_row(&grant.id)?, grant, StoredUser::from_query_result(row, OF_USER)?))
}

/// The grant with what it rests on, all of which was found as it must be.
fn backed(exchange: &Exchange, grant: grant::Model, user: StoredUser) -> StoreResult<BackedGrant> {
    let client = ClientStanding { version: exchange.client_version, epoch: Epoch::from_count(grant.client_epoch) };
    Ok(BackedGrant {
        grant: grant.try_into()?,
        user: user.try_into()?,
        client: Some(client),
        signed_out: false,
        connection_ended: false,
        consent: if exchange.needs_consent { GrantConsent::Given } else { GrantConsent::Absent },
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};

    use super::*;
    use crate::store::sql::db::migrate;
    use crate::store::sql::db::testing::TestDatabase;

    /// On PostgreSQL the integration tests look at the plans that were followed (`store::plans`).
    #[tokio::test]
    async fn the_planner_of_sqlite_finds_each_grant_by_its_id_however_many_there_are() {
        let (_database, connections) = TestDatabase::open().await;
        migrate::up(&connections.write).await.unwrap();
        let queue = connections.queue[0]();
        for (columns, sql) in [(12, exchange_code as fn(DbBackend, &str) -> String), (11, exchange_refresh_token)] {
            for rows in [1, 2, 8, rows::LARGEST] {
                let list = rows::values_list(DbBackend::Sqlite, rows, columns);
                let sql = format!("EXPLAIN QUERY PLAN {}", sql(DbBackend::Sqlite, &list));
                let nulls = vec![Value::BigInt(None); rows * columns];
                let told = queue.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, nulls)).await;
                let plan: Vec<String> = told.unwrap().iter().map(|row| row.try_get("", "detail").unwrap()).collect();
                let of_grants: Vec<_> = plan.iter().filter(|step| step.contains(" grants")).collect();
                assert_eq!(of_grants, ["SEARCH grants USING INDEX sqlite_autoindex_grants_1 (id=?)"], "{plan:#?}");
                let of = |table: &str| plan.iter().filter(|step| step.contains(table)).count();
                assert_eq!((of(" clients"), of(" delegations")), (1, 0), "{plan:#?}");
            }
        }
    }
}
