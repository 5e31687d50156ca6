//! Colours, and how well one is read on another: WCAG 2.2.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A colour of the sRGB space, without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// A text that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a colour such as #0f766e")]
pub struct NotAColor;

impl Color {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// White.
    pub const WHITE: Self = Self([0xff; 3]);

    /// The colour of these shares of red, green and blue.
    pub const fn of(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Reads `#0f766e`: the only form that there is, so nothing else ever gets into a style sheet.
    pub fn parse(text: &str) -> Result<Self, NotAColor> {
        let digits = text.strip_prefix('#').ok_or(NotAColor)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAColor);
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_| NotAColor)?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// The relative luminance: "the relative brightness of any point in a colorspace, normalized to 0 for darkest black and 1 for lightest white"
    /// (WCAG 2.2, section 6, relative luminance).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|share| {
            let share = f64::from(share) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
    }

    /// The contrast ratio of two colours, 1 to 21: `(L1 + 0.05) / (L2 + 0.05)`, of which L1 is the lighter (WCAG 2.2, section 6, contrast ratio).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// This colour with some of another in it: none of it at 0, nothing else at 255.
    #[must_use]
    pub fn mixed(self, other: Self, share: u8) -> Self {
        let mix = |(mine, its): (u8, u8)| {
            let sum = u16::from(mine) * (255 - u16::from(share)) + u16::from(its) * u16::from(share);
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        let mut mixed = self.0;
        for (mine, its) in mixed.iter_mut().zip(other.0) {
            *mine = mix((*mine, its));
        }
        Self(mixed)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        Color::parse(text).unwrap()
    }

    #[test]
    fn a_colour_has_one_form() {
        assert_eq!(color("#0F766e").to_string(), "#0f766e");
        for bad in [
            "",
            "#",
            "0f766e",
            "#0f7",
            "#0f766e0",
            "#0f766g",
            "#0f766é",
            "teal",
            "#+f766e",
            "rgb(0 0 0)",
            "#0f766e;}body{display:none",
            "url(https://evil.example)",
            " #0f766e",
        ] {
            assert_eq!(Color::parse(bad), Err(NotAColor), "{bad}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        // Of the examples in "Understanding SC 1.4.3" and of what browsers' tools say.
        for (one, two, ratio) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#0000ff", "#ffffff", 8.59),
            ("#ff0000", "#ffffff", 4.0),
        ] {
            let is = color(one).contrast(color(two));
            assert!((is - ratio).abs() < 0.005, "{one} on {two}: {is}");
            assert!((is - color(two).contrast(color(one))).abs() < f64::EPSILON);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(red: u8, green: u8, blue: u8, share: u8) {
            let color = Color::of(red, green, blue);
            proptest::prop_assert_eq!(Color::parse(&color.to_string()), Ok(color));
            proptest::prop_assert_eq!(color.mixed(color, share), color);
            proptest::prop_assert_eq!(color.mixed(Color::WHITE, 255), Color::WHITE);
            proptest::prop_assert_eq!(color.mixed(Color::BLACK, 0), color);
        }
    }
}
