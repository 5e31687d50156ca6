use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::upstream::presets;

fn oidc() -> Mapping {
    presets::find("oidc").unwrap().mapping([])
}

fn read(answers: &[Value]) -> Result<UpstreamProfile, ProfileRejected> {
    map(&oidc(), answers)
}

#[test]
fn without_a_subject_there_is_nobody() {
    for answers in
        [&[][..], &[json!({})], &[json!([])], &[json!({ "sub": null })], &[json!({ "email": "a@b.example" })]]
    {
        assert_eq!(read(answers), Err(SubjectRejected::Missing.into()), "{answers:?}");
    }
}

#[test]
fn a_subject_is_taken_as_it_is_or_not_at_all() {
    // A number is no `sub` either.
    for bad in
        [json!(" a"), json!("a\n"), json!("홍"), json!("x".repeat(256)), json!(1), json!(1.5), json!(-1), json!([1])]
    {
        assert_eq!(read(&[json!({ "sub": bad })]), Err(SubjectRejected::Malformed.into()), "{bad}");
    }
    assert_eq!(read(&[json!({ "sub": "" })]), Err(SubjectRejected::Worthless.into()));
    assert_eq!(read(&[json!({ "sub": "x".repeat(255) })]).unwrap().subject.as_str().len(), 255);
    let github = presets::find("github").unwrap().mapping([]);
    let of_github = |id: Value| map(&github, &[json!({ "id": id })]).map(|profile| profile.subject.to_string());
    assert_eq!(of_github(json!(18_446_744_073_709_551_615_u64)).unwrap(), "18446744073709551615");
    assert_eq!(of_github(json!("583231")), Err(SubjectRejected::Malformed.into()), "it sends numbers");
    assert_eq!(of_github(json!(0)), Err(SubjectRejected::Worthless.into()));
    // Not folded: these are two people.
    assert_ne!(read(&[json!({ "sub": "Ab" })]).unwrap().subject, read(&[json!({ "sub": "ab" })]).unwrap().subject);
}

/// OpenID Connect Core 1.0 section 5.3.2: "The sub Claim in the `UserInfo` Response MUST be verified to exactly match the sub Claim in
/// the ID Token; if they do not match, the `UserInfo` Response values MUST NOT be used."
#[test]
fn answers_about_different_people_are_refused() {
    let id_token = json!({ "sub": "a" });
    assert_eq!(read(&[id_token.clone(), json!({ "sub": "b" })]), Err(SubjectRejected::Differ.into()));
    assert_eq!(read(&[id_token.clone(), json!({ "name": "B" })]), Err(SubjectRejected::Missing.into()));
    assert_eq!(read(&[id_token.clone(), json!({ "sub": null, "name": "B" })]), Err(SubjectRejected::Missing.into()));
    let profile = read(&[id_token, json!({ "sub": "a", "name": "A" })]).unwrap();
    assert_eq!(profile.name.as_deref(), Some("A"));
    // A provider that names the same account by a number in one answer and by a text in the other.
    let kakao = presets::find("kakao").unwrap().mapping([]);
    let both = |sub: &str, id: u64| map(&kakao, &[json!({ "sub": sub }), json!({ "id": id })]);
    assert_eq!(both("137", 137).unwrap().subject.as_str(), "137");
    assert_eq!(both("0137", 137), Err(SubjectRejected::Differ.into()));
}

#[test]
fn what_one_answer_says_of_its_address_says_nothing_of_another_s() {
    let answers = [
        json!({ "sub": "a", "email": "victim@example.com" }),
        json!({ "sub": "a", "email": "own@example.com", "email_verified": true }),
    ];
    let email = read(&answers).unwrap().email.unwrap();
    assert_eq!((email.address.as_str(), email.verified), ("victim@example.com", None));
}

#[test]
fn only_what_surely_means_yes_is_a_yes() {
    let verified = |flag: Value| {
        let answer = json!({ "sub": "a", "email": "a@example.com", "email_verified": flag });
        read(&[answer]).unwrap().email.unwrap().verified
    };
    for yes in [json!(true), json!("true"), json!("1"), json!(1)] {
        assert_eq!(verified(yes.clone()), Some(true), "{yes}");
    }
    for no in [json!(false), json!("false"), json!("0"), json!(0)] {
        assert_eq!(verified(no.clone()), Some(false), "{no}");
    }
    for unclear in [json!("TRUE"), json!("yes"), json!(2), json!(null), json!([true]), json!({ "v": true }), json!("")]
    {
        assert_eq!(verified(unclear.clone()), None, "{unclear}");
    }
    // A provider without the quirk must write a flag as a flag.
    let gitlab = presets::find("gitlab").unwrap().mapping([]);
    let answer = json!({ "sub": "a", "email": "a@example.com", "email_verified": "true" });
    assert_eq!(map(&gitlab, &[answer]).unwrap().email.unwrap().verified, None);
}

