//! The languages of pages: Fluent texts, built into the binary.
//!
//! Owns finding a text by its key and filling it in. Which language a person gets is decided where the request is read.

use std::sync::LazyLock;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource};

use crate::model::Locale;

static EN: LazyLock<Texts> = LazyLock::new(|| Texts::read(Locale::En, include_str!("../../locales/en/pages.ftl")));
static KO: LazyLock<Texts> = LazyLock::new(|| Texts::read(Locale::Ko, include_str!("../../locales/ko/pages.ftl")));

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
        match locale {
            Locale::En => &EN,
            Locale::Ko => &KO,
        }
    }

    /// The language.
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// A text without gaps. A key that is missing shows itself, and fails a test.
    pub fn get(&self, key: &str) -> String {
        self.fill(key, None)
    }

    /// A text with one gap filled in. Values are inserted as they are and never read as patterns.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), value.to_owned());
        self.fill(key, Some(&args))
    }

    /// A text with two gaps filled in.
    pub fn with_two(&self, key: &str, first: &str, value: &str, second: &str, other: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(first.to_owned(), value.to_owned());
        args.set(second.to_owned(), other.to_owned());
        self.fill(key, Some(&args))
    }

    /// A text whose gap is a number, which decides its wording.
    pub fn counted(&self, key: &str, name: &str, number: u64) -> String {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), number);
        self.fill(key, Some(&args))
    }

    /// A span of time in words: seconds up to a minute and a half, minutes from then on, rounded up.
    pub fn wait(&self, span: std::time::Duration) -> String {
        let seconds = span.as_secs().max(1);
        let (key, n) = if seconds <= 90 { ("wait-seconds", seconds) } else { ("wait-minutes", seconds.div_ceil(60)) };
        let mut args = FluentArgs::new();
        args.set("n", n);
        self.fill(key, Some(&args))
    }

    /// Whether there is such a text.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn fill(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    /// Reads a language's file, which is part of the binary and was tested with it.
    fn read(locale: Locale, source: &str) -> Self {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let language = locale.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks would be part of titles and attributes; text that could turn its surroundings around is cleaned before it gets here.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { locale, bundle }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SOURCES: [&str; 2] = [include_str!("../../locales/en/pages.ftl"), include_str!("../../locales/ko/pages.ftl")];

    #[test]
    fn every_file_is_sound() {
        for source in SOURCES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok());
        }
    }

    #[test]
    fn gaps_are_filled_with_values_that_are_not_read_as_patterns() {
        let text = Texts::of(Locale::En).with("back-to", "app", "{ $email } <b>");
        assert_eq!(text, "Back to { $email } <b>");
    }

    #[test]
    fn a_wait_is_said_in_words() {
        let en = Texts::of(Locale::En);
        assert_eq!(en.wait(Duration::from_secs(1)), "1 second");
        assert_eq!(en.wait(Duration::from_secs(61)), "61 seconds");
        assert_eq!(en.wait(Duration::from_secs(121)), "3 minutes");
        assert_eq!(Texts::of(Locale::Ko).wait(Duration::from_secs(300)), "5분");
    }
}
