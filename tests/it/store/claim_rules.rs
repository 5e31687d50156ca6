//! Claim rules, and the count of what is defined.

use haechi::model::attribute::{AttributeDefinition, AttributeType, EndUserAccess};
use haechi::model::claim_rule::{ClaimName, ClaimRule, ClaimSource, TokenPlace, Unmapped};
use haechi::model::client::ClientId;
use haechi::model::slug::Slug;
use haechi::store::{Change, Conflict};

use super::users::conflict;
use super::{NOW, on_every_database};
use crate::support::builders;

fn rule(name: &str, claim: &str, client: Option<&str>, tokens: &[TokenPlace]) -> ClaimRule {
    ClaimRule {
        name: Slug::parse(name).unwrap(),
        claim: ClaimName::parse(claim).unwrap(),
        source: ClaimSource::Groups,
        values: [("staff".to_owned(), "직원".to_owned())].into(),
        unmapped: Unmapped::Drop,
        tokens: tokens.iter().copied().collect(),
        scope: "profile".to_owned(),
        client: client.map(|id| ClientId::parse(id).unwrap()),
        description: String::new(),
        managed_by: None,
        created_at: NOW,
        version: 0,
    }
}

on_every_database! {
    stores;

    async fn a_rule_is_made_once_changed_from_what_it_is_and_deleted_and_each_change_counts() {
        use TokenPlace::{AccessToken, IdToken, Userinfo};
        let version = async || stores.affiliations.catalogue().await.unwrap().version;
        let before = version().await;
        let level = rule("level", "level", None, &[IdToken, Userinfo]);
        stores.work.commit(vec![Change::InsertClaimRule(level.clone())]).await.unwrap();
        for taken in [rule("level", "other", None, &[AccessToken]), rule("again", "level", None, &[AccessToken, Userinfo])] {
            assert_eq!(conflict(stores.work.commit(vec![Change::InsertClaimRule(taken)]).await), Conflict::Taken);
        }
        assert_eq!(version().await, before + 1, "what was refused changed nothing");
        let changed = ClaimRule { tokens: [Userinfo].into(), scope: "shop".to_owned(), ..level.clone() };
        stores.work.commit(vec![Change::UpdateClaimRule(changed.clone())]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateClaimRule(changed.clone())]).await), Conflict::Stale);
        let found = stores.claim_rules.all().await.unwrap();
        assert_eq!(found.find("level"), Some(&ClaimRule { version: 1, ..changed }));
        // The place that it left is free.
        stores.work.commit(vec![Change::InsertClaimRule(rule("again", "level", None, &[IdToken]))]).await.unwrap();
        stores.work.commit(vec![Change::DeleteClaimRule("level".to_owned())]).await.unwrap();
        let gone = stores.work.commit(vec![Change::DeleteClaimRule("level".to_owned())]).await;
        assert_eq!(conflict(gone), Conflict::Stale);
        stores.work.commit(vec![Change::InsertClaimRule(level)]).await.unwrap_err();
        assert_eq!(version().await, before + 4);
    }

    async fn the_rules_of_a_client_go_with_it() {
        let nobody = rule("shop", "level", Some("shop"), &[TokenPlace::Userinfo]);
        let refused = stores.work.commit(vec![Change::InsertClaimRule(nobody.clone())]).await;
        assert_eq!(conflict(refused), Conflict::Stale);
        let shop = builders::client("shop", haechi::model::client::ClientKind::Web, NOW);
        stores.work.commit(vec![Change::InsertClient(shop.clone()), Change::InsertClaimRule(nobody.clone())]).await.unwrap();
        stores.work.commit(vec![Change::DeleteClient(shop.id.clone())]).await.unwrap();
        assert!(stores.claim_rules.all().await.unwrap().is_empty());
        let again = vec![Change::InsertClient(shop), Change::InsertClaimRule(nobody)];
        stores.work.commit(again).await.unwrap();
    }

    async fn a_change_of_a_declared_attribute_counts_too() {
        let version = async || stores.affiliations.catalogue().await.unwrap().version;
        let before = version().await;
        let level = AttributeDefinition {
            name: "level".to_owned(),
            value_type: AttributeType::Text,
            label: "Level".to_owned(),
            labels: [].into(),
            end_user_access: EndUserAccess::None,
            managed_by: None,
            created_at: NOW,
            version: 0,
        };
        stores.work.commit(vec![Change::InsertAttribute(level.clone())]).await.unwrap();
        stores.work.commit(vec![Change::UpdateAttribute(level)]).await.unwrap();
        stores.work.commit(vec![Change::DeleteAttribute("level".to_owned())]).await.unwrap();
        assert_eq!(version().await, before + 3);
    }
}
