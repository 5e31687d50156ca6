//! What stops the build when a language is not as the others are, and that the languages are the folders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use haechi::model::Locale;

#[path = "../../../build/locales.rs"]
pub mod rules;

use rules::{File, Language, differences, generated, repeated};

fn read(source: &str) -> Result<File, String> {
    File::read("locales/en/sign_in.ftl", "sign_in", source)
}

/// A language with these files: area and texts.
fn language(tag: &str, files: &[(&str, &str)]) -> Language {
    let file = |(area, source): &(&str, &str)| {
        let path = format!("locales/{tag}/{area}.ftl");
        ((*area).to_owned(), File::read(&path, area, source).unwrap())
    };
    Language { tag: tag.to_owned(), files: files.iter().map(file).collect() }
}

#[test]
fn the_languages_are_the_folders() {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/locales")).unwrap();
    let folders: BTreeSet<String> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let tags: BTreeSet<String> = Locale::ALL.iter().map(|locale| locale.as_str().to_owned()).collect();
    assert_eq!(folders, tags);
}

#[test]
fn a_file_is_read_with_the_placeholders_of_its_texts() {
    let source =
        "# Signing in.\n\nsign-in-title = Sign in\nsign-in-wait = { $n ->\n    [one] { $n } second, { $app }\n}\n";
    let texts = read(source).unwrap().texts;
    let placeholders = |key: &str| texts[key].placeholders.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts["sign-in-title"].begins, "Sign in");
    assert_eq!(placeholders("sign-in-title"), Vec::<&str>::new());
    assert_eq!(placeholders("sign-in-wait"), ["app", "n"]);
}

#[test]
fn what_no_constant_would_stand_for_is_refused_with_its_line() {
    for (source, expected) in [
        ("# A\nsign-in-a = A\nsign-in-a = B", "locales/en/sign_in.ftl:3: sign-in-a is there twice"),
        ("sign-up-a = A", "locales/en/sign_in.ftl:1: the key sign-up-a is not sign-in-…, in lower case"),
        ("sign-in-A = A", "locales/en/sign_in.ftl:1: the key sign-in-A is not sign-in-…, in lower case"),
        ("sign-in = A", "locales/en/sign_in.ftl:1: the key sign-in is not sign-in-…, in lower case"),
        ("-sign-in-term = A", "locales/en/sign_in.ftl:1: the key -sign-in-term is not sign-in-…, in lower case"),
        ("sign-in-a", "locales/en/sign_in.ftl:1: neither a text nor a comment"),
        ("    A", "locales/en/sign_in.ftl:1: goes on with no text"),
        ("sign-in-a = A\n    .title = A", "locales/en/sign_in.ftl:2: attributes are not used here"),
    ] {
        assert_eq!(read(source).err().as_deref(), Some(expected), "{source}");
    }
}

#[test]
fn a_language_that_is_not_as_the_first_one_is_told_where() {
    let en = language("en", &[("a", "a-x = X\na-y = { $y }"), ("b", "b-x = X")]);
    let same = language("ko", &[("a", "a-y = { $y }\na-x = X"), ("b", "b-x = X")]);
    assert_eq!(differences(&en, &same), Vec::<String>::new());
    let ko = language("ko", &[("a", "a-y = { $z }\na-w = W"), ("c", "c-x = X")]);
    let expected = [
        "locales/ko/a.ftl: a-x is missing",
        "locales/ko/a.ftl: a-y has the placeholders {\"z\"}, and {\"y\"} in locales/en/a.ftl",
        "locales/ko/a.ftl: a-w is not in locales/en/a.ftl",
        "locales/ko/b.ftl is missing: locales/en/b.ftl is there",
        "locales/ko/c.ftl: there is no locales/en/c.ftl",
    ];
    assert_eq!(differences(&en, &ko), expected);
}

#[test]
fn a_key_of_two_areas_is_refused() {
    let en = language("en", &[("form", "form-post-title = A"), ("form_post", "form-post-title = B")]);
    assert_eq!(repeated(&en), ["locales/en/form_post.ftl: form-post-title is in locales/en/form.ftl too"]);
}

#[test]
fn each_key_becomes_a_constant_and_each_language_a_variant() {
    let texts = [("sign_in", "sign-in-no-account = `New`?")];
    let rust = generated(&[language("en", &texts), language("zh-Hant", &texts)]).unwrap();
    let lines: BTreeMap<&str, usize> = (1..).zip(rust.lines()).map(|(number, line)| (line.trim(), number)).collect();
    let expected = [
        "#[deny(dead_code)]",
        "pub(crate) mod sign_in {",
        "/// `'New'?`",
        "pub(crate) const NO_ACCOUNT: Key = Key(\"sign-in-no-account\");",
        "const LANGUAGES: usize = 2;",
        "Locale::En => &[",
        "include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/locales/en/sign_in.ftl\")),",
        "Locale::ZhHant => &[",
        "include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/locales/zh-Hant/sign_in.ftl\")),",
    ];
    let numbers: Vec<usize> =
        expected.iter().map(|line| *lines.get(line).unwrap_or_else(|| panic!("{rust}"))).collect();
    assert!(numbers.is_sorted(), "{rust}");
}

#[test]
fn what_is_found_by_its_name_has_no_constant_and_is_built_in() {
    let texts = [("setting", "setting-server-issuer = A"), ("wait", "wait-x = X")];
    let rust = generated(&[language("en", &texts)]).unwrap();
    assert!(!rust.contains("mod setting ") && rust.contains("mod wait "), "{rust}");
    assert!(rust.contains("/locales/en/setting.ftl"), "{rust}");
}
