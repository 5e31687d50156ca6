//! The languages of pages: Fluent texts, built into the binary.
//!
//! Owns finding a text by its key and filling it in, at once or when somebody reads it (`said`). The texts are in `locales/<tag>/<area>.ftl`; `build.rs`
//! makes a constant of each of their keys, so that a key without a text, a text that nothing asks for and a language that lacks one do not compile. What
//! settings are for is found by their paths instead: in English it is what their doc comments say. Which language a page speaks is decided where the
//! request is read.

use std::sync::OnceLock;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource};

use crate::model::Locale;

mod said;

pub use said::Said;
pub(crate) use said::said;

include!(concat!(env!("OUT_DIR"), "/locales.rs"));

const _: () = assert!(Locale::ALL.len() == LANGUAGES, "a variant of Locale is not in Locale::ALL");

/// The name of a text. Only the constants of `keys` are keys, so each is the name of a text that every language has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(&'static str);

/// What fills a gap in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Words, which are inserted as they are.
    Text(String),
    /// A number, which decides the wording.
    Number(u64),
}

/// The texts of one language.
pub struct Texts {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.locale).finish()
    }
}

impl Texts {
    /// The texts of a language.
    pub fn of(locale: Locale) -> &'static Self {
        static READ: [OnceLock<Texts>; Locale::ALL.len()] = [const { OnceLock::new() }; Locale::ALL.len()];
        READ[locale as usize].get_or_init(|| Self::read(locale))
    }

    /// The language of these texts.
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// A text without gaps.
    pub fn get(&self, key: Key) -> String {
        self.fill(key, None)
    }

    /// A text with one gap filled in. Values are inserted as they are and never read as patterns.
    pub fn with(&self, key: Key, name: &str, value: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), value.to_owned());
        self.fill(key, Some(&args))
    }

    /// A text with two gaps filled in.
    pub fn with_two(&self, key: Key, first: &str, value: &str, second: &str, other: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(first.to_owned(), value.to_owned());
        args.set(second.to_owned(), other.to_owned());
        self.fill(key, Some(&args))
    }

    /// A text whose gap is a number, which decides its wording.
    pub fn counted(&self, key: Key, name: &str, number: u64) -> String {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), number);
        self.fill(key, Some(&args))
    }

    /// A text with as many gaps as there are, by their names.
    pub fn filled(&self, key: Key, gaps: impl IntoIterator<Item = (&'static str, Gap)>) -> String {
        let mut args = FluentArgs::new();
        for (name, gap) in gaps {
            match gap {
                Gap::Text(text) => args.set(name, text),
                Gap::Number(number) => args.set(name, number),
            }
        }
        self.fill(key, Some(&args))
    }

    /// What a setting is for, or a section of them, by its path: `server.issuer`, `server`.
    pub fn setting(&self, path: &str) -> String {
        self.found(&format!("setting-{}", path.replace(['.', '_'], "-")), None)
    }

    /// A span of time in words: seconds up to a minute and a half, minutes up to an hour and a half, hours from then on, rounded up.
    pub fn wait(&self, span: std::time::Duration) -> String {
        let seconds = span.as_secs().max(1);
        let (key, n) = match seconds {
            ..=90 => (keys::wait::SECONDS, seconds),
            91..=5_400 => (keys::wait::MINUTES, seconds.div_ceil(60)),
            _ => (keys::wait::HOURS, seconds.div_ceil(3_600)),
        };
        let mut args = FluentArgs::new();
        args.set("n", n);
        self.fill(key, Some(&args))
    }

    fn fill(&self, key: Key, args: Option<&FluentArgs<'_>>) -> String {
        self.found(key.0, args)
    }

    fn found(&self, name: &str, args: Option<&FluentArgs<'_>>) -> String {
        // `build.rs` holds that every language has every key, and a test that every setting has one.
        let Some(pattern) = self.bundle.get_message(name).and_then(|message| message.value()) else {
            return name.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    /// Reads a language's files, which are part of the binary and were tested with it.
    fn read(locale: Locale) -> Self {
        let language = locale.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks would be part of titles and attributes; text that could turn its surroundings around is cleaned before it gets here.
        bundle.set_use_isolating(false);
        for source in sources(locale) {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { locale, bundle }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::fields::{Section, sections};

    #[test]
    fn every_file_is_sound() {
        for source in Locale::ALL.iter().flat_map(|locale| sources(*locale)) {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{source}");
        }
    }

    #[test]
    fn gaps_are_filled_with_values_that_are_not_read_as_patterns() {
        let text = Texts::of(Locale::En).with(keys::problem::REDIRECT_URI_OF, "app", "{ $email } <b>");
        assert!(text.contains("{ $email } <b>"), "{text}");
    }

    #[test]
    fn every_setting_and_every_section_is_explained_in_every_language() {
        let (en, ko) = (Texts::of(Locale::En), Texts::of(Locale::Ko));
        let paths_of = |section: Section| {
            let fields: Vec<String> =
                section.fields.iter().map(|field| format!("{}.{}", section.name, field.name)).collect();
            std::iter::once(section.name.to_owned()).chain(fields)
        };
        let paths: Vec<String> = sections().into_iter().flat_map(paths_of).collect();
        assert!(paths.len() > 100, "{paths:?}");
        for path in paths {
            assert!(!en.setting(&path).starts_with("setting-"), "{path} has no text");
            let said = ko.setting(&path);
            assert!(said.chars().any(|c| ('가'..='힣').contains(&c)), "{path}: {said}");
        }
        assert!(ko.setting("acr.classes").contains("[{ value = \"gold\""), "{}", ko.setting("acr.classes"));
    }

    #[test]
    fn a_wait_is_said_in_words() {
        let en = Texts::of(Locale::En);
        assert_eq!(en.wait(Duration::from_secs(1)), "1 second");
        assert_eq!(en.wait(Duration::from_secs(61)), "61 seconds");
        assert_eq!(en.wait(Duration::from_secs(121)), "3 minutes");
        assert_eq!(en.wait(Duration::from_mins(90)), "90 minutes");
        assert_eq!(en.wait(Duration::from_mins(827)), "14 hours");
        assert_eq!(Texts::of(Locale::Ko).wait(Duration::from_secs(300)), "5분");
    }
}
