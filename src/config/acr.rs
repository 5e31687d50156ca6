//! `[acr]`

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;
use crate::model::acr::{Acr, Classes, LEVELS, Needs};

/// The longest value: it travels in URLs and in tokens.
const MAX_CHARS: usize = 255;
/// The most classes: each is advertised in the discovery document.
const MAX_CLASSES: usize = 20;
/// What the values that the OpenID Foundation registered need (OpenID Connect Extended Authentication Profile ACR Values 1.0 section 2): whether the key is in hardware
/// besides.
const REGISTERED: &[(&str, bool)] = &[("phr", false), ("phrh", true)];

/// How strongly people signed in, as apps ask for it (`acr_values`) and tokens say it (`acr`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct AcrConfig {
    /// The classes: the value that apps ask for, and what it needs (`factors`, 1 or 2; `phishing_resistant`; `hardware`, which only an attestation
    /// proves: it is advertised where `passkeys.attestation` is `listed` and one that is listed keeps keys in hardware). Who meets more is of a class as well. A list replaces the defaults, all of them: with
    /// `[{ value = "gold", factors = 2 }, { value = "basic", factors = 1 }]` there is no `phr` any more, and no `urn:haechi:acr:2fa`.
    pub classes: Vec<AcrClass>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcrClass {
    /// What apps ask for and tokens say.
    pub value: String,
    /// How many factors it takes.
    pub factors: u8,
    /// No page of somebody else can pass the proof on.
    #[serde(default)]
    pub phishing_resistant: bool,
    /// The key is in hardware, and stays there.
    #[serde(default)]
    pub hardware: bool,
}

impl AcrClass {
    const fn needs(&self) -> Needs {
        Needs { factors: self.factors, phishing_resistant: self.phishing_resistant, hardware: self.hardware }
    }
}

impl Default for AcrConfig {
    fn default() -> Self {
        let class = |(acr, needs): &(Acr, Needs)| AcrClass {
            value: acr.as_str().to_owned(),
            factors: needs.factors,
            phishing_resistant: needs.phishing_resistant,
            hardware: needs.hardware,
        };
        Self { classes: LEVELS.iter().map(class).collect() }
    }
}

impl AcrConfig {
    /// The classes, as they decide.
    pub fn classes(&self) -> Classes {
        Classes::new(self.classes.iter().map(|class| (Acr::of_value(&class.value), class.needs())).collect())
    }

    /// Checks each class, and that a login by a password and one with a code are of one.
    pub(super) fn validate(&self, found: &mut Findings) {
        if self.classes.len() > MAX_CLASSES {
            found.wrong("classes", format!("must be at most {MAX_CLASSES}"));
        }
        for (at, class) in self.classes.iter().enumerate() {
            if let Some(why) = contradiction(class) {
                found.wrong("classes", format!("{:?} {why}", class.value));
            }
            if self.classes[..at].iter().any(|before| before.value == class.value) {
                found.wrong("classes", format!("{:?} is there twice: leave one of them", class.value));
            }
        }
        for factors in [1, 2] {
            let plain = |class: &AcrClass| class.factors == factors && !class.phishing_resistant && !class.hardware;
            if !self.classes.iter().any(plain) {
                let missing = format!(
                    "must have one with factors = {factors} and nothing else: what a login by that is said to be"
                );
                found.wrong("classes", missing);
            }
        }
    }
}

/// What is wrong with a class by itself, and how it is mended.
fn contradiction(class: &AcrClass) -> Option<&'static str> {
    // OpenID Connect Core 1.0 section 3.1.2.1: acr_values is a "space-separated string".
    let one_word = class.value.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
    let registered = REGISTERED.iter().find(|(value, _)| *value == class.value);
    if class.value.is_empty() || class.value.len() > MAX_CHARS || !one_word {
        return Some("is no value: it must be one word of ASCII characters, without quotes");
    }
    if !(1..=2).contains(&class.factors) {
        return Some("must have factors = 1 or 2: nothing here proves more");
    }
    if class.hardware && !class.phishing_resistant {
        return Some(
            "has hardware = true and must have phishing_resistant = true with it: only a passkey is held by hardware",
        );
    }
    match registered {
        Some((_, hardware)) if !class.phishing_resistant || class.hardware != *hardware => Some(
            "is a registered value, whose meaning is not ours to change: take another one, or phr with phishing_resistant = true and phrh with hardware = true besides",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(classes: &str) -> Vec<String> {
        let mut found = Findings::new("acr");
        toml::from_str::<AcrConfig>(&format!("classes = [{classes}]")).unwrap().validate(&mut found);
        found.into_found().into_iter().map(|(_, why)| why).collect()
    }

    const PLAIN: &str = "{ value = 'low', factors = 1 }, { value = 'high', factors = 2 }";

    #[test]
    fn the_default_is_in_order() {
        let mut found = Findings::new("acr");
        AcrConfig::default().validate(&mut found);
        assert_eq!(found.into_found(), []);
        assert_eq!(AcrConfig::default().classes(), Classes::default());
    }

    #[test]
    fn contradictions_are_told_with_what_mends_them() {
        assert_eq!(problems(PLAIN), Vec::<String>::new());
        for (more, word) in [
            ("{ value = 'low', factors = 2 }", "twice"),
            ("{ value = 'two words', factors = 1 }", "one word"),
            ("{ value = '', factors = 1 }", "one word"),
            ("{ value = 'three', factors = 3 }", "1 or 2"),
            ("{ value = 'key', factors = 2, hardware = true }", "phishing_resistant = true"),
            ("{ value = 'phr', factors = 2 }", "registered"),
            ("{ value = 'phrh', factors = 2, phishing_resistant = true }", "registered"),
        ] {
            let told = problems(&format!("{PLAIN}, {more}"));
            assert!(told.len() == 1 && told[0].contains(word), "{more}: {told:?}");
        }
        let none = problems("{ value = 'phr', factors = 2, phishing_resistant = true }");
        assert!(none.len() == 2 && none[0].contains("factors = 1") && none[1].contains("factors = 2"), "{none:?}");
    }
}
