//! Attacks on client authentication.

use futures_util::future::join_all;
use haechi::model::client::{AssertionAudience, ClientAuthentication, ClientKeys, SigningAlgorithm};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::spec::rfc7523::{claims, send};
use crate::support::app::TestApp;
use crate::support::furnished::{Furnished, ISSUER, SECRET};
use crate::support::jose::{Party, hs256, with};

const CREDENTIALS: [(&str, &str); 1] = [("grant_type", "client_credentials")];

#[tokio::test]
async fn cauth_001_an_assertion_works_once_on_all_nodes_and_endpoints() {
    let house = TestApp::furnished().await;
    let assertion = house.party.token(json!({}), &claims(&house, "once"));
    send(&house, &assertion).await.tokens();
    assert_eq!(send(&house, &assertion).await.error(401), "invalid_client");
    let elsewhere = [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
        ("token", "x"),
    ];
    assert_eq!(house.post("/introspect").form(&elsewhere).send().await.error(401), "invalid_client");
    // A node that was started afterwards knows, too.
    let node = house.node(|_| {}).await;
    assert_eq!(house.post("/revoke").form(&elsewhere).to(&node).send().await.error(401), "invalid_client");
}

#[tokio::test]
async fn cauth_001_of_many_at_once_one_is_let_in() {
    let house = TestApp::furnished_with(|config| config.throttling.client_failures_per_address = 1000).await;
    let nodes = [house.node(|_| {}).await, house.node(|_| {}).await];
    let assertion = house.party.token(json!({}), &claims(&house, "race"));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    let calls = (0..50).map(|n| house.post("/token").form(&form).to(&nodes[n % 2]).send());
    let answers = join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 49);
}

#[tokio::test]
async fn cauth_002_an_assertion_for_others_or_for_another_endpoint_is_refused() {
    let house = TestApp::furnished().await;
    for aud in [
        json!([ISSUER, "https://evil.example"]),
        json!([format!("{ISSUER}/token"), "https://evil.example/token"]),
        json!([ISSUER, format!("{ISSUER}/token")]),
        json!("https://evil.example/token"),
        json!(format!("{ISSUER}/introspect")),
        json!(format!("{ISSUER}/token/")),
        json!(format!("{ISSUER}/token?x")),
        json!("https://id.example:443/token"),
        json!(format!("{ISSUER}/")),
        json!("HTTPS://id.example"),
        json!("http://id.example"),
        json!(null),
    ] {
        let assertion = house.party.token(json!({}), &with(claims(&house, "1"), json!({ "aud": aud })));
        assert_eq!(send(&house, &assertion).await.error(401), "invalid_client", "{aud}");
    }
    let mut without = claims(&house, "1");
    without.as_object_mut().unwrap().remove("aud");
    assert_eq!(send(&house, &house.party.token(json!({}), &without)).await.error(401), "invalid_client");
}

/// Audience injection: a hostile server names an endpoint of ours as its own, and passes on what it is sent.
#[tokio::test]
async fn cauth_002_a_client_that_asks_for_it_is_held_to_the_issuer_as_one_text() {
    let house = TestApp::furnished().await;
    house
        .change_client("signer", |signer| {
            let ClientAuthentication::PrivateKeyJwt { audience, .. } = &mut signer.authentication.method else {
                panic!("signs");
            };
            *audience = AssertionAudience::Issuer;
        })
        .await;
    let aud = async |aud: serde_json::Value| {
        let claims = with(claims(&house, &aud.to_string()), json!({ "aud": aud }));
        send(&house, &house.party.token(json!({}), &claims)).await.status.as_u16()
    };
    for other in [json!([ISSUER]), json!(format!("{ISSUER}/token")), json!([format!("{ISSUER}/token")])] {
        assert_eq!(aud(other.clone()).await, 401, "{other}");
    }
    assert_eq!(aud(json!(ISSUER)).await, 200);
}

