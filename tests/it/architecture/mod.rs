//! The directions of dependency, read off the sources: a forbidden `use` fails here.

use std::fs;

use house::{root, sources};

mod house;
mod layers;
mod paths;
mod tokens;

/// A crate and the only places that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("axum", &["http/", "demo/"]),
    ("sea_orm", &["store/sql/", "logging.rs"]),
    ("redis", &["store/redis/", "config/"]),
    ("askama", &["http/pages/", "demo/", "mail/"]),
    ("lettre", &["mail/"]),
    ("image", &["admin/logo.rs"]),
    ("openidconnect", &["upstream/", "demo/"]),
    ("jsonwebtoken", &["keys/"]),
    ("aws_lc_rs", &["keys/backend.rs"]),
    ("ring", &["keys/", "support/digest.rs", "support/pbkdf2.rs", "support/random.rs"]),
    ("reqwest", &["outgoing/", "outgoing.rs", "demo/", "cli/", "doctor/"]),
    ("clap", &["cli/", "main.rs"]),
    ("figment", &["config/"]),
];

/// `protocol` is pure: no waiting, no I/O, no clock.
const NOT_IN_PROTOCOL: &[&str] = &["async fn", "tokio", "std::fs", "std::net::Tcp", "SystemTime", "Clock"];

#[test]
fn a_crate_is_named_only_in_its_home() {
    each_line(|path, line, number| {
        for (name, homes) in HOMES {
            let at_home = homes.iter().any(|home| path.starts_with(home));
            assert!(at_home || !names_the_crate(line, name), "src/{path}:{number} names {name}: {line}");
        }
    });
}

#[test]
fn only_the_command_line_and_what_it_runs_act_for_the_operator() {
    each_line(|path, line, number| {
        let at_home = ["cli/", "demo/", "admin/authority.rs"].iter().any(|home| path.starts_with(home));
        let claimed = line.contains("Authority::operator") || line.contains("Authority::system");
        assert!(at_home || !claimed, "src/{path}:{number} takes the operator's authority: {line}");
    });
}

#[test]
fn the_protocol_layer_is_pure() {
    each_line(|path, line, number| {
        if path.starts_with("protocol/") {
            for word in NOT_IN_PROTOCOL {
                assert!(!line.contains(word), "src/{path}:{number}: {word} in protocol: {line}");
            }
        }
    });
}

#[test]
fn a_file_stops_at_400_lines() {
    for file in sources() {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 400, "{} has {lines} lines", file.display());
    }
}

/// The fuzzers are built with `--locked` from a lock file of their own, which a new dependency must enter too.
#[test]
fn the_fuzzers_lock_every_dependency() {
    let read = |path: &str| -> toml::Table {
        fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap().parse().unwrap()
    };
    let (manifest, lock) = (read("Cargo.toml"), read("fuzz/Cargo.lock"));
    let haechi = lock["package"].as_array().unwrap().iter().find(|p| p["name"].as_str() == Some("haechi")).unwrap();
    let locked = haechi["dependencies"].as_array().unwrap();
    let needed = manifest["dependencies"].as_table().unwrap().iter();
    // The fuzzers do without what a feature brings.
    let needed = needed.filter(|(_, of)| of.get("optional").and_then(toml::Value::as_bool) != Some(true));
    for (name, _) in needed {
        // A version follows the name where there are several.
        let is_locked = locked.iter().any(|entry| entry.as_str().unwrap().split(' ').next() == Some(name));
        assert!(is_locked, "{name}: run `cargo metadata --manifest-path fuzz/Cargo.toml >/dev/null`");
    }
}

/// Whether a path on this line begins with the crate's name: `ring::` does, `string::` and `store::redis::` do not.
fn names_the_crate(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

/// Calls back with every line of code (not comments) of every source file.
fn each_line(check: impl Fn(&str, &str, usize)) {
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            check(&path, line, number + 1);
        }
    }
}
