use super::*;
use crate::model::client::{ClientKind, SigningAlgorithm};
use crate::protocol::redirect_uri::RedirectUriRejected;
use crate::support::line::LineRejected;

/// The client that this registration would make.
fn register(json: &serde_json::Value) -> Result<Client, MetadataRejected> {
    let new: NewClient = serde_json::from_value(json.clone()).unwrap();
    let id = ClientId::parse("cli_test").unwrap();
    let client = new.metadata.apply(Client::new(id, String::new(), new.kind, Timestamp::from_seconds(1)))?;
    let capabilities =
        ServerCapabilities { algorithms: vec![SigningAlgorithm::ES256, SigningAlgorithm::RS256], http_allowed: false };
    rules::check(&client, &capabilities).map(|()| client)
}

/// A right registration of each kind, with `changes` over its metadata.
fn metadata(kind: &str, changes: &serde_json::Value) -> serde_json::Value {
    let mut metadata = match kind {
        "service" => serde_json::json!({"name": "Batch", "scopes": "reports:read"}),
        _ => serde_json::json!({"name": "Shop", "redirect_uris": ["https://app.example/cb"], "scopes": "openid email"}),
    };
    for (field, value) in changes.as_object().unwrap() {
        metadata[field] = value.clone();
    }
    serde_json::json!({"kind": kind, "metadata": metadata})
}

fn problem(kind: &str, changes: &serde_json::Value) -> (&'static str, MetadataProblem) {
    let rejected = register(&metadata(kind, changes)).expect_err(&changes.to_string());
    (rejected.field, rejected.problem)
}

#[test]
fn every_kind_has_a_safe_default() {
    for kind in ["web", "browser", "native", "service"] {
        let client = register(&metadata(kind, &serde_json::json!({}))).unwrap();
        let public = matches!(client.kind, ClientKind::Browser | ClientKind::Native);
        assert_eq!(client.is_public(), public, "{kind}");
        assert!(client.authentication.secrets.is_empty() && client.enabled);
    }
}

#[test]
fn a_kind_allows_what_goes_with_it() {
    use MetadataProblem::*;
    let basic = serde_json::json!({"authentication": {"method": "client_secret_basic"}});
    let none = serde_json::json!({"authentication": {"method": "none"}});
    for (kind, changes, field, why) in [
        ("browser", basic.clone(), "authentication", MustBePublic),
        ("native", basic, "authentication", MustBePublic),
        ("web", none.clone(), "authentication", MustAuthenticate),
        ("service", none, "authentication", MustAuthenticate),
        ("browser", serde_json::json!({"pkce": "exempt"}), "pkce", PublicWithoutPkce),
        (
            "native",
            serde_json::json!({"grant_types": ["authorization_code", "client_credentials"]}),
            "grant_types",
            PublicClientCredentials,
        ),
        ("service", serde_json::json!({"grant_types": ["authorization_code"]}), "grant_types", ServiceGrant),
        ("service", serde_json::json!({"scopes": "openid"}), "scopes", PersonsScope),
        (
            "service",
            serde_json::json!({"redirect_uris": ["https://a.example/"]}),
            "redirect_uris",
            NeedsAuthorizationCode,
        ),
        ("web", serde_json::json!({"grant_types": []}), "grant_types", Missing),
        (
            "web",
            serde_json::json!({"grant_types": ["refresh_token", "client_credentials"]}),
            "grant_types",
            RefreshWithoutCode,
        ),
        (
            "web",
            serde_json::json!({"grant_types": ["authorization_code"], "scopes": "openid offline_access"}),
            "scopes",
            OfflineWithoutRefresh,
        ),
        ("web", serde_json::json!({"redirect_uris": []}), "redirect_uris", Missing),
        ("web", serde_json::json!({"access_token_algorithm": "EdDSA"}), "access_token_algorithm", AlgorithmNotOffered),
    ] {
        assert_eq!(problem(kind, &changes), (field, why), "{kind} {changes}");
    }
    assert!(register(&metadata("web", &serde_json::json!({"pkce": "exempt"}))).is_ok());
}

