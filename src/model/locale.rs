//! The languages that Haechi speaks, and choosing one of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language that pages and mail are written in.
///
/// The one place where languages are listed: the metadata, the menu of pages, the labels of presets and the demo read it, and `build.rs` writes
/// code that compiles only while the folders of `locales/` are the variants of this type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Locale {
    /// Every language, in the order of the menu.
    pub const ALL: &[Self] = &[Self::En, Self::Ko];

    /// The BCP 47 tag.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// The language's name in itself, as the menu of languages shows it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ko => "한국어",
        }
    }

    /// Where its lines begin.
    pub const fn direction(self) -> Direction {
        match self {
            Self::En | Self::Ko => Direction::LeftToRight,
        }
    }

    /// Whether people are named family name first.
    pub const fn puts_family_name_first(self) -> bool {
        match self {
            Self::En => false,
            Self::Ko => true,
        }
    }

    /// The language of a BCP 47 tag, whatever its region: RFC 4647 section 3.4, look-up.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|locale| language.eq_ignore_ascii_case(locale.as_str()))
    }

    /// Of texts by their BCP 47 tags the one for readers of this language. Of several that are of it, the one with the least said of its region.
    pub fn text_of(self, texts: &BTreeMap<String, String>) -> Option<&str> {
        let fitting = texts.iter().filter(|(tag, _)| Self::of_tag(tag) == Some(self));
        fitting.min_by_key(|(tag, _)| tag.len()).map(|(_, text)| text.as_str())
    }

    /// The first language of a list of tags that Haechi speaks.
    pub fn first_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        tags.into_iter().find_map(Self::of_tag)
    }

    /// The language that an `Accept-Language` header prefers: RFC 9110 section 12.5.4.
    pub fn of_accept_language(header: &str) -> Option<Self> {
        let weighed = header.split(',').take(20).filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = match parameters.trim().strip_prefix("q=") {
                Some(q) => q.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
                None => 1.0,
            };
            Some((Self::of_tag(tag.trim())?, quality)).filter(|(_, quality)| *quality > 0.0)
        });
        // Of equal wishes the first one counts.
        weighed.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(locale, _)| locale)
    }
}

/// Where the lines of a language begin: HTML section 3.2.6.4, the `dir` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// On the left, which is what a page without the attribute is taken for.
    LeftToRight,
    /// Written from right to left.
    RightToLeft,
}

impl Direction {
    /// The value of the attribute where it has to be said.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::LeftToRight => None,
            Self::RightToLeft => Some("rtl"),
        }
    }
}

/// A text in every language.
#[derive(Clone, Copy, Debug)]
pub struct Localized {
    /// The text in English.
    pub en: &'static str,
    /// The text in Korean.
    pub ko: &'static str,
}

impl Localized {
    /// A name that is the same in every language.
    pub const fn same(name: &'static str) -> Self {
        Self { en: name, ko: name }
    }

    /// The text in one language.
    pub const fn of(self, locale: Locale) -> &'static str {
        match locale {
            Locale::En => self.en,
            Locale::Ko => self.ko,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_makes_no_difference() {
        assert_eq!(Locale::of_tag("ko-KR"), Some(Locale::Ko));
        assert_eq!(Locale::of_tag("EN"), Some(Locale::En));
        assert_eq!(Locale::of_tag("kok"), None);
        assert_eq!(Locale::first_of(["fr", "ko", "en"]), Some(Locale::Ko));
    }

    #[test]
    fn the_browser_wish_is_weighed() {
        for (header, expected) in [
            ("ko-KR,ko;q=0.9,en;q=0.8", Some(Locale::Ko)),
            ("fr, en;q=0.5, ko;q=0.7", Some(Locale::Ko)),
            ("en;q=0, ko;q=0.1", Some(Locale::Ko)),
            ("en, ko", Some(Locale::En)),
            ("*;q=x, de", None),
            ("", None),
        ] {
            assert_eq!(Locale::of_accept_language(header), expected, "{header}");
        }
    }
}
