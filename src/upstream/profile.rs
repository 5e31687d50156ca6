//! What a provider said about a user, in one shape: the pure mapping from its answers.
//!
//! Owns reading answers whose shape and content are not vouched for. Leaves whether they are genuine (signatures, the channel
//! they came by) to who fetched them, and what follows from a profile to the linking rules.

use serde_json::Value;
use url::Url;

use super::apple;
use super::claims::Field;
use super::presets::{EmailTrust, Mapping, Quirk};
use super::subject::{self, SubjectRejected};
use crate::identity::accounts::{PostalAddress, check_claim};
use crate::model::upstream_link::UpstreamSubject;
use crate::model::user::{EmailAddress, Profile};

/// The longest name that is kept, in characters.
const MAX_NAME: usize = 200;
/// The longest address of a picture.
const MAX_PICTURE: usize = 2048;
/// The longest language tag that RFC 5646 section 4.4.1 wants implementations to hold.
const MAX_LOCALE: usize = 35;
/// Naver's `resultcode` of an answer that holds a profile.
const RESULT_OK: &str = "00";

/// An e-mail address, and what the provider says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamEmail {
    /// The e-mail address, checked for its form only.
    pub address: EmailAddress,
    /// Whether the provider says that it verified the address; `None` where it says nothing.
    pub verified: Option<bool>,
    /// Whether the provider runs the mailbox itself, so that no other source could know better whose it is.
    pub own_mailbox: bool,
    /// Whether mail to this address is only forwarded to another one, which the user does not give away.
    pub relay: bool,
}

impl UpstreamEmail {
    /// Whether the provider's word is enough to take the address for the user's. `connection_trusts` is the administrator's
    /// switch. Nothing that the provider did not call verified is ever trusted.
    pub fn is_trusted(&self, trust: EmailTrust, connection_trusts: bool) -> bool {
        let sound = match trust {
            EmailTrust::Off => true,
            EmailTrust::OwnMailboxes(_) => self.own_mailbox,
        };
        connection_trusts && sound && self.verified == Some(true)
    }
}

/// A user, as a provider describes them: the claims that are read from its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamProfile {
    /// The subject identifier: never reused, never changed, unique within the connection. The only thing that a link rests on.
    pub subject: UpstreamSubject,
    /// The e-mail address, and whether the provider verified it.
    pub email: Option<UpstreamEmail>,
    /// The `name` claim.
    pub name: Option<String>,
    /// The `given_name` claim.
    pub given_name: Option<String>,
    /// The `family_name` claim.
    pub family_name: Option<String>,
    /// The address of a picture, by https.
    pub picture: Option<String>,
    /// The language, as a BCP 47 tag.
    pub locale: Option<String>,
    /// Further standard claims ([`Field::FURTHER`]), by their names. One that breaks the rules for it is left out.
    pub claims: Profile,
}

/// Why answers make no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileRejected {
    /// They say of no account that they are about it.
    #[error(transparent)]
    Subject(#[from] SubjectRejected),
    /// The answer says itself that it is an error.
    #[error("the provider answered with an error")]
    ProviderError,
}

/// Reads a user's profile from the provider's answers: what came first is what is trusted most (the ID token's claims, or the
/// only profile answer), then further answers in the order of the preset.
pub fn map(mapping: &Mapping, answers: &[Value]) -> Result<UpstreamProfile, ProfileRejected> {
    let has = |quirk| mapping.quirks.contains(&quirk);
    if has(Quirk::ResultCode) && answers.first().and_then(|a| a.get("resultcode")?.as_str()) != Some(RESULT_OK) {
        return Err(ProfileRejected::ProviderError);
    }
    // What came through the browser unsigned may say how the user is called, and nothing else.
    let vouched = if has(Quirk::UnsignedUser) { answers.get(..1).unwrap_or_default() } else { answers };
    let text = |field, limit| mapping.claims.found(field, answers).find_map(|(_, value)| plain(value, limit));
    let given_name = text(Field::GivenName, MAX_NAME);
    let family_name = text(Field::FamilyName, MAX_NAME);
    let discord = has(Quirk::AvatarHash).then(|| avatar(vouched)).flatten();
    Ok(UpstreamProfile {
        subject: subject::of(&mapping.subject, &mapping.claims, vouched)?,
        email: email(mapping, vouched),
        name: text(Field::Name, MAX_NAME).or_else(|| joined(given_name.as_deref(), family_name.as_deref())),
        given_name,
        family_name,
        picture: discord
            .or_else(|| mapping.claims.found(Field::Picture, vouched).find_map(|(_, value)| picture(value))),
        locale: mapping.claims.found(Field::Locale, vouched).find_map(|(_, value)| locale(value)),
        claims: further(mapping, vouched),
    })
}

