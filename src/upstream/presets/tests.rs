//! Every preset reads the answers that its provider documents.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::upstream::profile::{ProfileRejected, UpstreamProfile, map};
use crate::upstream::subject::{SubjectRejected, SubjectType};

fn read(id: &str, answers: &[Value]) -> Result<UpstreamProfile, ProfileRejected> {
    map(&find(id).unwrap().mapping([]), answers)
}

/// Subject, address, its flag, name, picture.
type Expected<'a> = (&'a str, Option<&'a str>, Option<bool>, Option<&'a str>, Option<&'a str>);

#[track_caller]
fn check(id: &str, answers: &[Value], expected: Expected<'_>) -> UpstreamProfile {
    let profile = read(id, answers).unwrap();
    let email = profile.email.as_ref();
    let found = (
        profile.subject.as_str(),
        email.map(|email| email.address.as_str()),
        email.and_then(|email| email.verified),
        profile.name.as_deref(),
        profile.picture.as_deref(),
    );
    assert_eq!(found, expected, "{id}");
    profile
}

#[test]
fn every_preset_is_whole() {
    let ids: BTreeSet<&str> = ALL.iter().map(|preset| preset.id).collect();
    assert_eq!(ids.len(), ALL.len(), "an id is there twice");
    for preset in ALL {
        let id = preset.id;
        assert_eq!(find(id).unwrap().id, id);
        let answers = match preset.kind {
            Kind::Oidc { profile: ProfileCall::Nothing, .. } | Kind::OAuth2 { .. } => 1,
            Kind::Oidc { .. } => 2,
        };
        assert_eq!(preset.subject.len(), answers, "{id}: one place for each answer that names the subject");
        assert!(preset.claims.iter().all(|(field, _)| *field != Field::Subject), "{id}");
        let known = preset.subject.iter().all(|place| place.kind != SubjectType::Either);
        assert_eq!(known, id != "oauth2", "{id} says which type its subjects are");
        assert!(
            preset.claims.iter().all(|(_, place)| crate::upstream::claims::pointer(place).as_deref() == Ok(*place)),
            "{id}"
        );
        let addresses: Vec<&str> = match preset.kind {
            Kind::Oidc { issuer, endpoints, profile } => {
                assert!(preset.scopes.contains(&"openid"), "{id}");
                assert!(
                    issuer != Issuer::Asked || preset.settings.iter().any(|s| s.name == "issuer" && s.required),
                    "{id}"
                );
                let extra = if let ProfileCall::Endpoint(url) = profile { Some(url) } else { None };
                endpoints
                    .map(|e| vec![e.authorization, e.token, e.jwks])
                    .unwrap_or_default()
                    .into_iter()
                    .chain(extra)
                    .collect()
            }
            Kind::OAuth2 { endpoints } => {
                assert!(preset.algorithms.is_empty() && !preset.has(Quirk::NoNonce), "{id} has no ID tokens");
                assert!(endpoints.is_some() || preset.settings.len() == 4, "{id}");
                endpoints
                    .map(|e| [e.authorization, e.token, e.profile].into_iter().chain(e.extra).collect())
                    .unwrap_or_default()
            }
        };
        for address in addresses.into_iter().chain(Some(preset.console).filter(|url| !url.is_empty())) {
            assert_eq!(url::Url::parse(address).unwrap().scheme(), "https", "{id}: {address}");
        }
    }
}

#[test]
fn only_those_that_cannot_go_without_the_usual_protection() {
    let without = |test: fn(&Preset) -> bool| -> Vec<&str> { ALL.iter().filter(|p| test(p)).map(|p| p.id).collect() };
    assert_eq!(without(|preset| !preset.pkce), ["linkedin", "slack"]);
    assert_eq!(without(|preset| preset.has(Quirk::NoNonce)), ["linkedin"]);
    assert_eq!(without(|preset| preset.algorithms.contains(&"HS256")), ["line"]);
    assert_eq!(without(|preset| preset.email_trust.by_default()), ["google", "apple", "kakao", "kakao-rest"]);
}

#[test]
fn google() {
    let claims = json!({
        "iss": "https://accounts.google.com", "sub": "10769150350006150715113082367", "hd": "corp.example", "email": "kim@corp.example",
        "email_verified": true, "name": "Minji Kim", "given_name": "Minji", "family_name": "Kim",
        "picture": "https://lh3.googleusercontent.com/a/x=s96-c", "locale": "ko",
    });
    let picture = Some("https://lh3.googleusercontent.com/a/x=s96-c");
    let expected = ("10769150350006150715113082367", Some("kim@corp.example"), Some(true), Some("Minji Kim"), picture);
    let profile = check("google", &[claims], expected);
    assert!(profile.email.unwrap().own_mailbox);
}

