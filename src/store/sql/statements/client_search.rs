//! Lists of clients in an order, and looking for some of them.
//!
//! Each order has an index of its own, by which a page goes on where the one before ended. Whether a client has a text is asked of what stands beside its document
//! while the list is gone through in its order.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::client_document::{behind, read};
use super::containing::{containing, searchable};
use super::write::{Extent, Key, Single};
use crate::model::client::Client;
use crate::store::sql::db::entity::client;
use crate::store::sql::db::page::page;
use crate::store::sql::db::{execute, query_all};
use crate::store::{ClientOrder, Page, StoreResult};

/// Clients in an order; those that have a text in what they are known by where there is one, and those of which that is not known in their present version.
pub(crate) async fn search<C: ConnectionTrait>(
    db: &C,
    text: Option<&str>,
    order: &ClientOrder,
    limit: u32,
) -> StoreResult<Page<Client>> {
    let (after, mut values) = after(order);
    let found = text.map_or_else(String::new, |text| {
        values.push(containing(&searchable(text)).into());
        format!(" AND (known_by_version <> version OR known_by LIKE ${} ESCAPE '\\')", values.len())
    });
    let sql = format!(
        "SELECT id, enabled, version, document, epoch, deleted, born_epoch FROM clients WHERE NOT deleted{after}{found} \
         ORDER BY {} LIMIT {}",
        by(order),
        limit.saturating_add(1)
    );
    let rows = query_all(db, &sql, values).await?;
    let found = rows.iter().map(|row| client::Model::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    page(found, limit, Client::try_from)
}

/// The columns that an order goes by.
const fn by(order: &ClientOrder) -> &'static str {
    match order {
        ClientOrder::Id(_) => "id",
        ClientOrder::Name(_) => "name_key, id",
        ClientOrder::Newest(_) => "created_at DESC, id DESC",
        ClientOrder::Changed(_) => "updated_at DESC, id DESC",
    }
}

/// The condition that a client comes after the place at which the list goes on, and its parameters.
fn after(order: &ClientOrder) -> (&'static str, Vec<Value>) {
    match order {
        ClientOrder::Id(None) | ClientOrder::Name(None) | ClientOrder::Newest(None) | ClientOrder::Changed(None) => {
            ("", vec![])
        }
        ClientOrder::Id(Some(id)) => (" AND id > $1", vec![id.as_str().into()]),
        ClientOrder::Name(Some((name, id))) => {
            (" AND (name_key, id) > ($1, $2)", vec![name.as_str().into(), id.as_str().into()])
        }
        ClientOrder::Newest(Some((at, id))) => {
            (" AND (created_at, id) < ($1, $2)", vec![at.millis().into(), id.as_str().into()])
        }
        ClientOrder::Changed(Some((at, id))) => {
            (" AND (updated_at, id) < ($1, $2)", vec![at.millis().into(), id.as_str().into()])
        }
    }
}

/// The columns that clients are ordered by, as [`values_of`] fills them.
pub(super) const COLUMNS: [&str; 3] = ["name_key", "created_at", "updated_at"];

/// What a client is ordered by.
pub(super) fn values_of(client: &Client) -> [Value; 3] {
    let (created_at, updated_at) = (client.created_at.millis(), client.updated_at.millis());
    [ClientOrder::name_key(client).into(), created_at.into(), updated_at.into()]
}

/// Writes down what some clients are ordered by of which it is missing; answers whether there were any.
#[derive(Debug)]
pub(crate) struct WriteMissing;

impl Single for WriteMissing {
    type Output = bool;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let rows = behind(db, "order_version").await?;
        for (id, version, document) in &rows {
            write_down(db, (id, *version), document).await?;
        }
        Ok(!rows.is_empty())
    }
}

/// Writes down what a client is ordered by, in the version that was read: one that changed meanwhile wrote down what is so now. One that cannot be read keeps nothing
/// else from going on, and stands where it stood.
async fn write_down<C: ConnectionTrait>(db: &C, (id, version): (&str, i64), document: &str) -> StoreResult<()> {
    let mut values: Vec<Value> = vec![id.into(), version.into()];
    let known = read(id, document).map_or("", |client| {
        values.extend(values_of(&client));
        ", name_key = $3, created_at = $4, updated_at = $5"
    });
    let sql = format!("UPDATE clients SET order_version = version{known} WHERE id = $1 AND version = $2");
    execute(db, &sql, values).await?;
    Ok(())
}