/// The further claims, each under the rules that end-users fill it in by.
fn further(mapping: &Mapping, answers: &[Value]) -> Profile {
    let claim = |&field: &Field| {
        let checked = |value: &Value| match field {
            Field::Address => postal_address(value),
            _ => check_claim(field.as_str(), value.as_str()?).ok().flatten().map(Value::String),
        };
        let value = mapping.claims.found(field, answers).find_map(|(_, value)| checked(value))?;
        Some((field.as_str().to_owned(), value))
    };
    Field::FURTHER.iter().filter_map(claim).collect()
}

/// The parts of an address that OpenID Connect Core 1.0 section 5.1.1 has; of a text, its `formatted`.
fn postal_address(value: &Value) -> Option<Value> {
    let part = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let address = PostalAddress {
        formatted: value.as_str().map(str::to_owned).or_else(|| part("formatted")),
        street_address: part("street_address"),
        locality: part("locality"),
        region: part("region"),
        postal_code: part("postal_code"),
        country: part("country"),
    };
    address.check().ok().filter(|parts| !parts.is_empty()).map(Value::Object)
}

/// The address and what is said of it. Both come from the same answer: what one answer says of its address says nothing of
/// another's.
fn email(mapping: &Mapping, answers: &[Value]) -> Option<UpstreamEmail> {
    let flag = |value: &Value| truth(value, mapping.quirks.contains(&Quirk::StringBooleans));
    if mapping.quirks.contains(&Quirk::PrimaryEmailInList) {
        let list = answers.iter().find_map(Value::as_array)?;
        let primary = list.iter().find(|entry| entry.get("primary").and_then(flag) == Some(true))?;
        let address = EmailAddress::parse(primary.get("email")?.as_str()?).ok()?;
        return Some(described(mapping, address, primary.get("verified").and_then(flag), &[]));
    }
    let (answer, address) = mapping
        .claims
        .found(Field::Email, answers)
        .find_map(|(n, value)| Some((answers.get(n..=n)?, EmailAddress::parse(value.as_str()?).ok()?)))?;
    let verified = if mapping.quirks.contains(&Quirk::ConfirmedEmail) {
        Some(true)
    } else {
        let flags = mapping.claims.places(Field::EmailVerified).map(|place| answer[0].pointer(place).and_then(flag));
        all_set(flags)
    };
    Some(described(mapping, address, verified, answer))
}

/// Whether all flags are set: unknown where one is missing and none is clear, or where there are none.
fn all_set(flags: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let flags: Vec<Option<bool>> = flags.collect();
    if flags.contains(&Some(false)) {
        return Some(false);
    }
    (!flags.is_empty() && flags.iter().all(|flag| *flag == Some(true))).then_some(true)
}

fn described(mapping: &Mapping, address: EmailAddress, verified: Option<bool>, answer: &[Value]) -> UpstreamEmail {
    let lenient = mapping.quirks.contains(&Quirk::StringBooleans);
    let forwards = mapping.claims.found(Field::EmailRelay, answer).any(|(_, v)| truth(v, lenient) == Some(true));
    let hosted = mapping.claims.found(Field::HostedDomain, answer).any(|(_, v)| v.as_str() == Some(address.domain()));
    let own = match mapping.email_trust {
        EmailTrust::Off => false,
        EmailTrust::OwnMailboxes(domains) => hosted || domains.contains(&address.domain()),
    };
    UpstreamEmail { relay: forwards || apple::is_relay(&address), verified, own_mailbox: own, address }
}

/// A flag. Some providers write it as a text or as a number; only what surely means yes is a yes.
fn truth(value: &Value, lenient: bool) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if lenient => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) if lenient => match number.as_u64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A text on one line: trimmed, without control characters and without those that turn their surroundings around.
fn plain(value: &Value, limit: usize) -> Option<String> {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let cleaned: String = value.as_str()?.chars().filter(|c| !c.is_control() && !turns(*c)).take(limit).collect();
    let trimmed = cleaned.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn joined(given: Option<&str>, family: Option<&str>) -> Option<String> {
    let (Some(given), Some(family)) = (given, family) else {
        return given.or(family).map(str::to_owned);
    };
    // Hangul and Han names are written family name first and without a space.
    let eastern = |text: &str| text.chars().all(|c| matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{4e00}'..='\u{9fff}'));
    Some(if eastern(given) && eastern(family) { format!("{family}{given}") } else { format!("{given} {family}") })
}

/// A picture's address, if a page could show it: https, and without credentials.
fn picture(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| text.len() <= MAX_PICTURE)?;
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    plain.then(|| url.to_string())
}

/// Discord names a picture by its digest only: the documentation's "Image Formatting".
fn avatar(answers: &[Value]) -> Option<String> {
    let profile = answers.first()?;
    let legal = |text: &&str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !text.is_empty();
    let id = profile.get("id")?.as_str().filter(legal)?;
    let hash = profile.get("avatar")?.as_str().filter(legal)?;
    Some(format!("https://cdn.discordapp.com/avatars/{id}/{hash}.png"))
}

fn locale(value: &Value) -> Option<String> {
    let tag = value.as_str()?.replace('_', "-");
    let legal = (2..=MAX_LOCALE).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    legal.then_some(tag)
}

#[cfg(test)]
mod tests;
