//! What is wrong with a form of the console, in the language of the page, beside the field it is about.

use std::collections::BTreeMap;

use super::super::attributes;
use super::super::problems::{Shown, claim, line, password};
use super::refused;
use crate::admin::recipes::AppUrlRejected;
use crate::admin::{Aggregate, ClaimProblem, FieldError, FieldProblem, KeyProblem, Rejected};
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};
use crate::keys::{ImportRejected, JwksRejected};
use crate::model::branding::Scheme;
use crate::model::claim_rule::ClaimNameRejected;
use crate::model::logo::NotALogo;
use crate::protocol::redirect_uri::RedirectUriRejected;

/// What is said beside each field; nothing where nothing is wrong.
#[derive(Debug, Default)]
pub(super) struct Wrong(BTreeMap<String, String>);

impl Wrong {
    /// The problems of a document, each beside its own field.
    pub(super) fn of(t: &Texts, found: &[FieldProblem]) -> Self {
        let mut wrong = Self::default();
        for problem in found {
            let text = match &problem.value {
                Some(value) => {
                    t.with_two(keys::field::OF_VALUE, "value", value, "problem", &in_words(t, problem.error))
                }
                None => in_words(t, problem.error),
            };
            wrong.add(&problem.field, text);
        }
        wrong
    }

    /// Says something beside a field, below what is said there already.
    pub(super) fn add(&mut self, field: &str, text: String) {
        let said = self.0.entry(field.to_owned()).or_default();
        if said.is_empty() {
            *said = text;
        } else if *said != text {
            said.push(' ');
            said.push_str(&text);
        }
    }

    /// Takes in why a form was refused; answers how its page is shown.
    pub(super) fn refuse(&mut self, t: &Texts, rejected: Rejected) -> Result<Shown, PageError> {
        let (wrong, shown) = shown(t, rejected)?;
        *self = wrong;
        Ok(shown)
    }

