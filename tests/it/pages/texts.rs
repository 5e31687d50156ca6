//! Texts and the places that show them: nothing is missing, nothing is left over, every gap is filled.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use haechi::http::pages::upstream::Why;
use haechi::http::problem::ProblemKind;
use haechi::model::Locale;
use haechi::protocol::scope::standard;
use haechi::upstream::presets;

/// Of each text, the names of its gaps.
type Gaps = BTreeMap<String, BTreeSet<String>>;

fn texts(locale: Locale) -> Gaps {
    let path = format!("{}/locales/{}/pages.ftl", env!("CARGO_MANIFEST_DIR"), locale.as_str());
    let mut texts = Gaps::new();
    let mut current = String::new();
    for line in fs::read_to_string(path).unwrap().lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let text = match line.split_once(" = ") {
            Some((key, text)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                key.clone_into(&mut current);
                assert!(texts.insert(current.clone(), BTreeSet::new()).is_none(), "{key} is there twice");
                text
            }
            _ => line,
        };
        let gaps = text.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap());
        texts.get_mut(&current).unwrap().extend(gaps.map(str::to_owned));
    }
    texts
}

/// What the sources ask for by name: the text, and the gaps it is given.
fn asked_for() -> Vec<(String, Vec<String>)> {
    const CALLS: &[(&str, usize)] = &[("t.get(", 0), ("t.with(", 1), ("t.with_two(", 2), ("t.counted(", 1)];
    let mut found = Vec::new();
    for source in sources() {
        for (call, gaps) in CALLS {
            for (at, _) in source.match_indices(call) {
                let named = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let arguments = arguments(&source[at + call.len()..]);
                let literal = |n: usize| Some(arguments.get(n)?.strip_prefix('"')?.strip_suffix('"')?.to_owned());
                if let (false, Some(key)) = (named, literal(0)) {
                    let name = |gap| literal(2 * gap + 1).unwrap_or_else(|| panic!("{key}: which gap?"));
                    let names = (0..*gaps).map(name).collect();
                    found.push((key, names));
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

/// What is asked for by a name that is put together, or handed on.
fn asked_for_in_other_ways() -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = ["wait-seconds", "wait-minutes"].map(str::to_owned).into();
    for kind in ProblemKind::ALL {
        keys.extend([kind.code().to_owned(), format!("{}-title", kind.code())]);
    }
    for scope in standard::ALL {
        keys.extend([format!("consent-{scope}"), format!("consent-{scope}-hint")]);
    }
    for preset in presets::ALL {
        keys.extend([preset.button.to_owned(), format!("{}-sign-up", preset.button)]);
    }
    for why in Why::ALL {
        keys.extend([format!("upstream-{}-title", why.code()), format!("upstream-{}-text", why.code())]);
    }
    // Only code hands keys on: a template that passes `t` to a macro passes texts.
    for source in sources().iter().filter(|source| !source.contains("{%")) {
        let handed_on = source.split("(t, \"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        keys.extend(handed_on);
    }
    keys
}

fn sources() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // The shop is an app like any other: its texts are its own.
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
    // The tests of `src/i18n` ask for texts too; they are not what people see.
    found.iter().map(|source| source.split("#[cfg(test)]").next().unwrap().to_owned()).collect()
}

#[test]
fn every_text_that_is_asked_for_is_there_with_its_gaps() {
    let texts = texts(Locale::En);
    let asked = asked_for();
    assert!(asked.len() > 80, "only {} were found", asked.len());
    for (key, gaps) in asked {
        let there = texts.get(&key).unwrap_or_else(|| panic!("{key} is missing"));
        assert_eq!(*there, gaps.into_iter().collect(), "the gaps of {key}");
    }
    for key in asked_for_in_other_ways() {
        assert!(texts.contains_key(&key), "{key} is missing");
    }
}

#[test]
fn every_text_is_asked_for() {
    let mut asked = asked_for_in_other_ways();
    asked.extend(asked_for().into_iter().map(|(key, _)| key));
    let left_over: Vec<String> = texts(Locale::En).into_keys().filter(|key| !asked.contains(key)).collect();
    assert!(left_over.is_empty(), "nobody asks for {left_over:?}");
}

#[test]
fn every_language_has_every_text_and_fills_the_same_gaps() {
    for locale in Locale::ALL {
        let (there, here) = (texts(Locale::En), texts(*locale));
        for (key, gaps) in &there {
            assert_eq!(here.get(key), Some(gaps), "{key} in {}", locale.as_str());
        }
        assert_eq!(there.len(), here.len(), "{} has more", locale.as_str());
    }
}
