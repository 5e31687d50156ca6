//! Every preset against its provider: a person signs up, comes back, and is described rightly.

use std::time::Duration;

use haechi::model::User;
use haechi::store::UserQuery;
use serde_json::{Value, json};

use super::{Abroad, is_signed_in};
use crate::support::ask::Ask;
use crate::support::emulator::providers::{Person, named};
use crate::support::emulator::{Endpoint, Mischief, Said};

/// What an account is made of.
struct Expected {
    preset: &'static str,
    email: &'static str,
    /// What the provider says about the address.
    verified: Option<bool>,
    /// Whether its word counts without an administrator's saying so.
    trusted: bool,
    name: &'static str,
    picture: Option<&'static str>,
    /// What the provider is asked at every sign-in, once its documents are known.
    calls: &'static [Endpoint],
}

use Endpoint::{Answer, Authorization, Token};

const ID_TOKEN_ONLY: &[Endpoint] = &[Authorization, Token];
const WITH_PROFILE: &[Endpoint] = &[Authorization, Token, Answer(0)];
const WITH_TWO: &[Endpoint] = &[Authorization, Token, Answer(0), Answer(1)];

/// An address of which the provider says nothing, with the provider's picture of the person.
fn expected(preset: &'static str, email: &'static str, name: &'static str) -> Expected {
    let picture = Some(named(preset.trim_end_matches("-rest")).person.picture).filter(|picture| !picture.is_empty());
    Expected { preset, email, verified: None, trusted: false, name, picture, calls: ID_TOKEN_ONLY }
}

impl Expected {
    fn verified(self) -> Self {
        Self { verified: Some(true), ..self }
    }

    fn trusted(self) -> Self {
        Self { trusted: true, ..self.verified() }
    }

    fn reading(self, calls: &'static [Endpoint]) -> Self {
        Self { calls, ..self }
    }
}

fn table() -> Vec<Expected> {
    vec![
        expected("google", "minji.kim@gmail.com", "Minji Kim").trusted(),
        expected("apple", "dpdcnf87nu@privaterelay.appleid.com", "홍길동").trusted(),
        expected("kakao", "gildong@kakao.com", "홍길동").trusted().reading(WITH_PROFILE),
        expected("kakao-rest", "gildong@kakao.com", "홍길동").trusted().reading(WITH_PROFILE),
        expected("naver", "openapi@naver.com", "오픈 API").reading(WITH_PROFILE),
        expected("line", "taro.line@example.com", "Taro Line"),
        expected("github", "octocat@example.com", "monalisa octocat").verified().reading(WITH_TWO),
        expected("gitlab", "kim@example.com", "Kim Minji").verified().reading(WITH_PROFILE),
        expected("entra-any", "kim@contoso.example", "Kim Minji"),
        expected("entra", "kim@contoso.example", "Kim Minji"),
        expected("microsoft", "kim@contoso.example", "Kim Minji"),
        expected("facebook", "kim@example.com", "Minji Kim").reading(WITH_PROFILE),
        expected("x", "x@example.com", "X Developers").verified().reading(WITH_PROFILE),
        expected("linkedin", "doe@example.com", "John Doe").verified().reading(WITH_PROFILE),
        expected("discord", "nelly@example.com", "Nelly").verified().reading(WITH_PROFILE),
        expected("slack", "brent@example.com", "brent").verified(),
        expected("twitch", "t@example.com", "TwitchDev").verified(),
        expected("oidc", "minji@corp.example", "Minji Kim").verified().reading(WITH_PROFILE),
        expected("oauth2", "seven@corp.example", "Seven").verified().reading(WITH_PROFILE),
    ]
}

fn text<'a>(user: &'a User, claim: &str) -> Option<&'a str> {
    user.profile.get(claim).and_then(Value::as_str)
}

#[test]
fn the_table_has_every_preset() {
    let listed: Vec<&str> = table().iter().map(|row| row.preset).collect();
    let all: Vec<&str> = haechi::upstream::presets::ALL.iter().map(|preset| preset.id).collect();
    assert_eq!(listed, all);
}

