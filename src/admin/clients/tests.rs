use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample;

use super::*;
use crate::admin::{FieldError, FieldProblem, ServerCapabilities};
use crate::model::client::{
    AssertionAudience, ClientAuthentication, ClientKeys, ClientKind, ConsentPolicy, NoncePolicy, PkcePolicy,
    SigningAlgorithm, TokenLifetimes,
};
use crate::protocol::redirect_uri::{RedirectUriRejected, RegisteredRedirectUri};
use crate::protocol::resource::Resource;
use crate::support::line::LineRejected;

/// The client that this registration would make.
fn register(json: &serde_json::Value) -> Result<Client, FieldProblem> {
    let new: ClientResource = serde_json::from_value(json.clone()).unwrap();
    let id = ClientId::parse("cli_test").unwrap();
    let client = new.apply(Client::new(id, String::new(), new.kind_of_new(), Timestamp::from_seconds(1)))?;
    let capabilities = ServerCapabilities {
        algorithms: vec![SigningAlgorithm::ES256, SigningAlgorithm::RS256],
        http_allowed: false,
        ports: crate::outgoing::PortGuard::default(),
    };
    rules::check(&client, &capabilities).map(|()| client)
}

/// A right registration of each kind, with `changes` over its metadata.
fn metadata(kind: &str, changes: &serde_json::Value) -> serde_json::Value {
    let mut metadata = match kind {
        "service" => serde_json::json!({"client_name": "Batch", "scope": "reports:read"}),
        _ => {
            serde_json::json!({"client_name": "Shop", "redirect_uris": ["https://app.example/cb"], "scope": "openid email"})
        }
    };
    for (field, value) in changes.as_object().unwrap() {
        metadata[field] = value.clone();
    }
    metadata["kind"] = kind.into();
    metadata
}

fn problem(kind: &str, changes: &serde_json::Value) -> (String, FieldError) {
    let rejected = register(&metadata(kind, changes)).expect_err(&changes.to_string());
    (rejected.field, rejected.error)
}

#[test]
fn the_software_and_who_answers_for_it_are_kept_and_taken_away() {
    let said = serde_json::json!({
        "contacts": ["ops@shop.example", "ops@shop.example", "https://shop.example/help"],
        "software_id": "4NRB1-0XZABZI9E6-5SM3R", "software_version": "2.2",
        "initiate_login_uri": "https://shop.example/login",
    });
    let client = register(&metadata("web", &said)).unwrap();
    let shown = ClientResource::from(&client);
    assert_eq!(shown.contacts.as_deref().unwrap(), ["ops@shop.example", "https://shop.example/help"]);
    assert_eq!(shown.software_id.as_deref(), Some("4NRB1-0XZABZI9E6-5SM3R"));
    assert_eq!(shown.software_version.as_deref(), Some("2.2"));
    assert_eq!(shown.initiate_login_uri.as_deref(), Some("https://shop.example/login"));
    let taken = serde_json::json!({
        "contacts": [], "software_id": "", "software_version": "", "initiate_login_uri": "",
    });
    let taken: ClientResource = serde_json::from_value(taken).unwrap();
    assert_eq!(taken.apply(client).unwrap().software, crate::model::client::Software::default());

    for (member, bad) in [
        ("contacts", serde_json::json!(["ops@shop.example\nBcc: all"])),
        ("contacts", serde_json::json!(vec!["x"; 21])),
        ("software_version", serde_json::json!("2".repeat(201))),
        ("initiate_login_uri", serde_json::json!("http://shop.example/login")),
        ("initiate_login_uri", serde_json::json!("javascript:alert(1)")),
    ] {
        assert_eq!(problem("web", &serde_json::json!({ member: bad })).0, member);
    }
}

