//! `haechi connections`.

use crate::support::binary::Haechi;

const SECRET: &str = "GOCSPX-canary";

/// A house with a connection to Google.
fn furnished() -> Haechi {
    let haechi = Haechi::new().begun();
    let made = haechi.run_with(&["connections", "create", "--preset", "google", "--client-id", "app.example"], SECRET);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(made.out.contains("/upstream/google/callback"), "{made:?}");
    // It is tested before it is switched on.
    let (test, enable) =
        (made.out.find("/admin/connections/google"), made.out.find("haechi connections enable google"));
    assert!(test.is_some() && test < enable && made.out.contains("test it"), "{made:?}");
    haechi
}

#[test]
fn a_connection_is_made_changed_switched_and_deleted() {
    let haechi = furnished();
    let shown = haechi.json(&["connections", "show", "google"]);
    assert_eq!(shown["redirect_uris"][0], format!("{}/upstream/google/callback", haechi.issuer()));
    assert_eq!((&shown["enabled"], &shown["trust_email"]), (&false.into(), &true.into()));

    let changes = [
        &["connections", "update", "google", "--label", "Company", "--scope", "openid email"][..],
        &["--claim", "name=/profile/full", "--sign-up", "false", "--allowed-domains", "corp.example"],
    ]
    .concat();
    haechi.out(&changes);
    let shown = haechi.json(&["connections", "show", "google"]);
    assert_eq!(shown["label"], "Company");
    assert_eq!(shown["claim_map"]["name"], "/profile/full");
    assert_eq!(shown["scope"], "openid email");
    assert_eq!((&shown["sign_up"], &shown["allowed_domains"][0]), (&false.into(), &"corp.example".into()));
    haechi.out(&["connections", "update", "google", "--claim", "name=", "--label", ""]);
    let shown = haechi.json(&["connections", "show", "google"]);
    assert_eq!((&shown["label"], &shown["claim_map"]), (&"".into(), &serde_json::json!({})));

    haechi.out(&["connections", "enable", "google"]);
    assert_eq!(haechi.json(&["connections", "list", "--json"])[0]["enabled"], true);
    haechi.out(&["connections", "disable", "google"]);
    assert!(haechi.out(&["connections", "list"]).contains("disabled"));

    let unasked = haechi.run(&["connections", "delete", "google"]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    assert!(haechi.out(&["connections", "delete", "google", "--yes"]).contains("0 links"));
    assert_eq!(haechi.json(&["connections", "list", "--json"]), serde_json::json!([]));
}

#[test]
fn a_secret_is_replaced_while_the_old_one_goes_on_and_never_shown() {
    let haechi = furnished();
    let rotated = haechi.run_with(&["connections", "rotate-secret", "google", "--grace-hours", "2"], "second-canary\n");
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    let shown = haechi.out(&["connections", "show", "google"]);
    assert_eq!(shown.matches("created_at").count(), 3, "two secrets and the connection: {shown}");
    assert_eq!(shown.matches("expires_at").count(), 1, "{shown}");
    let nothing = haechi.run_with(&["connections", "rotate-secret", "google"], "\n");
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    let all = ["list", "list --json", "show google"]
        .map(|arguments| haechi.out(&std::iter::once("connections").chain(arguments.split(' ')).collect::<Vec<_>>()));
    let everything = format!("{all:?} {rotated:?} {}", haechi.out(&["audit", "--json"]));
    assert!(!everything.contains("canary") && !everything.contains("sealed"), "{everything}");
}

#[test]
fn what_is_wrong_is_said_by_field() {
    let haechi = furnished();
    for (arguments, code, said) in [
        (&["create", "--preset", "goggle", "--client-id", "x"][..], 1, "haechi connections presets"),
        (&["create", "--client-id", "x"], 2, "--preset"),
        (&["create", "--preset", "google"], 1, "--client-id: must not be empty; for example"),
        (&["create", "--preset", "google", "--client-id", "x", "--slug", "google"], 1, "--slug: "),
        (&["create", "--preset", "oidc", "--client-id", "x"], 1, "--set issuer: must not be empty"),
        (&["create", "--preset", "oidc", "--client-id", "x", "--set", "issuer=http://a.example"], 1, "https"),
        (&["update", "google", "--claim", "nose=x"], 1, "--claim (claim_map.nose): "),
        (&["update", "google", "--algorithm", "none"], 2, "ES256"),
        (&["update", "google", "--set", "isuer=https://a.example"], 2, "no preset has a setting isuer"),
        (&["update", "google", "--set", "issuer=https://a.example"], 1, "issuer: is not a setting of this preset"),
        (&["show", "nobody"], 1, "haechi connections list"),
    ] {
        let done = haechi.run_with(&[&["connections"], arguments].concat(), SECRET);
        assert_eq!(done.code, Some(code), "{arguments:?} {done:?}");
        assert!(done.err.contains(said), "{arguments:?} {done:?}");
    }
    let made = haechi.out(&["connections", "create", "--preset", "kakao", "--client-id", "x", "--no-secret"]);
    assert!(made.contains("/upstream/kakao/callback"), "{made}");
    let early = haechi.run(&["connections", "enable", "kakao"]);
    assert!(early.err.contains("client_secret: must not be empty"), "{early:?}");
}

#[test]
fn a_connection_can_be_a_file_and_presets_are_listed() {
    let haechi = Haechi::new().begun();
    let file = r#"{"preset": "oidc", "slug": "work", "client_secret": "x", "client_id": "haechi", "issuer": "https://idp.example"}"#;
    haechi.folder.write("connection.json", file);
    let made = haechi.json(&["connections", "create", "--file", "connection.json", "--json"]);
    assert_eq!(made["slug"], "work");
    // Where it leads is not changed without the secret.
    let moved = ["connections", "update", "work", "--set", "issuer=https://sink.example"];
    assert!(haechi.run(&moved).err.contains("client_secret"), "{:?}", haechi.run(&moved));
    let again = haechi.run_with(&[&moved[..], &["--secret"]].concat(), "x");
    assert_eq!(again.code, Some(0), "{again:?}");
    let typo = haechi.run_with(&["connections", "create", "--file", "-"], r#"{"preset": "google", "client_di": "x"}"#);
    assert_eq!(typo.code, Some(2), "{typo:?}");
    assert!(typo.err.contains("there is no client_di; did you mean client_id?"), "{typo:?}");
    let presets = haechi.out(&["connections", "presets"]);
    assert!(presets.contains("team_id key_id") && presets.contains("[issuer]"), "{presets}");
    let presets = haechi.json(&["connections", "presets", "--json"]);
    assert!(presets.as_array().unwrap().len() > 15);
}

#[test]
fn what_is_shown_can_be_read_again() {
    let haechi = furnished();
    haechi.out(&["connections", "update", "google", "--label", "Company", "--claim", "name=/profile/full"]);
    haechi.out(&["connections", "enable", "google"]);
    let shown = haechi.out(&["connections", "show", "google", "--json"]);
    let unchanged = haechi.run_with(&["connections", "update", "google", "--file", "-"], &shown);
    assert!(unchanged.code == Some(0) && unchanged.out.contains("unchanged"), "{unchanged:?}");
    assert_eq!(haechi.out(&["connections", "show", "google"]), shown);

    let renamed = shown.replace(r#""Company""#, r#""The company""#);
    let changed = haechi.run_with(&["connections", "update", "google", "--file", "-"], &renamed);
    assert_eq!(changed.code, Some(0), "{changed:?}");
    let stale = haechi.run_with(&["connections", "update", "google", "--file", "-"], &shown);
    assert!(stale.code == Some(1) && stale.err.contains("version"), "{stale:?}");
    // The secret was kept: the connection is still on, and can be switched on again.
    haechi.out(&["connections", "disable", "google"]);
    haechi.out(&["connections", "enable", "google"]);

    // Elsewhere the same document makes the same connection, without its secret and switched off.
    let elsewhere = Haechi::new().begun();
    elsewhere.folder.write("connection.json", haechi.out(&["connections", "show", "google"]));
    let copy = elsewhere.json(&["connections", "create", "--file", "connection.json", "--json"]);
    assert_eq!((&copy["label"], &copy["enabled"]), (&"The company".into(), &false.into()));
    assert_eq!(copy["secrets"], serde_json::json!([]));
}

#[test]
fn tokens_that_nobody_keeps_are_not_there_to_be_read() {
    let haechi = furnished();
    haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
    let refused = haechi.run(&["connections", "tokens", "google", "kim@example.com"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("--keep-tokens true"), "{refused:?}");
    haechi.out(&["connections", "update", "google", "--keep-tokens", "true"]);
    assert_eq!(haechi.json(&["connections", "tokens", "google", "kim@example.com"]), serde_json::json!([]));
    assert!(haechi.run(&["connections", "tokens", "google", "lee@example.com"]).err.contains("no account"));
}
