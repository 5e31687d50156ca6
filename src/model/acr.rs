//! How strongly an end-user authenticated: authentication context classes, the `acr` of OpenID Connect Core 1.0 section 2.

use std::borrow::Cow;
use std::sync::Arc;

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

/// What an authentication here may amount to, the strongest first, and what each asks; and the classes of a server that declares no others. The first two are the registered values of OpenID Connect Extended Authentication
/// Profile ACR Values 1.0 section 2. A passkey is of the second, and of the first where an attestation proved that its key is in hardware: without one nothing proves that.
pub const LEVELS: &[(Acr, Needs)] = &[
    (Acr::PHISHING_RESISTANT_HARDWARE, Needs { factors: 2, phishing_resistant: true, hardware: true }),
    (Acr::PHISHING_RESISTANT, Needs { factors: 2, phishing_resistant: true, hardware: false }),
    (Acr::TWO_FACTORS, Needs { factors: 2, phishing_resistant: false, hardware: false }),
    (Acr::ONE_FACTOR, Needs { factors: 1, phishing_resistant: false, hardware: false }),
];

/// What any authentication amounts to.
impl Default for Acr {
    fn default() -> Self {
        Self::ONE_FACTOR
    }
}

impl Acr {
    /// Phishing-resistant, with the key in hardware.
    pub const PHISHING_RESISTANT_HARDWARE: Self = Self(Cow::Borrowed("phrh"));
    /// Phishing-resistant.
    pub const PHISHING_RESISTANT: Self = Self(Cow::Borrowed("phr"));
    /// Two factors: a password or a provider's word, and a code.
    pub const TWO_FACTORS: Self = Self(Cow::Borrowed(Self::TWO_FACTORS_VALUE));
    const TWO_FACTORS_VALUE: &'static str = "urn:haechi:acr:2fa";
    /// One factor: a password, the word of an upstream provider, or what was mailed.
    pub const ONE_FACTOR: Self = Self(Cow::Borrowed("urn:haechi:acr:1fa"));

    /// The value of the `acr` claim.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The class of a value that was declared.
    pub fn of_value(value: &str) -> Self {
        Self(Cow::Owned(value.to_owned()))
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

    /// Whether it is no more than what any authentication amounts to.
    pub fn is_of_one_factor(&self) -> bool {
        *self == Self::ONE_FACTOR
    }

    /// Whether two factors or more were proved.
    pub fn is_of_two_factors(&self) -> bool {
        self.satisfies(Self::TWO_FACTORS.as_str())
    }
}

/// The classes that a server knows: what apps ask for and tokens say. What an authentication amounted to is one of [`LEVELS`], and of whichever classes
/// that meets. A clone shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes(Arc<[(Acr, Needs)]>);

impl Default for Classes {
    fn default() -> Self {
        Self(LEVELS.into())
    }
}

impl Classes {
    /// These, the preferred first where several ask the same.
    pub fn new(classes: Vec<(Acr, Needs)>) -> Self {
        Self(classes.into())
    }

    /// Whether an authentication is of the class of this value; of none that is not known.
    pub fn meets(&self, reached: &Acr, wanted: &str) -> bool {
        let needs = self.0.iter().find(|(acr, _)| acr.as_str() == wanted).map(|(_, needs)| *needs);
        let has = Acr::named(reached.as_str()).map(|(_, has)| *has);
        has.zip(needs).is_some_and(|(has, needs)| has.cover(needs))
    }

    /// Whether the class of this value is one that the server knows.
    pub fn declares(&self, value: &str) -> bool {
        self.0.iter().any(|(acr, _)| acr.as_str() == value)
    }

    /// What is said of an authentication where nothing is asked for: the strongest class that it is of.
    pub fn strongest(&self, reached: &Acr) -> Acr {
        let met = self.0.iter().filter(|(acr, _)| self.meets(reached, acr.as_str()));
        // Of several that ask the same the first: `max_by_key` takes the last.
        met.collect::<Vec<_>>()
            .into_iter()
            .rev()
            .max_by_key(|(_, needs)| needs.weight())
            .map_or_else(|| reached.clone(), |(acr, _)| acr.clone())
    }

    /// Whether the class of this value asks for a key in hardware.
    pub fn needs_hardware(&self, value: &str) -> bool {
        self.0.iter().any(|(acr, needs)| acr.as_str() == value && needs.hardware)
    }

    /// Every value that an authentication can reach here, where something proves that keys are in hardware or not: what is advertised.
    pub fn reachable(&self, hardware: bool) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(_, needs)| needs.can_be_met(hardware)).map(|(acr, _)| acr.as_str())
    }

    /// What asks for a second factor, and for no more.
    pub fn of_two_factors(&self) -> &str {
        let found = self.0.iter().filter(|(_, needs)| needs.factors > 1).min_by_key(|(_, needs)| needs.weight());
        found.map_or(Acr::TWO_FACTORS_VALUE, |(acr, _)| acr.as_str())
    }
}

impl Needs {
    /// The more it asks, the greater.
    const fn weight(self) -> (bool, bool, u8) {
        (self.hardware, self.phishing_resistant, self.factors)
    }

    /// Whether anything proves an account so, where something proves that keys are in hardware or not.
    const fn can_be_met(self, hardware: bool) -> bool {
        hardware || !self.hardware
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
        let classes = Classes::default();
        let reachable = |hardware| classes.reachable(hardware).collect::<Vec<_>>();
        assert_eq!(reachable(false), ["phr", "urn:haechi:acr:2fa", "urn:haechi:acr:1fa"]);
        assert_eq!(reachable(true), ["phrh", "phr", "urn:haechi:acr:2fa", "urn:haechi:acr:1fa"]);
        assert!(classes.needs_hardware("phrh") && !classes.needs_hardware("phr") && !classes.needs_hardware("gold"));
    }

    #[test]
    fn declared_classes_are_met_by_what_they_need() {
        let needs = |factors, phishing_resistant| Needs { factors, phishing_resistant, hardware: false };
        let named = |value| Acr::of_value(value);
        let classes = Classes::new(vec![
            (named("low"), needs(1, false)),
            (named("gold"), needs(2, false)),
            (named("silver"), needs(2, false)),
            (named("key"), needs(1, true)),
        ]);
        for (reached, of, said) in [
            (Acr::ONE_FACTOR, &["low"][..], "low"),
            (Acr::TWO_FACTORS, &["low", "gold", "silver"], "gold"),
            (Acr::PHISHING_RESISTANT, &["low", "gold", "silver", "key"], "key"),
        ] {
            let met = |value: &&str| classes.meets(&reached, value);
            let all = ["low", "gold", "silver", "key", "urn:haechi:acr:1fa", "phr", "other"];
            assert_eq!(all.iter().copied().filter(met).collect::<Vec<_>>(), of);
            assert_eq!(classes.strongest(&reached).as_str(), said);
        }
        assert_eq!(classes.of_two_factors(), "gold");
    }
}
