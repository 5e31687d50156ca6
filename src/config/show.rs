//! The configuration as it is in force, without its secrets.

use toml::{Table, Value};
use url::Url;

use super::Config;

/// What stands for a secret.
const MASK: &str = "[secret]";
/// The same within a URL.
const HIDDEN: &str = "***";

impl Config {
    /// The settings as TOML, with the passwords of URLs and every key masked.
    pub fn masked(&self) -> Table {
        let mut table = Table::try_from(self).unwrap_or_default();
        mask(&mut table, "keys", "key_encryption_key", |_| MASK.to_owned());
        mask(&mut table, "database", "url", without_password);
        mask(&mut table, "mail", "password", |_| MASK.to_owned());
        mask(&mut table, "redis", "url", without_password);
        table
    }
}

fn mask(table: &mut Table, section: &str, field: &str, hide: impl FnOnce(&str) -> String) {
    let value = table.get_mut(section).and_then(|section| section.get_mut(field));
    if let Some(Value::String(text)) = value {
        *text = hide(text);
    }
}

/// The URL with its password, and every parameter of its query, masked.
pub fn without_password(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return MASK.to_owned() };
    if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
        return MASK.to_owned();
    }
    let names: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    if names.iter().any(|name| name.contains("pass")) {
        url.query_pairs_mut().clear().extend_pairs(names.iter().map(|name| (name, HIDDEN)));
    }
    if url.scheme() == "sqlite" { text.to_owned() } else { url.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        let mut config = Config::default();
        config.keys.key_encryption_key = Some("canary".to_owned());
        config.database.url = "postgres://haechi:canary@db/haechi?password=canary".to_owned();
        config.mail.password = Some("canary".to_owned());
        config.redis = Some(super::super::redis::RedisConfig {
            url: "redis://:canary@cache:6379/0".to_owned(),
            ..Default::default()
        });
        let shown = config.masked().to_string();
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("postgres://haechi:***@db/haechi"), "{shown}");
    }

    #[test]
    fn the_path_of_a_file_is_shown_as_it_is() {
        assert_eq!(without_password("sqlite:haechi.db"), "sqlite:haechi.db");
    }
}
