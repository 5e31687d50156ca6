//! The parameters of a request: decoded once, duplicates refused, sizes bounded.

use std::borrow::Cow;

use super::error::OAuthError;

/// The most parameters one request may carry.
pub const MAX_PARAMS: usize = 100;

/// The parameters that may repeat: RFC 8707 section 2 ("Multiple resource parameters MAY be used").
const REPEATABLE: &[&str] = &["resource"];

/// Why a query or a form was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsRejected {
    /// More than [`MAX_PARAMS`] parameters.
    #[error("too many parameters")]
    TooMany,
    /// A parameter came more than once.
    #[error("parameter repeated")]
    Repeated,
    /// A name or value is no UTF-8 or holds a NUL.
    #[error("parameter is not clean UTF-8 text")]
    NotText,
    /// A percent sign that no two hexadecimal digits follow.
    #[error("broken percent-encoding")]
    BrokenEncoding,
}

impl From<ParamsRejected> for OAuthError {
    fn from(rejected: ParamsRejected) -> Self {
        Self::invalid_request(match rejected {
            ParamsRejected::TooMany => "the request has too many parameters",
            // RFC 6749 section 3.1: "Request and response parameters MUST NOT be included more than once."
            ParamsRejected::Repeated => "a parameter is included more than once",
            ParamsRejected::NotText => "a parameter is not UTF-8 text",
            ParamsRejected::BrokenEncoding => "a parameter is not form-urlencoded",
        })
    }
}

/// The parameters of one request, in the order they came. A parameter without a value counts as absent
/// (RFC 6749 section 3.1: "Parameters sent without a value MUST be treated as if they were omitted").
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl std::fmt::Debug for Params {
    /// Names only: values can be codes, passwords and secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Params {
    /// Reads `application/x-www-form-urlencoded` text: a query string or a form body.
    pub fn parse(encoded: &[u8]) -> Result<Self, ParamsRejected> {
        let mut params = Vec::new();
        for pair in encoded.split(|&b| b == b'&').filter(|pair| !pair.is_empty()) {
            if params.len() == MAX_PARAMS {
                return Err(ParamsRejected::TooMany);
            }
            let (name, value) = match pair.iter().position(|&b| b == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            params.push((decode(name)?, decode(value)?));
        }
        let params = Self(params);
        params.refuse_repetition()?;
        Ok(params)
    }

    /// Parameters that were taken apart elsewhere (tests, request objects).
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ParamsRejected> {
        let params = Self(pairs.into_iter().map(|(n, v)| (n.into(), v.into())).collect());
        params.refuse_repetition()?;
        Ok(params)
    }

    /// The value of a parameter; `None` when it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// Every value of a parameter that may repeat.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.iter().filter(move |(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// The value of a parameter, or `invalid_request` naming it.
    pub fn required(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| OAuthError::quoting(super::ErrorCode::InvalidRequest, &format!("{name} is required")))
    }

    /// Whether a parameter is present, even without a value.
    pub fn names(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// Every name and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    fn refuse_repetition(&self) -> Result<(), ParamsRejected> {
        let repeated = self.0.iter().enumerate().any(|(at, (name, _))| {
            !REPEATABLE.contains(&name.as_str()) && self.0[..at].iter().any(|(earlier, _)| earlier == name)
        });
        if repeated { Err(ParamsRejected::Repeated) } else { Ok(()) }
    }
}

/// Decodes one form-urlencoded name or value strictly: `+` is a space, `%` needs two digits, the result is UTF-8 without NUL.
pub fn decode(encoded: &[u8]) -> Result<String, ParamsRejected> {
    let text = if encoded.iter().any(|b| matches!(b, b'%' | b'+')) { unescape(encoded)? } else { encoded.to_vec() };
    let text = String::from_utf8(text).map_err(|_| ParamsRejected::NotText)?;
    if text.contains('\0') { Err(ParamsRejected::NotText) } else { Ok(text) }
}

fn unescape(encoded: &[u8]) -> Result<Vec<u8>, ParamsRejected> {
    let broken = |at: usize| !encoded.get(at + 1..at + 3).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
    if encoded.iter().enumerate().any(|(at, &b)| b == b'%' && broken(at)) {
        return Err(ParamsRejected::BrokenEncoding);
    }
    let spaced: Vec<u8> = encoded.iter().map(|&b| if b == b'+' { b' ' } else { b }).collect();
    Ok(Cow::from(percent_encoding::percent_decode(&spaced)).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Params, ParamsRejected> {
        Params::parse(text.as_bytes())
    }

    #[test]
    fn a_parameter_without_a_value_counts_as_omitted() {
        let params = parsed("scope=&state&x=1").unwrap();
        assert_eq!(params.get("scope"), None);
        assert_eq!(params.get("state"), None);
        assert_eq!(params.get("x"), Some("1"));
        assert!(params.names("scope"));
    }

    #[test]
    fn a_repeated_parameter_is_refused_even_when_empty() {
        assert_eq!(parsed("a=1&a=1"), Err(ParamsRejected::Repeated));
        assert_eq!(parsed("a=&a=1"), Err(ParamsRejected::Repeated));
        assert!(parsed("resource=a&resource=b").is_ok());
    }

    #[test]
    fn decoding_is_strict() {
        assert_eq!(parsed("a=%"), Err(ParamsRejected::BrokenEncoding));
        assert_eq!(parsed("a=%4"), Err(ParamsRejected::BrokenEncoding));
        assert_eq!(parsed("a=%ff"), Err(ParamsRejected::NotText));
        assert_eq!(parsed("a=%00"), Err(ParamsRejected::NotText));
        assert_eq!(parsed("a=b+c%20d%ED%95%B4").unwrap().get("a"), Some("b c d해"));
    }

    #[test]
    fn a_debug_print_shows_no_values() {
        let shown = format!("{:?}", parsed("code=s3cret").unwrap());
        assert_eq!(shown, "[\"code\"]");
    }

    #[test]
    fn the_number_of_parameters_is_bounded() {
        let many = (0..=MAX_PARAMS).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
        assert_eq!(parsed(&many), Err(ParamsRejected::TooMany));
    }
}
