//! Clients are listed in each of their orders, page by page, by an index of the order; and those that were written without it come into it.

use std::time::Duration;

use haechi::model::client::Client;
use haechi::store::sql::SqlStore;
use haechi::store::{Change, ClientOrder, Stores};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::clients::client;
use super::many::{on_both, plan};
use super::{NOW, on_every_database};

/// The orders, from their beginnings.
const ORDERS: [ClientOrder; 4] =
    [ClientOrder::Id(None), ClientOrder::Name(None), ClientOrder::Newest(None), ClientOrder::Changed(None)];

/// A client of this name that was registered, and changed, so many seconds after the others.
fn called(id: &str, name: &str, (registered, changed): (u64, u64)) -> Client {
    let mut client = client(id);
    name.clone_into(&mut client.presentation.name);
    client.created_at = NOW.plus(Duration::from_secs(registered));
    client.updated_at = NOW.plus(Duration::from_secs(changed));
    client
}

/// What the list has in an order, a page of two at a time; a page goes on after the place that a text says.
async fn listed(stores: &Stores, text: Option<&str>, order: &ClientOrder) -> Vec<String> {
    let (mut all, mut order) = (Vec::new(), order.clone());
    loop {
        let page = stores.clients.search(text, &order, 2).await.unwrap();
        all.extend(page.items.iter().map(|client| client.id.to_string()));
        let Some(last) = page.items.last().filter(|_| page.more) else { return all };
        order = order.after_place(&order.place_of(last)).unwrap();
    }
}

on_every_database! {
    stores;

    async fn clients_are_listed_in_each_of_their_orders() {
        let all = [
            called("a", "zoo", (4, 4)),
            called("b", "Écluse", (2, 6)),
            called("c", "apple", (3, 3)),
            called("d", "Apple", (3, 9)),
            called("e", "\u{ac00}게", (1, 1)),
        ];
        stores.work.commit(all.into_iter().map(Change::InsertClient).collect()).await.unwrap();
        let ids = ["a", "b", "c", "d", "e"];
        let expected = [ids, ["c", "d", "a", "b", "e"], ["a", "d", "c", "b", "e"], ["d", "b", "a", "c", "e"]];
        for (order, expected) in ORDERS.iter().zip(expected) {
            assert_eq!(listed(&stores, None, order).await, expected, "{order:?}");
        }
        assert_eq!(listed(&stores, Some("APPLE"), &ClientOrder::Changed(None)).await, ["d", "c"]);

        // Each is where it stands now.
        let renamed = called("a", "aardvark", (4, 12));
        stores.work.commit(vec![Change::UpdateClient(renamed)]).await.unwrap();
        assert_eq!(listed(&stores, None, &ClientOrder::Name(None)).await, ["a", "c", "d", "b", "e"]);
        assert_eq!(listed(&stores, None, &ClientOrder::Changed(None)).await, ["a", "d", "b", "c", "e"]);
        stores.work.commit(vec![Change::DeleteClient(client("d").id)]).await.unwrap();
        assert_eq!(listed(&stores, None, &ClientOrder::Name(None)).await, ["a", "c", "b", "e"]);
        stores.work.commit(vec![Change::InsertClient(called("d", "zz", (20, 20)))]).await.unwrap();
        assert_eq!(listed(&stores, None, &ClientOrder::Newest(None)).await, ["d", "a", "c", "b", "e"]);
    }
}

#[test]
fn a_place_is_one_of_its_own_order() {
    let shop = called("shop", "The shop: a b", (1, 2));
    for order in &ORDERS {
        let place = order.place_of(&shop);
        assert_eq!(order.after_place(&place), Some(order.after(&shop)), "{place}");
        assert!(!order.after(&shop).goes_on_to(&shop) && order.goes_on_to(&shop), "{place}");
        for none in ["", " ", "a/b", "usr_1 1"] {
            assert_eq!(order.after_place(none), None, "{none:?}");
        }
    }
    assert_eq!(ClientOrder::Id(None).after_place("shop x"), None);
    assert_eq!(ClientOrder::Name(None).after_place("shop"), None);
    assert_eq!(ClientOrder::Newest(None).after_place("shop soon"), None);
}

async fn add_many(stores: &Stores) {
    let many = (0..600).map(|n| Change::InsertClient(called(&format!("many-{n:03}"), &format!("N{}", n % 77), (n, n))));
    stores.work.commit(many.collect()).await.unwrap();
}

async fn each_order_goes_by_an_index_of_its_own(stores: Stores, db: DatabaseConnection) {
    add_many(&stores).await;
    db.execute_unprepared("ANALYZE").await.unwrap();
    let of_list = "SELECT id, document FROM clients WHERE NOT deleted";
    for (index, rest) in [
        ("clients_by_name", "ORDER BY name_key, id LIMIT 51"),
        ("clients_by_name", "AND (name_key, id) > ('n1', 'many-500') ORDER BY name_key, id LIMIT 51"),
        (
            "clients_by_created",
            "AND (created_at, id) < (1800000500123, 'm') ORDER BY created_at DESC, id DESC LIMIT 51",
        ),
        (
            "clients_by_updated",
            "AND (updated_at, id) < (1800000500123, 'm') ORDER BY updated_at DESC, id DESC LIMIT 51",
        ),
    ] {
        let plan = plan(&db, &format!("{of_list} {rest}")).await;
        // It is in the order of the list already: nothing is sorted, however many there are.
        assert!(plan.contains(index) && !plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
    let missing = "SELECT id FROM clients WHERE order_version <> version ORDER BY id LIMIT 100";
    let plan = plan(&db, missing).await;
    assert!(plan.contains("clients_without_order"), "{plan}");
}

on_both! {
    sqlite_orders_have_indexes, postgres_orders_have_indexes: each_order_goes_by_an_index_of_its_own;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bringing_the_schema_up_to_date_puts_what_was_there_before_in_order() {
    let folder = crate::support::folder::Folder::new();
    let config = super::sqlite_in(&folder);
    let store = std::sync::Arc::new(SqlStore::connect(&config).await.unwrap());
    store.migrate().await.unwrap();
    let stores = Stores::from(std::sync::Arc::clone(&store));
    add_many(&stores).await;
    let orders = async || {
        let mut orders = Vec::new();
        for order in &ORDERS {
            orders.push(listed(&stores, None, order).await);
        }
        orders
    };
    let before = orders().await;
    let direct = sea_orm::Database::connect(&config.url.replacen("sqlite:", "sqlite://", 1)).await.unwrap();
    // As they are after the step has added the columns; one of them no longer says anything.
    let sql = "UPDATE clients SET name_key = '', created_at = 0, updated_at = 0, order_version = -1; \
               UPDATE clients SET document = '{' WHERE id = 'many-001'";
    direct.execute_unprepared(sql).await.unwrap();
    store.migrate().await.unwrap();
    direct.execute_unprepared("DELETE FROM clients WHERE id = 'many-001'").await.unwrap();
    let without: Vec<Vec<String>> =
        before.into_iter().map(|order| order.into_iter().filter(|id| id != "many-001").collect()).collect();
    assert_eq!(orders().await, without);
}
