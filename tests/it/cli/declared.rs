//! `haechi export`, `haechi plan` and `haechi apply`.

use std::fs;

use crate::documentation::pages;
use crate::support::binary::Haechi;
use crate::support::pictures;

const SHOP: &str = r#"
[[clients]]
client_id = "shop"
client_name = "Shop"
client_secret = { file = "shop.secret" }
redirect_uris = ["https://shop.example/callback"]

[[connections]]
slug = "google"
preset = "google"
client_id = "we"
client_secret = { command = ["printf", "a-secret-of-ours\n"] }
enabled = true
"#;

#[test]
fn files_are_planned_applied_watched_for_drift_and_pruned() {
    let haechi = Haechi::new().begun();
    let file = haechi.folder.path().join("declared.toml");
    fs::write(&file, SHOP).unwrap();
    fs::write(haechi.folder.path().join("shop.secret"), "kf3QxT9vLp2RzW8mYb5NcH7d\n").unwrap();
    let path = file.to_str().unwrap();
    let planned = haechi.out(&["plan", path]);
    assert!(planned.contains("+ client shop") && planned.contains("+ connection google"), "{planned}");
    let drift = haechi.run(&["plan", "--check", path]);
    assert_eq!(drift.code, Some(1), "{drift:?}");
    haechi.out(&["apply", path]);
    let again = haechi.run(&["apply", path]);
    assert!(again.code == Some(0) && again.out.is_empty() && again.err.contains("2 as declared"), "{again:?}");
    assert_eq!(haechi.run(&["plan", "--check", path]).code, Some(0));

    haechi.out(&["clients", "update", "shop", "--name", "Another"]);
    let drift = haechi.run(&["plan", "--check", path]);
    assert!(drift.code == Some(1) && drift.out.contains("client_name: \"Another\" → \"Shop\""), "{drift:?}");
    haechi.out(&[
        "clients",
        "create",
        "--kind",
        "browser",
        "--client-id",
        "old",
        "--name",
        "Old",
        "--redirect-uri",
        "https://o.example/cb",
    ]);
    let unasked = haechi.run(&["apply", "--prune", path]);
    assert!(unasked.code == Some(1) && unasked.err.contains("client old"), "{unasked:?}");
    let pruned = haechi.out(&["apply", "--prune", "--yes", path]);
    assert!(pruned.contains("- client old") && pruned.contains("~ client shop"), "{pruned}");

    let exported = haechi.out(&["export"]);
    assert!(exported.contains("[[clients]]") && !exported.contains("a-secret-of-ours"), "{exported}");
    let exported_to = haechi.folder.path().join("exported.toml");
    fs::write(&exported_to, &exported).unwrap();
    assert_eq!(haechi.run(&["plan", "--check", "--prune", exported_to.to_str().unwrap()]).code, Some(0));
}

