//! What is written for administrators about providers says what the code says, in both languages.

use std::collections::BTreeSet;

use haechi::admin::connections::{ConnectionResource, redirect_uri};
use haechi::model::connection::Slug;
use haechi::protocol::issuer::Issuer;
use haechi::upstream::presets::{self, Preset};

mod api;
mod commands;
mod errors;
mod guides;
mod held;
mod house;
pub mod pages;
mod permissions;
mod reference;
mod syntax;
mod wording;

const ENGLISH: &str = include_str!("../../docs/upstream.md");
const KOREAN: &str = include_str!("../../docs/upstream.ko.md");
const LANGUAGES: [(&str, &str); 2] = [("English", ENGLISH), ("Korean", KOREAN)];

/// The sections about providers: their headings name the presets that they are about.
fn sections(text: &str) -> Vec<(BTreeSet<&str>, &str)> {
    text.split("\n### ").skip(1).map(|part| (quoted(part.lines().next().unwrap()), part)).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The options that the examples give, in their order.
fn options(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || c == '`').filter(|word| word.starts_with("--")).collect()
}

#[track_caller]
fn check(language: &str, preset: &Preset, section: &str) {
    let id = preset.id;
    assert!(section.contains(preset.console), "{id} in {language} does not name the console {}", preset.console);
    let (quoted, text) = (quoted(section), section);
    // Names come within commands and lists too, so a word counts wherever it stands.
    let named =
        |name: &str| quoted.contains(name) || text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name);
    for scope in preset.scopes {
        assert!(quoted.contains(scope), "{id} in {language} does not say why it asks for {scope}");
    }
    for setting in preset.settings {
        assert!(named(setting.name), "{id} in {language} does not name the setting {}", setting.name);
    }
}

#[test]
fn every_provider_has_a_section_in_both_languages() {
    for (language, text) in LANGUAGES {
        let sections = sections(text);
        for preset in presets::ALL {
            let mut about = sections.iter().filter(|(ids, _)| ids.contains(preset.id));
            let (_, section) = about.next().unwrap_or_else(|| panic!("{} has no section in {language}", preset.id));
            assert!(about.next().is_none(), "{} has two sections in {language}", preset.id);
            check(language, preset, section);
        }
        for id in sections.iter().flat_map(|(ids, _)| ids) {
            assert!(presets::find(id).is_some(), "{language} is about {id}, which is no preset");
        }
    }
}

#[test]
fn both_languages_say_the_same() {
    let shape =
        |text: &'static str| sections(text).into_iter().map(|(ids, part)| (ids, options(part))).collect::<Vec<_>>();
    assert_eq!(shape(ENGLISH), shape(KOREAN));
    assert_eq!(options(ENGLISH), options(KOREAN));
    let links = |text: &'static str| -> Vec<String> {
        let tags = text.split('<').skip(1).filter_map(|part| part.split_once('>'));
        // What a picture shows is said in words, and in the language of the page.
        tags.map(|(tag, _)| tag.split(" alt=").next().unwrap().replace(".ko.png", ".png")).collect()
    };
    assert_eq!(links(ENGLISH), links(KOREAN));
}

#[test]
fn the_redirect_uri_and_the_choices_are_those_that_there_are() {
    let issuer = Issuer::parse("https://issuer.example").unwrap();
    let uri = redirect_uri(&issuer, &Slug::parse("slug").unwrap());
    let uri = format!("`{}`", uri.replace("issuer.example", "ISSUER").replace("slug", "SLUG"));
    for (language, text) in LANGUAGES {
        assert!(text.contains(&uri), "{uri} is not in {language}");
        for row in text.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 4) {
            let choice = row.split('`').nth(1).unwrap();
            // An unknown field is refused, so whatever else is wrong with the value, the name is known.
            let said = serde_json::from_value::<ConnectionResource>(serde_json::json!({ choice: {} })).err();
            let known = said.is_none_or(|error| !error.to_string().contains("unknown field"));
            assert!(known || presets::find(choice).is_some(), "{language} has {choice}, which is neither");
        }
    }
}
