//! Who an answer is about: which values name an account at a provider for good, and which only look as if they did.
//!
//! Owns the types that subjects come in, and the values that name no account. Leaves where they are to the presets, and how they are kept
//! to [`UpstreamSubject`].

use std::borrow::Cow;

use serde_json::Value;

use super::claims::{ClaimMap, Field};
use crate::model::upstream_link::UpstreamSubject;

/// OpenID Connect Core 1.0 section 2: `sub` "MUST NOT exceed 255 ASCII \[RFC20\] characters in length."
const MAX_LENGTH: usize = 255;

/// What programs write where they have no value: what is called so is every account whose identifier was lost on the way. In lower case.
const WORTHLESS: &[&str] = &[
    "null",
    "(null)",
    "<null>",
    "nil",
    "<nil>",
    "none",
    "undefined",
    "nan",
    "n/a",
    "unknown",
    "anonymous",
    "true",
    "false",
    "[]",
    "\"\"",
    "''",
    "-1",
    "0x0",
];
/// The last UUID (RFC 9562 section 5.10), which no account has any more than the first one, of zeros alone (section 5.9).
const LAST_UUID: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/// The JSON type of a provider's subjects. A number and the text that reads like it are two subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectType {
    /// A text, as OpenID Connect Core 1.0 section 2 has it: "The `sub` value is a case-sensitive string."
    Text,
    /// A whole number.
    Number,
    /// It is not known which, of a provider that has no preset of its own. The two are kept apart.
    Either,
}

/// Why answers are about no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectRejected {
    /// An answer does not say who it is about.
    #[error("no subject in the answers")]
    Missing,
    /// What stands for the subject stands for no account, or for every one whose identifier was lost.
    #[error("a subject that names no account")]
    Worthless,
    /// The subject is too long, of the wrong type, or has characters that none should have.
    #[error("a subject of the wrong shape")]
    Malformed,
    /// The answers are about different subjects: OpenID Connect Core 1.0 section 5.3.2.
    #[error("the answers name different subjects")]
    Differ,
    /// The subject is unique within a tenant only, and no tenant is named.
    #[error("no tenant in the answers")]
    NoTenant,
}

/// Where the subject is in one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPlace {
    /// A JSON pointer (RFC 6901).
    pub pointer: Cow<'static, str>,
    /// What is there.
    pub kind: SubjectType,
}

impl SubjectPlace {
    /// A text at this place.
    pub const fn text(pointer: &'static str) -> Self {
        Self { pointer: Cow::Borrowed(pointer), kind: SubjectType::Text }
    }

    /// A whole number at this place.
    pub const fn number(pointer: &'static str) -> Self {
        Self { pointer: Cow::Borrowed(pointer), kind: SubjectType::Number }
    }

    /// A text or a whole number at this place.
    pub const fn either(pointer: Cow<'static, str>) -> Self {
        Self { pointer, kind: SubjectType::Either }
    }
}

/// The subject that answers are about: the first place is in the first answer, the second in the second. An answer that has a place names
/// its subject there, and the same one (OpenID Connect Core 1.0 section 5.3.2: "The `sub` Claim in the `UserInfo` Response MUST be verified to
/// exactly match the `sub` Claim in the ID Token").
pub(super) fn of(
    places: &[SubjectPlace],
    claims: &ClaimMap,
    answers: &[Value],
) -> Result<UpstreamSubject, SubjectRejected> {
    let mut agreed: Option<UpstreamSubject> = None;
    for (place, answer) in places.iter().zip(answers) {
        let value = answer.pointer(&place.pointer).filter(|value| !value.is_null());
        let subject = read(value.ok_or(SubjectRejected::Missing)?, place.kind)?;
        if agreed.get_or_insert_with(|| subject.clone()).as_sent() != subject.as_sent() {
            return Err(SubjectRejected::Differ);
        }
    }
    within_tenant(agreed.ok_or(SubjectRejected::Missing)?, claims, answers)
}

