use proptest::prelude::*;
use proptest::sample;
use serde_json::{Value, json};

use super::*;
use crate::admin::document::{Document as _, Verdict};
use crate::admin::{FieldError, FieldProblem};
use crate::identity::accounts::ClaimRejected;
use crate::model::attribute::Definitions;
use crate::protocol::claims;
use crate::support::SeededRandom;

fn user() -> User {
    let now = Timestamp::from_seconds(1_800_000_000);
    User::new(UserId::new(now, &SeededRandom::new(1)), EmailAddress::parse("kim@example.com").unwrap(), now)
}

fn applied(was: &User, document: Value) -> (User, Vec<FieldProblem>) {
    let document: UserResource = serde_json::from_value(document).unwrap();
    let mut found = Vec::new();
    (document.apply(was.clone(), &Definitions::default(), &mut found), found)
}

#[test]
fn every_standard_claim_about_an_end_user_can_be_said() {
    for claim in [claims::PROFILE, claims::EMAIL, claims::ADDRESS, claims::PHONE].concat() {
        assert_eq!(UserResource::verdict(claim, &serde_json::Value::Null), Verdict::Known, "{claim}");
    }
}

#[test]
fn each_claim_that_is_wrong_is_named_at_once() {
    let (_, found) = applied(
        &user(),
        json!({"email": "x", "locale": "?", "picture": "javascript:alert(1)", "birthdate": "88", "phone_number": "010",
            "zoneinfo": "../x", "name": "a\u{202E}b", "name#ko": 7, "nickname#ko": "a\nb", "address": {"country": "a\nb"}}),
    );
    let mut found: Vec<_> = found.iter().map(|found| (found.field.as_str(), found.error.code())).collect();
    found.sort_unstable();
    let expected = [
        ("address", "illegal_character"),
        ("birthdate", "not_a_claim_value"),
        ("email", "not_an_email_address"),
        ("locale", "not_a_locale"),
        ("name", "illegal_character"),
        ("name#ko", "not_a_text"),
        ("nickname#ko", "illegal_character"),
        ("phone_number", "not_a_claim_value"),
        ("picture", "not_a_claim_value"),
        ("zoneinfo", "not_a_claim_value"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_was_verified_was_that_address_and_that_number() {
    let verified = json!({"email_verified": true, "phone_number": "+82212345678", "phone_number_verified": true});
    let (was, _) = applied(&user(), verified.clone());
    assert!(was.email_verified && was.profile["phone_number_verified"] == true);
    let (same, _) =
        applied(&was, json!({"email": "kim@example.com", "phone_number": "+82 2 1234 5678", "name": "Kim"}));
    assert!(same.email_verified && same.profile["phone_number_verified"] == true);
    let (other, _) = applied(&was, json!({"email": "lee@example.com", "phone_number": "+82298765432"}));
    assert!(!other.email_verified && !other.profile.contains_key("phone_number_verified"));
    let (gone, _) = applied(&was, json!({"phone_number": ""}));
    assert!(!gone.profile.contains_key("phone_number") && !gone.profile.contains_key("phone_number_verified"));
    let (said, _) = applied(&was, json!({"email": "lee@example.com", "email_verified": true}));
    assert!(said.email_verified);
}

#[test]
fn an_empty_claim_is_taken_away_and_one_that_is_not_there_stays() {
    let (was, _) =
        applied(&user(), json!({"name": "Kim", "nickname": "K", "address": {"country": "KR"}, "locale": "ko"}));
    let (now, found) = applied(&was, json!({"name": " ", "address": {}, "locale": ""}));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!((now.profile.keys().map(String::as_str).collect::<Vec<_>>(), now.locale), (vec!["nickname"], None));
}

#[test]
fn a_value_from_before_a_rule_stays_as_long_as_it_is_not_changed() {
    let mut was = user();
    was.profile.insert("picture".to_owned(), json!("ftp://old.example/x"));
    let shown = serde_json::to_value(UserResource::from(&was)).unwrap();
    assert_eq!(applied(&was, shown), (was.clone(), vec![]));
    let why = FieldError::Claim(ClaimRejected::NotALink);
    assert_eq!(
        applied(&was, json!({"picture": "ftp://new.example/x"})).1,
        [FieldProblem { field: "picture".to_owned(), value: None, error: why }]
    );
}

/// Any account that the model can hold.
fn any_user() -> impl Strategy<Value = User> {
    let locales = sample::select(vec![None, Some("ko"), Some("en-GB")]);
    let said = ("[a-z]{1,10}", "[a-z가-힣][a-z가-힣 ]{0,20}[a-z]", any::<[bool; 6]>(), any::<[u16; 3]>(), locales);
    said.prop_map(
        |(local, name, [active, verified, named, phone, address, tagged], [made, changed, version], locale)| {
            let mut user = user();
            let text = Value::String(name.clone());
            user.email = EmailAddress::parse(&format!("{local}@example.com")).unwrap();
            user.status = if active { UserStatus::Active } else { UserStatus::Disabled };
            (user.email_verified, user.locale, user.version) =
                (verified, locale.map(str::to_owned), i64::from(version));
            user.created_at = Timestamp::from_seconds(i64::from(made));
            user.updated_at = Timestamp::from_seconds(i64::from(changed));
            let mut put = |claim: &str, value: Value| user.profile.insert(claim.to_owned(), value);
            if named {
                for claim in
                    ["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "gender"]
                {
                    put(claim, text.clone());
                }
                for claim in ["profile", "picture", "website"] {
                    put(claim, json!("https://example.com/kim"));
                }
                put("birthdate", json!("1988-02-29"));
                put("zoneinfo", json!("Asia/Seoul"));
            }
            if phone {
                put("phone_number", json!("+82212345678"));
                put("phone_number_verified", json!(verified));
            }
            if address {
                put("address", json!({"country": "KR", "formatted": "Jongno\nSeoul"}));
            }
            if tagged {
                put("name#ko-KR", text);
            }
            user.roles = if named { vec![Role::Auditor, Role::AppManager] } else { Vec::new() };
            user
        },
    )
}

proptest! {
    #[test]
    fn an_account_and_its_document_say_the_same(user in any_user()) {
        let shown = UserResource::from(&user);
        let text = serde_json::to_string(&shown).unwrap();
        let read: UserResource = crate::admin::document::read(&text).unwrap();
        prop_assert_eq!(&read, &shown);
        let mut found = Vec::new();
        read.check_unchanged(&user, &mut found);
        prop_assert_eq!(&read.apply(user.clone(), &Definitions::default(), &mut found), &user);
        // A new account of the same document: all but what the server sets.
        let blank = User::new(user.id, user.email.clone(), user.not_before);
        let made = read.apply(User { status: user.status, ..blank }, &Definitions::default(), &mut found);
        let User { created_at, updated_at, version, .. } = user;
        prop_assert_eq!(User { created_at, updated_at, version, ..made }, user);
        prop_assert!(found.is_empty(), "{found:?}");
    }
}