#[test]
fn logos_are_pictures_beside_the_files() {
    let haechi = Haechi::new().begun();
    let folder = haechi.folder.path();
    let shop =
        "[[clients]]\nclient_id = \"shop\"\nclient_name = \"Shop\"\nredirect_uris = [\"https://shop.example/\"]\n";
    fs::write(folder.join("logo.png"), pictures::png(32, 16, 200)).unwrap();
    let file = folder.join("declared.toml");
    fs::write(&file, format!("{shop}logo = \"logo.png\"\n\n[branding]\nlogo = \"logo.png\"\n")).unwrap();
    let path = file.to_str().unwrap();
    let applied = haechi.out(&["apply", path]);
    assert!(applied.contains("+ client shop") && applied.matches("logo: null →").count() == 2, "{applied}");
    assert!(haechi.out(&["clients", "show", "shop"]).contains("/logos/"));
    assert_eq!(haechi.run(&["plan", "--check", path]).code, Some(0));

    haechi.out(&["clients", "logo", "shop", "--remove"]);
    let drift = haechi.run(&["plan", "--check", path]);
    assert!(drift.code == Some(1) && drift.out.contains("~ client shop\n    logo: null →"), "{drift:?}");
    fs::write(folder.join("logo.png"), pictures::png(32, 16, 10)).unwrap();
    haechi.out(&["apply", path]);

    // What is exported makes the same server of an empty one.
    let pictures_in = folder.join("pictures");
    let exported = haechi.out(&["export", "--logos", pictures_in.to_str().unwrap()]);
    assert!(exported.contains("app-shop.png") && exported.contains("service.png"), "{exported}");
    assert!(!haechi.out(&["export"]).contains("logo ="));
    let exported_to = folder.join("exported.toml");
    fs::write(&exported_to, &exported).unwrap();
    assert_eq!(haechi.run(&["plan", "--check", "--prune", exported_to.to_str().unwrap()]).code, Some(0));
    let other = Haechi::new().begun();
    other.out(&["apply", exported_to.to_str().unwrap()]);
    assert_eq!(other.out(&["export", "--logos", pictures_in.to_str().unwrap()]), exported);

    fs::write(folder.join("large.png"), vec![0; 256 * 1024 + 1]).unwrap();
    fs::write(folder.join("empty.png"), "").unwrap();
    for (name, said) in
        [("nowhere.png", "nowhere.png"), ("large.png", "at most 256 KiB"), ("empty.png", "must be a PNG")]
    {
        fs::write(&file, format!("{shop}logo = \"{name}\"\n")).unwrap();
        let refused = haechi.run(&["plan", path]);
        assert!(refused.code == Some(2) && refused.err.contains(said), "{refused:?}");
    }
    fs::write(&file, format!("{shop}logo = \"\"\n")).unwrap();
    haechi.out(&["apply", path]);
    assert!(!haechi.out(&["clients", "show", "shop"]).contains("/logos/"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_name_and_nothing_is_done() {
    let haechi = Haechi::new().begun();
    for (name, text, said) in [
        ("a.toml", "[[clients]]\nclient_nam = \"x\"\n", "did you mean client_name?"),
        ("b.json", "{\"apps\": []}", "there is no apps"),
        ("c.yml", "clients:\n  - client_nam: x\n", "did you mean client_name?"),
        ("h.yaml", "clients: [\n", "h.yaml"),
        ("i.txt", "", ".toml, .yaml, .yml or .json"),
        (
            "d.toml",
            "[[clients]]\nclient_id = \"x\"\nclient_secret = { env = \"HAECHI_NOWHERE\" }\n",
            "HAECHI_NOWHERE is not set",
        ),
        (
            "e.toml",
            "[[clients]]\nclient_id = \"x\"\nclient_secret = { vault = \"x\" }\n",
            "one of env, file and command",
        ),
        ("f.toml", "[[clients]]\nclient_id = \"x\"\nclient_secret = { file = \"nowhere\" }\n", "nowhere"),
        ("g.toml", "not toml", "a.toml"),
    ] {
        let file = haechi.folder.path().join(name);
        fs::write(&file, text).unwrap();
        let refused = haechi.run(&["apply", file.to_str().unwrap()]);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        let said = if said == "a.toml" { name } else { said };
        assert!(refused.err.contains(said) && refused.err.contains(name), "{refused:?}");
    }
    assert_eq!(haechi.json(&["clients", "list", "--json"]).as_array().unwrap().len(), 0);
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/administration.md", "docs/administration.ko.md"] {
        let haechi = Haechi::new().begun().set("SHOP_SECRET", "kf3QxT9vLp2RzW8mYb5NcH7d");
        let blocks = pages::blocks(page);
        let block = |language: &str| &blocks.iter().find(|block| block.language == language).unwrap().code;
        fs::write(haechi.folder.path().join("haechi-declared.toml"), block("toml")).unwrap();
        fs::write(haechi.folder.path().join("google.secret"), "a-secret-of-ours").unwrap();
        let applying = |block: &&pages::Block| block.language == "sh" && block.code.contains("haechi apply");
        for line in blocks.iter().find(applying).unwrap().code.lines() {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let done = haechi.run(&words);
            assert_eq!(done.code, Some(0), "{line}: {done:?}");
        }
        assert_eq!(haechi.json(&["connections", "list", "--json"])[0]["enabled"], true);
    }
}

/// `examples/gitops`: what its workflow runs, in its order, and what its schema says of its file.
#[test]
fn the_example_of_a_repository_does_what_it_says() {
    let haechi = Haechi::new()
        .begun()
        .set("SHOP_SECRET", "kf3QxT9vLp2RzW8mYb5NcH7d")
        .set("ORDERS_SECRET", "Vn4sJq7XwE2tKc9LrB6yHd3p");
    let example = |name: &str| fs::read_to_string(pages::root().join("examples/gitops").join(name)).unwrap();
    fs::write(haechi.folder.path().join("apps.yaml"), example("apps.yaml")).unwrap();
    let workflow = example("workflow.yaml");
    let lines: Vec<&str> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: haechi ")).collect();
    assert_eq!(lines, ["plan apps.yaml", "apply --prune --yes apps.yaml", "plan --check --prune apps.yaml"]);
    for line in lines {
        let done = haechi.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(done.code, Some(0), "{line}: {done:?}");
    }
    assert_eq!(haechi.json(&["clients", "show", "shop", "--json"])["client_name#ko"], "가게");
}

#[test]
fn what_is_exported_in_a_format_is_applied_from_it() {
    let haechi = Haechi::new().begun();
    let file = |name: &str| haechi.folder.path().join(name);
    fs::write(file("declared.toml"), SHOP).unwrap();
    fs::write(file("shop.secret"), "kf3QxT9vLp2RzW8mYb5NcH7d\n").unwrap();
    haechi.out(&["apply", "declared.toml"]);
    for format in ["toml", "yaml", "json"] {
        let name = format!("exported.{format}");
        fs::write(file(&name), haechi.out(&["export", "--format", format])).unwrap();
        let planned = haechi.run(&["plan", "--check", "--prune", &name]);
        assert_eq!(planned.code, Some(0), "{format}: {planned:?}");
    }
}

#[test]
fn webhooks_are_declared_with_their_secrets_elsewhere() {
    let haechi = Haechi::new().begun().set("WAREHOUSE_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let file = haechi.folder.path().join("hooks.toml");
    let hooks = "\
[[webhooks]]
name = \"warehouse\"
url = \"https://hooks.example/warehouse\"
kinds = [\"user_created\", \"user_deleted\"]
secret = { env = \"WAREHOUSE_SECRET\" }

[[webhooks]]
name = \"alerts\"
url = \"https://hooks.example/alerts\"
enabled = false
";
    fs::write(&file, hooks).unwrap();
    let path = file.to_str().unwrap();
    let applied = haechi.out(&["apply", path]);
    assert!(applied.contains("+ webhook warehouse\n+ webhook alerts\n    secret: whsec_"), "{applied}");
    assert_eq!(applied.matches("whsec_").count(), 1, "one was brought along: {applied}");
    assert_eq!(haechi.run(&["plan", "--check", "--prune", path]).code, Some(0));
    let exported = haechi.out(&["export"]);
    assert!(exported.contains("[[webhooks]]") && !exported.contains("whsec_"), "{exported}");
    // One that is made by hand may be named as a file knows it.
    haechi.out(&["webhooks", "create", "--url", "https://hooks.example/", "--name", "by-hand"]);
    let pruned = haechi.out(&["apply", "--prune", "--yes", path]);
    assert_eq!(pruned.trim(), "- webhook by-hand");
    let text = hooks.replace("{ env = \"WAREHOUSE_SECRET\" }", "{ vault = \"x\" }");
    fs::write(&file, text).unwrap();
    let refused = haechi.run(&["apply", path]);
    assert!(
        refused.code == Some(2) && refused.err.contains("secret is a text, or one of env, file and command"),
        "{refused:?}"
    );
}

/// A plan takes a role of an app that is not there yet as it is: it is refused once the app, and its secret, are made.
#[test]
fn a_secret_that_was_made_is_printed_although_something_behind_it_is_refused() {
    let haechi = Haechi::new().begun();
    let text = "[[clients]]\nclient_id = \"shop\"\nclient_name = \"Shop\"\nredirect_uris = [\"https://shop.example/\"]\n\n\
                [[roles]]\nname = \"no name / at all\"\nclient_id = \"shop\"\n";
    let file = haechi.folder.write("half.toml", text);
    let refused = haechi.run(&["apply", file.to_str().unwrap()]);
    assert!(refused.code == Some(1) && refused.err.contains("role shop:no name / at all"), "{refused:?}");
    assert!(refused.out.contains("+ client shop\n    client_secret: "), "{refused:?}");
}
