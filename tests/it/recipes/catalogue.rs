//! What every file of the catalogue must say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use haechi::admin::recipes::{self, Evidence, Installation, Recipe};
use haechi::model::client::ClientKind;
use haechi::protocol::issuer::Issuer;
use haechi::support::{Secret, SeededRandom};

/// Where run folders are.
const RUNS: [&str; 2] = ["examples", "tests/foreign/recipes"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn is_public(recipe: &Recipe) -> bool {
    let client = recipe.client(&recipe.url(None).unwrap()).unwrap();
    matches!(client.kind, Some(ClientKind::Browser | ClientKind::Native))
}

#[test]
fn every_recipe_can_be_filled_in() {
    let issuer = Issuer::parse("https://id.example").unwrap();
    let (secret, random) = (Secret::new("hcs_secret".to_owned()), SeededRandom::new(1));
    for recipe in recipes::all().unwrap() {
        let name = recipe.name;
        let url = recipe.url(None).unwrap_or_else(|why| panic!("{name}: default_url {why}"));
        recipe.client(&url).unwrap_or_else(|why| panic!("{name}: {why}"));
        let public = is_public(&recipe);
        let client_secret = (!public).then_some(&secret);
        let installation =
            Installation { issuer: &issuer, client_id: "cli_1", client_secret, url: &url, random: &random };
        let filled = recipe.configuration(&installation).unwrap_or_else(|why| panic!("{name}: {why}"));
        let all: String = filled.iter().map(|file| file.text.as_str()).collect();
        assert!(all.contains("cli_1"), "{name} does not say the client id");
        assert!(all.contains("https://id.example") || all.contains("id.example"), "{name} does not say the issuer");
        assert_eq!(all.contains("hcs_secret"), !public, "{name}: the secret is said where there is one");
    }
}

#[test]
fn every_recipe_says_where_it_comes_from() {
    for recipe in recipes::all().unwrap() {
        let name = recipe.name;
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
        assert!(recipe.docs.starts_with("https://"), "{name}: docs");
        assert!(recipe.tried_with.bytes().any(|b| b.is_ascii_digit()), "{name}: tried_with names a version");
        assert_eq!(recipe.notes.is_some(), recipe.notes_ko.is_some(), "{name}: notes are in both languages");
        let mut files: Vec<_> = recipe.configuration.iter().map(|file| file.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        assert_eq!(files.len(), recipe.configuration.len(), "{name}: a file is there twice");
        for file in files {
            let inside = Path::new(file).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            assert!(inside && !file.is_empty(), "{name}: {file} leads out of the folder");
        }
    }
}

/// The folders that something is run from.
fn run_folders() -> BTreeSet<String> {
    let folders = RUNS.iter().flat_map(|parent| fs::read_dir(root().join(parent)).unwrap());
    let runs = folders.map(|entry| entry.unwrap().path()).filter(|folder: &PathBuf| folder.join("run.json").exists());
    runs.map(|folder| folder.strip_prefix(root()).unwrap().display().to_string()).collect()
}

#[test]
fn what_is_run_and_what_is_listed_are_the_same() {
    let listed = recipes::all().unwrap().into_iter().filter_map(|recipe| match recipe.evidence {
        Evidence::Runs(folder) => Some(folder),
        Evidence::NotRun(why) => {
            assert!(!why.is_empty(), "{} does not say why it is not run", recipe.name);
            None
        }
    });
    assert_eq!(run_folders(), listed.collect::<BTreeSet<_>>(), "run folders, and runs of the catalogue");
}
