//! What is drawn in the accent: buttons, links, borders and grounds, in the light and the dark scheme of a page.
//!
//! Owns which colours can be read there. A text needs a contrast of 4.5:1 (WCAG 2.2, success criterion 1.4.3), a border or an outline 3:1 (1.4.11);
//! as the accent is both, it has to have what a text needs.

use super::Color;

/// The contrast that a text needs: "at least 4.5:1" (WCAG 2.2, success criterion 1.4.3).
pub const TEXT: f64 = 4.5;

/// A scheme of a page: the one that its reader prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark letters on a light page.
    Light,
    /// Light letters on a dark page.
    Dark,
}

/// The colours that follow from an accent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Links, borders and the ground of buttons.
    pub accent: Color,
    /// The text of buttons.
    pub ink: Color,
    /// Links and buttons under the pointer.
    pub over: Color,
    /// The ground of notes and tags, which have texts in the accent.
    pub tint: Color,
}

impl Scheme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What lies under texts: the page and its cards, as the style sheet has them.
    const fn grounds(self) -> [Color; 2] {
        match self {
            Self::Light => [Color::of(0xf6, 0xf7, 0xf6), Color::WHITE],
            Self::Dark => [Color::of(0x0e, 0x14, 0x13), Color::of(0x16, 0x1e, 0x1c)],
        }
    }

    /// Where a colour that cannot be read here has to go.
    const fn away(self) -> Color {
        match self {
            Self::Light => Color::BLACK,
            Self::Dark => Color::WHITE,
        }
    }

    /// The colours that follow from an accent in this scheme.
    pub fn palette(self, accent: Color) -> Palette {
        let [_, card] = self.grounds();
        match self {
            Self::Light => Palette {
                accent,
                ink: Color::WHITE,
                over: accent.mixed(Color::BLACK, 56),
                tint: card.mixed(accent, 23),
            },
            Self::Dark => Palette {
                accent,
                ink: Color::of(0x08, 0x0f, 0x0d),
                over: accent.mixed(Color::WHITE, 46),
                tint: card.mixed(accent, 31),
            },
        }
    }

    /// The least contrast that an accent has as a text of this scheme: on the page, on a card, on its own tint, and under the text of a button.
    pub fn contrast(self, accent: Color) -> f64 {
        let Palette { ink, tint, .. } = self.palette(accent);
        let [page, card] = self.grounds();
        [page, card, tint, ink].into_iter().map(|other| accent.contrast(other)).fold(f64::INFINITY, f64::min)
    }

    /// Whether an accent can be read in this scheme.
    pub fn reads(self, accent: Color) -> bool {
        self.contrast(accent) >= TEXT
    }

    /// The shade of a colour that is nearest to it and can be read in this scheme.
    pub fn nearest(self, color: Color) -> Color {
        (0..=u8::MAX)
            .map(|share| color.mixed(self.away(), share))
            .find(|shade| self.reads(*shade))
            .unwrap_or_else(|| self.away())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STYLE: &str = include_str!("../../../static/haechi.css");

    /// The colours of a name in the style sheet: of the light scheme, then of the dark one.
    fn of_style(name: &str) -> [Color; 2] {
        let full = |text: &str| match text.len() {
            4 => text.chars().flat_map(|c| std::iter::repeat_n(c, if c == '#' { 1 } else { 2 })).collect::<String>(),
            _ => text.to_owned(),
        };
        let name = format!("--{name}: ");
        let said = STYLE.split(&name).skip(1).take(2).map(|rest| full(rest.split(';').next().unwrap()));
        let said: Vec<Color> = said.map(|text| Color::parse(&text).unwrap()).collect();
        said.try_into().unwrap()
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet_and_its_own_accent_is_read() {
        let (paper, card, accent) = (of_style("paper"), of_style("card"), of_style("accent"));
        for (at, scheme) in Scheme::ALL.into_iter().enumerate() {
            assert_eq!(scheme.grounds(), [paper[at], card[at]]);
            assert!(scheme.reads(accent[at]), "{scheme:?}: {}", scheme.contrast(accent[at]));
            assert_eq!(scheme.nearest(accent[at]), accent[at]);
        }
    }

    proptest! {
        /// Whatever colour is asked for, what is drawn can be read: its texts by success criterion 1.4.3, its borders by 1.4.11.
        #[test]
        fn what_is_drawn_can_be_read(red: u8, green: u8, blue: u8) {
            let (soft, ink) = (of_style("soft"), of_style("ink"));
            for (at, scheme) in Scheme::ALL.into_iter().enumerate() {
                let Palette { accent, ink: on, over, tint } = scheme.palette(scheme.nearest(Color::of(red, green, blue)));
                let [page, card] = scheme.grounds();
                for (text, ground) in [
                    (accent, page), (accent, card), (accent, tint), (on, accent), (on, over), (over, page), (over, card),
                    (over, tint), (soft[at], tint), (ink[at], tint),
                ] {
                    prop_assert!(text.contrast(ground) >= TEXT, "{scheme:?} {text} on {ground}: {}", text.contrast(ground));
                }
            }
        }

        #[test]
        fn the_nearest_shade_of_what_can_be_read_is_itself(red: u8, green: u8, blue: u8) {
            let color = Color::of(red, green, blue);
            for scheme in Scheme::ALL {
                prop_assert_eq!(scheme.nearest(color) == color, scheme.reads(color));
            }
        }
    }
}
