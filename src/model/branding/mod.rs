//! How the pages of end-users present the service: its name, its words, its colour, its logo and its links.
//!
//! Owns what can be said, and which of it a reader of a language gets. Leaves what may be said to `admin`, and drawing it to the pages.

use serde::{Deserialize, Serialize};
use url::Url;

use super::logo::LogoId;

pub mod color;
mod in_languages;
pub mod palette;

pub use color::Color;
pub use in_languages::InLanguages;
pub use palette::{Palette, Scheme};

/// How the service presents itself. What is not said is as configured, or is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branding {
    /// What the service is called, where it is not by `pages.service_name`.
    pub product_name: InLanguages,
    /// The headline of the page where people sign in.
    pub headline: InLanguages,
    /// What is said below it.
    pub welcome: InLanguages,
    /// The colour of buttons and links.
    pub accent: Accent,
    /// The links at the foot of every page.
    pub links: BrandLinks,
    /// The picture beside the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoId>,
}

/// The colour of buttons and links, in both schemes of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Accent {
    /// On light pages.
    pub light: Option<Color>,
    /// On dark ones.
    pub dark: Option<Color>,
}

/// The links at the foot of every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandLinks {
    /// The terms of service.
    pub tos_uri: Option<Url>,
    /// The privacy policy.
    pub policy_uri: Option<Url>,
    /// Where to ask for help, where it is not `pages.support_url`.
    pub support_uri: Option<Url>,
}

impl Accent {
    /// The colours of light and dark pages. Where one is said, the other is the shade of it that is nearest and can be read there.
    pub fn of_both(self) -> Option<[Color; 2]> {
        let said = self.light.or(self.dark)?;
        let of = |chosen: Option<Color>, scheme: Scheme| chosen.unwrap_or_else(|| scheme.nearest(said));
        Some([of(self.light, Scheme::Light), of(self.dark, Scheme::Dark)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_colour_the_other_scheme_gets_its_shade() {
        let navy = Color::parse("#123a7a").unwrap();
        let [light, dark] = Accent { light: Some(navy), dark: None }.of_both().unwrap();
        assert_eq!(light, navy);
        assert!(Scheme::Dark.reads(dark) && !Scheme::Dark.reads(navy), "{dark}");
        let mint = Color::parse("#7fe3d0").unwrap();
        let [light, dark] = Accent { light: None, dark: Some(mint) }.of_both().unwrap();
        assert!(dark == mint && Scheme::Light.reads(light) && !Scheme::Light.reads(mint), "{light}");
        assert_eq!(Accent::default().of_both(), None);
    }
}