#[test]
fn every_kind_has_a_safe_default() {
    for kind in ["web", "browser", "native", "service"] {
        let client = register(&metadata(kind, &serde_json::json!({}))).unwrap();
        let public = matches!(client.kind, ClientKind::Browser | ClientKind::Native);
        assert_eq!(client.is_public(), public, "{kind}");
        assert!(client.authentication.secrets.is_empty() && client.enabled && !client.authentication.pinned);
        let pkce = if kind == "web" { PkcePolicy::WhenSent } else { PkcePolicy::Required };
        assert_eq!(client.policy.pkce, pkce, "{kind}");
    }
}

#[test]
fn a_kind_allows_what_goes_with_it() {
    use FieldError::*;
    let basic = serde_json::json!({"token_endpoint_auth_method": "client_secret_basic"});
    let none = serde_json::json!({"token_endpoint_auth_method": "none"});
    for (kind, changes, field, why) in [
        ("browser", basic.clone(), "token_endpoint_auth_method", MustBePublic),
        ("native", basic, "token_endpoint_auth_method", MustBePublic),
        ("web", none.clone(), "token_endpoint_auth_method", MustAuthenticate),
        ("service", none, "token_endpoint_auth_method", MustAuthenticate),
        ("browser", serde_json::json!({"pkce": "when_sent"}), "pkce", PublicWithoutPkce),
        ("native", serde_json::json!({"pkce": "when_sent"}), "pkce", PublicWithoutPkce),
        (
            "native",
            serde_json::json!({"token_endpoint_auth_method_pinned": true}),
            "token_endpoint_auth_method_pinned",
            PinWithoutSecret,
        ),
        (
            "native",
            serde_json::json!({"grant_types": ["authorization_code", "client_credentials"]}),
            "grant_types",
            PublicClientCredentials,
        ),
        ("service", serde_json::json!({"grant_types": ["authorization_code"]}), "grant_types", ServiceGrant),
        ("service", serde_json::json!({"scope": "openid"}), "scope", EndUserScope),
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
            serde_json::json!({"grant_types": ["authorization_code"], "scope": "openid offline_access"}),
            "scope",
            OfflineWithoutRefresh,
        ),
        ("web", serde_json::json!({"redirect_uris": []}), "redirect_uris", Missing),
        (
            "web",
            serde_json::json!({"access_token_signed_response_alg": "EdDSA"}),
            "access_token_signed_response_alg",
            AlgorithmNotOffered,
        ),
    ] {
        assert_eq!(problem(kind, &changes), (field.to_owned(), why), "{kind} {changes}");
    }
    assert!(register(&metadata("web", &serde_json::json!({"pkce": "when_sent"}))).is_ok());
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
            assert_eq!(problem("web", &changes), (field.to_owned(), FieldError::RedirectUri(1, why)), "{uri}");
        }
    }
    let native = |uri: &str| register(&metadata("native", &serde_json::json!({"redirect_uris": [uri]})));
    assert!(native("com.example.app:/cb").is_ok());
    assert!(native("myapp:/cb").is_err());
}

#[test]
fn keys_go_with_private_key_jwt() {
    use FieldError::*;
    let jwks = serde_json::json!({"keys": [{"kty": "oct", "k": "AA"}]});
    for (authentication, field, why) in [
        (
            serde_json::json!({"token_endpoint_auth_method": "private_key_jwt"}),
            "token_endpoint_auth_method",
            OneOfJwksAndJwksUri,
        ),
        (
            serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks, "jwks_uri": "https://a.example/jwks"}),
            "token_endpoint_auth_method",
            OneOfJwksAndJwksUri,
        ),
        (
            serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "http://a.example/jwks"}),
            "jwks_uri",
            NotHttps,
        ),
        (
            serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://a.example:25/jwks"}),
            "jwks_uri",
            Port,
        ),
        (
            serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://u:p@a.example/"}),
            "jwks_uri",
            NotAUrl,
        ),
        (serde_json::json!({"jwks": jwks}), "token_endpoint_auth_method", KeysWithoutUse),
    ] {
        assert_eq!(problem("web", &authentication), (field.to_owned(), why), "{authentication}");
    }
    let symmetric = serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks});
    assert!(matches!(problem("web", &symmetric), (field, Jwks(_)) if field == "jwks"));
    let by_uri =
        serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://a.example/k"});
    assert!(register(&metadata("service", &by_uri)).is_ok());
}