    /// Says beside a field what is said of its members, for a form that has one field for all of them.
    pub(super) fn gather(&mut self, field: &str) {
        let beginning = format!("{field}.");
        let (members, others) = std::mem::take(&mut self.0).into_iter().partition(|(of, _)| of.starts_with(&beginning));
        self.0 = others;
        let members: BTreeMap<String, String> = members;
        for text in members.into_values() {
            self.add(field, text);
        }
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said beside a field.
    pub(super) fn beside(&self, field: &str) -> &str {
        self.0.get(field).map(String::as_str).unwrap_or_default()
    }
}

/// A refusal as the page of its form shows it: beside the fields, or above all of them. What no form leads to is a page of its own.
pub(super) fn shown(t: &Texts, rejected: Rejected) -> Result<(Wrong, Shown), PageError> {
    let above = |text: String| Ok((Wrong::default(), refused(text)));
    let beside = |fields: &[(&str, Key)]| {
        let mut wrong = Wrong::default();
        for (field, text) in fields {
            wrong.add(field, t.get(*text));
        }
        Ok((wrong, Shown::marked(t)))
    };
    match rejected {
        Rejected::Invalid(found) => Ok((Wrong::of(t, &found), Shown::marked(t))),
        Rejected::Taken(Aggregate::Attribute) => beside(&[("name", keys::attributes::PROBLEM_TAKEN)]),
        Rejected::Taken(Aggregate::ClaimRule) => beside(&[("name", keys::claims::PROBLEM_NAME_TAKEN)]),
        Rejected::Taken(Aggregate::Group | Aggregate::AppRole) => beside(&[("name", keys::groups::PROBLEM_TAKEN)]),
        Rejected::Taken(Aggregate::Api) => beside(&[("resource", keys::apis::PROBLEM_TAKEN)]),
        Rejected::Taken(_) => {
            beside(&[("email", keys::field::EMAIL_TAKEN), ("client_id", keys::field::CLIENT_ID_TAKEN)])
        }
        Rejected::Reserved => beside(&[("client_id", keys::field::CLIENT_ID_RESERVED)]),
        Rejected::TooMany(Aggregate::Manager, _) => above(t.get(keys::managers::TOO_MANY)),
        Rejected::Stale(_) => above(t.get(keys::field::STALE)),
        Rejected::LastAdministrator => above(t.get(keys::field::LAST_ADMINISTRATOR)),
        Rejected::LastOwner => above(t.get(keys::field::LAST_OWNER)),
        Rejected::LastWayIn => above(t.get(keys::field::LAST_WAY_IN)),
        Rejected::LockedOut => above(t.get(keys::field::LOCKED_OUT)),
        Rejected::OwnAccount => above(t.get(keys::field::OWN_ACCOUNT)),
        Rejected::Managed(by) => above(t.with(keys::managed::PROBLEM, "owner", by.as_str())),
        Rejected::InUse(count) => above(t.counted(keys::apis::IN_USE, "n", u64::try_from(count).unwrap_or(u64::MAX))),
        Rejected::TooOften(wait) => Ok((Wrong::default(), Shown::throttled(t, keys::form::PROBLEM_THROTTLED, wait))),
        Rejected::Busy => above(t.get(keys::form::PROBLEM_BUSY)),
        other => Err(other.into()),
    }
}

/// What is wrong with a field.
#[allow(clippy::too_many_lines, reason = "a line for each error")]
pub(super) fn in_words(t: &Texts, error: FieldError) -> String {
    match error {
        FieldError::Missing => t.get(keys::connection::PROBLEM_MISSING),
        FieldError::Text(_) | FieldError::NotASecret => t.get(keys::connection::PROBLEM_TEXT),
        FieldError::Line(why) => line(t, why),
        FieldError::Claim(why) => claim(t, why),
        FieldError::Attribute(why) => attributes::problem(t, why),
        FieldError::AttributeName => t.get(keys::attributes::PROBLEM_NAME),
        FieldError::GroupName => t.get(keys::groups::PROBLEM_NAME),
        FieldError::NoSuchGroup => t.get(keys::groups::PROBLEM_NONE),
        FieldError::NoSuchClient => t.get(keys::groups::PROBLEM_CLIENT),
        FieldError::ClaimRule(ClaimProblem::Name(ClaimNameRejected::NotAName)) => t.get(keys::claims::PROBLEM_CLAIM),
        FieldError::ClaimRule(ClaimProblem::Name(ClaimNameRejected::NotAUri)) => t.get(keys::claims::PROBLEM_URI),
        FieldError::ClaimRule(ClaimProblem::Name(ClaimNameRejected::Defined)) => t.get(keys::claims::PROBLEM_DEFINED),
        FieldError::ClaimRule(ClaimProblem::Taken) => t.get(keys::claims::PROBLEM_CLAIM_TAKEN),
        FieldError::ClaimRule(ClaimProblem::NotForTheClient) => t.get(keys::claims::PROBLEM_RESOURCE),
        FieldError::ClaimRule(ClaimProblem::NotOfSource) => t.get(keys::claims::PROBLEM_SOURCE),
        FieldError::Password(why) => password(t, why),
        FieldError::Email => t.get(keys::form::PROBLEM_EMAIL),
        FieldError::Locale => t.get(keys::field::LOCALE),
        FieldError::Slug => t.get(keys::connection::PROBLEM_SLUG),
        FieldError::SlugTaken => t.get(keys::connection::PROBLEM_SLUG_TAKEN),
        FieldError::NoSuchSetting | FieldError::NoSuchField => t.get(keys::connection::PROBLEM_UNKNOWN),
        FieldError::NotAUrl => t.get(keys::connection::PROBLEM_URL),
        FieldError::NotHttps => t.get(keys::connection::PROBLEM_HTTPS),
        FieldError::Port => t.get(keys::connection::PROBLEM_PORT),
        FieldError::NotPorts => t.get(keys::connection::PROBLEM_PORTS),
        FieldError::NotAnIssuer => t.get(keys::connection::PROBLEM_ISSUER),
        FieldError::NotATenant => t.get(keys::connection::PROBLEM_TENANT),
        FieldError::NotTenCharacters => t.get(keys::connection::PROBLEM_TEN),
        FieldError::ScopeSeparator => t.get(keys::connection::PROBLEM_SCOPE_SEPARATOR),
        FieldError::Scope(_) => t.get(keys::connection::PROBLEM_SCOPE),
        FieldError::NoOpenid => t.get(keys::connection::PROBLEM_OPENID),
        FieldError::NotAPointer => t.get(keys::connection::PROBLEM_POINTER),
        FieldError::UpstreamValue => t.get(keys::connection::PROBLEM_VALUE),
        FieldError::SubjectChangesHands | FieldError::SubjectIsFixed => t.get(keys::connection::PROBLEM_SUBJECT),
        FieldError::Domain => t.get(keys::connection::PROBLEM_DOMAIN),
        FieldError::RoutedElsewhere => t.get(keys::connection::PROBLEM_ROUTED),
        FieldError::RolesWithoutLimit => t.get(keys::connection::PROBLEM_ROLES),
        FieldError::MixedAlgorithms | FieldError::NoIdTokens => t.get(keys::connection::PROBLEM_ALGORITHMS),
        FieldError::NothingSaid => t.get(keys::connection::PROBLEM_SAID),
        FieldError::TooMany(_) => t.get(keys::connection::PROBLEM_MANY),
        FieldError::NotAKey => t.get(keys::connection::PROBLEM_KEY),
        FieldError::SecretAgain => t.get(keys::connection::PROBLEM_AGAIN),
        FieldError::AccountsLinked => t.get(keys::connection::PROBLEM_LINKED),
        FieldError::RedirectUri(_, why) => redirect_uri(t, why),
        FieldError::Resource(_) => t.get(keys::field::RESOURCE),
        FieldError::OwnResource => t.get(keys::apis::PROBLEM_OWN),
        FieldError::OwnScope => t.get(keys::apis::PROBLEM_OWN_SCOPE),
        FieldError::Repeated => t.get(keys::apis::PROBLEM_REPEATED),
        FieldError::ClientId(_) => t.get(keys::field::CLIENT_ID),
        FieldError::WebhookSecret(_) => t.get(keys::field::WEBHOOK_SECRET),
        FieldError::Key(why) => key(t, why),
        FieldError::Jwks(why) => jwks(t, why),
        FieldError::OneOfJwksAndJwksUri => t.get(keys::field::ONE_OF_KEYS),
        FieldError::KeysWithoutUse => t.get(keys::field::KEYS_WITHOUT_USE),
        FieldError::ClientSecret(..) | FieldError::GuessableSecret => t.get(keys::field::CLIENT_SECRET),
        FieldError::SecretWithoutUse => t.get(keys::field::SECRET_WITHOUT_USE),
        FieldError::PinWithoutSecret => t.get(keys::field::PIN),
        FieldError::NeedsAuthorizationCode => t.get(keys::field::NEEDS_CODE),
        FieldError::MustBePublic => t.get(keys::field::MUST_BE_PUBLIC),
        FieldError::MustAuthenticate => t.get(keys::field::MUST_AUTHENTICATE),
        FieldError::PublicClientCredentials => t.get(keys::field::PUBLIC_CREDENTIALS),
        FieldError::NeedsClientCredentials => t.get(keys::field::NEEDS_CREDENTIALS),
        FieldError::ServiceGrant => t.get(keys::field::SERVICE_GRANT),
        FieldError::RefreshWithoutCode => t.get(keys::field::REFRESH_WITHOUT_CODE),
        FieldError::OfflineWithoutRefresh => t.get(keys::field::OFFLINE_WITHOUT_REFRESH),
        FieldError::EndUserScope => t.get(keys::field::END_USER_SCOPE),
        FieldError::PublicWithoutPkce => t.get(keys::field::PUBLIC_WITHOUT_PKCE),
        FieldError::AlgorithmNotOffered => t.get(keys::field::ALGORITHM),
        FieldError::Lifetime(least, most) => {
            let (least, most) = (least.as_secs().to_string(), most.as_secs().to_string());
            t.with_two(keys::field::LIFETIME, "least", &least, "most", &most)
        }
        FieldError::Between(least, most) => {
            t.with_two(keys::field::BETWEEN, "least", &least.to_string(), "most", &most.to_string())
        }
        FieldError::Color(_) | FieldError::Contrast(..) => color(t, error),
        FieldError::Logo(why) => picture(t, why),
        FieldError::OnlyPasskeys(n) => t.counted(keys::policy::ONLY_PASSKEYS_PROBLEM, "n", n),
        FieldError::ClosedByConfiguration => t.get(keys::field::CLOSED_BY_CONFIGURATION),
        // No form says these: they are of documents.
        FieldError::ReadOnly
        | FieldError::NotAText
        | FieldError::DomainsWithoutUse
        | FieldError::OtherThanKind
        | FieldError::OtherThanGrantTypes
        | FieldError::OtherThanPreset => error.to_string(),
    }
}

/// What is wrong with a redirect URI.
fn redirect_uri(t: &Texts, why: RedirectUriRejected) -> String {
    use keys::field as text;
    t.get(match why {
        RedirectUriRejected::Malformed => text::REDIRECT_URI_MALFORMED,
        RedirectUriRejected::Fragment => text::REDIRECT_URI_FRAGMENT,
        RedirectUriRejected::Userinfo => text::REDIRECT_URI_USERINFO,
        RedirectUriRejected::PlainHttp => text::REDIRECT_URI_HTTP,
        RedirectUriRejected::SchemeWithoutPeriod => text::REDIRECT_URI_PERIOD,
        RedirectUriRejected::ForbiddenScheme => text::REDIRECT_URI_SCHEME,
        RedirectUriRejected::AnswerParameter => text::REDIRECT_URI_PARAMETER,
    })
}

/// What is wrong with the address of an app that a recipe is for.
pub(super) fn app_url(t: &Texts, why: AppUrlRejected) -> String {
    use keys::field as text;
    t.get(match why {
        AppUrlRejected::NotAUrl => text::APP_URL_NOT_A_URL,
        AppUrlRejected::NotPlain => text::APP_URL_NOT_PLAIN,
        AppUrlRejected::Scheme => text::APP_URL_SCHEME,
        AppUrlRejected::NotHttps => text::APP_URL_HTTP,
        AppUrlRejected::MoreThanABase => text::APP_URL_MORE,
        AppUrlRejected::Path => text::APP_URL_PATH,
    })
}

/// What is wrong with the public keys of an app.
fn jwks(t: &Texts, why: JwksRejected) -> String {
    use keys::field as text;
    let of = |key, place: usize| t.with(key, "n", &place.to_string());
    match why {
        JwksRejected::NotASet => t.get(text::JWKS_NOT_A_SET),
        JwksRejected::Empty => t.get(text::JWKS_EMPTY),
        JwksRejected::TooMany => t.with(text::JWKS_MANY, "most", &JwksRejected::MOST_KEYS.to_string()),
        JwksRejected::Private(place) => of(text::JWKS_PRIVATE, place),
        JwksRejected::Kind(place) => of(text::JWKS_KIND, place),
        JwksRejected::Bounds(place) => of(text::JWKS_BOUNDS, place),
        JwksRejected::Certificate(place) => of(text::JWKS_CERTIFICATE, place),
        JwksRejected::KeyId(place) => of(text::JWKS_KID, place),
        JwksRejected::DuplicateKeyId(place) => of(text::JWKS_REPEATED, place),
    }
}

/// What is wrong with a signing key that is brought, or with an algorithm that is to be switched off.
fn key(t: &Texts, why: KeyProblem) -> String {
    let why = match why {
        KeyProblem::AlgorithmNeeded => return t.get(keys::field::ALGORITHM_NEEDED),
        KeyProblem::AlgorithmInUse(n) => {
            return t.counted(keys::field::ALGORITHM_IN_USE, "n", u64::try_from(n).unwrap_or(u64::MAX));
        }
        KeyProblem::Import(why) => why,
    };
    match why {
        ImportRejected::NotPkcs8 => t.get(keys::signing_keys::PROBLEM_PKCS8),
        ImportRejected::Encrypted => t.get(keys::signing_keys::PROBLEM_ENCRYPTED),
        ImportRejected::PublicOnly => t.get(keys::signing_keys::PROBLEM_PUBLIC),
        ImportRejected::Unsuited(algorithm) => {
            t.with(keys::signing_keys::PROBLEM_UNSUITED, "algorithm", algorithm.as_str())
        }
        ImportRejected::RsaBounds => t.get(keys::signing_keys::PROBLEM_RSA),
        ImportRejected::Known => t.get(keys::signing_keys::PROBLEM_KNOWN),
        ImportRejected::Revoked => t.get(keys::signing_keys::PROBLEM_REVOKED),
    }
}

/// What is wrong with a picture.
fn picture(t: &Texts, why: NotALogo) -> String {
    t.get(match why {
        NotALogo::TooLarge => keys::logo::PROBLEM_TOO_LARGE,
        NotALogo::TooManyPixels => keys::logo::PROBLEM_PIXELS,
        NotALogo::Format => keys::logo::PROBLEM_FORMAT,
        NotALogo::Broken => keys::logo::PROBLEM_BROKEN,
    })
}

/// What is wrong with a colour.
fn color(t: &Texts, error: FieldError) -> String {
    let FieldError::Contrast(hundredths, scheme, nearest) = error else { return t.get(keys::branding::NOT_A_COLOR) };
    let said = match scheme {
        Scheme::Light => keys::branding::CONTRAST_LIGHT,
        Scheme::Dark => keys::branding::CONTRAST_DARK,
    };
    let ratio = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    t.with_two(said, "ratio", &ratio, "nearest", &nearest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Locale;

    #[test]
    fn what_is_wrong_with_addresses_and_keys_is_said_in_the_language_of_the_page() {
        let redirect_uris = [
            RedirectUriRejected::Malformed,
            RedirectUriRejected::Fragment,
            RedirectUriRejected::Userinfo,
            RedirectUriRejected::PlainHttp,
            RedirectUriRejected::SchemeWithoutPeriod,
            RedirectUriRejected::ForbiddenScheme,
            RedirectUriRejected::AnswerParameter,
        ];
        let key_sets = [
            JwksRejected::NotASet,
            JwksRejected::Empty,
            JwksRejected::TooMany,
            JwksRejected::Private(7),
            JwksRejected::Kind(7),
            JwksRejected::Bounds(7),
            JwksRejected::Certificate(7),
            JwksRejected::KeyId(7),
            JwksRejected::DuplicateKeyId(7),
        ];
        let errors: Vec<FieldError> = redirect_uris
            .map(|why| FieldError::RedirectUri(0, why))
            .into_iter()
            .chain(key_sets.map(FieldError::Jwks))
            .collect();
        let said = |locale| -> Vec<String> {
            let t = Texts::of(locale);
            let url = |why| app_url(t, why);
            let urls = [
                AppUrlRejected::NotAUrl,
                AppUrlRejected::NotPlain,
                AppUrlRejected::Scheme,
                AppUrlRejected::NotHttps,
                AppUrlRejected::MoreThanABase,
                AppUrlRejected::Path,
            ];
            errors.iter().map(|error| in_words(t, *error)).chain(urls.map(url)).collect()
        };
        let (english, korean) = (said(Locale::En), said(Locale::Ko));
        for (at, (en, ko)) in english.iter().zip(&korean).enumerate() {
            assert!(english[..at].iter().chain(&korean[..at]).all(|other| other != en && other != ko), "{en}: {ko}");
            let is_korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
            assert!(is_korean(ko) && !is_korean(en), "{en}: {ko}");
            assert!(en.contains('7') == ko.contains('7') && !en.contains('{'), "{en}: {ko}");
        }
    }
}
