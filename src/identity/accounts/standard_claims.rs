//! The claims that end-users say about themselves, each with the shape that it must have: OpenID Connect Core 1.0 section 5.1.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use super::draft::MAX_NAME_CHARS;
use super::zones;
use crate::support::line::{self, LineRejected};

/// The longest part of an address and the longest URL, in characters.
const MAX_FIELD_CHARS: usize = 500;
/// The most lines of a part of an address.
const MAX_LINES: usize = 10;

/// Why a claim cannot have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRejected {
    /// It is no line that other users could read.
    #[error("{0}")]
    Line(LineRejected),
    /// It is no address of a page or picture.
    #[error("must be an http or https URL without user name, at most 500 characters")]
    NotALink,
    /// Section 5.1: neither a date of ISO 8601-1, whose year may be left out as 0000, nor a year.
    #[error("must be a date as YYYY-MM-DD (0000 for a year that is not told), or a year")]
    NotADate,
    /// Section 5.1: no name of the IANA time zone database; the one that was probably meant, where it is near.
    #[error("must be a time zone such as {}", .meant.unwrap_or("Asia/Seoul"))]
    NotAZone {
        /// The zone that is named nearly so.
        meant: Option<&'static str>,
    },
    /// Section 5.1: not in the format of E.164.
    #[error("must be an international telephone number that begins with +")]
    NotAPhoneNumber,
}

/// Reads one claim: its checked value.
type Rule = fn(&str) -> Result<String, ClaimRejected>;

/// The claims that are texts, with their rules. `locale` is the account's own, and `email` is not only said but proven.
const RULES: &[(&str, Rule)] = &[
    ("name", name_line),
    ("given_name", name_line),
    ("family_name", name_line),
    ("middle_name", name_line),
    ("nickname", name_line),
    ("preferred_username", name_line),
    ("profile", web_link),
    ("picture", web_link),
    ("website", web_link),
    ("gender", name_line),
    ("birthdate", birthdate),
    ("zoneinfo", zone),
    ("phone_number", phone),
];

/// What a document says of each claim that is a text, by its name: every type that has a field for each of these claims is read by this table.
macro_rules! claims_of {
    ($document:expr) => {{
        let document = $document;
        [
            ("name", document.name.as_deref()),
            ("given_name", document.given_name.as_deref()),
            ("family_name", document.family_name.as_deref()),
            ("middle_name", document.middle_name.as_deref()),
            ("nickname", document.nickname.as_deref()),
            ("preferred_username", document.preferred_username.as_deref()),
            ("profile", document.profile.as_deref()),
            ("picture", document.picture.as_deref()),
            ("website", document.website.as_deref()),
            ("gender", document.gender.as_deref()),
            ("birthdate", document.birthdate.as_deref()),
            ("zoneinfo", document.zoneinfo.as_deref()),
            ("phone_number", document.phone_number.as_deref()),
        ]
    }};
}
pub(crate) use claims_of as text_claims;

/// Checks a value of the claim of this name. An empty one is a claim that is not there.
pub fn check_claim(name: &str, text: &str) -> Result<Option<String>, ClaimRejected> {
    let text = text.trim();
    match RULES.iter().find(|(known, _)| *known == name) {
        Some((_, rule)) if !text.is_empty() => rule(text).map(Some),
        _ => Ok(None),
    }
}

/// The parts of `address`: OpenID Connect Core 1.0 section 5.1.1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the names are the standard members")]
pub struct PostalAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl PostalAddress {
    /// Checks every part. Those that are empty are not there.
    pub fn check(&self) -> Result<Map<String, Value>, ClaimRejected> {
        let Self { formatted, street_address, locality, region, postal_code, country } = self;
        let parts = [
            ("formatted", formatted),
            ("street_address", street_address),
            ("locality", locality),
            ("region", region),
            ("postal_code", postal_code),
            ("country", country),
        ];
        let mut address = Map::new();
        for (name, value) in parts {
            let Some(text) = value.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { continue };
            // "This field MAY contain multiple lines": of these two only.
            let lines: Vec<&str> =
                if matches!(name, "formatted" | "street_address") { text.lines().collect() } else { vec![text] };
            if lines.len() > MAX_LINES {
                return Err(ClaimRejected::Line(LineRejected::TooLong { max: MAX_LINES * MAX_FIELD_CHARS }));
            }
            let checked =
                lines.into_iter().map(|text| line::parse(text, MAX_FIELD_CHARS)).collect::<Result<Vec<_>, _>>();
            let checked = checked.map_err(ClaimRejected::Line)?;
            address.insert(name.to_owned(), Value::String(checked.join("\n")));
        }
        Ok(address)
    }
}

fn name_line(text: &str) -> Result<String, ClaimRejected> {
    line::parse(text, MAX_NAME_CHARS).map_err(ClaimRejected::Line)
}

/// `https` or `http` with a host, nothing else: a page will make a link of it.
fn web_link(text: &str) -> Result<String, ClaimRejected> {
    let url = Url::parse(text).map_err(|_| ClaimRejected::NotALink)?;
    let plain = text.len() <= MAX_FIELD_CHARS && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    let web = matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty();
    (plain && web && url.password().is_none()).then(|| url.into()).ok_or(ClaimRejected::NotALink)
}

/// OpenID Connect Core 1.0 section 5.1: `YYYY-MM-DD`, the year may be `0000`, or `YYYY` alone.
fn birthdate(text: &str) -> Result<String, ClaimRejected> {
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let legal = match parts[..] {
        [year] => digits(year, 4),
        [year, month, day] => {
            let shaped = digits(year, 4) && digits(month, 2) && digits(day, 2);
            // The year 0000 stands for one that is not told; it is a leap year, so that 29 February can be told.
            let number = |part: &str| part.parse::<u8>().ok();
            shaped
                && number(month).and_then(|m| time::Month::try_from(m).ok()).is_some_and(|month| {
                    let year = year.parse::<i32>().unwrap_or(0);
                    number(day).is_some_and(|day| time::Date::from_calendar_date(year, month, day).is_ok())
                })
        }
        _ => false,
    };
    legal.then(|| text.to_owned()).ok_or(ClaimRejected::NotADate)
}

/// A name of the IANA time zone database, as that writes it.
fn zone(text: &str) -> Result<String, ClaimRejected> {
    zones::find(text).map(str::to_owned).ok_or_else(|| ClaimRejected::NotAZone { meant: zones::meant(text) })
}

/// E.164, which the specification recommends: a plus sign and at most 15 digits. Spaces, hyphens and brackets are left out.
fn phone(text: &str) -> Result<String, ClaimRejected> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+').ok_or(ClaimRejected::NotAPhoneNumber)?;
    let legal =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    legal.then_some(number).ok_or(ClaimRejected::NotAPhoneNumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_have_their_standard_shapes() {
        for (rule, good, bad) in [
            (birthdate as Rule, "0000-02-29", "1999-02-29"),
            (birthdate, "1988", "88"),
            (web_link, "https://example.com/me", "javascript:alert(1)"),
            (web_link, "http://example.com/", "https://user@example.com/"),
            (zone, "Asia/Seoul", "../etc/passwd"),
            (zone, "asia/seoul", "Seoul"),
            (phone, "+82 10-1234-5678", "010-1234-5678"),
            (name_line, "길동", "a\u{202E}b"),
        ] {
            assert!(rule(good).is_ok(), "{good}");
            assert!(rule(bad).is_err(), "{bad}");
        }
    }
}
