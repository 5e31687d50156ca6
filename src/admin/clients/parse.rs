//! Texts of a client's document as checked values.

use crate::admin::{FieldError, FieldProblem};
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::resource::Resource;

/// Redirect URIs, each once.
pub(super) fn redirect_uris(
    field: &'static str,
    uris: &[String],
    native: bool,
) -> Result<Vec<RegisteredRedirectUri>, FieldProblem> {
    let mut parsed: Vec<RegisteredRedirectUri> = Vec::with_capacity(uris.len());
    for (at, text) in uris.iter().enumerate() {
        let uri = RegisteredRedirectUri::parse(text, native)
            .map_err(|why| FieldError::RedirectUri(at, why).at(field, text))?;
        if !parsed.contains(&uri) {
            parsed.push(uri);
        }
    }
    Ok(parsed)
}

/// Resources, each once.
pub(super) fn resources(field: &'static str, texts: &[String]) -> Result<Vec<Resource>, FieldProblem> {
    let parse =
        |(at, text): (usize, &String)| Resource::parse(text).map_err(|_| FieldError::Resource(at).at(field, text));
    Ok(without_repeats(texts.iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?.into_iter()))
}

/// The items in their order, each once.
pub(super) fn without_repeats<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// The most authentication context classes that a client prefers, and the longest.
const MAX_ACR_VALUES: usize = 20;
const MAX_ACR_CHARS: usize = 100;

/// The authentication context classes that a client prefers. One that is not known here is kept: it may be another provider's.
pub(super) fn acr_values(said: &[String]) -> Result<Vec<String>, FieldProblem> {
    let is_word = |value: &&String| {
        !value.is_empty() && value.len() <= MAX_ACR_CHARS && value.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if said.len() > MAX_ACR_VALUES {
        return Err(FieldError::TooMany(MAX_ACR_VALUES).of("default_acr_values"));
    }
    match said.iter().find(|value| !is_word(value)) {
        Some(_) => Err(FieldError::Text(MAX_ACR_CHARS).of("default_acr_values")),
        None => Ok(said.to_vec()),
    }
}