#[tokio::test]
async fn cauth_004_two_methods_at_once_are_an_invalid_request() {
    let house = TestApp::furnished().await;
    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let assertion = house.party.token(json!({}), &claims(&house, "1"));
    let call = || house.post("/token").form(&CREDENTIALS);
    for answer in [
        call().basic("worker").form(&[("client_secret", SECRET)]).send().await,
        call().basic("worker").form(&[("client_id", "web")]).send().await,
        call().basic("worker").form(&[kind, ("client_assertion", &assertion)]).send().await,
        call()
            .form(&[("client_id", "signer"), ("client_secret", SECRET), kind, ("client_assertion", &assertion)])
            .send()
            .await,
        call().basic("worker").basic("worker").send().await,
    ] {
        assert_eq!(answer.error(400), "invalid_request");
    }
}

#[tokio::test]
async fn cauth_005_only_a_method_that_the_client_may_use_is_accepted() {
    let house = TestApp::furnished().await;
    for pinned in ["worker", "posting"] {
        house.change_client(pinned, |client| client.authentication.pinned = true).await;
    }
    let mallory = Party::new("ES256");
    let own = mallory.token(json!({}), &with(claims(&house, "1"), json!({ "iss": "worker", "sub": "worker" })));
    let call = || house.post("/token").form(&CREDENTIALS);
    for answer in [
        call().form(&[("client_id", "worker"), ("client_secret", SECRET)]).send().await,
        call().form(&[("client_id", "worker")]).send().await,
        call().basic("posting").send().await,
        call().basic("spa").send().await,
        call().basic_with("worker", "").send().await,
        call().basic_with("nobody", "").send().await,
        call().form(&[("client_id", "signer")]).send().await,
        send(&house, &own).await,
    ] {
        assert_eq!(answer.error(401), "invalid_client");
    }
}

#[tokio::test]
async fn cauth_007_a_malformed_header_is_a_failed_client() {
    let house = TestApp::furnished().await;
    for value in
        ["Basic", "Basic ", "Basic !!!!", "Basic d29ya2Vy", "Bearer abc", "Basic\td29ya2VyOng=", "Digest x", "x"]
    {
        let answer = house.post("/token").form(&CREDENTIALS).header("authorization", value).send().await;
        assert_eq!(answer.error(401), "invalid_client", "{value}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic "), "{value}");
    }
    let huge = format!("Basic {}", "A".repeat(20_000));
    assert_eq!(
        house.post("/token").form(&CREDENTIALS).header("authorization", &huge).send().await.error(401),
        "invalid_client"
    );
}

#[tokio::test]
async fn cauth_007_a_secret_of_any_characters_is_decoded_as_specified() {
    let house = TestApp::furnished().await;
    let secret = "a:b%c d+é\"\\";
    house
        .change_client("worker", |worker| {
            worker.authentication.secrets[0].digest = haechi::model::client::ClientSecret::digest_of(secret);
        })
        .await;
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    house.post("/token").form(&CREDENTIALS).basic_with("worker", &encoded).send().await.tokens();
    for wrong in ["a:b%c d+é\"\\", "a:b%25c+d%2Be"] {
        let answer = house.post("/token").form(&CREDENTIALS).basic_with("worker", wrong).send().await;
        assert_eq!(answer.error(401), "invalid_client", "{wrong}");
    }
}

#[tokio::test]
async fn cauth_008_guessing_is_slowed_down_and_locks_nobody_out() {
    let house = TestApp::furnished().await;
    let call = |secret, from| house.post("/token").form(&CREDENTIALS).basic_with("worker", secret).from(from);
    for _ in 0..30 {
        assert_eq!(call("wrong", "198.51.100.7").send().await.status, 401);
    }
    let throttled = call("wrong", "198.51.100.7").send().await;
    assert_eq!(throttled.status, 429);
    let wait: u64 = throttled.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    // The right secret is not tried there either, and works everywhere else at once.
    assert_eq!(call(SECRET, "198.51.100.7").send().await.status, 429);
    call(SECRET, "198.51.100.8").send().await.tokens();
    house.post("/token").form(&CREDENTIALS).basic("worker").from("2001:db8::1").send().await.tokens();
    house.pass(60);
    call(SECRET, "198.51.100.7").send().await.tokens();
}

#[tokio::test]
async fn cauth_008_rotating_client_ids_does_not_help() {
    let house = TestApp::furnished().await;
    let guess = async |n: u32| {
        let call = house.post("/token").form(&CREDENTIALS).basic_with(&format!("client{n}"), "x");
        call.from("198.51.100.9").send().await.status
    };
    let mut refused = 0;
    for n in 0..320 {
        refused += u32::from(guess(n).await == 429);
    }
    assert_eq!(refused, 20);
    // Whoever shares the address and knows the secret is let in.
    house.post("/token").form(&CREDENTIALS).basic("worker").from("198.51.100.9").send().await.tokens();
}

