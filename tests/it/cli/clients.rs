//! `haechi clients`.

use crate::support::binary::Haechi;

#[test]
fn a_client_is_registered_changed_and_deleted() {
    let haechi = Haechi::new().begun();
    let made = haechi.json(&[
        "clients",
        "create",
        "--kind",
        "web",
        "--name",
        "Shop",
        "--client-id",
        "shop",
        "--redirect-uri",
        "https://shop.example/cb",
        "--scope",
        "openid email",
        "--json",
    ]);
    let secret = made["client_secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("hcs_"), "{made}");

    haechi.out(&["clients", "update", "shop", "--name", "The Shop"]);
    let shown = haechi.out(&["clients", "show", "shop"]);
    assert!(shown.contains("The Shop") && shown.contains("https://shop.example/cb"), "{shown}");
    assert!(!shown.contains(&secret), "a secret is shown once");

    let at_once = ["clients", "rotate-secret", "shop", "--grace-hours", "0"];
    let unasked = haechi.run(&at_once);
    assert!(unasked.code == Some(1) && unasked.err.contains("was not rotated"), "{unasked:?}");
    let rotated = haechi.json(&[&at_once[..], &["--yes", "--json"]].concat());
    assert_ne!(rotated["client_secret"], made["client_secret"]);
    let told = haechi.out(&["clients", "rotate-secret", "shop"]);
    assert!(told.contains("is changed.") && !told.contains("registered"), "{told}");
    haechi.out(&["clients", "disable", "shop"]);
    assert_eq!(haechi.json(&["clients", "list", "--json"])[0]["enabled"], false);
    haechi.out(&["clients", "enable", "shop"]);
    assert!(haechi.out(&["clients", "list"]).contains("enabled"));

    let unasked = haechi.run(&["clients", "delete", "shop"]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    haechi.out(&["clients", "delete", "shop", "--yes"]);
    assert_eq!(haechi.json(&["clients", "list", "--json"]), serde_json::json!([]));
}

#[test]
fn clients_are_listed_by_pages() {
    let haechi = Haechi::new().begun();
    for id in ["one", "three", "two"] {
        haechi.out(&["clients", "create", "--kind", "service", "--name", id, "--client-id", id]);
    }
    let ids = |arguments: &[&str]| {
        let listed = haechi.json(&[&["clients", "list", "--json"], arguments].concat());
        let listed = listed.as_array().unwrap().iter();
        listed.map(|client| client["client_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--limit", "2"]), ["one", "three"]);
    assert_eq!(ids(&["--limit", "2", "--after", "three"]), ["two"]);
    let first = haechi.out(&["clients", "list", "--limit", "2"]);
    assert!(first.contains("There are more: --after three") && !first.contains("two"), "{first}");
    assert!(!haechi.out(&["clients", "list", "--after", "three"]).contains("There are more"));
    assert_eq!(haechi.run(&["clients", "list", "--limit", "0"]).code, Some(2));
}

#[test]
fn a_registration_can_be_a_file() {
    let haechi = Haechi::new().begun();
    let client =
        r#"{"client_id": "api", "kind": "service", "client_name": "Nightly", "resources": ["https://api.example"]}"#;
    haechi.folder.write("client.json", client);
    let made = haechi.json(&["clients", "create", "--file", "client.json", "--json"]);
    assert_eq!(made["client_id"], "api");
    let typo = haechi.run_with(&["clients", "create", "--file", "-"], r#"{"kind": "web", "client_nmae": "x"}"#);
    assert_eq!(typo.code, Some(2), "{typo:?}");
    assert!(typo.err.contains("there is no client_nmae; did you mean client_name?"), "{typo:?}");
    // One that is known elsewhere, and passes here.
    let typo = haechi.run_with(&["clients", "create", "--file", "-"], r#"{"kind": "web", "contcts": ["x"]}"#);
    assert!(typo.code == Some(2) && typo.err.contains("there is no contcts; did you mean contacts?"), "{typo:?}");
}

#[test]
fn a_registration_that_breaks_a_rule_is_refused_by_the_argument_or_the_field_that_said_it() {
    let haechi = Haechi::new().begun();
    let public = ["--kind", "browser", "--name", "x", "--redirect-uri", "https://a.example"];
    for (arguments, said) in [
        (&["--kind", "web"][..], "--name: "),
        (&["--kind", "web", "--name", "x"], "--redirect-uri: must not be empty; for example https://"),
        (
            &["--kind", "web", "--name", "x", "--redirect-uri", "http://shop.example/cb"],
            r#"--redirect-uri: "http://shop.example/cb" must use https"#,
        ),
        (&[&public[..], &["--auth", "client_secret_post"]].concat(), "--auth: a browser or native client is public"),
        (&["--kind", "service", "--name", "x", "--scope", "openid"], "--scope: "),
        (&["--kind", "service", "--name", "x", "--resource", "api"], r#"--resource: "api" must be an absolute URI"#),
        (&["--kind", "service", "--name", "x", "--client-id", "haechi.internal"], "haechi."),
    ] {
        let done = haechi.run(&[&["clients", "create"], arguments].concat());
        assert_eq!(done.code, Some(1), "{arguments:?} {done:?}");
        assert!(done.err.contains(said), "{arguments:?} {done:?}");
    }
    // The same words of a document, under the name of its field.
    let document = r#"{"kind": "web", "client_name": "x", "redirect_uris": ["http://shop.example/cb"]}"#;
    let done = haechi.run_with(&["clients", "create", "--file", "-"], document);
    assert!(
        done.code == Some(1) && done.err.contains(r#"redirect_uris: "http://shop.example/cb" must use https"#),
        "{done:?}"
    );
    assert!(done.err.contains("; for example https://") && !done.err.contains("--redirect-uri"), "{done:?}");
    haechi.out(&["clients", "create", "--kind", "service", "--name", "x", "--client-id", "api"]);
    let changed = haechi.run(&["clients", "update", "api", "--name", "\u{7}"]);
    assert!(changed.code == Some(1) && changed.err.contains("--name: "), "{changed:?}");
    assert_eq!(haechi.run(&["clients", "show", "nobody"]).code, Some(1));
}

#[test]
fn what_is_missing_is_named_where_nobody_can_be_asked() {
    let haechi = Haechi::new().begun();
    let nothing = haechi.run(&["clients", "create"]);
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    for word in ["--kind", "--name", "--redirect-uri", "--for", "--file", "terminal"] {
        assert!(nothing.err.contains(word), "{word} is not in {nothing:?}");
    }
    for done in [
        haechi.run(&["clients", "create", "--name", "x"]),
        haechi.at_terminal(&["clients", "create", "--name", "x"], ""),
    ] {
        assert!(done.code == Some(2) && done.err.contains("--kind is missing"), "{done:?}");
    }
}

#[test]
fn at_a_terminal_it_asks_for_what_it_needs_and_says_the_command_that_does_the_same() {
    let haechi = Haechi::new().begun();
    let typed = "\nweb\nShop\nhttp://shop.example/cb\nhttps://shop.example/cb\n\nhttps://shop.example/\n\n";
    let done = haechi.at_terminal(&["clients", "create", "--json"], typed);
    assert_eq!(done.code, Some(0), "{done:?}");
    let made: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(made["redirect_uris"], serde_json::json!(["https://shop.example/cb"]));
    assert_eq!(made["scope"], "openid profile email");
    assert_eq!(done.err.matches("Redirect URI, where answers go, such as https://shop.example/callback").count(), 2);
    assert!(done.err.contains(r#"--redirect-uri: "http://shop.example/cb" must use https"#), "{done:?}");
    let command = "clients create --kind web --name Shop --redirect-uri https://shop.example/cb \
                   --post-logout-redirect-uri https://shop.example/ --scope 'openid profile email'";
    assert!(done.err.contains(&format!("haechi {command}")), "{done:?}");
    let words = command.replace("'openid profile email'", "openid+profile+email");
    let words: Vec<String> = words.split_whitespace().map(|word| word.replace('+', " ")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--json"]).collect();
    let again = haechi.json(&words);
    for field in ["kind", "client_name", "redirect_uris", "post_logout_redirect_uris", "scope", "grant_types"] {
        assert_eq!(again[field], made[field], "{field}");
    }
    let helped = haechi.at_terminal(&["clients", "create"], "?\n\n7\n\n");
    for said in ["oidc-client-ts", "a number from 1 to 4 is expected, or one of web, browser, native, service"] {
        assert!(helped.err.contains(said), "{said} is not in {helped:?}");
    }
    let stopped = haechi.at_terminal(&["clients", "create"], "\nservice\n");
    assert!(stopped.code == Some(1) && stopped.err.contains("nothing was registered"), "{stopped:?}");
    assert_eq!(haechi.json(&["clients", "list", "--json"]).as_array().unwrap().len(), 2);
    let followed = haechi.at_terminal(&["clients", "create"], "oidc-client\noidc-client-ts\nhttps://app.example\n");
    assert!(followed.code == Some(0) && followed.out.contains("config.json"), "{followed:?}");
    assert!(
        followed.err.contains("haechi clients create --for oidc-client-ts --url https://app.example"),
        "{followed:?}"
    );
    assert_eq!(haechi.json(&["clients", "list", "--json"]).as_array().unwrap().len(), 3);
}

#[test]
fn what_is_shown_can_be_read_again() {
    let haechi = Haechi::new().begun();
    // A document that knows RFC 7591 and OpenID Connect only.
    let registration = r#"{"client_name": "Shop", "redirect_uris": ["https://shop.example/cb"], "scope": "openid email",
        "token_endpoint_auth_method": "client_secret_post", "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"], "application_type": "web", "id_token_signed_response_alg": "ES256",
        "post_logout_redirect_uris": ["https://shop.example/"], "default_max_age": 3600, "tos_uri": "https://shop.example/tos"}"#;
    haechi.folder.write("registration.json", registration);
    let made = haechi.json(&["clients", "create", "--file", "registration.json", "--json"]);
    let id = made["client_id"].as_str().unwrap().to_owned();
    let asked: serde_json::Value = serde_json::from_str(registration).unwrap();
    let shown = haechi.out(&["clients", "show", &id, "--json"]);
    let document: serde_json::Value = serde_json::from_str(&shown).unwrap();
    for (name, value) in asked.as_object().unwrap() {
        assert_eq!(&document[name], value, "{name}");
    }
    let unchanged = haechi.run_with(&["clients", "update", &id, "--file", "-"], &shown);
    assert!(unchanged.code == Some(0) && unchanged.out.contains("unchanged"), "{unchanged:?}");
    assert_eq!(haechi.out(&["clients", "show", &id]), shown);

    let renamed = shown.replace(r#""Shop""#, r#""The Shop""#);
    let changed = haechi.run_with(&["clients", "update", &id, "--file", "-"], &renamed);
    assert_eq!(changed.code, Some(0), "{changed:?}");
    let stale = haechi.run_with(&["clients", "update", &id, "--file", "-"], &shown);
    assert!(stale.code == Some(1) && stale.err.contains("version"), "{stale:?}");

    // Elsewhere the same document makes the same client.
    let elsewhere = Haechi::new().begun();
    elsewhere.folder.write("client.json", haechi.out(&["clients", "show", &id]));
    let copy = elsewhere.json(&["clients", "create", "--file", "client.json", "--json"]);
    assert_eq!((&copy["client_id"], &copy["client_name"]), (&made["client_id"], &serde_json::json!("The Shop")));
}

#[test]
fn what_tokens_are_like_can_be_said_and_scopes_have_a_default() {
    let haechi = Haechi::new().begun();
    let app = ["clients", "create", "--kind", "web", "--name", "Shop", "--client-id", "shop", "--json"];
    let made = haechi.json(&[&app[..], &["--redirect-uri", "https://shop.example/cb"]].concat());
    let client = &made;
    assert_eq!((&client["access_token_type"], &client["id_token_claims"]), (&"at+jwt".into(), &"minimal".into()));
    assert_eq!(client["scope"], "openid profile email");
    haechi.out(&["clients", "update", "shop", "--access-token-type", "JWT", "--id-token-claims", "profile"]);
    let client = haechi.json(&["clients", "show", "shop", "--json"]);
    assert_eq!((&client["access_token_type"], &client["id_token_claims"]), (&"JWT".into(), &"profile".into()));
    let odd = haechi.run(&["clients", "update", "shop", "--access-token-type", "jwt"]);
    assert!(odd.code == Some(2) && odd.err.contains("at+jwt"), "{odd:?}");
}

#[test]
fn what_a_client_does_without_is_shown_with_the_command_that_ends_it() {
    let haechi = Haechi::new().begun();
    let create = "clients create --kind web --name Shop --client-id shop --redirect-uri https://shop.example/cb";
    haechi.out(&create.split(' ').collect::<Vec<_>>());
    let shown = || haechi.json(&["clients", "show", "shop", "--json"]);
    let findings = |shown: &serde_json::Value| -> Vec<(String, Option<String>)> {
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let all = shown["security"].as_array().unwrap();
        all.iter().map(|one| (text(&one["finding"]).unwrap(), text(&one["command"]))).collect()
    };
    let before = shown();
    assert_eq!((&before["pkce"], &before["token_endpoint_auth_method_pinned"]), (&"when_sent".into(), &false.into()));
    for (finding, command) in findings(&before) {
        // A key of its own takes a URL that only the app's developer knows.
        if finding != "shared_secret" {
            // Which method it is pinned to goes by what it was seen using, and it was not seen yet.
            assert_eq!(command.is_none(), finding == "secret_method_not_pinned", "{finding}");
            let command = command.unwrap_or_else(|| "haechi clients update shop --pin-auth".to_owned());
            haechi.out(&command.split(' ').skip(1).collect::<Vec<_>>());
        }
    }
    let after = shown();
    assert_eq!((&after["pkce"], &after["token_endpoint_auth_method_pinned"]), (&"required".into(), &true.into()));
    assert_eq!(findings(&after).len(), 1, "{after}");
    haechi.out(&["clients", "update", "shop", "--pin-auth=false", "--pkce", "when_sent"]);
    assert_eq!(findings(&shown()), findings(&before));
}

const SHOP: &[&str] = &[
    "clients",
    "create",
    "--kind",
    "web",
    "--client-id",
    "shop",
    "--name",
    "Shop",
    "--redirect-uri",
    "https://shop.example/one",
    "--redirect-uri",
    "https://shop.example/two",
    "--post-logout-redirect-uri",
    "https://shop.example/",
];

#[test]
fn a_list_that_is_replaced_says_what_went_and_one_entry_can_be_added_or_taken_away() {
    let haechi = Haechi::new().begun();
    haechi.out(SHOP);
    let uris = |field: &str| haechi.json(&["clients", "show", "shop"])[field].clone();
    let update = |options: &[&str]| haechi.out(&[&["clients", "update", "shop"], options].concat());

    let added = update(&["--add-redirect-uri", "https://shop.example/three", "--name", "The Shop"]);
    assert!(added.contains("The Shop is changed.") && !added.contains("removed"), "{added}");
    let all = ["one", "two", "three"].map(|path| format!("https://shop.example/{path}"));
    assert_eq!(uris("redirect_uris"), serde_json::json!(all));
    assert!(update(&["--add-redirect-uri", "https://shop.example/three"]).contains("unchanged"));

    let moved = update(&[
        "--remove-post-logout-redirect-uri",
        "https://shop.example/",
        "--add-post-logout-redirect-uri",
        "https://shop.example/bye",
        "--remove-redirect-uri",
        "https://shop.example/one",
    ]);
    assert!(moved.contains("removed: https://shop.example/one (redirect_uris)"), "{moved}");
    assert!(moved.contains("removed: https://shop.example/ (post_logout_redirect_uris)"), "{moved}");
    assert_eq!(uris("post_logout_redirect_uris"), serde_json::json!(["https://shop.example/bye"]));
    assert_eq!(uris("redirect_uris"), serde_json::json!(&all[1..]));

    let replaced = update(&["--redirect-uri", "https://shop.example/three", "--scope", "openid"]);
    for gone in ["https://shop.example/two (redirect_uris)", "profile (scope)", "email (scope)"] {
        assert!(replaced.contains(&format!("removed: {gone}")), "{gone} is not in {replaced}");
    }
    assert_eq!(replaced.matches("removed").count(), 3, "{replaced}");

    let unknown = haechi.run(&["clients", "update", "shop", "--remove-redirect-uri", "https://shop.example/two"]);
    assert!(unknown.code == Some(1) && unknown.err.contains("is not registered; there are https://"), "{unknown:?}");
    let wrong = haechi.run(&["clients", "update", "shop", "--add-redirect-uri", "http://shop.example/"]);
    assert!(wrong.code == Some(1) && wrong.err.contains("must use https"), "{wrong:?}");
    let both = [
        "clients",
        "update",
        "shop",
        "--redirect-uri",
        "https://a.example/",
        "--add-redirect-uri",
        "https://b.example/",
    ];
    assert_eq!(haechi.run(&both).code, Some(2));
}

#[test]
fn problems_of_a_name_or_of_a_typo_name_the_client_that_was_meant() {
    let haechi = Haechi::new().begun();
    haechi.out(SHOP);
    assert!(haechi.out(&["clients", "problems", "shop"]).contains("Nothing of shop was refused"));
    for text in ["Shop", "shpo", "shop2"] {
        for command in ["problems", "show"] {
            let done = haechi.run(&["clients", command, text]);
            assert!(done.code == Some(1) && done.out.is_empty(), "{text}: {done:?}");
            assert!(done.err.contains(&format!("there is no client {text}; did you mean shop?")), "{text}: {done:?}");
        }
    }
    let other = haechi.run(&["clients", "problems", "The other app", "--json"]);
    assert!(
        other.code == Some(1) && other.err.contains("there is no client The other app; `haechi clients list`"),
        "{other:?}"
    );
}

#[test]
fn a_recipe_that_does_not_fit_the_client_fails_before_anything_is_registered() {
    let haechi = Haechi::new().begun();
    let recipe = ["clients", "create", "--for", "express-openid-connect", "--url", "https://x.example"];
    let native = haechi.run(&[&recipe[..], &["--kind", "native", "--write", "out"]].concat());
    assert_eq!(native.code, Some(1), "{native:?}");
    assert!(native.err.contains("this recipe needs a client with a secret (kind web)"), "{native:?}");
    assert_eq!(haechi.json(&["clients", "list", "--json"]), serde_json::json!([]));
    assert!(!haechi.folder.path().join("out").exists(), "and nothing is written");
    haechi.out(&recipe);
}
