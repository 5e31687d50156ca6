//! `docs/recipes/` and `docs/compatibility.md` are made, in each language, from the catalogue and from what its last run gave: `HAECHI_RECIPES=write` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use haechi::admin::recipes::{self, Evidence, Recipe};
use serde::Deserialize;

use words::{LANGUAGES, Language};

mod words;

/// What the last run of a recipe gave.
#[derive(Deserialize)]
struct Outcome {
    /// What it was tried with then.
    tried_with: String,
    passed: bool,
    seen: Option<Seen>,
}

/// What the app was seen doing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each was seen or not")]
struct Seen {
    pkce: bool,
    nonce: bool,
    authentication: String,
    refresh: bool,
    userinfo: bool,
    revocation: bool,
    end_session: bool,
    /// Whether it called a service of ours with an access token made for that.
    api: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn outcomes() -> BTreeMap<String, Outcome> {
    let text = fs::read_to_string(root().join("tests/foreign/recipes/results.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The recipes of each group, by name.
fn groups() -> BTreeMap<String, Vec<Recipe>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for recipe in recipes::all().unwrap() {
        groups.entry(recipe.group.clone()).or_default().push(recipe);
    }
    groups
}

/// Every document, by its path.
fn documents() -> BTreeMap<PathBuf, String> {
    let (outcomes, recipes) = (outcomes(), recipes::all().unwrap());
    let mut documents = BTreeMap::new();
    for language in LANGUAGES {
        documents.insert(PathBuf::from("docs/recipes").join(language.file("README")), list(language));
        documents
            .insert(PathBuf::from("docs").join(language.file("compatibility")), compatibility(language, &outcomes));
        for recipe in &recipes {
            documents.insert(PathBuf::from("docs/recipes").join(language.file(recipe.name)), page(language, recipe));
        }
    }
    documents
}

fn list(language: Language) -> String {
    let mut text = language.list().to_owned();
    for (group, recipes) in groups() {
        let _ = write!(text, "\n## {}\n\n{}", language.said(&group), language.columns());
        for Recipe { name, title, tried_with, evidence, .. } in recipes {
            let run = if matches!(evidence, Evidence::Runs(_)) { language.run() } else { language.not_run() };
            let (file, title) = (language.file(name), language.title(&title));
            let _ = writeln!(text, "| [{name}]({file}) | {title}: {} | {run} |", language.tried_with(&tried_with));
        }
    }
    text
}

fn page(language: Language, recipe: &Recipe) -> String {
    let Recipe { name, title, tried_with, docs, default_url, .. } = recipe;
    let evidence = match &recipe.evidence {
        Evidence::Runs(folder) => language.run_from(folder),
        Evidence::NotRun(why) => language.not_run_because(why),
    };
    let client = serde_json::to_string_pretty(&recipe.client).unwrap();
    let mut text = format!(
        "# {}\n\n{}. [{}]({docs}). {evidence}\n\n```sh\nhaechi clients create --for {name} --url {default_url}\n```\n\n\
         {}\n\n```json\n{client}\n```\n\n{}\n",
        language.title(title),
        language.tried_with(tried_with),
        language.documentation(),
        language.registers(),
        language.prints(),
    );
    for file in &recipe.configuration {
        let _ = write!(text, "\n`{}`\n\n```{}\n{}\n```\n", file.file, file.format, file.text.trim_end());
    }
    let notes = if language == Language::Korean { &recipe.notes_ko } else { &recipe.notes };
    if let Some(notes) = notes {
        let _ = write!(text, "\n{}\n", notes.trim());
    }
    text
}

fn compatibility(language: Language, outcomes: &BTreeMap<String, Outcome>) -> String {
    let mut text = language.compatibility().to_owned();
    for recipe in groups().into_values().flatten() {
        let _ = writeln!(
            text,
            "| [{}](recipes/{}) | {} | {} |",
            language.title(&recipe.title),
            language.file(recipe.name),
            language.tried_with(&recipe.tried_with),
            result(language, &recipe, outcomes.get(recipe.name))
        );
    }
    text
}

fn result(language: Language, recipe: &Recipe, outcome: Option<&Outcome>) -> String {
    let unseen = |result: &str| format!("{result} | | | | | | |");
    if matches!(recipe.evidence, Evidence::NotRun(_)) {
        return unseen(language.not_run());
    }
    match outcome {
        Some(outcome) if outcome.tried_with != recipe.tried_with => unseen(language.not_with_this_version()),
        Some(Outcome { passed: true, seen: Some(seen), .. }) => format!(
            "{} | {} | {} | {} | {} | {} | {} | {}",
            language.passed(),
            language.yes(seen.pkce),
            language.yes(seen.nonce),
            seen.authentication,
            language.yes(seen.refresh),
            language.yes(seen.userinfo),
            language.yes(seen.api),
            language.ends(seen.end_session, seen.revocation)
        ),
        Some(_) => unseen(language.failed()),
        None => unseen(language.not_yet()),
    }
}

#[test]
fn the_documents_are_those_of_the_catalogue() {
    let update = std::env::var_os("HAECHI_RECIPES").is_some_and(|value| value == "write");
    let documents = documents();
    fs::create_dir_all(root().join("docs/recipes")).unwrap();
    for (path, wanted) in &documents {
        let file = root().join(path);
        if update {
            fs::write(&file, wanted).unwrap();
        }
        let is = fs::read_to_string(&file).unwrap_or_default();
        assert!(is == *wanted, "{} differs from the catalogue: HAECHI_RECIPES=write writes it anew", path.display());
    }
    let there = fs::read_dir(root().join("docs/recipes")).unwrap().map(|entry| entry.unwrap().file_name());
    let there: BTreeSet<PathBuf> = there.map(|name| Path::new("docs/recipes").join(name)).collect();
    let made: BTreeSet<PathBuf> = documents.into_keys().filter(|path| path.starts_with("docs/recipes")).collect();
    assert_eq!(there, made, "documents of recipes that are no more");
}
