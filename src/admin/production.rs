//! What a server still needs before it is used in earnest, and the settings that say so, to take along.
//!
//! Owns the list, by the settings in force, and writing it down as TOML and as values of the Helm chart. No secret is in either.

use std::fmt::Write;

use serde::Serialize;
use toml::{Table, Value};
use utoipa::ToSchema;

use super::{Authority, Permission, Rejected};
use crate::config::Config;
use crate::config::fields;
use crate::config::log::LogFormat;

/// Something that a server lacks for being used in earnest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// An issuer with https, at a name of its own.
    Issuer,
    /// Which proxies are believed, where one must be in front.
    Proxies,
    /// PostgreSQL, without which there is one node.
    Database,
    /// Redis, which several nodes share.
    Redis,
    /// A key-encryption key that is kept apart from the machine.
    KeyEncryptionKey,
    /// Where people ask for help.
    Support,
    /// A log for programs to read.
    Log,
}

impl Missing {
    /// Everything that is looked for.
    pub const ALL: &[Self] =
        &[Self::Issuer, Self::Proxies, Self::Database, Self::Redis, Self::KeyEncryptionKey, Self::Support, Self::Log];

    fn is_missing(self, config: &Config) -> bool {
        let issuer = url::Url::parse(&config.server.issuer).ok();
        let is_https = issuer.as_ref().is_some_and(|issuer| issuer.scheme() == "https");
        match self {
            Self::Issuer => !is_https,
            Self::Proxies => config.server.tls_certificate.is_none() && config.network.trusted_proxies.is_empty(),
            Self::Database => config.database.file().is_some(),
            Self::Redis => config.redis.is_none(),
            Self::KeyEncryptionKey => config.keys.key_encryption_key.is_none(),
            Self::Support => config.pages.support_url.is_none(),
            Self::Log => config.log.format == LogFormat::Text,
        }
    }
}

/// What a server lacks, in the order in which it is best mended.
pub fn missing(authority: &Authority, config: &Config) -> Result<Vec<Missing>, Rejected> {
    authority.require(Permission::ReadSettings)?;
    Ok(Missing::ALL.iter().copied().filter(|one| one.is_missing(config)).collect())
}

/// An issuer, where the present one is none to be used in earnest.
const EXAMPLE_ISSUER: &str = "https://id.example.com";
/// Where a private network's proxies are, mostly.
const EXAMPLE_PROXIES: &str = "10.0.0.0/8";

/// What production has, and the settings that were chosen here besides.
struct Proposal {
    issuer: String,
    proxies: Vec<String>,
    /// Other settings that differ from their defaults, by section.
    chosen: Table,
}

/// Settings that belong to the machine, are secret, or open what is for trying things out alone: production says them anew.
const OF_THE_MACHINE: &[(&str, &[&str])] = &[
    ("server", &["issuer", "listen", "tls_certificate", "tls_key", "worker_threads"]),
    ("database", &["url"]),
    ("redis", &["url", "authorities"]),
    ("keys", &["key_encryption_key", "folder"]),
    ("network", &["trusted_proxies", "outgoing_authorities", "outgoing_allowed", "outgoing_http"]),
    ("log", &["format"]),
];

impl Proposal {
    fn of(config: &Config) -> Self {
        let kept = |missing: Missing| !missing.is_missing(config);
        let proxies = config.network.trusted_proxies.iter().map(ToString::to_string).collect();
        Self {
            issuer: if kept(Missing::Issuer) { config.server.issuer.clone() } else { EXAMPLE_ISSUER.to_owned() },
            proxies: if config.network.trusted_proxies.is_empty() { vec![EXAMPLE_PROXIES.to_owned()] } else { proxies },
            chosen: chosen(config),
        }
    }
}

/// The settings that are not at their defaults, without those of the machine.
fn chosen(config: &Config) -> Table {
    let shown = config.masked();
    let mut all = Table::new();
    for section in fields::sections() {
        let of_machine = OF_THE_MACHINE.iter().find(|(name, _)| *name == section.name).map_or(&[][..], |(_, own)| own);
        let Some(values) = shown.get(section.name).and_then(Value::as_table) else { continue };
        let differs = |field: &&fields::Field| {
            let value = values.get(field.name);
            !of_machine.contains(&field.name) && value.is_some() && (field.is_example || value != Some(&field.value))
        };
        let own: Table = section
            .fields
            .iter()
            .filter(differs)
            .filter_map(|field| Some((field.name.to_owned(), values.get(field.name)?.clone())))
            .collect();
        if !own.is_empty() {
            all.insert(section.name.to_owned(), Value::Table(own));
        }
    }
    all
}

/// A file of settings for production. What is secret comes from the environment, which it names.
pub fn toml(authority: &Authority, config: &Config) -> Result<String, Rejected> {
    authority.require(Permission::ReadSettings)?;
    let Proposal { issuer, proxies, mut chosen } = Proposal::of(config);
    let mut section = |name: &str, pairs: Vec<(&str, Value)>| {
        let table = chosen.entry(name).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(table) = table {
            table.extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
    };
    section("server", vec![("issuer", issuer.into()), ("listen", "0.0.0.0:8080".into())]);
    section("network", vec![("trusted_proxies", proxies.into())]);
    section("log", vec![("format", "json".into())]);
    let mut text = String::from(SECRETS);
    text.push_str(&toml::to_string(&chosen).unwrap_or_default());
    Ok(text)
}

/// What the file does not say.
const SECRETS: &str = "# Secrets come from the environment:
#   HAECHI_DATABASE__URL=postgres://haechi:PASSWORD@db.internal/haechi
#   HAECHI_REDIS__URL=redis://:PASSWORD@redis.internal/0
#   HAECHI_KEYS__KEY_ENCRYPTION_KEY=   (openssl rand -base64 32; keep a copy apart from the database)

";

/// Values for the Helm chart. What is secret is in the Secret that they name.
pub fn helm_values(authority: &Authority, config: &Config) -> Result<String, Rejected> {
    authority.require(Permission::ReadSettings)?;
    let Proposal { issuer, proxies, chosen } = Proposal::of(config);
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = format!(
        "issuer: {}\nreplicas: 2\n# kubectl create secret generic haechi --from-literal=database-url=… \
         --from-literal=redis-url=… --from-literal=key-encryption-key=…\nexistingSecret: haechi\n",
        quoted(&issuer)
    );
    let proxies: Vec<String> = proxies.iter().map(|proxy| quoted(proxy)).collect();
    let _ = writeln!(text, "trustedProxies: [{}]", proxies.join(", "));
    let variables: Vec<String> = fields::sections()
        .iter()
        .flat_map(|section| section.fields.iter().map(move |field| (section.name, field)))
        .filter_map(|(section, field)| {
            let value = chosen.get(section)?.get(field.name)?;
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some(format!("  {}: {}", field.variable, quoted(&value)))
        })
        .collect();
    if !variables.is_empty() {
        let _ = writeln!(text, "environment:\n{}", variables.join("\n"));
    }
    Ok(text)
}
