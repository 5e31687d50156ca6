//! What callers accept: RFC 9110 section 12.5.1.

use axum::http::{HeaderMap, header};

use super::problem::ApiProblem;

/// Refuses who accepts no JSON. Without the header everything is accepted.
pub(super) fn check(headers: &HeaderMap) -> Result<(), ApiProblem> {
    let mut accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    let takes_json = |value: &str| value.split(',').any(is_json);
    if accepts.peek().is_none() || accepts.any(takes_json) { Ok(()) } else { Err(ApiProblem::NOT_ACCEPTABLE) }
}

/// Whether a media range is one that our answers are in, and is not switched off by its weight (section 12.4.2).
fn is_json(range: &str) -> bool {
    let (range, parameters) = range.split_once(';').unwrap_or((range, ""));
    let refused = parameters
        .split(';')
        .filter_map(|one| one.trim().strip_prefix("q="))
        .any(|weight| weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0));
    let range = range.trim().to_ascii_lowercase();
    !refused && matches!(range.as_str(), "*/*" | "application/*" | "application/json" | "application/problem+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn who_accepts_no_json_is_told_so() {
        let accepted = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ACCEPT, HeaderValue::from_static(value));
            }
            check(&headers).is_ok()
        };
        for good in [&[][..], &["*/*"], &["text/html, application/json;q=0.1"], &["text/html", "application/*"]] {
            assert!(accepted(good), "{good:?}");
        }
        for bad in [&["text/html"][..], &["application/json;q=0"], &["application/xml, text/*"], &[""]] {
            assert!(!accepted(bad), "{bad:?}");
        }
    }
}
