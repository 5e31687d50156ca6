//! Texts and the places that show them: every placeholder is filled in. That a text is there, and that something asks for it, is for the
//! compiler to say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::locales::rules::{File, constant};

/// What the sources ask for: the path of the constant, and the placeholders that are filled in.
fn asked_for() -> Vec<(String, Vec<String>)> {
    const CALLS: &[(&str, usize)] = &[("t.get(", 0), ("t.with(", 1), ("t.with_two(", 2), ("t.counted(", 1)];
    let mut found = Vec::new();
    for source in sources() {
        for (call, placeholders) in CALLS {
            for (at, _) in source.match_indices(call) {
                let named = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let arguments = arguments(&source[at + call.len()..]);
                if let (false, Some(key)) = (named, arguments[0].strip_prefix("keys::")) {
                    let literal = |n: usize| Some(arguments.get(n)?.strip_prefix('"')?.strip_suffix('"')?.to_owned());
                    let name = |n| literal(2 * n + 1).unwrap_or_else(|| panic!("{key}: which placeholder?"));
                    found.push((key.to_owned(), (0..*placeholders).map(name).collect()));
                }
            }
        }
    }
    found
}

/// The arguments of a call, up to the bracket that ends it.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut found) = (0, false, vec![String::new()]);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => break,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    found.into_iter().map(|argument| argument.trim().to_owned()).collect()
}

fn sources() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // The demo's texts are its own.
            if path.is_dir() && !path.ends_with("templates/demo") {
                walk(&path, found);
            } else if path.is_file() {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["templates", "src/http", "src/i18n"] {
        walk(&root.join(folder), &mut found);
    }
    found
}

#[test]
fn every_text_that_is_asked_for_has_its_placeholders_filled_in() {
    let asked = asked_for();
    assert!(asked.len() > 300, "only {} were found", asked.len());
    for (path, filled) in asked {
        let (area, name) = path.split_once("::").unwrap();
        let file = format!("locales/en/{area}.ftl");
        let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).unwrap();
        let texts = File::read(&file, area, &source).unwrap().texts;
        let (_, text) = texts.iter().find(|(key, _)| constant(area, key) == name).unwrap();
        assert_eq!(text.placeholders, filled.into_iter().collect::<BTreeSet<_>>(), "the placeholders of {path}");
    }
}
