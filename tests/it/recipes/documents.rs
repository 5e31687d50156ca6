//! `docs/recipes/` and `docs/compatibility.md` are made from the catalogue and from what its last run gave: `HAECHI_RECIPES=write` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use haechi::admin::recipes::{self, Evidence, Recipe};
use serde::Deserialize;

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
    let mut documents = BTreeMap::from([
        (PathBuf::from("docs/recipes/README.md"), list()),
        (PathBuf::from("docs/compatibility.md"), compatibility(&outcomes())),
    ]);
    for recipe in recipes::all().unwrap() {
        documents.insert(format!("docs/recipes/{}.md", recipe.name).into(), page(&recipe));
    }
    documents
}

fn list() -> String {
    let mut text = "# Recipes\n\n\
        How software that others wrote is connected to Haechi. `haechi clients create --for NAME --url URL` registers it as it wants to be, and prints its\n\
        configuration ready to paste; `--write FOLDER` writes the files. `haechi recipes` lists the names. What each was seen doing is in\n\
        [compatibility](../compatibility.md).\n"
        .to_owned();
    for (group, recipes) in groups() {
        let _ = write!(text, "\n## {group}\n\n| recipe | software | |\n|---|---|---|\n");
        for Recipe { name, title, tried_with, evidence, .. } in recipes {
            let run = if matches!(evidence, Evidence::Runs(_)) { "run" } else { "from its docs, not run" };
            let _ = writeln!(text, "| [{name}]({name}.md) | {title}: {tried_with} | {run} |");
        }
    }
    text
}

fn page(recipe: &Recipe) -> String {
    let Recipe { name, title, tried_with, docs, default_url, .. } = recipe;
    let evidence = match &recipe.evidence {
        Evidence::Runs(folder) => format!("Run from [{folder}](../../{folder}/)."),
        Evidence::NotRun(why) => format!("From its docs, not run: {why}."),
    };
    let client = serde_json::to_string_pretty(&recipe.client).unwrap();
    let mut text = format!(
        "# {title}\n\n{tried_with}. [Its documentation]({docs}). {evidence}\n\n```sh\nhaechi clients create --for {name} --url {default_url}\n```\n\n\
         registers\n\n```json\n{client}\n```\n\nand prints, filled in:\n"
    );
    for file in &recipe.configuration {
        let _ = write!(text, "\n`{}`\n\n```{}\n{}\n```\n", file.file, file.format, file.text.trim_end());
    }
    for notes in [&recipe.notes, &recipe.notes_ko].into_iter().flatten() {
        let _ = write!(text, "\n{}\n", notes.trim());
    }
    text
}

fn compatibility(outcomes: &BTreeMap<String, Outcome>) -> String {
    let mut text = "# Compatibility\n\n\
        What happened when `scripts/foreign` last ran each [recipe](recipes/README.md): a fresh server, the printed configuration and nothing else; sign-in,\n\
        consent, what the app shows of the person, an API call, a refresh and the sign-out, as far as the software has them. PKCE, nonce and the\n\
        method of client authentication are what the software was seen sending.\n\n\
        | software | tried with | result | PKCE | nonce | authentication | refresh | UserInfo | ends |\n|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for recipe in groups().into_values().flatten() {
        let _ = writeln!(
            text,
            "| [{}](recipes/{}.md) | {} | {} |",
            recipe.title,
            recipe.name,
            recipe.tried_with,
            result(&recipe, outcomes.get(recipe.name))
        );
    }
    text
}

fn result(recipe: &Recipe, outcome: Option<&Outcome>) -> String {
    let unseen = |result: &str| format!("{result} | | | | | |");
    if matches!(recipe.evidence, Evidence::NotRun(_)) {
        return unseen("from its docs, not run");
    }
    match outcome {
        Some(outcome) if outcome.tried_with != recipe.tried_with => unseen("not run with this version yet"),
        Some(Outcome { passed: true, seen: Some(seen), .. }) => {
            let yes = |it: bool| if it { "yes" } else { "no" };
            let ends = match (seen.end_session, seen.revocation) {
                (true, _) => "session",
                (false, true) => "tokens",
                (false, false) => "at the app",
            };
            format!(
                "passed | {} | {} | {} | {} | {} | {ends}",
                yes(seen.pkce),
                yes(seen.nonce),
                seen.authentication,
                yes(seen.refresh),
                yes(seen.userinfo)
            )
        }
        Some(_) => unseen("failed"),
        None => unseen("not run yet"),
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