#[tokio::test]
async fn every_preset_signs_a_person_up_and_in_again_at_the_price_of_one_token_call() {
    for row in table() {
        let preset = row.preset;
        let abroad = Abroad::to(preset).await;
        abroad.app.first_party("app").await;
        let mut browser = abroad.app.browser();
        let login = browser.get(&Ask::of("app").url()).await;
        let url = abroad.press(&mut browser, &login, preset).await;
        let answer = abroad.emulator.visit(&url).await;
        let page = abroad.deliver(&mut browser, &answer).await;
        assert!(page.location().is_some(), "{preset}: {} {}", page.status, page.body);
        let (_, first) = abroad.app.id_token("app", &page.answer()["code"]).await;

        let user = abroad.user(row.email).await.unwrap_or_else(|| panic!("{preset}: nobody"));
        assert_eq!(user.email_verified, row.trusted && row.verified == Some(true), "{preset}");
        assert_eq!((text(&user, "name"), text(&user, "picture")), (Some(row.name), row.picture), "{preset}");
        let links = abroad.links(&user).await;
        assert_eq!(links.len(), 1, "{preset}");

        // Days later, from another browser.
        let provider = named(preset.trim_end_matches("-rest")).name;
        abroad.emulator.heard(provider);
        abroad.app.clock.advance(Duration::from_secs(300));
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, preset).await;
        assert!(is_signed_in(&browser), "{preset}");
        assert_eq!(abroad.emulator.heard(provider), row.calls, "{preset}");
        let (_, second) = abroad.app.id_token_in(&mut browser, "app").await;
        assert_eq!(first["sub"], second["sub"], "{preset}");
        assert_ne!(first["sid"], second["sid"], "{preset}");
        assert_eq!(abroad.accounts().await, 1, "{preset}");
        let again = abroad.user(row.email).await.unwrap();
        assert_eq!(text(&again, "name"), Some(row.name), "{preset}: the name stays");
        assert!(abroad.emulator.strayed().is_empty(), "{preset}: {:?}", abroad.emulator.strayed());
    }
}

#[tokio::test]
async fn an_administrator_s_trust_counts_for_what_the_provider_vouches_for_and_nothing_else() {
    for row in table() {
        let abroad = Abroad::new().await;
        abroad.connect(row.preset, row.preset, |connection| connection.trust_email = true).await;
        abroad.go(&mut abroad.app.browser(), row.preset).await;
        let user = abroad.user(row.email).await.unwrap_or_else(|| panic!("{}: nobody", row.preset));
        assert_eq!(user.email_verified, row.verified == Some(true), "{}", row.preset);
    }
}

/// Signs somebody up about whom a provider says this.
async fn said(preset: &str, changes: &[(Said, Value)]) -> (Abroad, Option<User>) {
    let abroad = Abroad::to(preset).await;
    for (what, patch) in changes {
        abroad.emulator.say(*what, patch.clone());
    }
    abroad.go(&mut abroad.app.browser(), preset).await;
    let page = abroad.app.app.stores.users.list(&UserQuery::default(), 10).await.unwrap();
    (abroad, page.items.into_iter().next())
}

#[tokio::test]
async fn kakao_s_address_counts_only_while_it_is_verified_and_valid() {
    for (flags, verified) in [
        (json!({}), true),
        (json!({ "is_email_valid": false }), false),
        (json!({ "is_email_verified": false }), false),
        (json!({ "is_email_valid": null }), false),
        (json!({ "is_email_valid": "true" }), false),
    ] {
        for preset in ["kakao", "kakao-rest"] {
            let (_abroad, user) = said(preset, &[(Answer_0, json!({ "kakao_account": flags }))]).await;
            assert_eq!(user.unwrap().email_verified, verified, "{preset}: {flags}");
        }
    }
    // Not one of Kakao's mailboxes: Kakao's word is not sound about it.
    let elsewhere = json!({ "kakao_account": { "email": "gildong@example.com" } });
    let (_abroad, user) = said("kakao", &[(Answer_0, elsewhere)]).await;
    assert!(!user.unwrap().email_verified);
}

#[allow(non_upper_case_globals, reason = "reads as what it is")]
const Answer_0: Said = Said::Answer(0);

