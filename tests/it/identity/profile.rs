//! What a person says about themselves.

use haechi::identity::accounts::{ChangeProfileRejected, ProfileDraft};
use haechi::store::Change;
use serde_json::json;

use crate::support::app::TestApp;

fn draft(json: serde_json::Value) -> ProfileDraft {
    serde_json::from_value(json).unwrap()
}

#[tokio::test]
async fn a_profile_is_changed_claim_by_claim() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let full = json!({"name": " 홍길동 ", "nickname": "", "website": "https://example.com/me", "birthdate": "1988",
        "phone_number": "+82 10-1234-5678", "address": {"country": "KR", "formatted": "1 Sejong-daero\nSeoul"}});
    let changed = house.accounts.set_profile(user.id, &draft(full)).await.unwrap();
    let expected = json!({"name": "홍길동", "website": "https://example.com/me", "birthdate": "1988",
        "phone_number": "+821012345678", "address": {"country": "KR", "formatted": "1 Sejong-daero\nSeoul"}});
    assert_eq!(serde_json::to_value(&changed.profile).unwrap(), expected);
    let unchanged = house.accounts.set_profile(user.id, &ProfileDraft::default()).await.unwrap();
    assert_eq!(unchanged, changed);
    let nothing = json!({"name": "", "website": " ", "birthdate": "", "phone_number": "", "address": {"country": ""}});
    let emptied = house.accounts.set_profile(user.id, &draft(nothing)).await.unwrap();
    assert!(emptied.profile.is_empty(), "{:?}", emptied.profile);
    assert_eq!(house.accounts.find(user.id).await.unwrap().unwrap(), emptied);
}

#[tokio::test]
async fn a_verified_number_stays_verified_only_while_it_stays_the_same() {
    let house = TestApp::new().await;
    let mut user = house.sign_up("kim@example.com").await;
    user.profile.insert("phone_number".to_owned(), json!("+821012345678"));
    user.profile.insert("phone_number_verified".to_owned(), json!(true));
    house.stores.work.commit(vec![Change::UpdateUser(user.clone())]).await.unwrap();
    let same = house.accounts.set_profile(user.id, &draft(json!({"phone_number": "+821012345678"}))).await.unwrap();
    assert_eq!(same.profile.get("phone_number_verified"), Some(&json!(true)));
    let other = house.accounts.set_profile(user.id, &draft(json!({"phone_number": "+821012345679"}))).await.unwrap();
    assert_eq!(other.profile.get("phone_number_verified"), None);
}

#[tokio::test]
async fn a_language_is_a_language_tag() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    assert_eq!(house.accounts.set_locale(user.id, "EN-us").await.unwrap().locale.as_deref(), Some("en-US"));
    for bad in ["", "../../x", "english language", "ko\0"] {
        let rejected = house.accounts.set_locale(user.id, bad).await;
        assert!(matches!(rejected, Err(ChangeProfileRejected::Locale)), "{bad:?}: {rejected:?}");
    }
}
