//! Declared attributes of accounts.

use haechi::model::attribute::{AttributeDefinition, AttributeType, AttributeValue, EndUserAccess};
use haechi::model::user::User;
use haechi::store::{Change, Conflict};

use super::users::{conflict, user};
use super::{NOW, on_every_database};

fn definition(name: &str) -> AttributeDefinition {
    AttributeDefinition {
        name: name.to_owned(),
        value_type: AttributeType::Texts,
        label: "Teams".to_owned(),
        labels: [("ko".to_owned(), "팀".to_owned())].into(),
        end_user_access: EndUserAccess::Read,
        managed_by: None,
        created_at: NOW,
        version: 0,
    }
}

on_every_database! {
    stores;

    async fn an_attribute_is_declared_once_changed_from_what_it_is_and_taken_back() {
        stores.work.commit(vec![Change::InsertAttribute(definition("teams"))]).await.unwrap();
        assert_eq!(stores.attributes.all().await.unwrap().find("teams"), Some(&definition("teams")));
        let again = stores.work.commit(vec![Change::InsertAttribute(definition("teams"))]).await;
        assert_eq!(conflict(again), Conflict::Taken);

        let changed = AttributeDefinition { label: "Groups".to_owned(), ..definition("teams") };
        stores.work.commit(vec![Change::UpdateAttribute(changed.clone())]).await.unwrap();
        let is = AttributeDefinition { version: 1, ..changed.clone() };
        assert_eq!(stores.attributes.all().await.unwrap().find("teams"), Some(&is));
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateAttribute(changed)]).await), Conflict::Stale);

        stores.work.commit(vec![Change::DeleteAttribute("teams".to_owned())]).await.unwrap();
        assert!(stores.attributes.all().await.unwrap().is_empty());
        let gone = stores.work.commit(vec![Change::DeleteAttribute("teams".to_owned())]).await;
        assert_eq!(conflict(gone), Conflict::Stale);
    }

    async fn the_attributes_of_an_account_survive_the_store() {
        let attributes = [
            ("teams", AttributeValue::Texts(vec!["a".to_owned(), "한".to_owned()])),
            ("level", AttributeValue::Number(serde_json::Number::from_f64(-1.5).unwrap())),
            ("staff", AttributeValue::Boolean(false)),
            ("badge", AttributeValue::Text("true".to_owned())),
        ];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value)).into();
        let kim = User { attributes, ..user(1) };
        stores.work.commit(vec![Change::InsertUser(kim.clone())]).await.unwrap();
        assert_eq!(stores.users.find(kim.id).await.unwrap(), Some(kim));
    }
}
