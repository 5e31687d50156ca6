//! How strongly an end-user authenticated: authentication context classes, the `acr` of OpenID Connect Core 1.0 section 2.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// An authentication context class reference. A text, so that a value that another version stored can still be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Acr(Cow<'static, str>);

/// What a class asks of an authentication. One that meets all of it is of that class, whatever else it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// How many factors it takes.
    pub factors: u8,
    /// No page of somebody else can pass the proof on.
    pub phishing_resistant: bool,
    /// The key is in hardware, and stays there.
    pub hardware: bool,
}

/// Every class that is known, the strongest first, with what it asks. The first two are the registered values of OpenID Connect Extended Authentication
/// Profile ACR Values 1.0 section 2. A passkey is of the second; that a key is in hardware nothing proves yet, so the first is understood and not advertised.
pub const LEVELS: &[(Acr, Needs)] = &[
    (Acr::PHISHING_RESISTANT_HARDWARE, Needs { factors: 2, phishing_resistant: true, hardware: true }),
    (Acr::PHISHING_RESISTANT, Needs { factors: 2, phishing_resistant: true, hardware: false }),
    (Acr::TWO_FACTORS, Needs { factors: 2, phishing_resistant: false, hardware: false }),
    (Acr::ONE_FACTOR, Needs { factors: 1, phishing_resistant: false, hardware: false }),
];

impl Acr {
    /// Phishing-resistant, with the key in hardware.
    pub const PHISHING_RESISTANT_HARDWARE: Self = Self(Cow::Borrowed("phrh"));
    /// Phishing-resistant.
    pub const PHISHING_RESISTANT: Self = Self(Cow::Borrowed("phr"));
    /// Two factors: a password or a provider's word, and a code.
    pub const TWO_FACTORS: Self = Self(Cow::Borrowed("urn:haechi:acr:2fa"));
    /// One factor: a password, or the word of an upstream provider.
    pub const ONE_FACTOR: Self = Self(Cow::Borrowed("urn:haechi:acr:1fa"));

    /// The value of the `acr` claim.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Every value that an authentication can reach here, the strongest first: what is advertised.
    pub fn reachable() -> impl Iterator<Item = &'static Self> {
        LEVELS.iter().filter(|(_, needs)| needs.can_be_met()).map(|(acr, _)| acr)
    }

    /// The class of this value, where it is one that is known.
    pub fn named(value: &str) -> Option<&'static (Self, Needs)> {
        LEVELS.iter().find(|(acr, _)| acr.as_str() == value)
    }

    /// Whether an authentication of this class is one of another, too.
    pub fn satisfies(&self, wanted: &str) -> bool {
        if self.as_str() == wanted {
            return true;
        }
        match (Self::named(self.as_str()), Self::named(wanted)) {
            (Some((_, has)), Some((_, asked))) => has.cover(*asked),
            _ => false,
        }
    }

    /// Whether two factors or more were proved.
    pub fn is_of_two_factors(&self) -> bool {
        self.satisfies(Self::TWO_FACTORS.as_str())
    }
}

impl Needs {
    /// Whether anything here proves an account so.
    pub const fn can_be_met(&self) -> bool {
        !self.hardware
    }

    /// Whether what meets these meets those.
    const fn cover(self, other: Self) -> bool {
        self.factors >= other.factors
            && (self.phishing_resistant || !other.phishing_resistant)
            && (self.hardware || !other.hardware)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_class_is_every_weaker_one_and_no_weaker_is_a_stronger() {
        for (at, (stronger, _)) in LEVELS.iter().enumerate() {
            for (weaker, _) in &LEVELS[at..] {
                assert!(stronger.satisfies(weaker.as_str()));
                assert_eq!(weaker.satisfies(stronger.as_str()), weaker == stronger);
            }
        }
        assert!(!Acr::TWO_FACTORS.satisfies("gold") && Acr(Cow::Borrowed("gold")).satisfies("gold"));
    }

    #[test]
    fn what_nothing_proves_is_not_advertised() {
        let reachable: Vec<&str> = Acr::reachable().map(Acr::as_str).collect();
        assert_eq!(reachable, ["phr", "urn:haechi:acr:2fa", "urn:haechi:acr:1fa"]);
    }
}
