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
    let lost = Haechi::new().set("HAECHI_REDIS__URL", "redis://127.0.0.1:1/0").run(&["doctor"]);
    assert!(lost.out.contains("FAIL  redis"), "{lost:?}");
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
