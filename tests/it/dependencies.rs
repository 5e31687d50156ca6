//! The rules for dependencies, deny.toml, held without cargo-deny: licences, bans and sources of everything that Haechi is built of.
//!
//! What each target is built of is asked of cargo. `scripts/deny` holds the same rules with cargo-deny, in continuous integration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use toml::Table;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What is used of deny.toml.
#[derive(Deserialize)]
struct Rules {
    graph: Graph,
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Named>,
    skip: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "crate")]
    name: String,
}

/// A dependency: its name, its version, and its licence as an SPDX expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dependency {
    name: String,
    version: String,
    licence: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> Rules {
    toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap()
}

/// What a target is built of; `None` where that cannot be found out, as not all of it was fetched and there is no network.
fn dependencies(target: &str) -> Option<BTreeSet<Dependency>> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root()).args(["tree", "--locked", "--package", "haechi", "--all-features", "--target", target]);
    command.args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}|{l}"]);
    let done = command.output().unwrap();
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(std::env::var_os("HAECHI_REQUIRE_SERVERS").is_none(), "{target}: {said}");
        return None;
    }
    let text = String::from_utf8(done.stdout).unwrap();
    let found: BTreeSet<_> = text.lines().filter_map(dependency).collect();
    assert!(found.len() > 200, "{found:?}");
    Some(found)
}

/// Reads `name v1.2.3 (proc-macro)|MIT OR Apache-2.0`; members of the workspace, which stand at a path, are none.
fn dependency(line: &str) -> Option<Dependency> {
    let (package, licence) = line.split_once('|')?;
    if package.contains("(/") {
        return None;
    }
    let (name, rest) = package.split_once(" v").unwrap();
    let version = rest.split(' ').next().unwrap();
    // What stands in the tree a second time is marked.
    let licence = licence.trim_end_matches(" (*)").trim();
    Some(Dependency { name: name.to_owned(), version: version.to_owned(), licence: licence.to_owned() })
}

/// The licences of an SPDX expression that the choice falls on; `None` where none of its choices is allowed. `AND` binds closer than `OR`
/// (SPDX 2.3, annex D.4.5); a slash is what old manifests write for `OR`.
fn chosen<'a>(expression: &'a str, allowed: &impl Fn(&str) -> bool) -> Option<Vec<&'a str>> {
    let expression = expression.trim();
    if let Some(sides) = split(expression, &[" OR ", "/"]) {
        return sides.into_iter().find_map(|side| chosen(side, allowed));
    }
    if let Some(sides) = split(expression, &[" AND "]) {
        let all: Option<Vec<_>> = sides.into_iter().map(|side| chosen(side, allowed)).collect();
        return all.map(|all| all.concat());
    }
    match expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => chosen(inner, allowed),
        None => allowed(expression).then(|| vec![expression]),
    }
}

