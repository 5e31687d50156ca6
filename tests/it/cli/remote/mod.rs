//! `--server`: the same commands, done to a server elsewhere.

use std::fs;

use serde_json::{Value, json};

use super::PASSWORD;
use super::help::words;
use crate::documentation::pages;
use crate::support::binary::{Done, Haechi, Running};

mod declared;
mod login;
mod rest;

/// The client that `haechi login` is.
const REGISTRATION: &[&str] = &[
    "clients",
    "create",
    "--client-id",
    "haechi-cli",
    "--kind",
    "native",
    "--name",
    "Haechi on the command line",
    "--redirect-uri",
    "http://127.0.0.1/callback",
    "--scope",
    "openid haechi:read haechi:write offline_access",
    "--id-token-algorithm",
    "ES256",
];

/// A server, and somebody's own machine.
struct Elsewhere {
    server: Haechi,
    /// Kept: the server ends with it.
    running: Running,
    own: Haechi,
}

/// A machine without a database, whose user keeps what they sign in with in its folder.
fn own_machine() -> Haechi {
    let machine = Haechi::new();
    let folder = machine.folder.path().to_str().unwrap().to_owned();
    machine.set("XDG_CONFIG_HOME", &folder)
}

impl Elsewhere {
    fn new() -> Self {
        Self::of(Haechi::new())
    }

    fn of(server: Haechi) -> Self {
        let running = server.start();
        Self { server, running, own: own_machine() }
    }

    /// The same with a service account, which the own machine acts as.
    fn with_service() -> Self {
        Self::new().served()
    }

    fn served(self) -> Self {
        let Self { server, running, own } = self;
        let machine = ["clients", "create", "--kind", "service", "--client-id", "machine", "--name", "Machine"];
        let rights = ["--role", "owner", "--scope", "haechi:read haechi:write", "--json"];
        let made = server.json(&[&machine[..], &rights].concat());
        let own = own
            .set("HAECHI_SERVER", &server.issuer())
            .set("HAECHI_CLIENT_ID", "machine")
            .set("HAECHI_CLIENT_SECRET", made["client_secret"].as_str().unwrap());
        Self { server, running, own }
    }
}

fn code_of(done: &Done) -> Value {
    let error: Value = serde_json::from_str(&done.err).unwrap_or_else(|_| panic!("no error but {done:?}"));
    error["code"].clone()
}

/// Things of each kind, made over the network: what is answered is what is there then.
fn furnish(own: &Haechi) {
    for arguments in [
        &["users", "create", "lee@example.com", "--name", "Lee", "--no-password"][..],
        &["users", "create", "cho@example.com", "--no-password", "--role", "auditor"],
        &["groups", "define", "staff", "--label", "Staff", "--label-in", "ko=직원"],
        &["roles", "define", "reader", "--description", "Reads"],
        &["clients", "create", "--kind", "service", "--client-id", "shop", "--name", "Shop"],
        &["roles", "define", "manager", "--client", "shop"],
        &["groups", "add", "staff", "lee@example.com", "cho@example.com"],
        &["roles", "add", "shop:manager", "lee@example.com"],
        &["apis", "create", "--resource", "https://orders.example/", "--scope", "orders:read=See your orders"],
        &["apis", "add", "https://orders.example", "shop"],
        &["connections", "create", "--preset", "google", "--client-id", "x.example", "--no-secret"],
        &["webhooks", "create", "--url", "https://hooks.example/haechi", "--kind", "user_created"],
    ] {
        own.out(arguments);
    }
}

