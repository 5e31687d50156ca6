//! What a server needs before it is used in earnest, and its settings to take along.

use std::fs;
use std::path::Path;

use haechi::admin::production::{self, Missing};
use haechi::admin::{Authority, ProvenAuthority};
use haechi::config::Config;
use haechi::config::load::Sources;
use haechi::config::log::LogFormat;

use crate::support::folder::Folder;

const OPERATOR: ProvenAuthority = Authority::operator();

/// A server somebody tried out and chose a few things for.
fn tried() -> Config {
    let mut config = Config::default();
    "Books: \"sign in\"".clone_into(&mut config.pages.service_name);
    config.sessions.proof_minutes = 7;
    config.pages.support_url = Some("https://books.example/help".to_owned());
    config
}

/// What has to be kept out of what is exported.
fn with_secrets() -> Config {
    let mut config = tried();
    "postgres://haechi:canary-database@db.internal/haechi".clone_into(&mut config.database.url);
    "redis://:canary-redis@redis.internal/0".clone_into(&mut config.redis.get_or_insert_default().url);
    config.keys.key_encryption_key = Some("canary-key".to_owned());
    config
}

#[test]
fn what_is_missing_is_named_until_it_is_there() {
    let missing = |config: &Config| production::missing(&OPERATOR, config).unwrap();
    assert_eq!(missing(&Config::default()), Missing::ALL);
    let mut config = with_secrets();
    config.server.issuer = "https://id.example".to_owned();
    config.network.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    config.log.format = LogFormat::Json;
    assert_eq!(missing(&config), []);
}

#[test]
fn the_file_is_one_that_the_server_reads_and_keeps_what_was_chosen() {
    let folder = Folder::new();
    let file = folder.path().join("haechi.toml");
    fs::write(&file, production::toml(&OPERATOR, &tried()).unwrap()).unwrap();
    let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let variables = vec![
        variable("HAECHI_DATABASE__URL", "postgres://haechi:x@db.internal/haechi"),
        variable("HAECHI_REDIS__URL", "redis://:x@redis.internal/0"),
        variable("HAECHI_KEYS__KEY_ENCRYPTION_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
    ];
    let read = Sources { file: Some(file), variables }.load().unwrap();
    assert_eq!(read.server.issuer, "https://id.example.com");
    assert_eq!(read.pages.service_name, tried().pages.service_name);
    assert_eq!(read.sessions.proof_minutes, 7);
    assert_eq!(production::missing(&OPERATOR, &read).unwrap(), [], "nothing is missing any more");
}

/// tests/chart renders the chart with this file.
#[test]
fn the_values_are_a_file_that_the_chart_is_tested_with() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chart/values/exported.yaml");
    let values = production::helm_values(&OPERATOR, &tried()).unwrap();
    if std::env::var_os("HAECHI_GOLDEN").is_some() {
        fs::write(&file, &values).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), values, "HAECHI_GOLDEN=write writes it");
}

#[test]
fn no_secret_is_in_what_is_exported() {
    for text in [production::toml(&OPERATOR, &with_secrets()), production::helm_values(&OPERATOR, &with_secrets())] {
        let text = text.unwrap();
        assert!(!text.contains("canary") && !text.contains("db.internal/haechi:"), "{text}");
    }
}