#[test]
fn apple_the_first_time_and_later() {
    let id_token = json!({
        "iss": "https://appleid.apple.com", "sub": "000792.d71059495fa24644b94e4a644e2e3b4a.0638",
        "email": "dpdcnf87nu@privaterelay.appleid.com", "email_verified": "true", "is_private_email": "true", "nonce_supported": true,
    });
    let user =
        json!({ "name": { "firstName": "길동", "lastName": "홍" }, "email": "victim@example.com", "sub": "other" });
    let expected = |name| {
        let relay = Some("dpdcnf87nu@privaterelay.appleid.com");
        ("000792.d71059495fa24644b94e4a644e2e3b4a.0638", relay, Some(true), name, None)
    };
    let first = check("apple", &[id_token.clone(), user.clone()], expected(Some("홍길동")));
    let email = first.email.unwrap();
    assert!(email.relay && email.own_mailbox && email.is_trusted(find("apple").unwrap().email_trust, true));
    check("apple", std::slice::from_ref(&id_token), expected(None));

    // The posted field is unsigned: no address, no flag and no subject comes from it.
    let bare = json!({ "sub": "000792.x.0638" });
    let forged =
        json!({ "sub": "victim", "email": "victim@icloud.com", "email_verified": true, "name": { "firstName": "V" } });
    check("apple", &[bare, forged.clone()], ("000792.x.0638", None, None, Some("V"), None));
    assert_eq!(read("apple", &[json!({}), forged]), Err(SubjectRejected::Missing.into()));

    // Flags are flags as often as texts.
    let plain = json!({ "sub": "1", "email": "a@example.com", "email_verified": true, "is_private_email": false });
    let email = check("apple", &[plain], ("1", Some("a@example.com"), Some(true), None, None)).email.unwrap();
    assert!(!email.relay && !email.own_mailbox);
}

#[test]
fn microsoft_s_tenants_are_kept_apart_and_its_addresses_are_not_believed() {
    let token = |tid: &str, edov: Value| {
        json!({ "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": tid, "email": "ceo@victim.example",
            "name": "Kim", "preferred_username": "kim@contoso.example", "xms_edov": edov })
    };
    let (one, other) = ("6babcaad-604b-40ac-a9d7-9fd97c0b779f", "7babcaad-604b-40ac-a9d7-9fd97c0b779f");
    for id in ["entra", "entra-any", "microsoft"] {
        let subject = format!("{one}/AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ");
        let expected = (subject.as_str(), Some("ceo@victim.example"), None, Some("Kim"), None);
        let profile = check(id, &[token(one, Value::Null)], expected);
        assert!(!profile.email.unwrap().is_trusted(EmailTrust::Off, true), "nOAuth");
        assert_ne!(read(id, &[token(other, Value::Null)]).unwrap().subject.as_str(), subject);
        for (flag, verified) in [(json!(true), true), (json!("1"), true), (json!(1), true), (json!(false), false)] {
            assert_eq!(read(id, &[token(one, flag)]).unwrap().email.unwrap().verified, Some(verified));
        }
        assert_eq!(read(id, &[json!({ "sub": "A" })]), Err(SubjectRejected::NoTenant.into()));
        assert_eq!(read(id, &[token("a/b", Value::Null)]), Err(SubjectRejected::Malformed.into()));
    }
}

#[test]
fn github_s_address_is_the_primary_one_of_the_second_answer() {
    let user = json!({ "login": "octocat", "id": 583_231, "name": null, "email": "shown@example.com",
        "avatar_url": "https://avatars.githubusercontent.com/u/583231?v=4" });
    let emails = |verified: bool| {
        json!([
            { "email": "other@example.com", "primary": false, "verified": true, "visibility": null },
            { "email": "octocat@example.com", "primary": true, "verified": verified, "visibility": "private" },
        ])
    };
    let picture = Some("https://avatars.githubusercontent.com/u/583231?v=4");
    for verified in [true, false] {
        let expected = ("583231", Some("octocat@example.com"), Some(verified), Some("octocat"), picture);
        check("github", &[user.clone(), emails(verified)], expected);
    }
    // No second answer (the person refused, or GitHub was slow), an empty one, one without a primary address.
    for second in [
        &[][..],
        &[json!([])],
        &[json!([{ "email": "o@example.com", "verified": true }])],
        &[json!({ "message": "Bad" })],
    ] {
        let answers: Vec<Value> = std::iter::once(user.clone()).chain(second.iter().cloned()).collect();
        check("github", &answers, ("583231", None, None, Some("octocat"), picture));
    }
}

