//! Every setting by its path: name, documentation, default. Read off the section structs, so that nothing can be left out.

use documented::DocumentedFields;
use serde::Serialize;
use toml::{Table, Value};

use super::{
    Config, accounts, acr, audit, database, keys, log, mail, network, pages, passkeys, passwords, redis, server,
    sessions, throttling, tokens,
};

/// What every variable of Haechi begins with.
pub(super) const PREFIX: &str = "HAECHI_";

/// One section of the file.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its name, as in `[name]`.
    pub name: &'static str,
    /// The doc comment of its field in [`Config`].
    pub doc: &'static str,
    /// Whether it exists only when it is written.
    pub optional: bool,
    /// Its fields, in the order of the struct.
    pub fields: Vec<Field>,
}

/// A setting, as the generated reference shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Its key in the section.
    pub name: &'static str,
    /// The variable of the environment that goes before the file.
    pub variable: String,
    /// Its doc comment.
    pub doc: &'static str,
    /// Its default, or, where it has none, an example of its type.
    pub value: Value,
    /// Whether the value is that example.
    pub is_example: bool,
}

/// Examples for the settings that have no default. They also say which type a variable of the environment is read as.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("server", "tls_certificate", "'/etc/haechi/tls.crt'"),
    ("server", "tls_key", "'/etc/haechi/tls.key'"),
    ("server", "worker_threads", "4"),
    ("redis", "authorities", "'/etc/haechi/redis-authorities.pem'"),
    ("keys", "key_encryption_key", "'32 random bytes in base64'"),
    ("accounts", "hashing_threads", "2"),
    ("passwords", "breached", "'/var/lib/haechi/breached.list'"),
    ("passwords", "breached_api", "'https://api.pwnedpasswords.com/range'"),
    ("mail", "transport", "'smtp'"),
    ("mail", "from", "'id@example.org'"),
    ("mail", "from_name", "'Example'"),
    ("mail", "reply_to", "'help@example.org'"),
    ("mail", "host", "'mail.example.org'"),
    ("mail", "port", "587"),
    ("mail", "authorities", "'/etc/haechi/mail-authorities.pem'"),
    ("mail", "user", "'haechi'"),
    ("mail", "password", "'the password at the mail server'"),
    ("mail", "password_file", "'/etc/haechi/mail-password'"),
    ("mail", "mechanism", "'login'"),
    ("mail", "folder", "'mails'"),
    ("passkeys", "metadata_file", "'/etc/haechi/fido-metadata.json'"),
    ("network", "outgoing_authorities", "'/etc/haechi/authorities.pem'"),
    ("pages", "support_url", "'https://example.org/help'"),
];

/// Every section, in the order of [`Config`].
pub fn sections() -> Vec<Section> {
    Config::FIELD_NAMES.iter().zip(Config::FIELD_DOCS).map(|(name, doc)| section(name, doc)).collect()
}

fn section(name: &'static str, doc: &'static str) -> Section {
    match name {
        "server" => of(name, doc, &server::ServerConfig::default()),
        "database" => of(name, doc, &database::DatabaseConfig::default()),
        "redis" => Section { optional: true, ..of(name, doc, &redis::RedisConfig::default()) },
        "keys" => of(name, doc, &keys::KeysConfig::default()),
        "tokens" => of(name, doc, &tokens::TokensConfig::default()),
        "sessions" => of(name, doc, &sessions::SessionsConfig::default()),
        "accounts" => of(name, doc, &accounts::AccountsConfig::default()),
        "acr" => of(name, doc, &acr::AcrConfig::default()),
        "passwords" => of(name, doc, &passwords::PasswordsConfig::default()),
        "throttling" => of(name, doc, &throttling::ThrottlingConfig::default()),
        "audit" => of(name, doc, &audit::AuditConfig::default()),
        "mail" => of(name, doc, &mail::MailConfig::default()),
        "network" => of(name, doc, &network::NetworkConfig::default()),
        "passkeys" => of(name, doc, &passkeys::PasskeysConfig::default()),
        "pages" => of(name, doc, &pages::PagesConfig::default()),
        "log" => of(name, doc, &log::LogConfig::default()),
        _ => Section { name, doc, optional: false, fields: Vec::new() },
    }
}

fn of<T: DocumentedFields + serde::Serialize>(name: &'static str, doc: &'static str, default: &T) -> Section {
    let defaults = Table::try_from(default).unwrap_or_default();
    let fields = T::FIELD_NAMES.iter().zip(T::FIELD_DOCS).map(|(field, doc)| {
        let default = defaults.get(*field).cloned();
        let is_example = default.is_none();
        let value = default.or_else(|| example(name, field)).unwrap_or_else(|| Value::String(String::new()));
        Field { name: field, variable: variable(&format!("{name}.{field}")), doc, value, is_example }
    });
    Section { name, doc, optional: false, fields: fields.collect() }
}

fn example(section: &str, field: &str) -> Option<Value> {
    let (_, _, text) = EXAMPLES.iter().find(|(s, f, _)| *s == section && *f == field)?;
    text.parse().ok()
}

/// The variable that sets the field of a path.
pub(super) fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.replacen('.', "__", 1).to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_listed_with_its_fields() {
        for section in sections() {
            assert!(!section.fields.is_empty(), "section() does not know {}", section.name);
        }
    }

    #[test]
    fn every_setting_has_documentation_and_a_default_or_an_example() {
        for section in sections() {
            for field in &section.fields {
                assert!(!field.doc.is_empty(), "{}.{}", section.name, field.name);
                let empty = field.value.as_str() == Some("");
                assert!(!empty, "{}.{} needs an example", section.name, field.name);
            }
        }
    }
}