#[test]
fn scopes_are_separated_by_spaces() {
    let separated = |scope: &str| problem("web", &serde_json::json!({ "scope": scope }));
    for scope in ["openid, profile", "openid profile,", "read,"] {
        assert_eq!(separated(scope), ("scope".to_owned(), FieldError::ScopeSeparator), "{scope}");
    }
    // RFC 6749 section 3.3: a comma may be part of a scope.
    assert!(register(&metadata("web", &serde_json::json!({ "scope": "openid read,write" }))).is_ok());
}

#[test]
fn what_people_see_cannot_deceive_or_run() {
    for name in ["<b>\u{202E}moc.lapyap", "two\nlines", "\u{200B}", "nul\0"] {
        let why = FieldError::Line(LineRejected::IllegalCharacter);
        assert_eq!(
            problem("web", &serde_json::json!({"client_name": name})),
            ("client_name".to_owned(), why),
            "{name:?}"
        );
    }
    let long = serde_json::json!({"client_name": "x".repeat(5000)});
    assert_eq!(problem("web", &long), ("client_name".to_owned(), FieldError::Line(LineRejected::TooLong { max: 100 })));
    for field in ["client_uri", "logo_uri", "policy_uri", "tos_uri"] {
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "http://a.example/", "//a.example", "https://u@a.example/"]
        {
            let (at, _) = problem("web", &serde_json::json!({field: bad}));
            assert_eq!(at, field, "{bad}");
        }
        assert!(register(&metadata("web", &serde_json::json!({field: "https://a.example/x.png"}))).is_ok());
    }
}

#[test]
fn lifetimes_are_bounded() {
    for lifetimes in [
        serde_json::json!({"access_token_lifetime": 1}),
        serde_json::json!({"access_token_lifetime": 864_000}),
        serde_json::json!({"refresh_token_idle_lifetime": 86_400, "refresh_token_lifetime": 3600}),
        serde_json::json!({"refresh_token_lifetime": u64::MAX}),
    ] {
        let (_, why) = problem("web", &lifetimes);
        assert!(matches!(why, FieldError::Lifetime(..)), "{why:?}");
    }
}

#[test]
fn nothing_but_a_clients_fields_can_be_said() {
    for field in ["client_nmae", "client_name#", "epoch", "id", "links", "metadata", "name", "scopes"] {
        let json = metadata("web", &serde_json::json!({field: true}));
        assert!(serde_json::from_value::<ClientResource>(json).is_err(), "{field}");
    }
}

#[test]
fn what_follows_from_other_fields_must_not_say_otherwise() {
    use FieldError::*;
    for (kind, changes, field, why) in [
        ("web", serde_json::json!({"application_type": "native"}), "application_type", OtherThanKind),
        ("service", serde_json::json!({"response_types": ["code"]}), "response_types", OtherThanGrantTypes),
        ("web", serde_json::json!({"response_types": ["token"]}), "response_types", OtherThanGrantTypes),
    ] {
        assert_eq!(problem(kind, &changes), (field.to_owned(), why), "{kind} {changes}");
    }
}

#[test]
fn the_kind_of_a_plain_document_of_rfc_7591_follows_from_it() {
    for (document, kind) in [
        (serde_json::json!({}), ClientKind::Web),
        (serde_json::json!({"application_type": "native", "token_endpoint_auth_method": "none"}), ClientKind::Native),
        (serde_json::json!({"token_endpoint_auth_method": "none"}), ClientKind::Browser),
        (serde_json::json!({"grant_types": ["client_credentials"]}), ClientKind::Service),
    ] {
        let resource: ClientResource = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(resource.kind_of_new(), kind, "{document}");
    }
}