/// Of a public client there is nothing to guess: whoever makes it fail, and however often, keeps nobody at the same address from it.
#[tokio::test]
async fn cauth_008_a_public_client_is_not_shut_out_by_others_at_its_address() {
    let house = TestApp::furnished().await;
    let ask = async |form: &[(&str, &str)]| {
        let form = [&[("grant_type", "refresh_token"), ("refresh_token", "made up")], form].concat();
        house.post("/token").form(&form).from("198.51.100.7").send().await.status
    };
    for _ in 0..400 {
        assert_eq!(ask(&[("client_id", "spa"), ("client_secret", "a guess at nothing")]).await, 401);
    }
    assert_eq!(ask(&[("client_id", "spa")]).await, 400, "it is heard, and its token is none");
    let mut refused = 0;
    for n in 0..400 {
        let id = format!("made-up-{n}");
        refused += u32::from(ask(&[("client_id", &id)]).await == 429);
    }
    assert!(refused > 0);
    assert_eq!(ask(&[("client_id", "spa")]).await, 400);
}

/// A secret in the other place is a mistake of its owner, and no guess; a wrong one there learns and costs what any wrong one does.
#[tokio::test]
async fn cauth_008_a_right_secret_in_the_other_place_is_no_guess() {
    let house = TestApp::furnished().await;
    house.change_client("worker", |worker| worker.authentication.pinned = true).await;
    let posted = async |secret| {
        let form = [("client_id", "worker"), ("client_secret", secret)];
        house.post("/token").form(&CREDENTIALS).form(&form).send().await
    };
    for _ in 0..40 {
        let answer = posted(SECRET).await;
        let told = answer.expect(401);
        assert!(told["error_description"].as_str().unwrap().contains("client_secret_basic"), "{told}");
    }
    house.post("/token").form(&CREDENTIALS).basic("worker").send().await.tokens();
    let plain = json!({ "error": "invalid_client", "error_description": "client authentication failed" });
    for _ in 0..30 {
        assert_eq!(posted("wrong").await.expect(401), plain);
    }
    assert_eq!(posted(SECRET).await.status, 429);
}

#[tokio::test]
async fn cauth_009_an_unknown_client_and_a_wrong_secret_look_the_same() {
    let house = TestApp::furnished().await;
    let ask = async |id: &str| {
        let answer = house.post("/token").form(&CREDENTIALS).basic_with(id, "wrong").send().await;
        (answer.status, answer.header("www-authenticate").map(str::to_owned), answer.body)
    };
    assert_eq!(ask("worker").await, ask("nobody").await);
    house.change_client("web", |web| web.enabled = false).await;
    assert_eq!(ask("web").await, ask("nobody").await);
    let disabled = house.post("/token").form(&CREDENTIALS).basic("web").send().await;
    assert_eq!(disabled.error(401), "invalid_client");
}

#[tokio::test]
async fn jwt_003_a_shared_secret_signs_no_assertion() {
    let house = TestApp::furnished().await;
    let jwk = house.party.jwk().to_string();
    for secret in [SECRET.as_bytes(), jwk.as_bytes(), b""] {
        let assertion = hs256(secret, &json!({ "alg": "HS256" }), &claims(&house, "1"));
        assert_eq!(send(&house, &assertion).await.error(401), "invalid_client");
    }
    let other = Party::new("ES384").token(json!({}), &claims(&house, "1"));
    assert_eq!(send(&house, &other).await.error(401), "invalid_client");
}

#[tokio::test]
async fn jwt_010_and_011_times_are_numbers_and_near() {
    let house = TestApp::furnished().await;
    let now = house.now().seconds();
    for (wrong, good) in [
        (json!({ "exp": "9999999999" }), json!({ "exp": now + 300 })),
        (json!({ "exp": -1 }), json!({ "exp": now + 1 })),
        (json!({ "exp": 1e20 }), json!({ "nbf": now + 8 })),
        (json!({ "nbf": "x" }), json!({ "nbf": now + 60 })),
        (json!({ "iat": now + 3600 }), json!({ "iat": now + 10 })),
        (json!({ "exp": now + 172_800 }), json!({ "iat": now - 10 })),
    ] {
        let sent = async |more: &serde_json::Value| {
            let claims = with(claims(&house, &more.to_string()), more.clone());
            send(&house, &house.party.token(json!({}), &claims)).await.status
        };
        assert_eq!(sent(&wrong).await, 401, "{wrong}");
        assert_eq!(sent(&good).await, 200, "{good}");
    }
}

