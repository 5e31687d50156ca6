//! Registrations as other servers export them, and as the specifications show them: what each of them says, with values of our own.

use haechi::admin::clients::ClientResource;
use haechi::admin::document::read;
use haechi::model::client::{ClientAuthentication, ClientKind};
use haechi::protocol::grant_type::GrantType;
use serde_json::{Value, json};

use super::registered;
use crate::support::app::TestApp;

/// The members of the request of section 3.1, without the one that is in no registry.
fn of_rfc_7591() -> Value {
    json!({
        "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/callback2"],
        "client_name": "Example Client",
        "client_name#ja-Jpan-JP": "クライアント",
        "token_endpoint_auth_method": "client_secret_basic",
        "logo_uri": "https://client.example.org/logo.png",
        "jwks_uri": "https://client.example.org/keys.jwks",
    })
}

/// The members of the request of OpenID Connect Dynamic Client Registration 1.0 section 3.1.
fn of_openid() -> Value {
    json!({
        "application_type": "web",
        "redirect_uris": ["https://client.example.org/callback"],
        "client_name": "Example",
        "client_name#ja-Jpan-JP": "クライアント",
        "logo_uri": "https://client.example.org/logo.png",
        "subject_type": "pairwise",
        "sector_identifier_uri": "https://other.example.net/redirect_uris.json",
        "token_endpoint_auth_method": "client_secret_basic",
        "jwks_uri": "https://client.example.org/keys.jwks",
        "userinfo_encrypted_response_alg": "RSA-OAEP-256",
        "userinfo_encrypted_response_enc": "A128CBC-HS256",
        "contacts": ["one@example.org", "two@example.org"],
        "request_uris": ["https://client.example.org/request#digest"],
    })
}

/// What Keycloak's client registration service answers for a confidential client with the standard flow.
fn of_keycloak() -> Value {
    json!({
        "redirect_uris": ["https://shop.example/cb"],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code", "none"],
        "client_id": "shop",
        "client_secret": "kT0nXxq3Hk5QZ1c7c0f3bB2dYw9vUe8R",
        "client_name": "Shop",
        "client_uri": "https://shop.example/",
        "scope": "openid profile email",
        "subject_type": "public",
        "request_uris": [],
        "tls_client_certificate_bound_access_tokens": false,
        "dpop_bound_access_tokens": false,
        "client_id_issued_at": 1_760_000_000,
        "client_secret_expires_at": 0,
        "registration_client_uri": "https://old.example/realms/shop/clients-registrations/openid-connect/shop",
        "registration_access_token": "eyJhbGciOiJIUzUxMiJ9.e30.x",
        "backchannel_logout_session_required": true,
        "require_pushed_authorization_requests": false,
        "frontchannel_logout_session_required": false,
    })
}

/// What `hydra get client --format json` prints.
fn of_hydra() -> Value {
    json!({
        "client_id": "5f1c2a34-0000-4000-8000-1f2e3d4c5b6a",
        "client_name": "Shop",
        "client_secret_expires_at": 0,
        "client_uri": "",
        "contacts": null,
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "jwks": {},
        "logo_uri": "",
        "metadata": {},
        "owner": "",
        "policy_uri": "",
        "tos_uri": "",
        "redirect_uris": ["https://shop.example/cb"],
        "request_object_signing_alg": "none",
        "scope": "openid offline_access",
        "audience": [],
        "allowed_cors_origins": [],
        "skip_consent": false,
        "skip_logout_consent": null,
        "subject_type": "public",
        "token_endpoint_auth_method": "client_secret_post",
        "userinfo_signed_response_alg": "none",
    })
}

/// What node-oidc-provider keeps of a client of a program without a server side.
fn of_node_oidc_provider() -> Value {
    json!({
        "application_type": "native",
        "client_id": "desk",
        "client_id_issued_at": 1_760_000_000,
        "client_name": "Desk",
        "default_acr_values": [],
        "grant_types": ["authorization_code", "refresh_token"],
        "id_token_signed_response_alg": "RS256",
        "post_logout_redirect_uris": [],
        "redirect_uris": ["http://127.0.0.1/cb"],
        "require_auth_time": false,
        "require_pushed_authorization_requests": false,
        "response_modes": ["query", "form_post"],
        "response_types": ["code"],
        "subject_type": "public",
        "token_endpoint_auth_method": "none",
    })
}

#[tokio::test]
async fn s2_documents_of_other_servers_and_of_the_specification_are_taken() {
    let house = TestApp::new().await;
    for (document, kind, method) in [
        (of_rfc_7591(), ClientKind::Web, ClientAuthentication::ClientSecretBasic),
        (of_keycloak(), ClientKind::Web, ClientAuthentication::ClientSecretBasic),
        (of_hydra(), ClientKind::Web, ClientAuthentication::ClientSecretPost),
        (of_node_oidc_provider(), ClientKind::Native, ClientAuthentication::None),
    ] {
        let made = registered(&house, &document).await;
        assert_eq!((made.client.kind, &made.client.authentication.method), (kind, &method), "{document:#}");
        assert_eq!(made.client.policy.grant_types, [GrantType::AuthorizationCode, GrantType::RefreshToken]);
        // A secret that came along is not issued again.
        assert_eq!(made.secret.is_some(), method.uses_secret() && document.get("client_secret").is_none());
        if let Some(id) = document.get("client_id") {
            assert_eq!(made.client.id.as_str(), id);
        }
    }
}

#[test]
fn s2_what_is_asked_for_and_lacked_is_refused_by_name_all_of_it_at_once() {
    let refused = read::<ClientResource>(&of_openid().to_string()).unwrap_err().to_string();
    for lacked in
        ["subject_type: ", "userinfo_encrypted_response_alg: ", "userinfo_encrypted_response_enc: ", "request_uris: "]
    {
        assert!(refused.contains(lacked), "{lacked} {refused}");
    }
    assert!(!refused.contains("contacts") && !refused.contains("jwks_uri") && !refused.contains("sector"), "{refused}");
    let implicit = json!({"grant_types": ["authorization_code", "implicit"], "response_types": ["code", "id_token"]});
    let refused = read::<ClientResource>(&implicit.to_string()).unwrap_err().to_string();
    assert!(refused.contains("grant_types: implicit is not supported: use authorization_code"), "{refused}");
    assert!(refused.contains("response_types: id_token is not supported"), "{refused}");
    let unknown = read::<ClientResource>(r#"{"example_extension_parameter": "x", "redirect_uri": []}"#).unwrap_err();
    let told = unknown.to_string();
    assert!(told.contains("there is no example_extension_parameter") && told.contains("redirect_uris?"), "{told}");
}
