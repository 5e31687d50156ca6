//! The fields of a connection as arguments.

use clap::Args;

use crate::admin::connections::ConnectionResource;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::Argument;
use crate::cli::possible::one_of;
use crate::model::connection::UpstreamAlgorithm;
use crate::model::user::Role;

/// The fields of the document, the arguments that fill them in, and what would be right.
pub(super) const ARGUMENTS: &[Argument] = &[
    ("preset", "--preset", "google"),
    ("slug", "--slug", "work"),
    ("label", "--label", "'Our company'"),
    ("client_id", "--client-id", "1234.apps.googleusercontent.com"),
    ("issuer", "--set issuer", "--set issuer=https://idp.example"),
    (
        "authorization_endpoint",
        "--set authorization_endpoint",
        "--set authorization_endpoint=https://idp.example/authorize",
    ),
    ("token_endpoint", "--set token_endpoint", "--set token_endpoint=https://idp.example/token"),
    ("userinfo_endpoint", "--set userinfo_endpoint", "--set userinfo_endpoint=https://idp.example/userinfo"),
    ("tenant", "--set tenant", "--set tenant=11111111-2222-3333-4444-555555555555"),
    ("team_id", "--set team_id", "--set team_id=ABCDE12345"),
    ("key_id", "--set key_id", "--set key_id=ABCDE12345"),
    ("ports", "--set ports", "--set ports=8443"),
    ("scope", "--scope", "'openid email'"),
    ("claim_map", "--claim", "email=/account/email"),
    ("allowed_domains", "--allowed-domains", "example.com"),
    ("routed_domains", "--routed-domains", "example.com"),
    ("two_factors", "--two-factors", "amr:mfa"),
    ("phishing_resistant", "--phishing-resistant", "acr:phr"),
    ("sign_up", "--sign-up", "false"),
    ("trust_email", "--trust-email", "false"),
    ("keep_tokens", "--keep-tokens", "true"),
    ("default_roles", "--administrators", "true"),
    ("allow_private_network", "--private-network", "true"),
    ("id_token_signing_alg_values_supported", "--algorithm", "RS256"),
    ("position", "--position", "1"),
];

/// What can be said of a connection. An empty text takes a value away.
#[derive(Args, Debug)]
#[group(id = "Form", multiple = true)]
pub(super) struct Form {
    /// Who you are at the provider.
    #[arg(long)]
    client_id: Option<String>,
    /// What end-users read on its button; the provider's own name otherwise.
    #[arg(long)]
    label: Option<String>,
    /// A setting of the preset, as NAME=VALUE; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    settings: Vec<(String, String)>,
    /// What is asked for, separated by spaces; what the preset asks for otherwise.
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Option<String>,
    /// Where a field of the profile is, as FIELD=CLAIM or FIELD=/JSON/POINTER; may be given several times.
    #[arg(long = "claim", value_name = "FIELD=CLAIM", value_parser = pair)]
    claims: Vec<(String, String)>,
    /// Only end-users whose verified address is of these domains, separated by spaces.
    #[arg(long, value_name = "DOMAINS")]
    allowed_domains: Option<String>,
    /// End-users with addresses of these domains are sent here at once; separated by spaces.
    #[arg(long, value_name = "DOMAINS")]
    routed_domains: Option<String>,
    /// What of the provider's word counts as two factors, as acr:VALUE and amr:VALUE, separated by spaces.
    #[arg(long, value_name = "VALUES")]
    two_factors: Option<String>,
    /// What of it counts as phishing-resistant, likewise.
    #[arg(long, value_name = "VALUES")]
    phishing_resistant: Option<String>,
    /// Whether end-users may make an account with it, or only sign in to one that they have.
    #[arg(long, value_name = "BOOL")]
    sign_up: Option<bool>,
    /// Whether the provider's word counts that an address is verified.
    #[arg(long, value_name = "BOOL")]
    trust_email: Option<bool>,
    /// Whether the provider's tokens are kept, sealed.
    #[arg(long, value_name = "BOOL")]
    keep_tokens: Option<bool>,
    /// Whether new accounts administer this server: only with allowed domains.
    #[arg(long, value_name = "BOOL")]
    administrators: Option<bool>,
    /// Whether the provider may be on a private or loopback address.
    #[arg(long, value_name = "BOOL")]
    private_network: Option<bool>,
    /// What its ID tokens may be signed with; may be given several times. What the preset says otherwise.
    #[arg(long = "algorithm", value_name = "ALGORITHM", value_parser = one_of::<UpstreamAlgorithm>())]
    algorithms: Vec<UpstreamAlgorithm>,
    /// Where its button stands: small numbers first.
    #[arg(long, allow_negative_numbers = true)]
    position: Option<i32>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Form {
    /// The document: what was named, and nothing else.
    pub(super) fn read(self) -> Outcome<ConnectionResource> {
        let words = |text: Option<String>| text.map(|text| text.split_whitespace().map(str::to_owned).collect());
        let mut document = ConnectionResource {
            label: self.label,
            client_id: self.client_id,
            scope: self.scopes,
            claim_map: Some(self.claims.into_iter().collect()),
            allowed_domains: words(self.allowed_domains),
            routed_domains: words(self.routed_domains),
            two_factors: words(self.two_factors),
            phishing_resistant: words(self.phishing_resistant),
            sign_up: self.sign_up,
            trust_email: self.trust_email,
            keep_tokens: self.keep_tokens,
            default_roles: self.administrators.map(|yes| if yes { vec![Role::Administrator] } else { Vec::new() }),
            allow_private_network: self.private_network,
            id_token_signing_alg_values_supported: Some(self.algorithms).filter(|named| !named.is_empty()),
            position: self.position,
            ..ConnectionResource::default()
        };
        for (name, value) in self.settings {
            let unknown =
                || Failure::usage(format!("no preset has a setting {name}; see `haechi connections presets`"));
            *document.setting_mut(&name).ok_or_else(unknown)? = Some(value);
        }
        Ok(document)
    }
}