/// A client whose keys are at a URL that serves `sets`, one after the other.
async fn remote_client(
    house: &Furnished,
    sets: Vec<serde_json::Value>,
) -> std::sync::Arc<std::sync::atomic::AtomicUsize> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let hits = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = hits.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let n = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let body = sets[n.min(sets.len() - 1)].to_string();
            let _ = stream.read(&mut [0; 2048]).await;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let (keys, audience) = (ClientKeys::JwksUri(url.parse().unwrap()), AssertionAudience::default());
    house
        .change_client("signer", |signer| {
            signer.authentication.method =
                ClientAuthentication::PrivateKeyJwt { keys, algorithm: SigningAlgorithm::ES256, audience };
        })
        .await;
    hits
}

fn inside(config: &mut haechi::config::Config) {
    config.network.outgoing_allowed = vec!["127.0.0.0/8".parse().unwrap()];
    config.network.outgoing_http = true;
}

#[tokio::test]
async fn ssrf_009_a_client_may_change_its_keys_and_strangers_cannot_make_us_fetch_them() {
    let house = TestApp::furnished_with(inside).await;
    let (old, new) = (Party::new("ES256"), Party::new("ES256"));
    let set = |party: &Party, kid: &str| json!({ "keys": [party.jwk_with(json!({ "kid": kid }))] });
    let hits = remote_client(&house, vec![set(&old, "old"), set(&new, "new")]).await;
    let hits = || hits.load(std::sync::atomic::Ordering::SeqCst);
    let signed = |party: &Party, kid: &str, id: &str| party.token(json!({ "kid": kid }), &claims(&house, id));
    send(&house, &signed(&old, "old", "1")).await.tokens();
    send(&house, &signed(&old, "old", "2")).await.tokens();
    assert_eq!(hits(), 1);
    // Unknown keys right after a fetch ask for nothing.
    for n in 0..20 {
        assert_eq!(send(&house, &signed(&new, "new", &n.to_string())).await.error(401), "invalid_client");
    }
    assert_eq!(hits(), 1);
    house.pass(60);
    send(&house, &signed(&new, "new", "3")).await.tokens();
    assert_eq!(hits(), 2);
    assert_eq!(send(&house, &signed(&old, "old", "4")).await.error(401), "invalid_client");
}

#[tokio::test]
async fn ssrf_013_nothing_in_a_token_request_is_fetched() {
    let house = TestApp::furnished_with(inside).await;
    let sink = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", sink.local_addr().unwrap());
    let mallory = Party::new("ES256");
    for iss in [url.as_str(), "signer", "worker", "nobody"] {
        let header = json!({ "jku": url, "x5u": url, "kid": url, "jwk": mallory.jwk() });
        let claims = with(claims(&house, "1"), json!({ "iss": iss, "sub": iss, "aud": url }));
        send(&house, &mallory.token(header, &claims)).await.error(401);
    }
    let form = [("resource", url.as_str()), ("redirect_uri", &url), ("request_uri", &url), ("jwks_uri", &url)];
    house.post("/token").form(&CREDENTIALS).form(&form).basic("worker").header("host", &url).send().await;
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), sink.accept()).await;
    assert!(waited.is_err(), "something was fetched");
}

#[tokio::test]
async fn ssrf_002_and_008_a_jwks_uri_inside_is_not_reached_and_tells_nothing() {
    let house = TestApp::furnished().await;
    let hits = remote_client(&house, vec![house.party.jwks()]).await;
    let answer = send(&house, &house.party.token(json!({}), &claims(&house, "1"))).await;
    assert_eq!(
        answer.expect(401),
        json!({ "error": "invalid_client", "error_description": "client authentication failed" })
    );
    assert_eq!(hits.load(std::sync::atomic::Ordering::SeqCst), 0);
}
