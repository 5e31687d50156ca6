//! What software is configured by for which there is no recipe: variables under the names that the specifications have for their values, and the few endpoints for
//! those that do not read them from the metadata. One file for each type of app, and one for a resource server.
//!
//! Owns what is in them. A file is in English, as those of the recipes are.

use std::fmt::Write;

use super::Configuration;
use crate::model::Api;
use crate::model::client::{AccessTokenType, Client, ClientAuthentication, ClientKind};
use crate::protocol::issuer::Issuer;

/// The variables of a file, as they are written down.
struct Variables(String);

impl Variables {
    fn about(text: &str) -> Self {
        let mut made = Self(String::new());
        made.remark(text);
        made
    }

    fn remark(&mut self, text: &str) {
        for line in text.lines() {
            let _ = writeln!(self.0, "# {line}");
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "{name}={}", quoted(value));
    }

    fn file(self) -> Configuration {
        Configuration { file: ".env".to_owned(), format: "env".to_owned(), text: self.0, stays: Vec::new() }
    }
}

/// A value as a shell and the readers of such files take it literally.
fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@%+,".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

impl Configuration {
    /// Of an app that was registered by its type; `secret` is shown where it was just made.
    pub fn of_client(issuer: &Issuer, client: &Client, secret: Option<&str>) -> Self {
        if client.kind == ClientKind::Service { machine(issuer, client, secret) } else { login(issuer, client, secret) }
    }

    /// Of a resource server: what it verifies the access tokens by that it is sent.
    pub fn of_api(issuer: &Issuer, api: &Api) -> Self {
        // RFC 9068 section 4: what "the resource server MUST" verify.
        let mut said = Variables::about(
            "Verify each access token before it counts: its signature by the key of its kid, and that\n\
             iss, aud and typ are these, that exp is not past, and that scope has what is asked for.",
        );
        said.set("OAUTH_ISSUER", issuer.as_str());
        said.set("OAUTH_JWKS_URI", &issuer.url("/jwks"));
        said.set("OAUTH_AUDIENCE", api.resource.as_str());
        match api.access_token_type {
            Some(AccessTokenType::AtJwt) => said.set("OAUTH_TOKEN_TYPE", "at+jwt"),
            Some(AccessTokenType::Jwt) => said.set("OAUTH_TOKEN_TYPE", "JWT"),
            None => {
                said.remark("Or JWT: this API leaves the type to each app.");
                said.set("OAUTH_TOKEN_TYPE", "at+jwt");
            }
        }
        let scopes: Vec<&str> = api.scopes.iter().map(|scope| scope.scope.as_str()).collect();
        if !scopes.is_empty() {
            said.set("OAUTH_SCOPES", &scopes.join(" "));
        }
        said.file()
    }
}

/// Of an app that end-users sign in to.
fn login(issuer: &Issuer, client: &Client, secret: Option<&str>) -> Configuration {
    let mut said = Variables::about(match client.kind {
        ClientKind::Web | ClientKind::Service => {
            "OpenID Connect: response type code, with PKCE (S256). The secret stays on the server."
        }
        ClientKind::Browser => {
            "OpenID Connect: response type code, with PKCE (S256) and no secret. All of this may be public."
        }
        ClientKind::Native => {
            "OpenID Connect: response type code, with PKCE (S256) and no secret, in the browser of the system (RFC 8252)."
        }
    });
    said.set("OIDC_ISSUER", issuer.as_str());
    said.set("OIDC_CLIENT_ID", client.id.as_str());
    authentication(&mut said, "OIDC", client, secret);
    if let Some(uri) = client.redirects.uris.first() {
        said.set("OIDC_REDIRECT_URI", uri.as_str());
    }
    said.set("OIDC_SCOPE", &client.policy.scopes.to_string());
    said.remark(&format!("Libraries read the rest at {}.", issuer.url("/.well-known/openid-configuration")));
    said.remark("For those that do not:");
    for (name, path) in [
        ("OIDC_AUTHORIZATION_ENDPOINT", "/authorize"),
        ("OIDC_TOKEN_ENDPOINT", "/token"),
        ("OIDC_USERINFO_ENDPOINT", "/userinfo"),
        ("OIDC_JWKS_URI", "/jwks"),
        ("OIDC_END_SESSION_ENDPOINT", "/logout"),
    ] {
        said.set(name, &issuer.url(path));
    }
    said.file()
}

/// Of a program that asks for tokens in its own name.
fn machine(issuer: &Issuer, client: &Client, secret: Option<&str>) -> Configuration {
    let mut said = Variables::about("OAuth 2.0: grant type client_credentials (RFC 6749 section 4.4).");
    said.set("OAUTH_TOKEN_ENDPOINT", &issuer.url("/token"));
    said.set("OAUTH_CLIENT_ID", client.id.as_str());
    authentication(&mut said, "OAUTH", client, secret);
    let scopes = client.policy.scopes.to_string();
    if !scopes.is_empty() {
        said.set("OAUTH_SCOPE", &scopes);
    }
    let resource = client.policy.resources.first();
    if let Some(resource) = resource {
        said.set("OAUTH_RESOURCE", resource.as_str());
    }
    if !client.policy.serves.is_empty() {
        said.set("OAUTH_INTROSPECTION_ENDPOINT", &issuer.url("/introspect"));
    }
    if client.authentication.method == ClientAuthentication::ClientSecretBasic {
        let resource = if resource.is_some() { " --data-urlencode \"resource=$OAUTH_RESOURCE\"" } else { "" };
        said.remark(&format!(
            "curl -u \"$OAUTH_CLIENT_ID:$OAUTH_CLIENT_SECRET\" -d grant_type=client_credentials{resource} \
             \"$OAUTH_TOKEN_ENDPOINT\""
        ));
    }
    said.file()
}

/// How it authenticates at the token endpoint.
fn authentication(said: &mut Variables, beginning: &str, client: &Client, secret: Option<&str>) {
    if let Some(secret) = secret {
        said.set(&format!("{beginning}_CLIENT_SECRET"), secret);
    }
    said.set(&format!("{beginning}_CLIENT_AUTH_METHOD"), client.authentication.method.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_is_quoted() {
        assert_eq!(quoted("https://id.example/cb"), "https://id.example/cb");
        for (value, text) in
            [("", "''"), ("openid email", "'openid email'"), ("$(id)", "'$(id)'"), ("a'b", r"'a'\''b'")]
        {
            assert_eq!(quoted(value), text);
        }
    }
}