#[test]
fn gitlab() {
    let id_token = json!({ "iss": "https://gitlab.com", "sub": "1984", "auth_time": 1, "sub_legacy": "x" });
    let userinfo = json!({ "sub": "1984", "name": "Kim", "nickname": "kim", "preferred_username": "kim", "email": "kim@example.com",
        "email_verified": true, "picture": "https://gitlab.com/uploads/-/system/user/avatar/1/a.png" });
    let picture = Some("https://gitlab.com/uploads/-/system/user/avatar/1/a.png");
    check("gitlab", &[id_token, userinfo], ("1984", Some("kim@example.com"), Some(true), Some("Kim"), picture));
}

#[test]
fn facebook_with_and_without_an_address() {
    let picture = json!({ "data": { "height": 256, "is_silhouette": false, "url": "https://platform-lookaside.fbsbx.com/p?x=1" } });
    let me = json!({ "id": "10220000000000000", "name": "Kim", "first_name": "K", "last_name": "Im", "email": "kim@example.com",
        "picture": picture });
    let shown = Some("https://platform-lookaside.fbsbx.com/p?x=1");
    check("facebook", &[me], ("10220000000000000", Some("kim@example.com"), None, Some("Kim"), shown));
    check("facebook", &[json!({ "id": "1", "name": "Kim" })], ("1", None, None, Some("Kim"), None));
}

#[test]
fn x_answers_confirmed_addresses_only() {
    let me = json!({ "data": { "id": "2244994945", "name": "X Developers", "username": "XDevelopers", "confirmed_email": "x@example.com",
        "verified": false, "profile_image_url": "https://pbs.twimg.com/profile_images/1/a_normal.jpg" } });
    let picture = Some("https://pbs.twimg.com/profile_images/1/a_normal.jpg");
    check("x", &[me], ("2244994945", Some("x@example.com"), Some(true), Some("X Developers"), picture));
    check("x", &[json!({ "data": { "id": "1", "name": "A" } })], ("1", None, None, Some("A"), None));
    assert_eq!(read("x", &[json!({ "errors": [{ "title": "Unauthorized" }] })]), Err(SubjectRejected::Missing.into()));
}

#[test]
fn linkedin_s_locale_is_an_object() {
    let claims = json!({ "sub": "782bbtaQ", "name": "John Doe", "given_name": "John", "family_name": "Doe", "email": "doe@example.com",
        "email_verified": true, "locale": { "country": "US", "language": "en" }, "picture": "https://media.licdn.com/dms/image/x" });
    let expected = (
        "782bbtaQ",
        Some("doe@example.com"),
        Some(true),
        Some("John Doe"),
        Some("https://media.licdn.com/dms/image/x"),
    );
    assert_eq!(check("linkedin", &[claims], expected).locale.as_deref(), Some("en"));
}

#[test]
fn discord_names_a_picture_by_its_digest() {
    let me = json!({ "id": "80351110224678912", "username": "nelly", "global_name": null, "avatar": "8342729096ea3675442027381ff50dfe",
        "verified": true, "email": "nelly@example.com", "locale": "en-US" });
    let picture = Some("https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png");
    let expected = ("80351110224678912", Some("nelly@example.com"), Some(true), Some("nelly"), picture);
    check("discord", &[me], expected);
    for avatar in [json!(null), json!("../x"), json!("a?b"), json!("")] {
        let me = json!({ "id": "1", "username": "n", "avatar": avatar, "email": null, "verified": true });
        check("discord", &[me], ("1", None, None, Some("n"), None));
    }
}

#[test]
fn slack_s_people_are_unique_within_a_workspace() {
    let claims = |team: &str| {
        json!({ "sub": "U0R7MFMJM", "https://slack.com/team_id": team, "https://slack.com/user_id": "U0R7MFMJM",
            "email": "brent@example.com", "email_verified": true, "locale": "en-US", "name": "brent", "given_name": "",
            "family_name": "", "https://slack.com/user_image_192": "https://secure.gravatar.com/avatar/bc.png" })
    };
    let picture = Some("https://secure.gravatar.com/avatar/bc.png");
    let expected = ("T0RR/U0R7MFMJM", Some("brent@example.com"), Some(true), Some("brent"), picture);
    check("slack", &[claims("T0RR")], expected);
    assert_ne!(read("slack", &[claims("T0RS")]).unwrap().subject.as_str(), "T0RR/U0R7MFMJM");
}

#[test]
fn twitch() {
    let claims = json!({ "iss": "https://id.twitch.tv/oauth2", "sub": "713936733", "azp": "c", "email": "t@example.com",
        "email_verified": true, "preferred_username": "TwitchDev", "picture": "https://static-cdn.jtvnw.net/p.png" });
    let picture = Some("https://static-cdn.jtvnw.net/p.png");
    check("twitch", &[claims], ("713936733", Some("t@example.com"), Some(true), Some("TwitchDev"), picture));
}

