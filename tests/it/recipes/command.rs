//! `haechi recipes` and `haechi clients create --for`.

use std::os::unix::fs::PermissionsExt;

use crate::support::binary::Haechi;

const EXPRESS: &str = "express-openid-connect";

#[test]
fn recipes_are_listed_and_shown() {
    let haechi = Haechi::new();
    let listed = haechi.out(&["recipes"]);
    assert!(listed.contains(EXPRESS) && listed.contains("Node"), "{listed}");
    assert_eq!(haechi.out(&["recipes", "list"]), listed);
    let all = haechi.json(&["recipes", "list", "--json"]);
    assert!(all.as_array().unwrap().iter().any(|recipe| recipe["name"] == EXPRESS), "{all}");

    let shown = haechi.out(&["recipes", "show", EXPRESS]);
    for part in ["ISSUER_BASE_URL={issuer}", "{url}/callback", "haechi clients create --for express-openid-connect"] {
        assert!(shown.contains(part), "{shown}");
    }
    assert_eq!(haechi.json(&["recipes", "show", EXPRESS, "--json"])["runs"], "examples/express");
    let wrong = haechi.run(&["recipes", "show", "expres-openid-connect"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("did you mean express-openid-connect?"), "{wrong:?}");
}

#[test]
fn a_recipe_registers_a_client_and_prints_its_configuration() {
    let haechi = Haechi::new().begun();
    let url = "https://shop.example";
    let made = haechi.json(&["clients", "create", "--for", EXPRESS, "--url", url, "--name", "Shop", "--json"]);
    let (client, secret) = (&made, made["client_secret"].as_str().unwrap());
    assert_eq!(client["client_name"], "Shop");
    assert_eq!(client["redirect_uris"], serde_json::json!(["https://shop.example/callback"]));
    assert_eq!(made["configuration"][0]["file"], ".env");
    let text = made["configuration"][0]["text"].as_str().unwrap();
    let issuer = haechi.issuer();
    let id = client["client_id"].as_str().unwrap();
    for line in [
        format!("ISSUER_BASE_URL={issuer}\n"),
        format!("BASE_URL={url}\n"),
        format!("CLIENT_ID={id}\n"),
        format!("CLIENT_SECRET={secret}\n"),
    ] {
        assert!(text.contains(&line), "{text}");
    }
    let told = haechi.out(&["clients", "create", "--for", EXPRESS]);
    assert!(told.contains("client id") && told.contains("BASE_URL=http://localhost:3000\n"), "{told}");
}

#[test]
fn what_the_software_fills_in_itself_stays() {
    let haechi = Haechi::new().begun();
    let made = haechi.json(&["clients", "create", "--for", "oauth2-proxy", "--json"]);
    let text = made["configuration"][0]["text"].as_str().unwrap();
    let logout = format!("backend_logout_url = \"{}/logout?id_token_hint={{id_token}}\"\n", haechi.issuer());
    assert!(text.contains(&logout), "{text}");
    assert!(made["configuration"][0].get("stays").is_none(), "{made}");
}

#[test]
fn the_configuration_is_written_once_and_for_its_owner() {
    let haechi = Haechi::new().begun();
    let write = ["clients", "create", "--for", EXPRESS, "--write", "app", "--json"];
    let made = haechi.json(&write);
    let file = haechi.folder.path().join("app/.env");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), made["configuration"][0]["text"].as_str().unwrap());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let again = haechi.run(&write);
    assert!(again.code == Some(1) && again.err.contains("nothing was registered"), "{again:?}");
    assert_eq!(haechi.json(&["clients", "list", "--json"]).as_array().unwrap().len(), 1);
    let forced = haechi.json(&[&write[..], &["--force"]].concat());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), forced["configuration"][0]["text"].as_str().unwrap());
}