#[tokio::test]
async fn without_an_address_a_person_is_asked_for_one() {
    let withheld = json!({ "kakao_account": { "email": null, "email_needs_agreement": true } });
    for (preset, changes) in [
        ("kakao", vec![(Answer_0, withheld.clone()), (Said::IdToken, json!({ "email": null }))]),
        ("kakao-rest", vec![(Answer_0, withheld)]),
        ("naver", vec![(Answer_0, json!({ "response": { "email": null } }))]),
        ("line", vec![(Said::IdToken, json!({ "email": null }))]),
        ("github", vec![(Said::Answer(1), json!([]))]),
        ("facebook", vec![(Answer_0, json!({ "email": null }))]),
        ("x", vec![(Answer_0, json!({ "data": { "confirmed_email": null } }))]),
        ("discord", vec![(Answer_0, json!({ "email": null }))]),
    ] {
        let abroad = Abroad::to(preset).await;
        for (what, patch) in changes {
            abroad.emulator.say(what, patch);
        }
        let mut browser = abroad.app.browser();
        let page = abroad.go(&mut browser, preset).await;
        assert!(!is_signed_in(&browser), "{preset}");
        assert_eq!(abroad.accounts().await, 0, "{preset}");
        let page = browser.submit(&page, "email-form", &[("email", "kim@example.com")]).await;
        assert!(is_signed_in(&browser), "{preset}: {} {}", page.status, page.body);
        let user = abroad.user("kim@example.com").await.unwrap();
        assert!(!user.email_verified, "{preset}: what somebody types is not verified");
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, preset).await;
        assert!(is_signed_in(&browser), "{preset}");
        assert_eq!(abroad.accounts().await, 1, "{preset}");
    }
}

#[tokio::test]
async fn naver_s_errors_are_errors_although_their_status_is_200() {
    for resultcode in ["024", "028", "0"] {
        let change = json!({ "resultcode": resultcode, "message": "canary-described" });
        assert!(said("naver", &[(Answer_0, change)]).await.1.is_none(), "{resultcode}");
    }
    let error = json!({ "access_token": null, "error": "invalid_request", "error_description": "no valid data" });
    assert!(said("naver", &[(Said::Token, error)]).await.1.is_none());
    // A flag that is a text, from an administrator's point of view.
    let abroad = Abroad::new().await;
    abroad.connect("naver", "naver", |connection| connection.trust_email = true).await;
    abroad.emulator.say(Answer_0, json!({ "response": { "email_verified": "true" } }));
    abroad.go(&mut abroad.app.browser(), "naver").await;
    assert!(abroad.user("openapi@naver.com").await.unwrap().email_verified);
}

#[tokio::test]
async fn apple_s_unsigned_field_gives_a_name_and_nothing_else() {
    let forged = json!({ "email": "victim@icloud.com", "sub": "victim", "email_verified": true });
    let (abroad, user) = said("apple", &[(Said::User, forged)]).await;
    let user = user.unwrap();
    assert_eq!(user.email.as_str(), "dpdcnf87nu@privaterelay.appleid.com");
    assert_eq!(text(&user, "given_name"), Some("길동"));
    assert_eq!(abroad.links(&user).await[0].identity.subject.as_str(), "000792.d71059495fa24644b94e4a644e2e3b4a.0638");
    // Flags are texts or flags, as Apple likes.
    for flag in [json!(true), json!("true")] {
        let change = json!({ "email": "kim@icloud.com", "email_verified": flag, "is_private_email": false });
        assert!(said("apple", &[(Said::IdToken, change)]).await.1.unwrap().email_verified);
    }
    let elsewhere = json!({ "email": "kim@example.com", "is_private_email": "false" });
    assert!(!said("apple", &[(Said::IdToken, elsewhere)]).await.1.unwrap().email_verified);
}