#[test]
fn kakao_s_address_must_be_verified_and_still_valid() {
    let id_token = json!({ "iss": "https://kauth.kakao.com", "sub": "1376016924426111111", "nickname": "홍길동",
        "email": "gildong@kakao.com", "picture": "http://k.kakaocdn.net/img_110x110.jpg" });
    let me = |valid: Value, verified: Value| {
        json!({ "id": 1_376_016_924_426_111_111_u64, "connected_at": "2026-11-01T00:00:00Z", "kakao_account": {
            "profile_nickname_needs_agreement": false, "email_needs_agreement": false,
            "profile": { "nickname": "홍길동", "profile_image_url": "https://k.kakaocdn.net/img_640x640.jpg",
                "is_default_image": false },
            "has_email": true, "is_email_valid": valid, "is_email_verified": verified, "email": "gildong@kakao.com" } })
    };
    let picture = Some("https://k.kakaocdn.net/img_640x640.jpg");
    for (valid, verified, expected) in [
        (json!(true), json!(true), Some(true)),
        (json!(false), json!(true), Some(false)),
        (json!(true), json!(false), Some(false)),
        (json!(null), json!(true), None),
        (json!("true"), json!(true), None),
    ] {
        let expected = ("1376016924426111111", Some("gildong@kakao.com"), expected, Some("홍길동"), picture);
        let answers = [id_token.clone(), me(valid, verified)];
        assert!(check("kakao", &answers, expected).email.unwrap().own_mailbox);
        check("kakao-rest", &answers[1..], expected);
    }
    // The ID token alone says nothing about its address, and its picture is not https.
    let alone = ("1376016924426111111", Some("gildong@kakao.com"), None, Some("홍길동"), None);
    check("kakao", std::slice::from_ref(&id_token), alone);
    // Somebody else's profile is nobody's.
    let other = json!({ "id": 1, "kakao_account": {} });
    assert_eq!(read("kakao", &[id_token, other]), Err(SubjectRejected::Differ.into()));
    // Without consent everything but the id is missing.
    check(
        "kakao-rest",
        &[json!({ "id": 1, "kakao_account": { "email_needs_agreement": true } })],
        ("1", None, None, None, None),
    );
}

#[test]
fn naver_s_profile_is_inside_and_its_errors_are_too() {
    let response = json!({ "email": "openapi@naver.com", "nickname": "OpenAPI", "age": "40-49", "gender": "F",
        "profile_image": "https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif", "id": "32742776", "name": "오픈 API" });
    let me =
        |resultcode: Value| json!({ "resultcode": resultcode, "message": "success", "response": response.clone() });
    let picture = Some("https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif");
    check("naver", &[me(json!("00"))], ("32742776", Some("openapi@naver.com"), None, Some("오픈 API"), picture));
    for bad in [json!("024"), json!("0"), json!(0), json!(null), json!("")] {
        assert_eq!(read("naver", &[me(bad.clone())]), Err(ProfileRejected::ProviderError), "{bad}");
    }
    assert_eq!(read("naver", &[]), Err(ProfileRejected::ProviderError));
    // Flags are texts.
    for (flag, verified) in [("true", Some(true)), ("false", Some(false)), ("Y", None)] {
        let inner = json!({ "id": "1", "email": "a@example.com", "email_verified": flag });
        let answer = json!({ "resultcode": "00", "response": inner });
        check("naver", &[answer], ("1", Some("a@example.com"), verified, None, None));
    }
}

#[test]
fn line_with_and_without_an_address() {
    let claims = json!({ "iss": "https://access.line.me", "sub": "U1234567890abcdef1234567890abcdef", "amr": ["linesso"],
        "name": "Taro Line", "picture": "https://profile.line-scdn.net/a", "email": "taro.line@example.com" });
    let expected = ("U1234567890abcdef1234567890abcdef", Some("taro.line@example.com"), None, Some("Taro Line"));
    let picture = Some("https://profile.line-scdn.net/a");
    check("line", &[claims], (expected.0, expected.1, expected.2, expected.3, picture));
    check("line", &[json!({ "sub": "U1" })], ("U1", None, None, None, None));
}

#[test]
fn plain_oauth_2() {
    let me = json!({ "id": 7, "sub": "not read", "name": "Kim", "email": "kim@example.com", "avatar_url": "https://p.example/a.png" });
    check("oauth2", &[me], ("number 7", Some("kim@example.com"), None, Some("Kim"), Some("https://p.example/a.png")));
}