#[test]
fn what_is_read_is_the_same_at_both_doors() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    furnish(&own);
    for arguments in [
        &["users", "list"][..],
        &["users", "list", "--search", "lee"],
        &["users", "list", "--limit", "1"],
        &["users", "show", "lee@example.com"],
        &["users", "passkeys", "list", "lee@example.com"],
        &["groups", "list"],
        &["groups", "show", "staff"],
        &["groups", "members", "staff"],
        &["groups", "members", "staff", "--limit", "1"],
        &["roles", "list"],
        &["roles", "list", "--search", "read"],
        &["roles", "show", "shop:manager"],
        &["roles", "members", "shop:manager"],
        &["clients", "list"],
        &["clients", "list", "--after", "a", "--limit", "1"],
        &["clients", "show", "shop"],
        &["apis", "list"],
        &["apis", "show", "https://orders.example"],
        &["apis", "apps", "https://orders.example/"],
        &["connections", "list"],
        &["connections", "show", "google"],
        &["webhooks", "list"],
        &["keys", "list"],
        &["sessions", "list", "lee@example.com"],
        &["audit", "--kind", "user_created"],
        &["audit", "--kind", "user_created", "--limit", "1"],
        &["audit", "--user", "lee@example.com", "--outcome", "succeeded"],
    ] {
        assert_eq!(own.out(arguments), server.out(arguments), "{arguments:?}");
        let arguments = [arguments, &["--json"]].concat();
        assert_eq!(own.json(&arguments), server.json(&arguments), "{arguments:?}");
    }
    let after = own.json(&["users", "list", "--json"])[0]["sub"].as_str().unwrap().to_owned();
    let rest = ["users", "list", "--after", &after, "--json"];
    assert_eq!(own.json(&rest), server.json(&rest));
    assert!(!own.folder.path().join("haechi.db").exists(), "nothing is done on the own machine");
}

#[test]
fn what_is_changed_elsewhere_is_changed_there() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    furnish(&own);
    let update = own.json(&["users", "update", "lee@example.com", "--name", "Lee Jiwoo", "--json"]);
    let mut shown = server.json(&["users", "show", "lee@example.com"]);
    assert!(shown.as_object_mut().unwrap().remove("memberships").is_some(), "{shown}");
    assert_eq!(update, shown);
    assert_eq!(update["name"], "Lee Jiwoo");
    let again = own.out(&["users", "update", "lee@example.com", "--name", "Lee Jiwoo"]);
    assert_eq!(again, "lee@example.com is unchanged.\n");
    own.out(&["users", "verify", "lee@example.com"]);
    own.out(&["users", "roles", "lee@example.com", "--role", "people_manager"]);
    own.out(&["users", "disable", "lee@example.com"]);
    let set = ["users", "set-password", "lee@example.com", "--reason", "seen in person"];
    assert_eq!(own.run_with(&set, &format!("{PASSWORD}\n")).code, Some(0));
    let lee = server.json(&["users", "show", "lee@example.com"]);
    assert_eq!(
        (&lee["email_verified"], &lee["roles"], &lee["status"]),
        (&json!(true), &json!(["people_manager"]), &json!("disabled"))
    );

    let cut = own.out(&["clients", "update", "shop", "--name", "The Shop", "--resource", "https://orders.example/"]);
    assert!(cut.contains("The Shop is changed."), "{cut}");
    let rotated = own.json(&["clients", "rotate-secret", "shop", "--json"]);
    let here = server.json(&["clients", "rotate-secret", "shop", "--json"]);
    let members = |document: &Value| document.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&rotated), members(&here));
    assert!(rotated["client_secret"].is_string(), "{rotated}");

    own.out(&["groups", "remove", "staff", "lee@example.com"]);
    assert_eq!(server.json(&["groups", "members", "staff", "--json"]).as_array().unwrap().len(), 1);
    let early = own.run(&["keys", "rotate"]);
    assert_eq!(early.code, server.run(&["keys", "rotate"]).code, "{early:?}");
    for (deleted, gone) in [
        (&["users", "delete", "cho@example.com", "--yes"][..], &["users", "show", "cho@example.com"][..]),
        (&["groups", "delete", "staff", "--yes"], &["groups", "show", "staff"]),
        (&["roles", "delete", "shop:manager", "--yes"], &["roles", "show", "shop:manager"]),
        (&["connections", "delete", "google", "--yes"], &["connections", "show", "google"]),
        (&["clients", "delete", "shop", "--yes"], &["clients", "show", "shop"]),
    ] {
        own.out(deleted);
        assert_eq!(own.run(gone).code, Some(1), "{gone:?}");
        assert_eq!(server.run(gone).code, Some(1), "{gone:?}");
    }
    let audit = server.json(&["audit", "--kind", "user_deleted", "--json"]);
    assert_eq!(audit[0]["actor"], json!({ "kind": "client", "id": "machine" }));
}