/// Where a link lies in place of the file, neither it nor what it leads to is written to.
#[test]
fn a_configuration_with_a_secret_is_not_written_through_a_link() {
    let haechi = Haechi::new().begun();
    let (folder, elsewhere) = (haechi.folder.path().join("app"), haechi.folder.path().join("elsewhere"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(&elsewhere, "theirs").unwrap();
    let write = ["clients", "create", "--for", EXPRESS, "--write", "app", "--json"];
    for target in [&elsewhere, &haechi.folder.path().join("not-there")] {
        std::os::unix::fs::symlink(target, folder.join(".env")).unwrap();
        let refused = haechi.run(&write);
        assert!(refused.code == Some(1) && refused.err.contains("nothing was registered"), "{refused:?}");
        haechi.json(&[&write[..], &["--force"]].concat());
        let written = std::fs::symlink_metadata(folder.join(".env")).unwrap();
        assert!(written.is_file(), "the link was taken away, not followed");
        assert_eq!(written.permissions().mode() & 0o777, 0o600);
        std::fs::remove_file(folder.join(".env")).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "theirs");
    assert!(!haechi.folder.path().join("not-there").exists());
}

/// The secret is given out once: what cannot be written into is found out before it exists.
#[test]
fn a_folder_that_cannot_be_written_to_registers_nothing() {
    let haechi = Haechi::new().begun();
    std::fs::write(haechi.folder.path().join("file"), "theirs").unwrap();
    std::fs::create_dir_all(haechi.folder.path().join("app/.env")).unwrap();
    for (folder, force) in [("file", false), ("file/app", false), ("/proc/none", false), ("app", true)] {
        let write = ["clients", "create", "--for", EXPRESS, "--write", folder];
        let done = haechi.run(&[&write[..], if force { &["--force"] } else { &[] }].concat());
        assert!(done.code == Some(1) && done.err.contains("nothing was registered"), "{folder} {done:?}");
    }
    assert_eq!(haechi.json(&["clients", "list", "--json"]), serde_json::json!([]));
    assert_eq!(std::fs::read_to_string(haechi.folder.path().join("file")).unwrap(), "theirs");
}

/// A registration that is refused leaves no file behind, and takes none away.
#[test]
fn a_registration_that_is_refused_touches_no_file() {
    let haechi = Haechi::new().begun();
    let chosen = ["clients", "create", "--for", EXPRESS, "--client-id", "shop", "--json"];
    haechi.json(&chosen);
    let app = haechi.folder.path().join("app");
    let taken = haechi.run(&[&chosen[..], &["--write", "app"]].concat());
    assert_eq!(taken.code, Some(1), "{taken:?}");
    assert_eq!(std::fs::read_dir(&app).unwrap().count(), 0);
    std::fs::write(app.join(".env"), "old").unwrap();
    let taken = haechi.run(&[&chosen[..], &["--write", "app", "--force"]].concat());
    assert_eq!(taken.code, Some(1), "{taken:?}");
    assert_eq!(std::fs::read_to_string(app.join(".env")).unwrap(), "old");
    assert_eq!(std::fs::read_dir(&app).unwrap().count(), 1);
}

/// The address goes into files that shells and servers read.
#[test]
fn an_address_that_a_configuration_would_run_registers_nothing() {
    let haechi = Haechi::new().begun();
    for url in
        ["https://$(reboot).example", "https://a.example/`reboot`", "https://a.example/a;b", "https://a.example/${X}"]
    {
        let done = haechi.run(&["clients", "create", "--for", "grafana", "--url", url]);
        assert!(done.code == Some(2) && done.err.contains("--url must"), "{url} {done:?}");
    }
    assert_eq!(haechi.json(&["clients", "list", "--json"]), serde_json::json!([]));
}

#[test]
fn wrong_names_and_urls_register_nothing() {
    let haechi = Haechi::new().begun();
    for (arguments, said) in [
        (&["--for", "expres-openid-connect"][..], "did you mean express-openid-connect?"),
        (&["--for", EXPRESS, "--url", "http://shop.example"], "--url must begin with https://"),
        (&["--for", EXPRESS, "--url", "https://shop.example/callback"], "--url must have no path"),
        (&["--for", EXPRESS, "--file", "client.json"], "cannot be used with"),
        (&["--kind", "web", "--name", "x", "--url", "https://shop.example"], "--for"),
    ] {
        let done = haechi.run(&[&["clients", "create"], arguments].concat());
        assert!(done.code == Some(2) && done.err.contains(said), "{arguments:?} {done:?}");
    }
    assert_eq!(haechi.json(&["clients", "list", "--json"]), serde_json::json!([]));
}

#[test]
fn every_recipe_registers_what_it_says() {
    let haechi = Haechi::new().begun();
    for recipe in haechi::admin::recipes::all().unwrap() {
        let made = haechi.json(&["clients", "create", "--for", recipe.name, "--json"]);
        assert_eq!(made["client_secret"].is_null(), made["token_endpoint_auth_method"] == "none");
        let wanted = recipe.client(&recipe.url(None).unwrap()).unwrap();
        for (member, value) in serde_json::to_value(wanted).unwrap().as_object().unwrap() {
            assert_eq!(&made[member], value, "{} {member}", recipe.name);
        }
    }
}
