//! The emulator by itself: it lets in who does everything right, over real TLS, and nobody else.

use haechi::upstream::presets;
use reqwest::{Client, Response};
use serde_json::Value;
use url::Url;

use super::providers::{Authentication, Pkce, Provider};
use super::*;
use crate::support::ask::{CHALLENGE, VERIFIER};
use crate::support::furnished::open;

const BACK: &str = "https://id.example/upstream/x/callback";
const LONG: &str = "0123456789abcdef";

fn registration(provider: &'static str) -> Registration {
    let proof = Proof::Secret("sec:ret of us".to_owned());
    Registration { provider, id: format!("client-of-{provider}"), redirect_uri: BACK.to_owned(), proof }
}

fn asking(provider: &Provider) -> Url {
    let mut url = Url::parse(provider.authorization).unwrap();
    let mut query = url.query_pairs_mut();
    query.append_pair("client_id", &format!("client-of-{}", provider.name)).append_pair("redirect_uri", BACK);
    query.append_pair("response_type", "code").append_pair("state", LONG).append_pair("nonce", LONG);
    query.append_pair("scope", &provider.scopes.join(" "));
    if !matches!(provider.pkce, Pkce::Refused) {
        query.append_pair("code_challenge", CHALLENGE).append_pair("code_challenge_method", "S256");
    }
    let new = provider.parameters.iter().filter(|(name, _)| *name != "tenant");
    query.extend_pairs(new);
    drop(query);
    url
}

async fn redeem(
    client: &Client,
    provider: &Provider,
    code: &str,
    change: impl Fn(&mut Vec<(&str, String)>),
) -> Response {
    let mut form = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", BACK.to_owned()),
        ("state", LONG.to_owned()),
    ];
    if !matches!(provider.pkce, Pkce::Refused) {
        form.push(("code_verifier", VERIFIER.to_owned()));
    }
    let mut request = client.post(provider.token).header("accept", "application/json");
    match provider.authentication {
        Authentication::Basic => {
            request = request.basic_auth(format!("client-of-{}", provider.name), Some("sec%3Aret+of+us"));
        }
        Authentication::Post => {
            form.push(("client_id", format!("client-of-{}", provider.name)));
            form.push(("client_secret", "sec:ret of us".to_owned()));
        }
    }
    change(&mut form);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap()
}

async fn json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[test]
fn every_preset_has_its_provider() {
    for preset in presets::ALL {
        providers::named(preset.id.trim_end_matches("-rest"));
    }
}

#[tokio::test]
async fn who_does_everything_right_is_let_in_once() {
    let emulator = Emulator::start().await;
    let client = emulator.certified.client(emulator.served.address);
    for provider in providers::ALL {
        emulator.register(registration(provider.name));
        let name = provider.name;
        for wrong in ["client_secret", "redirect_uri", "code_verifier", "state"] {
            let checked = match wrong {
                "client_secret" => matches!(provider.authentication, Authentication::Post),
                "code_verifier" => matches!(provider.pkce, Pkce::Checked),
                "state" => provider.state_at_token,
                _ => true,
            };
            let code = return_to(&emulator, provider).await;
            let refused = redeem(&client, provider, &code, |form| form.retain(|(name, _)| *name != wrong)).await;
            assert_eq!(json(refused).await.get("access_token").is_none(), checked, "{name} without {wrong}");
        }
        let code = return_to(&emulator, provider).await;
        let tokens = json(redeem(&client, provider, &code, |_| ()).await).await;
        let access_token = tokens["access_token"].as_str().unwrap_or_else(|| panic!("{name}: {tokens}"));
        assert_eq!(tokens["id_token"].is_string(), provider.openid.is_some(), "{name}");
        if let Some(openid) = &provider.openid {
            let claims = open(tokens["id_token"].as_str().unwrap()).1;
            assert_eq!(claims["sub"], provider.person.id, "{name}");
            assert_eq!(claims.contains_key("nonce"), openid.echoes_nonce, "{name}");
            for url in openid.discovery.into_iter().chain([openid.jwks]) {
                assert_eq!(client.get(url).send().await.unwrap().status(), 200, "{url}");
            }
        }
        for answer in provider.answers {
            let mut url = Url::parse(answer.url).unwrap();
            url.query_pairs_mut().extend_pairs(answer.query);
            assert_eq!(client.get(url.clone()).send().await.unwrap().status(), 401, "{url}");
            let opened = client.get(url.clone()).bearer_auth(access_token).send().await.unwrap();
            assert_eq!(opened.status(), 200, "{url}");
        }
        let again = json(redeem(&client, provider, &code, |_| ()).await).await;
        assert!(again.get("access_token").is_none(), "{name}: {again}");
    }
    assert!(emulator.strayed().is_empty());
}

async fn return_to(emulator: &Emulator, provider: &Provider) -> String {
    let answer = emulator.visit(&asking(provider)).await;
    assert_eq!(answer.parameter("state").as_deref(), Some(LONG));
    answer.parameter("code").unwrap()
}

#[tokio::test]
async fn a_request_that_the_provider_would_refuse_is_refused() {
    let emulator = Emulator::start().await;
    emulator.register(registration("oidc"));
    let good = asking(providers::named("oidc"));
    emulator.visit(&good).await;
    for (from, to) in [
        ("client-of-oidc", "client-of-nobody"),
        ("id.example", "evil.example"),
        ("response_type=code", "response_type=token"),
        ("scope=openid", "scope=opened"),
        ("nonce=", "none="),
        ("S256", "plain"),
        ("code_challenge=", "challenge="),
        ("tenant=a", "tenant=b"),
    ] {
        let bad: Url = good.as_str().replace(from, to).parse().unwrap();
        let host = bad.host_str().unwrap().to_owned();
        let uri = &bad[url::Position::BeforePath..url::Position::AfterQuery];
        let request = Request::get(uri).header(header::HOST, host).body(Body::empty()).unwrap();
        let response = emulator.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 400, "{to}");
    }
}

#[tokio::test]
async fn what_is_said_can_be_changed_and_apple_s_name_comes_once() {
    let emulator = Emulator::start().await;
    let client = emulator.certified.client(emulator.served.address);
    emulator.register(registration("apple"));
    let apple = providers::named("apple");
    emulator.say(Said::IdToken, serde_json::json!({ "email": null, "extra": { "a": 1 } }));
    let first = emulator.visit(&asking(apple)).await;
    assert!(first.posted.is_some() && first.parameter("user").unwrap().contains("길동"));
    assert_eq!(emulator.visit(&asking(apple)).await.parameter("user"), None);
    let tokens = json(redeem(&client, apple, &first.parameter("code").unwrap(), |_| ()).await).await;
    let claims = open(tokens["id_token"].as_str().unwrap()).1;
    assert_eq!(claims["extra"], serde_json::json!({ "a": 1 }));
    assert!(!claims.contains_key("email"));
    assert_eq!(emulator.heard("apple"), [Endpoint::Authorization, Endpoint::Authorization, Endpoint::Token]);
    assert_eq!(first.with("code", Some("other")).parameter("code").as_deref(), Some("other"));
}
