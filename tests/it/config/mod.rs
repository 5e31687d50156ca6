//! What an operator sets: the file, the environment over it, and what is said about mistakes.

use std::path::PathBuf;

use haechi::config::Config;
use haechi::config::load::Sources;

use crate::documentation::pages::block;
use crate::support::folder::Folder;

/// Loads a file with this text under these variables.
fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = Folder::new();
    let file = folder.write("haechi.toml", text);
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let shown = file.display().to_string();
    let loaded = Sources { file: Some(file), variables }.load();
    loaded.map_err(|error| error.to_string().replace(&shown, "haechi.toml"))
}

#[test]
fn nothing_set_means_the_defaults() {
    let of_file = load("", &[]).unwrap();
    assert_eq!((of_file.server, of_file.tokens), (Config::default().server, Config::default().tokens));
    assert_eq!(Sources::default().load().unwrap(), Config::default());
}

#[test]
fn a_variable_goes_before_the_file_and_the_file_before_the_default() {
    let file = "[server]\nissuer = 'https://file.example'\nlisten = '127.0.0.1:1'\n";
    let config = load(file, &[("HAECHI_SERVER__ISSUER", "https://variable.example")]).unwrap();
    assert_eq!(config.server.issuer, "https://variable.example");
    assert_eq!(config.server.listen.port(), 1);
    assert_eq!(config.server.drain_seconds, Config::default().server.drain_seconds);
}

#[test]
fn the_classes_of_the_guide_are_taken() {
    for page in ["docs/second-factors.md", "docs/second-factors.ko.md"] {
        let config = load(&block(page, "toml", "[acr]").code, &[]).unwrap();
        let values: Vec<&str> = config.acr.classes.iter().map(|class| class.value.as_str()).collect();
        assert_eq!(values, ["phr", "gold", "basic"], "{page}: none of the defaults is left beside them");
    }
}

#[test]
fn a_variable_is_read_as_the_type_of_its_setting() {
    let config = load(
        "",
        &[
            ("HAECHI_PAGES__SERVICE_NAME", "2026"),
            ("HAECHI_ACCOUNTS__SIGN_UP", "false"),
            ("HAECHI_SERVER__MAX_CONNECTIONS", "17"),
            ("HAECHI_SERVER__WORKER_THREADS", "3"),
            ("HAECHI_KEYS__ALGORITHMS", "RS256, ES256"),
            ("HAECHI_NETWORK__TRUSTED_PROXIES", "['10.0.0.0/8', '::1/128']"),
            ("HAECHI_REDIS__URL", "redis://cache/0"),
        ],
    )
    .unwrap();
    assert_eq!(config.pages.service_name, "2026");
    assert!(!config.accounts.sign_up);
    assert_eq!((config.server.max_connections, config.server.worker_threads), (17, Some(3)));
    assert_eq!(config.keys.algorithms.len(), 2);
    assert_eq!(config.network.trusted_proxies.len(), 2);
    assert_eq!(config.redis.unwrap().url, "redis://cache/0");
}

#[test]
fn hashing_that_does_not_fit_into_the_containers_memory_is_refused() {
    let with = |threads: &str, memory: Option<u64>| {
        let variables = vec![("HAECHI_ACCOUNTS__HASHING_THREADS".to_owned(), threads.to_owned())];
        Sources { file: None, variables }.load_within(memory).map(|_| ()).map_err(|error| error.to_string())
    };
    let container = Some(256 << 20);
    assert_eq!((with("6", container), with("16", None)), (Ok(()), Ok(())));
    let refused = with("16", container).unwrap_err();
    for part in [
        "accounts.hashing_threads: 16 threads",
        "256 MiB",
        "at most 6 threads fit",
        "(from HAECHI_ACCOUNTS__HASHING_THREADS)",
    ] {
        assert!(refused.contains(part), "{refused}");
    }
}

#[test]
fn a_command_beside_the_server_hashes_with_as_many_threads_as_fit_where_it_runs() {
    let sources = |threads: &str| Sources {
        file: None,
        variables: vec![("HAECHI_ACCOUNTS__HASHING_THREADS".to_owned(), threads.to_owned())],
    };
    let small = Some(64 << 20);
    assert!(sources("4").load_within(small).is_err(), "a server does not start like this");
    let accounts = sources("4").load().unwrap().accounts;
    assert_eq!([None, small, Some(1 << 20)].map(|memory| accounts.threads(8, memory)), [4, 1, 1]);
}