#[test]
fn redirect_uris_keep_their_rules_in_both_lists() {
    use RedirectUriRejected::*;
    for field in ["redirect_uris", "post_logout_redirect_uris"] {
        for (uri, why) in [
            ("https://app.example/cb#x", Fragment),
            ("https://app.example/cb?code=attacker&state=x", AnswerParameter),
            ("JaVaScRiPt:alert(1)//app.example", ForbiddenScheme),
            ("data:text/html,x", ForbiddenScheme),
            (" javascript:1", Malformed),
            ("com.example.app:/cb", ForbiddenScheme),
            ("http://app.example/cb", PlainHttp),
        ] {
            let changes = serde_json::json!({field: ["https://app.example/ok", uri]});
            assert_eq!(problem("web", &changes), (field, MetadataProblem::RedirectUri(1, why)), "{uri}");
        }
    }
    let native = |uri: &str| register(&metadata("native", &serde_json::json!({"redirect_uris": [uri]})));
    assert!(native("com.example.app:/cb").is_ok());
    assert!(native("myapp:/cb").is_err());
}

#[test]
fn keys_go_with_private_key_jwt() {
    use MetadataProblem::*;
    let jwks = serde_json::json!({"keys": [{"kty": "oct", "k": "AA"}]});
    for (authentication, field, why) in [
        (serde_json::json!({"method": "private_key_jwt"}), "authentication", OneOfJwksAndJwksUri),
        (
            serde_json::json!({"method": "private_key_jwt", "jwks": jwks, "jwks_uri": "https://a.example/jwks"}),
            "authentication",
            OneOfJwksAndJwksUri,
        ),
        (serde_json::json!({"method": "private_key_jwt", "jwks_uri": "http://a.example/jwks"}), "jwks_uri", NotHttps),
        (serde_json::json!({"method": "private_key_jwt", "jwks_uri": "https://u:p@a.example/"}), "jwks_uri", NotAUrl),
        (serde_json::json!({"method": "client_secret_post", "jwks": jwks}), "authentication", KeysWithoutUse),
    ] {
        let changes = serde_json::json!({"authentication": authentication});
        assert_eq!(problem("web", &changes), (field, why), "{changes}");
    }
    let symmetric = serde_json::json!({"authentication": {"method": "private_key_jwt", "jwks": jwks}});
    assert!(matches!(problem("web", &symmetric), ("jwks", Jwks(_))));
    let by_uri =
        serde_json::json!({"authentication": {"method": "private_key_jwt", "jwks_uri": "https://a.example/k"}});
    assert!(register(&metadata("service", &by_uri)).is_ok());
}

#[test]
fn what_people_see_cannot_deceive_or_run() {
    for name in ["<b>\u{202E}moc.lapyap", "two\nlines", "\u{200B}", "nul\0"] {
        let why = MetadataProblem::Name(LineRejected::IllegalCharacter);
        assert_eq!(problem("web", &serde_json::json!({"name": name})), ("name", why), "{name:?}");
    }
    let long = serde_json::json!({"name": "x".repeat(5000)});
    assert_eq!(problem("web", &long), ("name", MetadataProblem::Name(LineRejected::TooLong { max: 100 })));
    for field in ["client_uri", "logo_uri", "policy_uri", "tos_uri"] {
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "http://a.example/", "//a.example", "https://u@a.example/"]
        {
            let (at, _) = problem("web", &serde_json::json!({"links": {field: bad}}));
            assert_eq!(at, field, "{bad}");
        }
        assert!(register(&metadata("web", &serde_json::json!({"links": {field: "https://a.example/x.png"}}))).is_ok());
    }
}

#[test]
fn lifetimes_are_bounded() {
    for lifetimes in [
        serde_json::json!({"access_token": 1}),
        serde_json::json!({"access_token": 864_000}),
        serde_json::json!({"refresh_token_idle": 86_400, "refresh_token_absolute": 3600}),
        serde_json::json!({"refresh_token_absolute": u64::MAX}),
    ] {
        let (_, why) = problem("web", &serde_json::json!({"lifetimes": lifetimes}));
        assert!(matches!(why, MetadataProblem::Lifetime(..)), "{why:?}");
    }
}

#[test]
fn nothing_but_metadata_can_be_set() {
    for field in ["enabled", "secrets", "client_id", "version", "created_at", "kind", "id"] {
        let json = metadata("web", &serde_json::json!({field: true}));
        assert!(serde_json::from_value::<NewClient>(json).is_err(), "{field}");
    }
}