/// The subject with its tenant in front, where the preset says that subjects are unique only there.
fn within_tenant(
    subject: UpstreamSubject,
    claims: &ClaimMap,
    answers: &[Value],
) -> Result<UpstreamSubject, SubjectRejected> {
    if claims.places(Field::Tenant).next().is_none() {
        return Ok(subject);
    }
    let mut agreed: Option<UpstreamSubject> = None;
    for (_, value) in claims.found(Field::Tenant, answers).filter(|(_, value)| !value.is_null()) {
        let tenant = read(value, SubjectType::Text)?;
        if agreed.get_or_insert_with(|| tenant.clone()) != &tenant {
            return Err(SubjectRejected::Differ);
        }
    }
    let tenant = agreed.ok_or(SubjectRejected::NoTenant)?;
    // A tenant's name has no slash, so that no other pair reads the same.
    let whole = format!("{tenant}/{subject}");
    if tenant.as_str().contains('/') || whole.len() > MAX_LENGTH {
        return Err(SubjectRejected::Malformed);
    }
    UpstreamSubject::parse(&whole).map_err(|_| SubjectRejected::Malformed)
}

/// Reads a subject of this type. It is compared byte by byte, so nothing is trimmed or folded.
pub(super) fn read(value: &Value, kind: SubjectType) -> Result<UpstreamSubject, SubjectRejected> {
    use SubjectType::{Either, Number, Text};
    let malformed = SubjectRejected::Malformed;
    let subject = match (value, kind) {
        (Value::String(text), Text | Either) if is_legal(text) => match kind {
            Either => UpstreamSubject::text_beside_numbers(text),
            _ => UpstreamSubject::parse(text).map_err(|_| malformed)?,
        },
        (Value::Number(number), Number | Either) => {
            let number = number.as_u64().ok_or(malformed)?;
            if kind == Either { UpstreamSubject::number_beside_texts(number) } else { UpstreamSubject::number(number) }
        }
        (Value::String(text), Text | Either) if is_worthless(text) => return Err(SubjectRejected::Worthless),
        _ => return Err(malformed),
    };
    if is_worthless(subject.as_sent()) { Err(SubjectRejected::Worthless) } else { Ok(subject) }
}

fn is_legal(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text stands for no account: empty, nothing but zeros (with what a UUID or a number has between them), or a word for nothing.
pub(super) fn is_worthless(text: &str) -> bool {
    let bare = text.trim().trim_start_matches(['{', '(']).trim_end_matches(['}', ')']);
    let zeros = bare.bytes().all(|byte| matches!(byte, b'0' | b'-' | b'.' | b':'));
    let word = text.trim().to_ascii_lowercase();
    zeros || word.trim_matches(['{', '}']) == LAST_UUID || WORTHLESS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_programs_write_for_nothing_names_no_account() {
        for text in [
            "",
            "0",
            "00",
            "-0",
            "0.0",
            "-1",
            "null",
            "NULL",
            "Null",
            "nil",
            "None",
            "undefined",
            "NaN",
            "N/A",
            "n/a",
            "-",
            "unknown",
            "anonymous",
            "false",
            "[]",
            "{}",
            "()",
            "00000000-0000-0000-0000-000000000000",
            "{00000000-0000-0000-0000-000000000000}",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "::",
        ] {
            for kind in [SubjectType::Text, SubjectType::Either] {
                assert_eq!(read(&json!(text), kind), Err(SubjectRejected::Worthless), "{text} {kind:?}");
            }
        }
        for kind in [SubjectType::Number, SubjectType::Either] {
            assert_eq!(read(&json!(0), kind), Err(SubjectRejected::Worthless), "{kind:?}");
        }
        // What only looks like one of them.
        for text in ["10", "0a", "1-0", "nobody", "nonesuch", "00000000-0000-0000-0000-000000000001", "nan-1", "a/n"] {
            assert_eq!(read(&json!(text), SubjectType::Text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_number_and_the_text_that_reads_like_it_are_two() {
        let (number, text) = (json!(7), json!("7"));
        assert!(read(&number, SubjectType::Text).is_err() && read(&text, SubjectType::Number).is_err());
        let either = |value: &Value| read(value, SubjectType::Either).unwrap();
        assert_ne!(either(&number), either(&text));
        assert_eq!((either(&number).as_sent(), either(&text).as_sent()), ("7", "7"));
        // Texts that no number reads like are kept as they are.
        for text in ["07", "7a", "+7", "7.0", "18446744073709551616", "number7"] {
            assert_eq!(either(&json!(text)).as_str(), text);
        }
        // No text can pass for a number that was kept.
        let kept = either(&number);
        assert!(read(&json!(kept.as_str()), SubjectType::Either).is_err());
        for bad in [json!(7.0), json!(-7), json!(true), json!(["7"]), json!({ "id": 7 }), json!(null)] {
            assert!(read(&bad, SubjectType::Either).is_err(), "{bad}");
        }
    }
}
