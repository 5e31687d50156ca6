//! A document that is the same for every caller: made once, with an entity tag.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;

use crate::support::Digest;

/// Room for the headers of an answer and for those that are put around each, so that the map is made once. Without it it is made anew as they come.
const HEADERS: usize = 12;

/// A public JSON document, ready to be sent.
#[derive(Clone, Debug)]
pub struct Document {
    body: Bytes,
    etag: HeaderValue,
    cache_control: HeaderValue,
}

impl Document {
    /// The document of these bytes.
    pub fn new(body: Bytes, max_age_seconds: u64) -> Self {
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Digest::sha256(&body).as_bytes()[..18]));
        Self::tagged(body, &tag, max_age_seconds)
    }

    /// The same where the tag is known already.
    pub fn tagged(body: Bytes, etag: &str, max_age_seconds: u64) -> Self {
        let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("\"\""));
        let cache_control = match max_age_seconds {
            0 => HeaderValue::from_static("no-cache"),
            seconds => value(&format!("public, max-age={seconds}")),
        };
        Self { body, etag: value(etag), cache_control }
    }

    /// The answer to a request: the document, or 304 when the caller has it already.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let known = self.is_known(headers);
        let mut answer = Response::new(if known { Body::empty() } else { Body::from(self.body.clone()) });
        let told = answer.headers_mut();
        told.reserve(HEADERS);
        if !known {
            told.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        told.insert(header::ETAG, self.etag.clone());
        told.insert(header::CACHE_CONTROL, self.cache_control.clone());
        if known {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
        }
        answer
    }

    /// RFC 9110 section 13.1.2: `*`, or a list with our tag, strong or weak.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == self.etag.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(if_none_match: Option<&str>) -> StatusCode {
        let document = Document::tagged(Bytes::from_static(b"{}"), "\"abc\"", 60);
        let mut headers = HeaderMap::new();
        if let Some(value) = if_none_match {
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
        }
        document.answer(&headers).status()
    }

    #[test]
    fn a_caller_that_has_the_document_is_not_sent_it_again() {
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert_eq!(status(Some(known)), StatusCode::NOT_MODIFIED, "{known}");
        }
        for unknown in [None, Some("\"x\""), Some("abc"), Some("")] {
            assert_eq!(status(unknown), StatusCode::OK, "{unknown:?}");
        }
    }
}
