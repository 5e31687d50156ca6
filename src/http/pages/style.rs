//! The style sheet of a page: ours, with the colours of the service.
//!
//! It is one file, so colours cost no request of their own; and its name says everything that is in it, so every node serves the style sheet of any page,
//! also of one that shows what is not saved, and browsers may keep it for ever.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::branding::{Color, Palette, Scheme};
use crate::support::Digest;

const FILE: &str = "haechi";
/// The style sheet of every page, with our own colours.
pub(super) const OURS: &str = include_str!("../../../static/haechi.css");
/// The name that it is served under.
static OUR_NAME: LazyLock<String> = LazyLock::new(|| versioned(OURS.as_bytes(), "haechi.css"));

/// A name with the digest of the content, so that browsers may keep it for ever: another content has another name.
pub(super) fn versioned(content: &[u8], name: &str) -> String {
    format!("{}-{name}", URL_SAFE_NO_PAD.encode(&Digest::sha256(content).as_bytes()[..9]))
}

/// What the style sheet asks the reader's preference with.
const IF_DARK: &str = "@media (prefers-color-scheme: dark)";

/// Which style sheet a page has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// The accents of the light and the dark scheme, where they are not our own.
    pub(super) accents: Option<[Color; 2]>,
    /// The scheme that the page has whatever its reader prefers: of a preview.
    pub(super) only: Option<Scheme>,
}

impl Style {
    /// The name of its file.
    pub(super) fn name(self) -> String {
        if self == Self::default() {
            return OUR_NAME.clone();
        }
        // What our own file is, and what is made of it.
        let made = format!("{} {} {:?}", *OUR_NAME, self.rules(), self.only);
        versioned(made.as_bytes(), &format!("{}.css", self.words()))
    }

    /// What its name says: `haechi-0f766e-2fb8a6-dark`.
    fn words(self) -> String {
        let accents = self.accents.iter().flatten().map(|color| color.to_string().replace('#', "-"));
        let only = self.only.map(|scheme| format!("-{}", scheme.as_str()));
        std::iter::once(FILE.to_owned()).chain(accents).chain(only).collect()
    }

    /// The style sheet of a name; `None` where no page has it.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let words = name.split_once(&format!("-{FILE}-"))?.1.strip_suffix(".css")?;
        let mut words = words.split('-').peekable();
        let color = |word: &str| Color::parse(&format!("#{word}")).ok();
        let accents = match words.peek().and_then(|word| color(word)) {
            Some(light) => {
                words.next();
                Some([light, color(words.next()?)?])
            }
            None => None,
        };
        let only = match words.next() {
            Some(word) => Some(Scheme::ALL.into_iter().find(|scheme| scheme.as_str() == word)?),
            None => None,
        };
        // Compared as a whole: what else a name could say, and another spelling of it, is none.
        let style = Self { accents, only };
        let read = accents.is_none_or(|[light, dark]| Scheme::Light.reads(light) && Scheme::Dark.reads(dark));
        (read && style.name() == name).then_some(style)
    }

    /// The style sheet.
    pub(super) fn text(self) -> String {
        let whole = format!("{OURS}{}", self.rules());
        match self.only {
            None => whole,
            Some(scheme) => {
                let media = if scheme == Scheme::Dark { "@media all" } else { "@media not all" };
                format!("{}:root {{ color-scheme: {}; }}\n", whole.replace(IF_DARK, media), scheme.as_str())
            }
        }
    }

    /// What the colours of the service are written as, after our own.
    fn rules(self) -> String {
        let root = |scheme: Scheme, color: Color| {
            let Palette { accent, ink, over, tint } = scheme.palette(color);
            format!(":root {{ --accent: {accent}; --accent-ink: {ink}; --accent-over: {over}; --tint: {tint}; }}")
        };
        self.accents.map_or_else(String::new, |[light, dark]| {
            format!("{}\n{IF_DARK} {{ {} }}\n", root(Scheme::Light, light), root(Scheme::Dark, dark))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(light: &str, dark: &str, only: Option<Scheme>) -> Style {
        Style { accents: Some([Color::parse(light).unwrap(), Color::parse(dark).unwrap()]), only }
    }

    #[test]
    fn its_name_says_what_is_in_it() {
        let navy = style("#123a7a", "#8fb4f5", None);
        for style in
            [navy, Style { only: Some(Scheme::Dark), ..navy }, Style { only: Some(Scheme::Light), ..Style::default() }]
        {
            assert_eq!(Style::of_name(&style.name()), Some(style), "{}", style.name());
        }
        let text = navy.text();
        let rules = text.strip_prefix(OURS).unwrap();
        assert!(rules.contains("--accent: #123a7a;") && rules.contains("--accent: #8fb4f5;"), "{rules}");
        let dark = Style { only: Some(Scheme::Dark), ..navy }.text();
        assert!(!dark.contains("prefers-color-scheme") && dark.contains("@media all {"), "{dark}");
    }

    #[test]
    fn there_is_none_for_what_no_page_asks_for() {
        let navy = style("#123a7a", "#8fb4f5", None).name();
        let pale = style("#ffffee", "#8fb4f5", None).name();
        for name in [
            pale.as_str(),
            &navy.replace("123a7a", "123a7b"),
            &navy.replace("123a7a", "123A7A"),
            &navy.replace(".css", "-dark.css"),
            &navy.replace(".css", "-dark-dark.css"),
            &navy.replace("-8fb4f5", ""),
            "AAAAAAAAAAAA-haechi-.css",
            "AAAAAAAAAAAA-haechi-red-red.css",
            "-haechi-",
            "haechi.css",
        ] {
            assert_eq!(Style::of_name(name), None, "{name}");
        }
    }
}