/// The parts of an expression between these words, outside of parentheses; `None` where there is one part only.
fn split<'a>(expression: &'a str, words: &[&str]) -> Option<Vec<&'a str>> {
    let (mut parts, mut depth, mut from, mut at) = (Vec::new(), 0_usize, 0, 0);
    while at < expression.len() {
        let rest = &expression[at..];
        if let Some(word) = words.iter().find(|word| depth == 0 && rest.starts_with(**word)) {
            parts.push(&expression[from..at]);
            at += word.len();
            from = at;
        } else {
            depth += usize::from(rest.starts_with('('));
            depth -= usize::from(rest.starts_with(')'));
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push(&expression[from..]);
    (parts.len() > 1).then_some(parts)
}

/// The targets whose dependencies can be found out; that of this machine always can.
fn trees(rules: &Rules) -> Vec<BTreeSet<Dependency>> {
    let found: Vec<_> = rules.graph.targets.iter().filter_map(|target| dependencies(target)).collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn every_licence_is_one_that_is_allowed_and_every_allowed_one_is_met() {
    let rules = rules();
    let mut met = BTreeSet::new();
    for Dependency { name, version, licence } in trees(&rules).into_iter().flatten() {
        let exceptions: Vec<_> = rules.licenses.exceptions.iter().filter(|exception| exception.name == name).collect();
        let excepted = |id: &str| exceptions.iter().any(|exception| exception.allow.contains(id));
        let ids = chosen(&licence, &|id| rules.licenses.allow.contains(id) || excepted(id));
        let ids =
            ids.unwrap_or_else(|| panic!("{name} {version} is under {licence:?}, which deny.toml does not allow"));
        met.extend(ids.into_iter().filter(|id| !excepted(id)).map(str::to_owned));
    }
    let expected: BTreeSet<_> = rules.licenses.allow.iter().filter(|id| met.contains(*id)).cloned().collect();
    assert_eq!(rules.licenses.allow, expected, "deny.toml allows what nothing asks for");
}

#[test]
fn no_crate_is_banned_and_none_comes_twice_without_a_reason() {
    let rules = rules();
    let mut unmet: BTreeSet<&str> = rules.bans.skip.iter().map(|skip| skip.name.as_str()).collect();
    for tree in trees(&rules) {
        let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for Dependency { name, version, .. } in &tree {
            versions.entry(name).or_default().insert(version);
        }
        for Named { name } in &rules.bans.deny {
            assert!(!versions.contains_key(name.as_str()), "{name} is banned by deny.toml");
        }
        for (name, versions) in versions {
            let is_skipped = |version: &&&str| rules.bans.skip.iter().any(|skip| is(&skip.name, name, version));
            unmet.retain(|skip| !versions.iter().any(|version| is(skip, name, version)));
            let left = versions.len() - versions.iter().filter(is_skipped).count();
            assert!(left <= 1, "{name} comes as {versions:?}: choose one, or give deny.toml the reason");
        }
    }
    assert!(unmet.is_empty(), "deny.toml skips what is not there: {unmet:?}");
}

/// Whether `name@1.2` names a version of a crate: this one, or one that begins so.
fn is(spec: &str, name: &str, version: &str) -> bool {
    let (of, begins) = spec.split_once('@').unwrap_or((spec, ""));
    let rest = version.strip_prefix(begins);
    of == name && rest.is_some_and(|rest| begins.is_empty() || rest.is_empty() || rest.starts_with('.'))
}

#[test]
fn everything_comes_from_the_public_registry_with_a_checksum() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock", "examples/resource-server-rust/Cargo.lock"] {
        let text = std::fs::read_to_string(root().join(lock)).unwrap();
        let lock: Table = toml::from_str(&text).unwrap();
        let own = ["haechi", "haechi-migrations", "haechi-fuzz", "haechi-floor", "resource-server-rust"];
        for package in lock["package"].as_array().unwrap() {
            let name = package["name"].as_str().unwrap();
            match package.get("source") {
                Some(source) => {
                    assert_eq!(source.as_str(), Some(REGISTRY), "{name}");
                    assert!(package.get("checksum").is_some(), "{name} has no checksum");
                }
                None => assert!(own.contains(&name), "{name} comes from a path"),
            }
        }
    }
}

#[test]
fn no_version_is_left_open() {
    for manifest in ["Cargo.toml", "migrations/Cargo.toml", "benches/floor/Cargo.toml", "fuzz/Cargo.toml"] {
        let text = std::fs::read_to_string(root().join(manifest)).unwrap();
        assert!(!text.contains("= \"*\""), "{manifest} takes any version of something");
    }
}

#[test]
fn an_expression_is_read_as_spdx_means_it() {
    let allowed = |id: &str| ["MIT", "Apache-2.0", "ISC"].contains(&id);
    let read = |expression| chosen(expression, &allowed);
    for good in ["MIT", "GPL-2.0-only OR MIT", "MIT/Apache-2.0", "(GPL-2.0-only OR MIT) AND ISC", "MIT AND ISC"] {
        assert!(read(good).is_some(), "{good}");
    }
    for bad in
        ["", "GPL-2.0-only", "MIT AND GPL-2.0-only", "(MIT OR ISC) AND GPL-2.0-only", "Apache-2.0 WITH LLVM-exception"]
    {
        assert_eq!(read(bad), None, "{bad}");
    }
    assert_eq!(read("MIT AND GPL-2.0-only OR Apache-2.0 AND ISC"), Some(vec!["Apache-2.0", "ISC"]));
    assert!(is("syn@2", "syn", "2.0.119") && is("base64@0.22", "base64", "0.22.1"));
    assert!(!is("syn@2", "syn", "20.0.0") && !is("syn@2", "sync", "2.0.0"));
}