#[test]
fn every_mistake_is_named_at_once_with_its_path_and_origin() {
    let file = "\
        [server]\nissuer = 'http://id.example.org'\nlisten = 'here'\nissuerr = 'x'\n\
        [tokens]\ncode_seconds = 3600\n[serverr]\nlisten = '127.0.0.1:1'\n";
    let variables = [
        ("HAECHI_TOKENS__REFRESH_RETRY_SECONDS", "many"),
        ("HAECHI_KEYS__ROTATION_DAYS", "0"),
        ("HAECHI_LOG__COLOUR", "yes"),
        ("HAECHI_SERVER_ISSUER", "https://id.example.org"),
    ];
    insta::assert_snapshot!(load(file, &variables).unwrap_err(), @r#"
    the configuration cannot be used:
      no setting is called so; HAECHI_SERVER__ISSUER is (two underscores after the section) (from HAECHI_SERVER_ISSUER)
      log.colour: no setting is called so; there are format, filter (from HAECHI_LOG__COLOUR)
      server.issuerr: no setting is called so; did you mean issuer? (from haechi.toml)
      serverr: no section is called so; did you mean server? (from haechi.toml)
      server.listen: must be an address and a port, such as 127.0.0.1:8080 (from haechi.toml)
      tokens.refresh_retry_seconds: must be a whole number (from HAECHI_TOKENS__REFRESH_RETRY_SECONDS)
      server.issuer: must use https (http is for localhost and loopback addresses only) (from haechi.toml)
      keys.rotation_days: must be between 1 and 3650, not 0 (from HAECHI_KEYS__ROTATION_DAYS)
      tokens.code_seconds: must be between 10 and 600, not 3600 (from haechi.toml)
    "#);
}

#[test]
fn a_relative_path_is_relative_to_the_file_and_in_a_variable_to_the_working_directory() {
    let folder = Folder::new();
    let text =
        "[server]\ntls_certificate = 'tls.crt'\ntls_key = '/run/tls.key'\n[network]\noutgoing_authorities = 'ca.pem'\n";
    let file = folder.write("haechi.toml", text);
    let variables = vec![("HAECHI_NETWORK__OUTGOING_AUTHORITIES".to_owned(), "other.pem".to_owned())];
    let config = Sources { file: Some(file), variables }.load().unwrap();
    let beside = |name: &str| folder.path().join(name);
    assert_eq!(config.server.tls_certificate, Some(beside("tls.crt")));
    assert_eq!(config.server.tls_key, Some(PathBuf::from("/run/tls.key")));
    assert_eq!(config.network.outgoing_authorities, Some(PathBuf::from("other.pem")));
    // The defaults as well: the example file says them, and as it stands it changes nothing.
    assert_eq!(config.keys.folder, beside("keys"));
    assert_eq!(config.database.file(), Some(beside("haechi.db")));
}

#[test]
fn every_section_of_the_file_is_read() {
    assert_eq!(load("[audit]\nkeep_days = 7\n", &[]).unwrap().audit.keep_days, 7);
}

#[test]
fn variables_of_an_orchestrator_are_left_alone() {
    let variables = [
        ("HAECHI_PORT", "tcp://10.0.0.1:8080"),
        ("HAECHI_SERVICE_HOST", "10.0.0.1"),
        ("HAECHI_CONFIG", "/etc/haechi.toml"),
    ];
    assert!(load("", &variables).is_ok());
}

#[test]
fn a_file_that_is_not_there_or_no_toml_is_an_error_that_shows_none_of_its_text() {
    let missing = Sources { file: Some(PathBuf::from("/nowhere/haechi.toml")), variables: Vec::new() };
    assert!(missing.load().unwrap_err().to_string().contains("/nowhere/haechi.toml"));
    let error = load("[keys]\nkey_encryption_key = 'canary\n", &[]).unwrap_err();
    assert!(error.contains("line 2") && !error.contains("canary"), "{error}");
}

#[test]
fn a_setting_of_a_section_is_checked_together_with_its_neighbours() {
    for (text, path) in [
        ("[server]\ntls_certificate = 'a'", "server.tls_key"),
        ("[server]\ntls_key = 'a'", "server.tls_certificate"),
        ("[keys]\nalgorithms = ['ES256']", "keys.algorithms"),
        ("[keys]\nalgorithms = ['RS256', 'RS256']", "keys.algorithms"),
        ("[keys]\nalgorithms = ['HS256']", "keys.algorithms"),
        ("[keys]\nkey_encryption_key = 'short'", "keys.key_encryption_key"),
        ("[sessions]\nidle_hours = 30\nabsolute_hours = 20", "sessions.idle_hours"),
        ("[database]\nurl = 'mysql://x'", "database.url"),
        ("[redis]\nurl = 'http://x'", "redis.url"),
        ("[redis]\nurl = 'redis://x'\nkey_prefix = '{a}'", "redis.key_prefix"),
        ("[pages]\ndefault_locale = 'fr'", "pages.default_locale"),
        ("[pages]\nsupport_url = 'javascript:x'", "pages.support_url"),
        ("[network]\noutgoing_http = true", "network.outgoing_http"),
        ("[network]\noutgoing_ports = [0]", "network.outgoing_ports"),
        ("[log]\nfilter = 'loud=very'", "log.filter"),
        ("[throttling]\nsign_ups_per_address = 0", "throttling.sign_ups_per_address"),
        ("[accounts]\npassword_min_chars = 4", "accounts.password_min_chars"),
    ] {
        let error = load(text, &[]).unwrap_err();
        assert!(error.contains(&format!("{path}:")), "{text}: {error}");
    }
}
