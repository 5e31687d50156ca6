//! Sources: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc> and `id-token-claims-reference` beside it; read
//! 2026-11-23. Below `organizations` the issuer of the discovery document is a template.

use super::{OpenId, Person, Provider, USUAL, USUAL_OPENID, Value, json};

const KIM: Person = Person {
    id: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    email: "kim@contoso.example",
    verified: true,
    name: "Kim Minji",
    given: "",
    family: "",
    picture: "",
};

const COMMON: Provider = Provider { scopes: &["openid", "profile", "email", "offline_access"], person: KIM, ..USUAL };

fn claims(person: &Person, tenant: &str) -> Value {
    json!({
        "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "tid": tenant, "sub": person.id, "ver": "2.0",
        "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474", "name": person.name, "preferred_username": person.email,
        "email": person.email, "aio": "Df2UVXL1ix!lMCWMSOJBcFatzcGfvFGhjKv8q5g0x732dR5MB5BisvGQO7YWByjd8iQDLq",
    })
}

fn announced() -> Value {
    json!({
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo", "request_uri_parameter_supported": false,
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "subject_types_supported": ["pairwise"],
    })
}

/// They name their issuer and have a certificate, and do not say what they are for.
fn keys() -> Value {
    json!({
        "alg": null, "x5t": "JDNa_4i4r7FgigL3sHIlI3xV-IU", "x5c": ["MIIC/TCCAeWgAwIBAgIICHb5qy8hKKgwDQYJKoZIhvcNAQELBQAw"],
        "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0", "cloud_instance_name": "microsoftonline.com",
    })
}

pub(super) const ANY_TENANT: Provider = Provider {
    name: "entra-any",
    authorization: "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize",
    token: "https://login.microsoftonline.com/organizations/oauth2/v2.0/token",
    openid: Some(OpenId {
        issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
        discovery: Some("https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration"),
        jwks: "https://login.microsoftonline.com/organizations/discovery/v2.0/keys",
        announced,
        keys,
        claims: |person| claims(person, "6babcaad-604b-40ac-a9d7-9fd97c0b779f"),
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    ..COMMON
};

pub(super) const ONE_TENANT: Provider = Provider {
    name: "entra",
    authorization: "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/oauth2/v2.0/authorize",
    token: "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/oauth2/v2.0/token",
    openid: Some(OpenId {
        issuer: "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0",
        discovery: Some(
            "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0/.well-known/openid-configuration",
        ),
        jwks: "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/discovery/v2.0/keys",
        announced,
        keys,
        claims: |person| claims(person, "6babcaad-604b-40ac-a9d7-9fd97c0b779f"),
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    ..COMMON
};

pub(super) const CONSUMERS: Provider = Provider {
    name: "microsoft",
    authorization: "https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize",
    token: "https://login.microsoftonline.com/consumers/oauth2/v2.0/token",
    openid: Some(OpenId {
        issuer: "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        discovery: Some(
            "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0/.well-known/openid-configuration",
        ),
        jwks: "https://login.microsoftonline.com/consumers/discovery/v2.0/keys",
        announced,
        keys,
        claims: |person| claims(person, "9188040d-6c67-4c5b-b112-36a304b66dad"),
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    ..COMMON
};
