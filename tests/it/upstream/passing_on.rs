//! What an app asks for goes on to the provider, and what the provider says of the authentication comes back to the app.

use std::collections::BTreeMap;
use std::time::Duration;

use haechi::model::upstream_value::UpstreamValue;
use serde_json::json;
use url::Url;

use super::{Abroad, is_signed_in, outcome};
use crate::support::app::PASSWORD;
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::emulator::{Mischief, Said};
use crate::support::keys::START;

fn asked(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

/// Where a request leads by a provider's button.
async fn through(abroad: &Abroad, browser: &mut Browser, ask: &Ask, slug: &str) -> Url {
    let login = browser.get(&ask.url()).await;
    abroad.press(browser, &login, slug).await
}

#[tokio::test]
async fn what_the_app_asks_for_is_passed_on_where_there_is_a_parameter_for_it() {
    let abroad = Abroad::to("oidc").await;
    abroad.connect("github", "github", |_| ()).await;
    abroad.connect("google", "google", |_| ()).await;
    abroad.app.first_party("app").await;
    let ask = Ask::of("app")
        .with("login_hint", "minji@corp.example")
        .with("prompt", "login")
        .with("max_age", "600")
        .with("ui_locales", "ko")
        .with("acr_values", "urn:example:silver");
    let mut browser = abroad.app.browser();
    let there = asked(&through(&abroad, &mut browser, &ask, "oidc").await);
    for (name, value) in [
        ("login_hint", "minji@corp.example"),
        ("prompt", "login"),
        ("max_age", "600"),
        ("ui_locales", "ko"),
        ("acr_values", "urn:example:silver"),
    ] {
        assert_eq!(there.get(name).map(String::as_str), Some(value), "{name}");
    }
    // Google says nothing of `auth_time`, so that it cannot be held to an age; `acr` values are everybody's own.
    let there = asked(&through(&abroad, &mut browser, &ask, "google").await);
    assert_eq!(there.get("login_hint").map(String::as_str), Some("minji@corp.example"));
    assert!(!there.contains_key("max_age") && !there.contains_key("acr_values"), "{there:?}");
    let there = asked(&through(&abroad, &mut browser, &ask, "github").await);
    assert!(!there.contains_key("prompt") && !there.contains_key("login_hint"), "{there:?}");
}

#[tokio::test]
async fn the_id_token_tells_where_and_when_the_person_authenticated() {
    let abroad = Abroad::to("oidc").await;
    abroad.app.first_party("app").await;
    abroad.app.clock.advance(Duration::from_secs(600));
    let ask = Ask::of("app").with("max_age", "3600").with("claims", r#"{"id_token":{"amr":null,"auth_time":null}}"#);
    let mut browser = abroad.app.browser();
    let url = through(&abroad, &mut browser, &ask, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    let page = abroad.deliver(&mut browser, &answer).await;
    let (_, claims) = abroad.app.id_token("app", &page.answer()["code"]).await;
    assert_eq!(claims["amr"], json!(["fed"]), "the provider says `pwd` and `otp`, of which nobody said that it counts");
    assert_eq!(claims["auth_time"], json!(START.seconds()), "when it was, and not when it was said");
}

/// What a provider says of its users counts where an administrator said so, and as what; everywhere else its word is one factor.
#[tokio::test]
async fn a_provider_s_word_counts_for_more_only_where_that_is_set() {
    const TWO: &str = "urn:haechi:acr:2fa";
    let values = |texts: &[&str]| texts.iter().map(|text| UpstreamValue::parse(text).unwrap()).collect::<Vec<_>>();
    for (two, resistant, said, acr, amr) in [
        // The emulator says `pwd` and `otp`.
        (&[][..], &[][..], json!({ "acr": "phr", "amr": ["mfa", "otp"] }), "urn:haechi:acr:1fa", json!(["fed"])),
        (&["amr:otp"], &[], json!({}), TWO, json!(["fed", "otp"])),
        (&["amr:mfa"], &[], json!({}), "urn:haechi:acr:1fa", json!(["fed"])),
        (&["amr:mfa"], &[], json!({ "amr": ["mfa", "hwk", "fed"] }), TWO, json!(["fed", "mfa"])),
        (&["acr:urn:example:gold"], &[], json!({ "acr": "urn:example:gold" }), TWO, json!(["fed"])),
        (&["acr:urn:example:gold"], &[], json!({ "acr": "urn:example:silver" }), "urn:haechi:acr:1fa", json!(["fed"])),
        (&["acr:urn:example:gold"], &[], json!({ "acr": 2 }), "urn:haechi:acr:1fa", json!(["fed"])),
        (&["amr:otp"], &["acr:key"], json!({ "acr": "key" }), "phr", json!(["fed", "otp"])),
        (&[], &["amr:hwk"], json!({ "amr": ["hwk", "pin"] }), "phr", json!(["fed", "hwk"])),
    ] {
        let abroad = Abroad::new().await;
        let (two, resistant) = (values(two), values(resistant));
        abroad
            .connect("oidc", "oidc", |connection| {
                connection.two_factors = two;
                connection.phishing_resistant = resistant;
            })
            .await;
        abroad.app.first_party("app").await;
        abroad.emulator.say(Said::IdToken, said.clone());
        let mut browser = abroad.app.browser();
        let url = through(&abroad, &mut browser, &Ask::of("app"), "oidc").await;
        let answer = abroad.emulator.visit(&url).await;
        let page = abroad.deliver(&mut browser, &answer).await;
        let (_, claims) = abroad.app.id_token("app", &page.answer()["code"]).await;
        assert_eq!(claims["acr"], acr, "{said}");
        assert_eq!(claims["amr"], amr, "{said}: a method that nobody named is not told on");
    }
}

/// The app's wish goes on in the provider's values, and what comes back is held to it: what is missing is asked for here.
#[tokio::test]
async fn what_the_app_demands_is_asked_of_the_provider_in_its_own_values_and_checked() {
    let demand = json!({ "id_token": { "acr": { "essential": true, "value": "urn:haechi:acr:2fa" } } }).to_string();
    for (said, enough) in [("urn:example:gold", true), ("urn:example:silver", false)] {
        let abroad = Abroad::new().await;
        let gold = ["acr:urn:example:gold", "amr:mfa"].map(|text| UpstreamValue::parse(text).unwrap());
        abroad.connect("oidc", "oidc", |connection| connection.two_factors = gold.to_vec()).await;
        abroad.app.first_party("app").await;
        abroad.emulator.say(Said::IdToken, json!({ "acr": said }));
        let mut browser = abroad.app.browser();
        for (name, value) in [("acr_values", "urn:haechi:acr:2fa"), ("claims", demand.as_str())] {
            let there = asked(&through(&abroad, &mut browser, &Ask::of("app").with(name, value), "oidc").await);
            assert_eq!(there.get("acr_values").map(String::as_str), Some("urn:example:gold"), "{name}");
        }
        let url = through(&abroad, &mut browser, &Ask::of("app").with("claims", &demand), "oidc").await;
        let answer = abroad.emulator.visit(&url).await;
        let page = abroad.deliver(&mut browser, &answer).await;
        if enough {
            let (_, claims) = abroad.app.id_token("app", &page.answer()["code"]).await;
            assert_eq!(claims["acr"], "urn:haechi:acr:2fa");
        } else {
            // A factor is to be added, and having come back from a provider proves nothing of the account.
            assert!(page.has("step-up"), "the provider was asked for more than it gave: {}", page.body);
        }
    }
}

#[tokio::test]
async fn mix_014_an_authentication_that_is_too_old_for_the_app_does_not_count() {
    let abroad = Abroad::to("oidc").await;
    abroad.app.first_party("app").await;
    abroad.app.clock.advance(Duration::from_secs(600));
    for said in [json!({}), json!({ "auth_time": null })] {
        abroad.emulator.say(Said::IdToken, said);
        let mut browser = abroad.app.browser();
        let url = through(&abroad, &mut browser, &Ask::of("app").with("max_age", "60"), "oidc").await;
        let answer = abroad.emulator.visit(&url).await;
        let page = abroad.deliver(&mut browser, &answer).await;
        assert_eq!(outcome(&page), "upstream-failed");
        assert!(!is_signed_in(&browser));
    }
}

#[tokio::test]
async fn an_app_names_the_connection_and_the_choice_is_skipped_once() {
    let abroad = Abroad::to("google").await;
    abroad.app.first_party("app").await;
    abroad.app.user("minji@example.com").await;
    let mut browser = abroad.app.browser();
    let gone = browser.get(&Ask::of("app").with("haechi_idp", "google").url()).await;
    let url: Url = gone.location().unwrap().parse().unwrap();
    assert_eq!(url.host_str(), Some("accounts.google.com"));
    abroad.emulator.misbehave(Mischief::Refused);
    let answer = abroad.emulator.visit(&url).await;
    let refused = abroad.deliver(&mut browser, &answer).await;
    assert_eq!(outcome(&refused), "upstream-refused");
    // Who comes back without success chooses, and is not sent there for ever.
    let html = refused.html();
    let other = html.select(&scraper::Selector::parse("#upstream-refused a").unwrap()).next();
    let other = other.unwrap().value().attr("href").unwrap().to_owned();
    let login = browser.get(&other).await;
    let answer = browser.submit(&login, "login", &[("email", "minji@example.com"), ("password", PASSWORD)]).await;
    assert!(answer.answer().contains_key("code"));
    let unknown = abroad.app.browser().get(&Ask::of("app").with("haechi_idp", "nowhere").url()).await;
    assert!(unknown.has("login"));
}

#[tokio::test]
async fn an_address_of_a_routed_domain_leads_to_its_connection() {
    let abroad = Abroad::new().await;
    abroad.connect("corp", "oidc", |connection| connection.routed_domains = vec!["corp.example".to_owned()]).await;
    abroad.app.first_party("app").await;
    let leads = |page: &crate::support::browser::Page| {
        page.location().is_some_and(|to| to.starts_with("https://idp.example/authorize"))
    };
    for (hint, routed) in [
        ("kim@corp.example", true),
        ("kim@CORP.example", true),
        ("kim@sub.corp.example", false),
        ("kim@corp.example.evil.tld", false),
        ("corp.example", false),
    ] {
        let page = abroad.app.browser().get(&Ask::of("app").with("login_hint", hint).url()).await;
        assert_eq!(leads(&page), routed, "{hint}");
    }
    let mut browser = abroad.app.browser();
    let login = browser.get("/login").await;
    let typed = browser.submit(&login, "login", &[("email", "kim@corp.example"), ("password", "any")]).await;
    assert!(leads(&typed), "{} {}", typed.status, typed.body);
}

#[tokio::test]
async fn prompt_none_sends_nobody_anywhere() {
    let abroad = Abroad::to("google").await;
    abroad.app.first_party("app").await;
    let ask = Ask::of("app").with("prompt", "none").with("haechi_idp", "google");
    let page = abroad.app.browser().get(&ask.url()).await;
    assert_eq!(page.error(), "login_required");
}
