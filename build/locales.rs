//! The rules of `locales/`, as pure functions: what a file may hold, when languages agree, and the Rust that is written of them.
//!
//! Leaves reading folders and telling Cargo to `build.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A language: a folder of `locales/`.
pub(crate) struct Language {
    /// Its BCP 47 tag, which is the folder's name.
    pub(crate) tag: String,
    /// Its files, by area.
    pub(crate) files: BTreeMap<String, File>,
}

/// The texts of one area in one language: a file `locales/<tag>/<area>.ftl`.
pub(crate) struct File {
    /// Where it is, from the root of the repository, for messages and for `include_str!`.
    pub(crate) path: String,
    /// Its texts, by key.
    pub(crate) texts: BTreeMap<String, Text>,
}

/// One text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// Its first line, for the documentation of its constant.
    pub(crate) begins: String,
    /// The names of its placeholders.
    pub(crate) placeholders: BTreeSet<String>,
}

impl File {
    /// Reads a file: comments, and messages whose keys begin with the name of the area. What Fluent knows besides (terms, attributes) is not
    /// used here and refused, so that nothing is in a file that no constant stands for.
    pub(crate) fn read(path: &str, area: &str, source: &str) -> Result<Self, String> {
        let mut texts: BTreeMap<String, Text> = BTreeMap::new();
        let mut current = None;
        for (number, line) in (1..).zip(source.lines()) {
            let wrong = |what: &str| format!("{path}:{number}: {what}");
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words = if line.trim_start().starts_with('.') {
                return Err(wrong("attributes are not used here"));
            } else if line.starts_with([' ', '}']) {
                line
            } else {
                let (key, words) = line.split_once(" =").ok_or_else(|| wrong("neither a text nor a comment"))?;
                if !is_key_of(area, key) {
                    return Err(wrong(&format!("the key {key} is not {}-…, in lower case", prefix(area))));
                }
                if texts.contains_key(key) {
                    return Err(wrong(&format!("{key} is there twice")));
                }
                current = Some(key);
                words.trim_start()
            };
            let key = current.ok_or_else(|| wrong("goes on with no text"))?;
            let text =
                texts.entry(key.to_owned()).or_insert_with(|| Text { begins: words.to_owned(), ..Text::default() });
            text.placeholders.extend(placeholders(words));
        }
        Ok(Self { path: path.to_owned(), texts })
    }
}

/// What the keys of an area begin with: `sign_in` has `sign-in-title`.
fn prefix(area: &str) -> String {
    area.replace('_', "-")
}

fn is_key_of(area: &str, key: &str) -> bool {
    let rest = key.strip_prefix(&prefix(area)).and_then(|rest| rest.strip_prefix('-'));
    rest.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_lowercase())
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}

fn placeholders(line: &str) -> impl Iterator<Item = String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    line.split('$').skip(1).map(name)
}

/// What a language lacks, has too much or fills in otherwise than the first one; nothing where they agree.
pub(crate) fn differences(first: &Language, other: &Language) -> Vec<String> {
    let mut found = Vec::new();
    for (area, there) in &first.files {
        match other.files.get(area) {
            Some(here) => compare(there, here, &mut found),
            None => found.push(format!("locales/{}/{area}.ftl is missing: {} is there", other.tag, there.path)),
        }
    }
    let additional = other.files.iter().filter(|(area, _)| !first.files.contains_key(*area));
    found.extend(additional.map(|(area, file)| format!("{}: there is no locales/{}/{area}.ftl", file.path, first.tag)));
    found
}

fn compare(there: &File, here: &File, found: &mut Vec<String>) {
    for (key, text) in &there.texts {
        match here.texts.get(key).map(|here| &here.placeholders) {
            None => found.push(format!("{}: {key} is missing", here.path)),
            Some(placeholders) if *placeholders != text.placeholders => found.push(format!(
                "{}: {key} has the placeholders {placeholders:?}, and {:?} in {}",
                here.path, text.placeholders, there.path
            )),
            Some(_) => {}
        }
    }
    let additional = here.texts.keys().filter(|key| !there.texts.contains_key(*key));
    found.extend(additional.map(|key| format!("{}: {key} is not in {}", here.path, there.path)));
}

/// Keys that are in two areas of a language: it has one name space.
pub(crate) fn repeated(language: &Language) -> Vec<String> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for file in language.files.values() {
        for key in file.texts.keys() {
            if let Some(earlier) = seen.insert(key, &file.path) {
                found.push(format!("{}: {key} is in {earlier} too", file.path));
            }
        }
    }
    found
}

/// Areas without constants, as a name in the code tells the key of a text: the path of a setting. That each has its text, and each text something that it
/// is of, is for tests to say.
const FOUND_BY_NAME: &[&str] = &["setting"];

/// The module that `src/i18n` includes: a constant for each key of the first language, and the files of each language.
pub(crate) fn generated(languages: &[Language]) -> Result<String, std::fmt::Error> {
    let mut rust = String::from("// Written by build.rs from locales/.\n");
    writeln!(rust, "#[deny(dead_code)]\npub(crate) mod keys {{")?;
    let areas = languages.iter().take(1).flat_map(|first| &first.files);
    for (area, file) in areas.filter(|(area, _)| !FOUND_BY_NAME.contains(&area.as_str())) {
        writeln!(rust, "    pub(crate) mod {area} {{\n        use crate::i18n::Key;")?;
        for (key, text) in &file.texts {
            writeln!(rust, "        /// `{}`", text.begins.replace('`', "'"))?;
            writeln!(rust, "        pub(crate) const {}: Key = Key({key:?});", constant(area, key))?;
        }
        writeln!(rust, "    }}")?;
    }
    writeln!(rust, "}}\n\nconst LANGUAGES: usize = {};\n", languages.len())?;
    writeln!(
        rust,
        "#[allow(clippy::too_many_lines, reason = \"a line for each file\")]\nconst fn sources(locale: Locale) -> &'static [&'static str] {{\n    match locale {{"
    )?;
    for language in languages {
        writeln!(rust, "        Locale::{} => &[", variant(&language.tag))?;
        for file in language.files.values() {
            writeln!(rust, "            include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{}\")),", file.path)?;
        }
        writeln!(rust, "        ],")?;
    }
    writeln!(rust, "    }}\n}}")?;
    Ok(rust)
}

/// `sign-in-title` of the area `sign_in` is `TITLE`.
pub(crate) fn constant(area: &str, key: &str) -> String {
    key[prefix(area).len() + 1..].to_uppercase().replace('-', "_")
}

/// The variant of `Locale` of a tag: `ko` is `Ko`, `zh-Hant` is `ZhHant`. That there are no others is for the compiler to say.
fn variant(tag: &str) -> String {
    let part = |part: &str| part[..1].to_uppercase() + &part[1..];
    tag.split('-').filter(|part| !part.is_empty()).map(part).collect()
}
