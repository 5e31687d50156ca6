//! Commands inside sentences and tables: those of `haechi` are read by its command line, and filters of tests find some.

use std::fs;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::held::tests;
use super::pages::{documents, name, root};

/// What stands between backticks in a document, outside of blocks.
fn quoted(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2).collect::<String>();
    outside.split('`').skip(1).step_by(2).map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The words of a command as a shell reads them: what stands between apostrophes is one; what is left out (`…`) and where it goes are not among them.
fn words(command: &str) -> Vec<String> {
    let command =
        [" > ", " < ", " | ", " && ", " # "].iter().fold(command, |line, mark| line.split(mark).next().unwrap());
    let parts = command.split('\'').enumerate().flat_map(|(at, part)| match at % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    });
    parts.filter(|word| word != "…" && word != "...").collect()
}

/// A command that is only begun, such as `haechi clients`, or lacks what its reader knows, is read as far as it goes.
fn is_read(words: &[String]) -> Result<(), String> {
    use ErrorKind::{
        DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, InvalidValue, MissingRequiredArgument,
        MissingSubcommand, ValueValidation,
    };
    let Err(error) = haechi::cli::command().try_get_matches_from(words) else { return Ok(()) };
    // What stands for a value is in capitals; after `--scope` nothing may follow at all.
    let left_open = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => value.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
        _ => false,
    };
    match error.kind() {
        DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand | MissingRequiredArgument | MissingSubcommand => Ok(()),
        InvalidValue | ValueValidation if left_open => Ok(()),
        _ => Err(error.to_string()),
    }
}

#[test]
fn every_command_in_a_sentence_is_one_of_the_command_line() {
    let (mut count, mut wrong) = (0, Vec::new());
    for document in documents() {
        let page = name(&document);
        for command in quoted(&fs::read_to_string(&document).unwrap()) {
            // A man page is named as `haechi(1)`, a setting of a file as `haechi --config FILE`.
            if command.split(' ').next() == Some("haechi") {
                count += 1;
                if let Err(why) = is_read(&words(&command)) {
                    wrong.push(format!("{page}: `{command}`: {why}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "only {count} commands were found");
}

/// The words behind `cargo test … --test it` on a line of a document, up to options and to what is said of it.
fn filters(line: &str) -> Vec<&str> {
    let Some((_, rest)) = line.split_once("--test it ") else { return Vec::new() };
    let rest = rest.split(['#', '`']).next().unwrap();
    rest.split_whitespace()
        .take_while(|word| *word != "--nocapture")
        .filter(|word| *word != "--" && *word != "FILTER")
        .collect()
}

#[test]
fn every_filter_of_tests_finds_some() {
    let tests = tests();
    let mut count = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for line in text.lines() {
            for filter in filters(line) {
                assert!(tests.iter().any(|test| test.contains(filter)), "{}: {filter} finds no test", name(&document));
                count += 1;
            }
        }
    }
    assert!(count >= 3, "only {count} filters were found");
}

/// The last column of the tables of reliability.md.
#[test]
fn every_filter_of_reliability_finds_some() {
    let tests = tests();
    for page in ["docs/reliability.md", "docs/reliability.ko.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let rows = text.lines().filter(|line| line.starts_with('|') && line.ends_with(" |") && line.contains('`'));
        let mut count = 0;
        for row in rows {
            let last = row.trim_end_matches(" |").rsplit("| ").next().unwrap();
            // `HAECHI_RACE_ROUNDS` is no filter.
            for filter in quoted(last).iter().filter(|filter| !filter.starts_with("HAECHI_")) {
                assert!(tests.iter().any(|test| test.contains(filter.as_str())), "{page}: {filter} finds no test");
                count += 1;
            }
        }
        assert!(count > 15, "{page}: only {count} filters were found");
    }
}