#[test]
fn an_address_that_is_none_is_left_out() {
    for bad in [json!("nobody"), json!("a@b@c.example"), json!("a@b"), json!(1), json!(null), json!("")] {
        assert_eq!(read(&[json!({ "sub": "a", "email": bad })]).unwrap().email, None, "{bad}");
    }
}

#[test]
fn trust_takes_the_provider_the_mailbox_and_the_administrator() {
    let google = presets::find("google").unwrap();
    let email = |claims: Value| map(&google.mapping([]), &[claims]).unwrap().email.unwrap();
    let own = email(json!({ "sub": "1", "email": "kim@gmail.com", "email_verified": true }));
    let workspace =
        email(json!({ "sub": "1", "email": "kim@corp.example", "email_verified": true, "hd": "corp.example" }));
    let alias =
        email(json!({ "sub": "1", "email": "kim@corp.example", "email_verified": true, "hd": "other.example" }));
    let elsewhere = email(json!({ "sub": "1", "email": "kim@naver.com", "email_verified": true }));
    let unverified = email(json!({ "sub": "1", "email": "kim@gmail.com", "email_verified": false }));
    let silent = email(json!({ "sub": "1", "email": "kim@gmail.com" }));
    for (email, trusted) in
        [(&own, true), (&workspace, true), (&alias, false), (&elsewhere, false), (&unverified, false), (&silent, false)]
    {
        assert_eq!(email.is_trusted(google.email_trust, true), trusted, "{email:?}");
        assert!(!email.is_trusted(google.email_trust, false), "switched off");
    }
    // Where the preset vouches for nothing, the administrator alone decides; but never over what the provider says.
    assert!(elsewhere.is_trusted(EmailTrust::Off, true));
    assert!(!unverified.is_trusted(EmailTrust::Off, true));
    assert!(!silent.is_trusted(EmailTrust::Off, true));
}

#[test]
fn names_are_one_line_and_turn_nothing_around() {
    let name = |text: &str| read(&[json!({ "sub": "a", "name": text })]).unwrap().name;
    assert_eq!(name("  Kim\n\u{202e}evil\u{2066} ").as_deref(), Some("Kimevil"));
    assert_eq!(name(" \u{200f}\t ").as_deref(), None);
    assert_eq!(name(&"가".repeat(300)).unwrap().chars().count(), MAX_NAME);
    let both = |given: &str, family: &str| {
        read(&[json!({ "sub": "a", "given_name": given, "family_name": family })]).unwrap().name
    };
    assert_eq!(both("길동", "홍").as_deref(), Some("홍길동"));
    assert_eq!(both("Ada", "Lovelace").as_deref(), Some("Ada Lovelace"));
    assert_eq!(both("", "Lovelace").as_deref(), Some("Lovelace"));
}

#[test]
fn a_picture_is_an_address_that_a_page_may_show() {
    let picture = |text: &str| read(&[json!({ "sub": "a", "picture": text })]).unwrap().picture;
    assert_eq!(picture("https://p.example/1.png").as_deref(), Some("https://p.example/1.png"));
    let long = format!("https://p.example/{}", "x".repeat(MAX_PICTURE));
    for bad in [
        "http://p.example/1.png",
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "//p",
        "https://u:p@p.example/",
        &long,
    ] {
        assert_eq!(picture(bad), None, "{bad}");
    }
    let locale = |text: &str| read(&[json!({ "sub": "a", "locale": text })]).unwrap().locale;
    assert_eq!(locale("ko_KR").as_deref(), Some("ko-KR"));
    assert_eq!(locale("ko<script>"), None);
}

