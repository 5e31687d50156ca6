//! Texts and the places that show them: every placeholder is filled in, and the words are those that people know. That a text is there, and
//! that something asks for it, is for the compiler to say.

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

/// What is said for a reader who is not known yet: where, by which area's texts, and what that area is called there.
const SAID: [(&str, &str, &str); 2] = [("src/doctor", "doctor", "text"), ("src/admin/problems", "mend", "mends")];

/// The texts that a folder's sources say, with the gaps that they fill.
fn said_in(folder: &str, area: &str) -> Vec<(String, BTreeSet<String>)> {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let call = format!("said({area}::");
    let sources = folder.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let mut found = Vec::new();
    for source in sources {
        let code = source.split("#[cfg(test)]").next().unwrap();
        for (at, call) in code.match_indices(&call) {
            let rest = &code[at + call.len()..];
            let (name, mut rest) = rest.split_once(')').unwrap();
            let mut filled = BTreeSet::new();
            while let Some((gap, after)) = next_gap(rest) {
                filled.insert(gap);
                rest = after;
            }
            found.push((name.to_owned(), filled));
        }
    }
    found
}

/// The gap that the next call of a chain fills, and what follows that call.
fn next_gap(rest: &str) -> Option<(String, &str)> {
    let rest = rest.trim_start();
    let calls = [".filling(", ".filling_in(", ".counting("];
    let arguments_of = calls.iter().find_map(|call| rest.strip_prefix(call))?;
    let gap = arguments_of.trim_start().strip_prefix('"')?.split('"').next()?.to_owned();
    let mut depth = 1;
    let end = arguments_of.char_indices().find(|(_, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    Some((gap, &arguments_of[end?.0 + 1..]))
}

#[test]
fn every_text_that_is_said_has_its_placeholders_filled_in() {
    for (folder, area, called) in SAID {
        let said = said_in(folder, called);
        assert!(said.len() > 10, "only {} were found in {folder}", said.len());
        are_filled_in(area, said);
    }
}

fn are_filled_in(area: &str, said: Vec<(String, BTreeSet<String>)>) {
    let file = format!("locales/en/{area}.ftl");
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).unwrap();
    let texts = File::read(&file, area, &source).unwrap().texts;
    for (name, filled) in said {
        let (_, text) = texts.iter().find(|(key, _)| constant(area, key) == name).unwrap();
        // What is filled in for all ways at once is filled in behind them.
        let lacks: BTreeSet<_> = text.placeholders.difference(&filled).map(String::as_str).collect();
        let additional: Vec<_> = filled.difference(&text.placeholders).collect();
        assert!(
            additional.is_empty() && (lacks.is_empty() || lacks == BTreeSet::from(["setting"])),
            "{name}: {lacks:?}, {additional:?}"
        );
    }
}

/// What is read of pages, with where it stands: the lines of the language's files, and of the demo's.
fn lines_of(tag: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = fs::read_dir(root.join("locales").join(tag)).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| (path.display().to_string(), fs::read_to_string(&path).unwrap());
    let mut sources: Vec<(String, String)> = folder.map(read).collect();
    let demo = include_str!("../../../src/demo/texts.rs");
    let (english, korean) = demo.split_once("static KOREAN").unwrap();
    sources.push(("src/demo/texts.rs".to_owned(), if tag == "ko" { korean } else { english }.to_owned()));
    let text = |line: &&str| !line.trim_start().starts_with(['#', '/']);
    let split = |(path, source): &(String, String)| {
        source.lines().filter(text).map(|line| (path.clone(), line.to_owned())).collect::<Vec<_>>()
    };
    sources.iter().flat_map(split).collect()
}

/// Words of ours for what the field has a word for, and sentences that a person would not say.
const JARGON: &[&str] = &[
    "a number that stands for",
    "for ever",
    "go on",
    "kept sealed",
    "login only",
    "makes no sense",
    "name in addresses",
    "not for you",
    "pages and e-mail",
    "sealed",
    "way in",
    "ways in",
];

#[test]
fn english_pages_use_the_words_of_the_field() {
    for (path, line) in lines_of("en") {
        let lower = line.to_lowercase();
        let words =
            format!(" {} ", lower.split(|c: char| !c.is_alphanumeric() && c != '-').collect::<Vec<_>>().join(" "));
        for jargon in JARGON {
            assert!(!words.contains(&format!(" {jargon} ")), "{path}: {line}");
        }
    }
}

/// How a sentence ends that is not in 해요체: 합니다, 습니다, 됩니다, 입니다, 하십시오, 해라.
const OTHER_SPEECH: &[&str] = &["니다", "니까", "십시오", "시오", "하라", "한다", "했다", "된다"];

#[test]
fn korean_pages_speak_in_one_tone() {
    let lines = lines_of("ko");
    assert!(lines.iter().filter(|(_, line)| line.contains("요.")).count() > 150);
    for (path, line) in lines {
        let words = line.split(|c: char| !c.is_alphanumeric());
        for word in words {
            assert!(!OTHER_SPEECH.iter().any(|end| word.ends_with(end)), "{path}: {word} in {line}");
        }
    }
}

#[test]
fn korean_names_have_their_honorific() {
    let lines = lines_of("ko");
    let with_a_name = |key: &str| lines.iter().find(|(_, line)| line.trim_start().starts_with(key)).unwrap().1.clone();
    assert!(with_a_name("account-person =").contains("{ $name }님"));
    for key in ["person:", "hello:", "ordered:"] {
        assert!(with_a_name(key).contains("{name}님"), "{key}");
    }
}
