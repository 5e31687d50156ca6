//! URLs of documents: as checked values, and as addresses that this server calls.

use url::Url;

use super::{FieldError, FieldProblem, ServerCapabilities};

/// The longest URL, in bytes.
const MAX_URL_BYTES: usize = 2000;

/// An absolute URL with a host and nothing that two parsers could read differently. Which schemes are right is for the rules.
pub(super) fn url(field: &'static str, text: &str) -> Result<Url, FieldProblem> {
    let clean = text.len() <= MAX_URL_BYTES
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`' | b'\''));
    let url = Url::parse(text).ok().filter(|url| {
        clean && url.has_host() && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    });
    url.ok_or_else(|| FieldError::NotAUrl.of(field))
}

/// Refuses a URL without TLS, unless the configuration allows it.
pub(super) fn check_https(field: &'static str, url: &Url, http_allowed: bool) -> Result<(), FieldProblem> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if http_allowed => Ok(()),
        _ => Err(FieldError::NotHttps.of(field)),
    }
}

/// Refuses a URL that this server would not call.
pub(super) fn check_called(
    field: &'static str,
    url: &Url,
    capabilities: &ServerCapabilities,
) -> Result<(), FieldProblem> {
    check_https(field, url, capabilities.http_allowed)?;
    if capabilities.ports.allows(url) { Ok(()) } else { Err(FieldError::Port.of(field)) }
}
