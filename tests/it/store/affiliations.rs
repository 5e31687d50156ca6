//! Groups and roles in apps, and who has which.

use haechi::model::affiliation::{Affiliation, AffiliationKind, AffiliationOf};
use haechi::model::user::User;
use haechi::model::user_edit::UserEdit;
use haechi::store::{Change, Conflict, Stores};
use haechi::support::id::AffiliationId;

use super::users::{conflict, user};
use super::{NOW, on_every_database};

pub(super) fn group(n: u8, name: &str) -> Affiliation {
    Affiliation {
        id: AffiliationId::from_bytes([n; 16]),
        of: AffiliationOf::Group { roles: vec![] },
        name: name.to_owned(),
        label: "직원".to_owned(),
        labels: [("en".to_owned(), "Staff".to_owned())].into(),
        description: String::new(),
        managed_by: None,
        created_at: NOW,
        version: 0,
    }
}

pub(super) fn join(user: &User, of: &Affiliation) -> Change {
    Change::EditUser(UserEdit { joins: vec![of.id], ..UserEdit::new(user.id, NOW) })
}

async fn members(stores: &Stores, of: &Affiliation) -> Vec<User> {
    stores.affiliations.members(of.id, None, 10).await.unwrap().items
}

on_every_database! {
    stores;

    async fn a_group_is_made_once_changed_from_what_it_is_and_deleted_and_accounts_say_which_version_counts() {
        let version = async || stores.affiliations.catalogue().await.unwrap().version;
        let staff = group(1, "staff");
        let before = version().await;
        stores.work.commit(vec![Change::InsertAffiliation(staff.clone())]).await.unwrap();
        let taken = stores.work.commit(vec![Change::InsertAffiliation(group(2, "staff"))]).await;
        assert_eq!(conflict(taken), Conflict::Taken);
        let of = AffiliationOf::Role { client: None, second_factor_required: false };
        let role = Affiliation { of, ..group(3, "staff") };
        stores.work.commit(vec![Change::InsertAffiliation(role)]).await.unwrap();

        let changed = Affiliation { description: "all".to_owned(), ..staff.clone() };
        stores.work.commit(vec![Change::UpdateAffiliation(changed.clone())]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateAffiliation(changed.clone())]).await), Conflict::Stale);
        let all = stores.affiliations.catalogue().await.unwrap();
        assert_eq!(all.find(AffiliationKind::Group, "staff"), Some(&Affiliation { version: 1, ..changed }));
        assert_eq!(all.version, before + 3);

        let kim = user(1);
        stores.work.commit(vec![Change::InsertUser(kim.clone())]).await.unwrap();
        assert_eq!(stores.users.find(kim.id).await.unwrap().unwrap().definitions_version, all.version);
        stores.work.commit(vec![Change::DeleteAffiliation(staff.id)]).await.unwrap();
        assert_eq!(stores.users.find(kim.id).await.unwrap().unwrap().definitions_version, all.version + 1);
        assert_eq!(conflict(stores.work.commit(vec![Change::DeleteAffiliation(staff.id)]).await), Conflict::Stale);
    }

    async fn members_are_listed_while_they_are_ones_and_nobody_joins_what_is_gone() {
        let (staff, kim, lee) = (group(1, "staff"), user(1), user(2));
        let made = vec![Change::InsertAffiliation(staff.clone()), Change::InsertUser(kim.clone()), Change::InsertUser(lee.clone())];
        stores.work.commit(made).await.unwrap();
        stores.work.commit(vec![join(&kim, &staff), join(&lee, &staff), join(&kim, &staff)]).await.unwrap();
        let all = members(&stores, &staff).await;
        assert_eq!(all.iter().map(|user| user.id).collect::<Vec<_>>(), [kim.id.min(lee.id), kim.id.max(lee.id)]);
        assert_eq!(all[0].affiliations, [staff.id]);
        let first = stores.affiliations.members(staff.id, None, 1).await.unwrap();
        assert!(first.more);
        let second = stores.affiliations.members(staff.id, Some(first.items[0].id), 1).await.unwrap();
        assert!(!second.more && second.items[0].id == all[1].id);

        let leave = UserEdit { leaves: vec![staff.id], ..UserEdit::new(kim.id, NOW) };
        stores.work.commit(vec![Change::EditUser(leave)]).await.unwrap();
        assert_eq!(members(&stores, &staff).await.len(), 1);
        stores.work.commit(vec![Change::DeleteUser(UserEdit::new(lee.id, NOW))]).await.unwrap();
        assert!(members(&stores, &staff).await.is_empty());

        stores.work.commit(vec![join(&kim, &staff), Change::DeleteAffiliation(staff.id)]).await.unwrap();
        let refused = stores.work.commit(vec![join(&user(1), &group(9, "nothing"))]).await;
        assert_eq!(conflict(refused), Conflict::Stale);
        while stores.housekeeping.purge(NOW).await.unwrap() > 0 {}
        assert!(members(&stores, &staff).await.is_empty(), "nothing is left to list");
    }
}