#[test]
fn an_administrator_s_places_count_before_the_preset_s() {
    let places = [(Field::Subject, "/oid".to_owned()), (Field::Email, "/mail/primary".to_owned())];
    let mapping = presets::find("oauth2").unwrap().mapping(places);
    let answer =
        json!({ "id": "other", "oid": "o1", "email": "x@example.com", "mail": { "primary": "y@example.com" } });
    let profile = map(&mapping, &[answer]).unwrap();
    assert_eq!((profile.subject.as_str(), profile.email.unwrap().address.as_str()), ("o1", "y@example.com"));
}

/// Any JSON, among it answers that nearly have the right shape.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        proptest::sample::select(vec![
            "sub",
            "id",
            "email",
            "email_verified",
            "verified",
            "primary",
            "response",
            "resultcode",
            "data",
            "name",
            "kakao_account",
            "profile",
            "picture",
            "locale",
            "tid",
            "avatar",
            "hd",
            "firstName",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    let text = prop_oneof![".{0,12}", Just("00".to_owned()), Just("a@b.example".to_owned()), Just("1".to_owned())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..10).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_panics_and_whatever_is_read_keeps_its_bounds(
        answers in proptest::collection::vec(any_json(), 0..3),
        n in 0..presets::ALL.len(),
    ) {
        if let Ok(profile) = map(&presets::ALL[n].mapping([]), &answers) {
            let subject = profile.subject.as_sent();
            prop_assert!((1..=255).contains(&subject.len()) && subject.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(!subject::is_worthless(subject));
            prop_assert!(profile.name.is_none_or(|name| name.chars().all(|c| !c.is_control())));
            prop_assert!(profile.picture.is_none_or(|url| url.starts_with("https://")));
        }
        for answer in answers {
            let _ = crate::upstream::token_answer::tidy(presets::ALL[n].quirks, answer.clone());
            let _ = crate::upstream::apple::user(&answer.to_string());
        }
    }
}

#[test]
fn further_standard_claims_are_read_as_far_as_their_rules_allow() {
    let answers = [json!({
        "sub": "a", "preferred_username": " kim ", "nickname": "해치", "middle_name": "a\u{202e}b", "website": "javascript:alert(1)",
        "profile": "https://social.example/kim", "birthdate": "1990-12-31", "zoneinfo": "../etc/passwd", "gender": 7,
        "phone_number": "+82 10-1234-5678", "phone_number_verified": true, "roles": ["owner"], "email_verified": true,
    })];
    let claims = read(&answers).unwrap().claims;
    assert_eq!(
        Value::from_iter(claims),
        json!({
            "preferred_username": "kim", "nickname": "해치", "profile": "https://social.example/kim",
            "birthdate": "1990-12-31", "phone_number": "+821012345678",
        })
    );
    // An administrator's own place, and a provider that calls it something else.
    let places = [(Field::PhoneNumber, "/contact/mobile".to_owned())];
    let mapping = presets::find("oidc").unwrap().mapping(places);
    let profile = map(&mapping, &[json!({ "sub": "a", "contact": { "mobile": "+4930123456" } })]).unwrap();
    assert_eq!(profile.claims["phone_number"], "+4930123456");
    for (said, told) in [
        (
            json!({ "locality": "Seoul", "country": "KR", "planet": "Earth" }),
            json!({ "locality": "Seoul", "country": "KR" }),
        ),
        (json!({ "formatted": "1 Sejong-daero\nSeoul" }), json!({ "formatted": "1 Sejong-daero\nSeoul" })),
        (json!("Seoul"), json!({ "formatted": "Seoul" })),
        (json!({ "locality": "a\u{202e}b" }), Value::Null),
        (json!({ "planet": "Earth" }), Value::Null),
        (json!(7), Value::Null),
    ] {
        let claims = read(&[json!({ "sub": "a", "address": said })]).unwrap().claims;
        assert_eq!(claims.get("address").unwrap_or(&Value::Null), &told);
    }
    let github = map(&presets::find("github").unwrap().mapping([]), &[json!({ "id": 1, "login": "octocat" })]).unwrap();
    assert_eq!(github.claims["preferred_username"], "octocat");
}

#[test]
fn what_came_unsigned_through_the_browser_tells_no_further_claim() {
    let apple = presets::find("apple").unwrap().mapping([(Field::Nickname, "/nickname".to_owned())]);
    let profile = map(&apple, &[json!({ "sub": "a" }), json!({ "nickname": "V" })]).unwrap();
    assert!(profile.claims.is_empty());
}