#[test]
fn what_is_wrong_is_said_by_the_option_and_with_the_servers_code() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    let plain = ["clients", "create", "--kind", "web", "--name", "x", "--redirect-uri", "http://shop.example/cb"];
    let wrong = own.run(&[&plain[..], &["--json"]].concat());
    let error: Value = serde_json::from_str(&wrong.err).unwrap();
    let problem = &error["errors"][0];
    assert_eq!((&error["code"], &problem["option"]), (&json!("invalid"), &json!("--redirect-uri")), "{error}");
    assert_eq!(problem["pointer"], "/redirect_uris");
    assert!(own.run(&plain).err.contains("--redirect-uri: "), "{wrong:?}");
    let taken = own.run(&["clients", "create", "--kind", "service", "--name", "x", "--client-id", "machine", "--json"]);
    assert_eq!((taken.code, code_of(&taken)), (Some(1), json!("taken")));
    for missing in
        [&["users", "show", "nobody@example.com"][..], &["groups", "show", "nobody"], &["clients", "show", "zzzz"]]
    {
        assert_eq!(own.run(missing).err, server.run(missing).err, "{missing:?}");
    }
    let typed = own.run(&["users", "list", "--server", "http://id.example"]);
    assert!(typed.code == Some(2) && typed.err.contains("https"), "{typed:?}");
    let away = own.run(&["users", "list", "--server", "http://127.0.0.1:9", "--json"]);
    assert_eq!((away.code, code_of(&away)), (Some(1), json!("unreachable")));
    let other = own.run(&["users", "list", "--server", &server.issuer().replace("localhost", "127.0.0.1")]);
    assert_eq!(other.code, Some(1), "another issuer is not taken for it: {other:?}");
}

#[test]
fn a_service_account_says_who_it_is_by_a_file_too() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    let made = server.json(&["clients", "rotate-secret", "machine", "--json"]);
    let file = own.folder.path().join("secret");
    fs::write(&file, format!("{}\n", made["client_secret"].as_str().unwrap())).unwrap();
    let machine = own_machine();
    let issuer = server.issuer();
    let by_file = ["users", "list", "--server", &issuer, "--as", "machine", "--client-secret-file"];
    machine.out(&[&by_file[..], &[file.to_str().unwrap()]].concat());
    fs::write(&file, "guessed").unwrap();
    let wrong = machine.run(&[&by_file[..], &[file.to_str().unwrap(), "--json"]].concat());
    assert_eq!((wrong.code, code_of(&wrong)), (Some(1), json!("invalid_client")));
    let unsaid = machine.run(&["users", "list", "--server", &issuer, "--as", "machine"]);
    assert!(unsaid.code == Some(2) && unsaid.err.contains("--client-secret-file"), "{unsaid:?}");
    assert_eq!(machine.run(&["users", "list", "--as", "machine"]).code, Some(2));
}

#[test]
fn what_needs_the_machine_is_refused_and_never_done_there() {
    let own = own_machine()
        .set("HAECHI_SERVER", "https://id.example")
        .set("HAECHI_CLIENT_ID", "machine")
        .set("HAECHI_CLIENT_SECRET", "secret");
    for arguments in [
        &["serve"][..],
        &[],
        &["claim"],
        &["demo"],
        &["doctor"],
        &["migrate", "up"],
        &["issuer", "show"],
        &["bench", "seed", "--people", "1"],
        &["users", "recover", "kim@example.com", "--reason", "seen in person", "--yes"],
        &["users", "export"],
        &["connections", "tokens", "google", "kim@example.com"],
        &["clients", "problems"],
        &["audit", "--all", "--format", "csv"],
    ] {
        let refused = own.run(arguments);
        assert!(
            refused.code == Some(2) && refused.err.contains("on the server's own machine"),
            "{arguments:?}: {refused:?}"
        );
    }
    assert_eq!(fs::read_dir(own.folder.path()).unwrap().count(), 0, "nothing is done here");
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/administration.md", "docs/administration.ko.md"] {
        let blocks = pages::blocks(page);
        let lines = |begins: &str| {
            let block = blocks.iter().find(|block| block.code.starts_with(begins)).unwrap();
            let code = block.code.replace("\\\n", " ");
            code.lines().map(words).collect::<Vec<_>>()
        };
        let haechi = Haechi::new().begun();
        let registration = &lines("haechi clients create --client-id haechi-cli")[0];
        assert_eq!(registration[1..], *REGISTRATION, "{page}");
        haechi.out(REGISTRATION);
        for line in lines("haechi login") {
            let read = haechi::cli::command().try_get_matches_from(&line);
            assert!(read.is_ok(), "{page}: {line:?}: {}", read.unwrap_err());
        }
    }
}