#[tokio::test]
async fn github_s_address_is_the_primary_one_and_not_the_one_that_is_shown() {
    let unverified = json!([
        { "email": "first@example.com", "primary": false, "verified": true, "visibility": "public" },
        { "email": "second@example.com", "primary": true, "verified": false, "visibility": null },
    ]);
    let abroad = Abroad::new().await;
    abroad.connect("github", "github", |connection| connection.trust_email = true).await;
    abroad.emulator.say(Said::Answer(1), unverified);
    abroad.go(&mut abroad.app.browser(), "github").await;
    assert!(!abroad.user("second@example.com").await.unwrap().email_verified);
    // Without a name the handle is shown.
    let (_abroad, user) = said("github", &[(Answer_0, json!({ "name": null }))]).await;
    assert_eq!(text(&user.unwrap(), "name"), Some("octocat"));
}

#[tokio::test]
async fn people_of_two_workspaces_and_of_two_tenants_are_two_people() {
    for (preset, other) in [
        ("slack", json!({ "https://slack.com/team_id": "T0RS", "email": "other@example.com" })),
        (
            "entra-any",
            json!({
                "tid": "7babcaad-604b-40ac-a9d7-9fd97c0b779f", "email": "other@example.com",
                "iss": "https://login.microsoftonline.com/7babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0",
            }),
        ),
    ] {
        let abroad = Abroad::to(preset).await;
        abroad.go(&mut abroad.app.browser(), preset).await;
        abroad.emulator.say(Said::IdToken, other);
        abroad.go(&mut abroad.app.browser(), preset).await;
        assert_eq!(abroad.accounts().await, 2, "{preset}");
        assert!(abroad.user("other@example.com").await.is_some(), "{preset}");
    }
}

#[tokio::test]
async fn line_signs_with_the_channel_secret_or_with_a_key() {
    let abroad = Abroad::to("line").await;
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "line").await;
    abroad.emulator.sign_with("line", "ES256");
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "line").await;
    assert!(is_signed_in(&browser));
    abroad.emulator.sign_with("line", "RS256");
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "line").await;
    assert!(!is_signed_in(&browser), "LINE signs nothing with RSA");
    assert_eq!(abroad.accounts().await, 1);
}

#[tokio::test]
async fn keys_that_changed_meanwhile_are_fetched_once_and_the_login_goes_on() {
    for preset in ["oidc", "google"] {
        let abroad = Abroad::to(preset).await;
        abroad.go(&mut abroad.app.browser(), preset).await;
        abroad.app.clock.advance(Duration::from_secs(31));
        abroad.emulator.rotate_keys();
        abroad.emulator.heard(preset);
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, preset).await;
        assert!(is_signed_in(&browser), "{preset}");
        let fetched = abroad.emulator.heard(preset).into_iter().filter(|endpoint| *endpoint == Endpoint::Jwks);
        assert_eq!(fetched.count(), 1, "{preset}");
        assert_eq!(abroad.accounts().await, 1, "{preset}");
    }
}

#[tokio::test]
async fn kakao_s_profile_is_of_the_person_of_the_id_token() {
    let abroad = Abroad::to("kakao").await;
    abroad.emulator.misbehave(Mischief::OtherSubjectInProfile);
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "kakao").await;
    assert!(!is_signed_in(&browser));
    assert_eq!(abroad.accounts().await, 0);
}

#[tokio::test]
async fn somebody_else_at_the_same_provider_is_somebody_else_here() {
    let abroad = Abroad::to("google").await;
    abroad.go(&mut abroad.app.browser(), "google").await;
    let lee = Person { id: "20769150350006150715113082367", email: "lee@gmail.com", ..named("google").person };
    abroad.emulator.seat("google", lee);
    abroad.go(&mut abroad.app.browser(), "google").await;
    assert_eq!(abroad.accounts().await, 2);
}

#[tokio::test]
async fn a_new_account_takes_over_what_the_provider_says_of_it_by_standard_claims() {
    let (_abroad, user) = said("github", &[]).await;
    assert_eq!(text(&user.unwrap(), "preferred_username"), Some("octocat"));
    let more = json!({ "preferred_username": "kim", "zoneinfo": "Asia/Seoul", "website": "javascript:alert(1)" });
    let (_abroad, user) = said("oidc", &[(Said::IdToken, more)]).await;
    let user = user.unwrap();
    assert_eq!((text(&user, "preferred_username"), text(&user, "zoneinfo")), (Some("kim"), Some("Asia/Seoul")));
    assert_eq!(text(&user, "website"), None);
}