/// Any client that the model can hold.
fn any_client() -> impl Strategy<Value = Client> {
    let kinds = [ClientKind::Web, ClientKind::Browser, ClientKind::Native, ClientKind::Service];
    let said =
        (sample::select(kinds.to_vec()), "[a-z가-힣][a-z가-힣 ]{0,20}[a-z]", any::<[bool; 7]>(), any::<[u32; 5]>());
    said.prop_map(|(kind, name, [enabled, ask, pkce, listed, by_uri, keyed, pinned], [a, b, c, age, version])| {
        let id = ClientId::parse("cli_test").unwrap();
        let mut client = Client::new(id, name, kind, Timestamp::from_seconds(i64::from(a)));
        client.enabled = enabled;
        client.version = i64::from(version);
        client.policy.consent = if ask { ConsentPolicy::Ask } else { ConsentPolicy::FirstParty };
        client.policy.pkce = if pkce { PkcePolicy::Required } else { PkcePolicy::WhenSent };
        client.policy.nonce = if listed { NoncePolicy::Required } else { NoncePolicy::WhenSent };
        client.authentication.pinned = pinned && client.authentication.method.uses_secret();
        client.policy.default_max_age = (age > 0).then(|| Duration::from_secs(u64::from(age)));
        client.tokens.access_token_algorithm = SigningAlgorithm::ALL[a as usize % SigningAlgorithm::ALL.len()];
        client.tokens.id_token_algorithm = SigningAlgorithm::ALL[b as usize % SigningAlgorithm::ALL.len()];
        let [access_token, refresh_token_idle, refresh_token_absolute] =
            [a, b, c].map(|seconds| Duration::from_secs(u64::from(seconds)));
        client.tokens.lifetimes = TokenLifetimes { access_token, refresh_token_idle, refresh_token_absolute };
        if listed {
            client.redirects.uris = vec![RegisteredRedirectUri::parse("https://a.example/cb", false).unwrap()];
            client.redirects.post_logout_uris = client.redirects.uris.clone();
            client.policy.scopes = crate::protocol::ScopeSet::parse("openid email").unwrap();
            client.policy.resources = vec![Resource::parse("https://api.example").unwrap()];
            client.policy.serves = client.policy.resources.clone();
            client.presentation.names = BTreeMap::from([("ko".to_owned(), "가게".to_owned())]);
            client.presentation.links.client_uri = "https://a.example/".parse().ok();
            client.presentation.links.tos_uri = "https://a.example/terms".parse().ok();
            client.software.contacts = vec!["ops@a.example".to_owned()];
            client.software.software_id = Some("4NRB1-0XZABZI9E6-5SM3R".to_owned());
            client.software.initiate_login_uri = "https://a.example/login".parse().ok();
        }
        if keyed {
            let jwks = serde_json::json!({"keys": [{"kty": "EC", "crv": "P-256",
                "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]});
            let uri = "https://a.example/jwks".parse().unwrap();
            let keys = if by_uri { ClientKeys::JwksUri(uri) } else { ClientKeys::Jwks(jwks) };
            let algorithm = client.tokens.access_token_algorithm;
            let audience = if pinned { AssertionAudience::Issuer } else { AssertionAudience::IssuerOrEndpoint };
            client.authentication.method = ClientAuthentication::PrivateKeyJwt { keys, algorithm, audience };
            client.authentication.pinned = false;
        }
        client
    })
}

proptest! {
    #[test]
    fn a_client_and_its_document_say_the_same(client in any_client()) {
        let shown = ClientResource::from(&client);
        let text = serde_json::to_string(&shown).unwrap();
        let read: ClientResource = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &shown);
        prop_assert!(read.check_unchanged(&client).is_ok());
        prop_assert_eq!(&read.apply(client.clone()).unwrap(), &client);
        // A new client of the same document: all but what the server sets.
        let blank = Client::new(client.id.clone(), String::new(), read.kind_of_new(), client.created_at);
        let made = read.apply(Client { enabled: client.enabled, version: client.version, ..blank }).unwrap();
        prop_assert_eq!(made, client);
    }
}
