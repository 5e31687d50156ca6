//! `haechi doctor`.

use crate::support::binary::Haechi;

#[test]
fn a_setup_in_order_passes_and_says_what_was_looked_at() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    // RSA keys come in the background.
    let found = haechi.run(&["doctor", "--json"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    let found: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    let about: Vec<_> = found.as_array().unwrap().iter().map(|f| f["about"].as_str().unwrap()).collect();
    for subject in
        ["settings", "issuer", "listen", "database", "clock", "redis", "keys", "signing", "server", "proxy", "mail"]
    {
        assert!(about.contains(&subject), "{subject} is not in {about:?}");
    }
    assert_eq!(about.iter().filter(|subject| **subject == "clock").count(), 1, "{found}");
    let claimed = found.as_array().unwrap().iter().find(|f| f["about"] == "claimed").unwrap();
    assert_eq!(claimed["state"], "warn");
    assert!(claimed["mend"].as_str().unwrap().contains("haechi claim"));
}

#[test]
fn what_is_wrong_is_named_with_how_to_mend_it() {
    let haechi = Haechi::new();
    let found = haechi.run(&["doctor"]);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.out.contains("FAIL  server") && found.out.contains("start `haechi`"), "{found:?}");
}

#[test]
fn a_limit_that_the_server_raises_by_itself_is_no_finding() {
    // As a shell hands it on: the soft limit is low, the hard one is not.
    let low = Haechi::new().through(&["sh", "-c", r#"ulimit -S -n 256 && exec "$0" "$@""#]);
    assert_eq!(found(&low, "descriptors").0, "ok");
}

/// The finding about something, in a setup that nothing was started in.
fn found(haechi: &Haechi, about: &str) -> (String, String, String) {
    let done = haechi.run(&["doctor", "--json"]);
    let all: serde_json::Value = serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{done:?}"));
    let finding = all.as_array().unwrap().iter().find(|finding| finding["about"] == about);
    let finding = finding.unwrap_or_else(|| panic!("nothing about {about}: {all}"));
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("found"), text("mend"))
}

#[test]
fn each_thing_that_stands_in_the_way_has_its_own_words() {
    for (name, value, about, says, mend) in [
        ("SERVER__ISSUER", "https://id.nowhere.invalid", "issuer", "leads nowhere", "DNS"),
        ("REDIS__URL", "redis://:canary@127.0.0.1:1/0", "redis", "nothing listens", "start Redis"),
        ("REDIS__URL", "redis://:canary@nowhere.invalid/0", "redis", "leads nowhere", "redis.url"),
        ("DATABASE__URL", "postgres://h:canary@127.0.0.1:1/h", "database", "nothing listens", "start PostgreSQL"),
        ("DATABASE__URL", "postgres://h:canary@nowhere.invalid/h", "database", "leads nowhere", "database.url"),
        ("DATABASE__URL", "sqlite:nowhere/haechi.db", "database", "no folder nowhere", "make the folder"),
        ("DATABASE__URL", "sqlite:.", "database", "is a folder", "name a file"),
        ("KEYS__FOLDER", "haechi.toml/keys", "keys", "cannot be made", "keys.folder"),
    ] {
        let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db");
        haechi.folder.write("haechi.toml", "");
        let (state, said, mended) = found(&haechi.set(&format!("HAECHI_{name}"), value), about);
        assert_eq!(state, "fail", "{value}: {said}");
        assert!(said.contains(says) && mended.contains(mend), "{value}: {said}; {mended}");
        assert!(!said.contains("canary"), "{said}");
    }
}

#[test]
fn what_answers_there_may_be_something_else() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    let place = format!("127.0.0.1:{}", haechi.port);
    let redis = Haechi::new().set("HAECHI_REDIS__URL", &format!("redis://:canary@{place}/0"));
    assert_eq!(found(&redis, "redis").1, format!("redis://:***@{place}/0: what answers there is no Redis"));
    let database = Haechi::new().set("HAECHI_DATABASE__URL", &format!("postgres://h:canary@{place}/h"));
    assert_eq!(
        found(&database, "database").1,
        format!("postgres://h:***@{place}/h: what answers there is no PostgreSQL")
    );
}

#[test]
fn files_that_others_may_touch_and_keys_that_do_not_fit_are_noticed() {
    use std::os::unix::fs::PermissionsExt;
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db").begun();
    let folder = haechi.folder.path().join("keys");
    let key = folder.join("key-encryption.key");
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    assert_eq!(found(&haechi, "keys").0, "ok");
    allow(&key, 0o644);
    let (state, _, mend) = found(&haechi, "keys");
    assert_eq!((state.as_str(), mend.as_str()), ("fail", "chmod 600 keys/key-encryption.key"));
    allow(&key, 0o600);
    allow(&folder, 0o777);
    let (state, _, mend) = found(&haechi, "keys");
    assert_eq!((state.as_str(), mend.as_str()), ("fail", "chmod 700 keys"));
    allow(&folder, 0o700);
    haechi.folder.write("keys/key-encryption.key", "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2E=");
    let (state, says, mend) = found(&haechi, "start");
    assert_eq!(state, "fail");
    assert!(says.contains("sealed under another") && mend.contains("bring back the key-encryption key"), "{says}");
}

#[test]
fn it_changes_nothing() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db");
    haechi.run(&["doctor"]);
    assert_eq!(std::fs::read_dir(haechi.folder.path()).unwrap().count(), 0);
}

#[test]
fn a_proxy_setting_that_believes_anybody_is_noticed() {
    let haechi = Haechi::new().set("HAECHI_NETWORK__TRUSTED_PROXIES", "127.0.0.0/8");
    let _server = haechi.start();
    let found = haechi.run(&["doctor"]);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.out.contains("made-up X-Forwarded-For was believed"), "{found:?}");
}
