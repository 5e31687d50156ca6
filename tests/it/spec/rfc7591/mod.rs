//! RFC 7591: OAuth 2.0 Dynamic Client Registration Protocol, the parts that registrations by documents rest on: client metadata (section 2),
//! human-readable metadata in languages (section 2.2) and the client information response (section 3.2.1).

mod exports;

use haechi::admin::Authority;
use haechi::admin::clients::{self, ClientResource, WithSecret};
use haechi::admin::document::read;
use haechi::model::client::{ClientKind, ClientSecret};
use serde_json::{Value, json};

use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::Ask;
use crate::support::binary::Haechi;

/// Registers a client by a document.
async fn registered(house: &TestApp, document: &Value) -> WithSecret {
    let new: ClientResource = read(&document.to_string()).unwrap_or_else(|why| panic!("{why}\n{document:#}"));
    clients::create(&house.admin, &Authority::operator(), new).await.unwrap_or_else(|why| panic!("{why}\n{document:#}"))
}

/// "human-readable field names are represented in specific languages and scripts by appending a "#" character and the language tag".
#[tokio::test]
async fn s2_2_a_name_is_shown_in_the_language_of_the_page() {
    let house = TestApp::new().await;
    let document = json!({
        "client_id": "shop", "token_endpoint_auth_method": "none", "redirect_uris": [CALLBACK],
        "client_name": "Paper Shop", "client_name#ko": "종이 가게", "client_name#ja-Jpan-JP": "紙屋",
    });
    let shop = registered(&house, &document).await.client;
    for (tag, name) in [("ko-KR", "종이 가게"), ("en", "Paper Shop"), ("fr", "Paper Shop")] {
        let mut visitor = house.browser();
        visitor.headers.push(("accept-language", tag.to_owned()));
        let page = visitor.get(&Ask::of("shop").url()).await;
        assert!(page.body.contains(name), "sign-in {tag} {}", page.body);
        let user = house.user(&format!("{tag}@example.com")).await;
        let mut member = house.signed_in(&user).await;
        member.headers.push(("accept-language", tag.to_owned()));
        let page = member.get(&Ask::of("shop").url()).await;
        assert!(page.body.contains(name), "consent {tag} {}", page.body);
    }
    let shown = serde_json::to_value(ClientResource::from(&shop)).unwrap();
    assert_eq!((&shown["client_name#ko"], &shown["client_name#ja-Jpan-JP"]), (&json!("종이 가게"), &json!("紙屋")));
    // A name takes the place of one under another spelling of its tag; an empty one takes it away.
    let change: ClientResource = read(r#"{"client_name#KO": "새 가게", "client_name#ja-jpan-jp": ""}"#).unwrap();
    let changed = clients::update(&house.admin, &Authority::operator(), &shop.id, &change).await.unwrap().client;
    assert_eq!(changed.presentation.names, [("KO".to_owned(), "새 가게".to_owned())].into());
}

#[tokio::test]
async fn s2_2_a_name_in_a_language_keeps_the_rules_of_names() {
    let house = TestApp::new().await;
    let document = json!({
        "token_endpoint_auth_method": "none", "redirect_uris": [CALLBACK], "client_name": "Shop",
        "client_name#ko": "가게\u{202e}",
    });
    let new: ClientResource = read(&document.to_string()).unwrap();
    let refused = clients::create(&house.admin, &Authority::operator(), new).await.unwrap_err();
    assert!(refused.to_string().contains("client_name#ko"), "{refused}");
    let odd = ClientResource {
        names: [("client_name#k o".to_owned(), "가게".to_owned())].into(),
        ..ClientResource::default()
    };
    let kept =
        ClientResource { client_name: Some("Shop".to_owned()), redirect_uris: Some(vec![CALLBACK.to_owned()]), ..odd };
    let refused = clients::create(&house.admin, &Authority::operator(), kept).await.unwrap_err();
    assert!(refused.to_string().contains("not a language tag"), "{refused}");
}

/// `client_secret_expires_at` is "REQUIRED if" a secret "is issued. Time at which the client secret will expire or 0 if it will not expire." The values that were registered are members beside them.
#[test]
fn s3_2_1_what_was_registered_is_answered_flat_with_the_secret_that_was_issued() {
    let haechi = Haechi::new().begun();
    let create = ["clients", "create", "--kind", "web", "--name", "Shop", "--name-in", "ko=가게", "--json"];
    let made =
        haechi.json(&[&create[..], &["--client-id", "shop", "--redirect-uri", "https://shop.example/cb"]].concat());
    assert_eq!((&made["client_id"], &made["client_secret_expires_at"]), (&json!("shop"), &json!(0)));
    assert!(made["client_secret"].as_str().unwrap().starts_with("hcs_") && made["client_id_issued_at"].is_u64());
    assert_eq!(
        (&made["redirect_uris"], &made["client_name#ko"]),
        (&json!(["https://shop.example/cb"]), &json!("가게"))
    );
    let public = ["clients", "create", "--kind", "browser", "--name", "Spa", "--json"];
    let public = haechi.json(&[&public[..], &["--redirect-uri", "https://spa.example/cb"]].concat());
    assert_eq!((public.get("client_secret"), public.get("client_secret_expires_at")), (None, None));
    // The answer is a document: it changes nothing here, and makes the same client with the same secret elsewhere.
    let unchanged = haechi.run_with(&["clients", "update", "shop", "--file", "-"], &made.to_string());
    assert!(unchanged.code == Some(0) && unchanged.out.contains("unchanged"), "{unchanged:?}");
    let elsewhere = Haechi::new().begun();
    elsewhere.folder.write("shop.json", made.to_string());
    let copy = elsewhere.json(&["clients", "create", "--file", "shop.json", "--json"]);
    assert_eq!((&copy["client_id"], copy.get("client_secret")), (&json!("shop"), None));
}

#[tokio::test]
async fn a_secret_that_a_client_has_already_is_kept_as_a_digest() {
    let house = TestApp::new().await;
    let secret = "n0t-made-here_ZJYCqe3GGRvdrudKy";
    let document =
        json!({"client_id": "shop", "client_name": "Shop", "redirect_uris": [CALLBACK], "client_secret": secret});
    let made = registered(&house, &document).await;
    assert!(made.secret.is_none(), "none was issued");
    let kept: Vec<_> = made.client.authentication.secrets.iter().map(|secret| secret.digest).collect();
    assert_eq!(kept, [ClientSecret::digest_of(secret)]);
    house.clients.poll().await.unwrap();
    let form = [("grant_type", "authorization_code"), ("code", "x")];
    let known = house.post("/token").basic_with("shop", secret).form(&form).send().await;
    assert_eq!(known.error(400), "invalid_grant");
    // Said again it says nothing new; another one is for rotate-secret.
    let update = async |secret: &str| {
        let document = read(&json!({ "client_secret": secret }).to_string()).unwrap();
        clients::update(&house.admin, &Authority::operator(), &made.client.id, &document).await.map(|_| ())
    };
    update(secret).await.unwrap();
    let refused = update("another-secret-of-some-length").await.unwrap_err();
    assert!(refused.to_string().contains("client_secret"), "{refused}");
    for (document, why) in [
        (json!({"client_name": "S", "redirect_uris": [CALLBACK], "client_secret": "short"}), "16"),
        (
            json!({"client_name": "S", "redirect_uris": [CALLBACK], "client_secret": "비밀 비밀 비밀 비밀 비밀"}),
            "ASCII",
        ),
        (
            json!({"client_name": "S", "redirect_uris": [CALLBACK], "client_secret": secret, "token_endpoint_auth_method": "none"}),
            "client_secret_basic",
        ),
        (json!({"client_name": "S", "redirect_uris": [CALLBACK], "client_secret": "changeme-changeme"}), "guessed"),
        (
            json!({"client_id": "seoul-tours", "client_name": "S", "redirect_uris": [CALLBACK], "client_secret": "seoul-tours-secret"}),
            "guessed",
        ),
    ] {
        let new: ClientResource = read(&document.to_string()).unwrap();
        let refused = clients::create(&house.admin, &Authority::operator(), new).await.unwrap_err().to_string();
        assert!(refused.starts_with("client_secret: ") && refused.contains(why), "{refused}");
    }
}

#[tokio::test]
async fn the_kind_follows_from_what_is_registered() {
    let house = TestApp::new().await;
    for (document, kind) in [
        (json!({"redirect_uris": [CALLBACK]}), ClientKind::Web),
        (json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"}), ClientKind::Browser),
        (json!({"redirect_uris": ["com.example.app:/cb"], "application_type": "native"}), ClientKind::Native),
        (json!({"grant_types": ["client_credentials"], "response_types": []}), ClientKind::Service),
    ] {
        let mut document = document;
        document["client_name"] = "App".into();
        assert_eq!(registered(&house, &document).await.client.kind, kind, "{document}");
    }
}

#[test]
fn a_redirect_uri_that_is_refused_is_named_with_what_would_be_allowed() {
    let haechi = Haechi::new().begun();
    let create = |uri: &str| {
        let arguments = ["clients", "create", "--kind", "web", "--name", "Shop", "--redirect-uri", uri];
        haechi.run(&arguments)
    };
    for (uri, allowed) in [
        ("com.example.app:/cb", "native"),
        ("http://shop.example/cb", "https"),
        ("https://*.shop.example/cb", "wildcards"),
        ("https://shop.example/#/cb", "fragment"),
    ] {
        let refused = create(uri);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        for told in ["--redirect-uri: ", uri, allowed] {
            assert!(refused.err.contains(told), "{told}: {refused:?}");
        }
    }
    let by_file = haechi.run_with(
        &["clients", "create", "--file", "-"],
        r#"{"client_name": "Shop", "redirect_uris": ["https://shop.example/cb", "http://shop.example/cb"]}"#,
    );
    assert!(
        by_file.err.contains("redirect_uris: \"http://shop.example/cb\"") && !by_file.err.contains("--"),
        "{by_file:?}"
    );
}
