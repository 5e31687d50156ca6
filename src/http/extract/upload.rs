//! A form that brings a picture along: `multipart/form-data` (RFC 7578), as browsers send it without a script.
//!
//! A picture becomes a field like any other, so that a form which waits for a proof keeps it with the rest. What the browser calls the file, and of which type it says that it is, is read by
//! nobody: neither could be believed.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::http::input_rejected::InputRejected;
use crate::model::logo::MAX_UPLOAD_BYTES;
use crate::protocol::Params;
use crate::protocol::params::{MAX_PARAMS, ParamsRejected};

/// The most bytes of such a form: the picture, and what stands around it.
pub(super) const MAX_FORM_BYTES: usize = MAX_UPLOAD_BYTES + 16 * 1024;
/// The field of the picture.
const FIELD: &str = "picture";

/// Whether a form is sent in this way.
pub(super) fn is_upload(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("multipart/form-data")
}

/// Reads its fields, once all of it is there. A file becomes text.
pub(super) async fn params(request: Request<Body>) -> Result<Params, InputRejected> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| InputRejected::MediaType)?;
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| InputRejected::Broken)? {
        if pairs.len() == MAX_PARAMS {
            return Err(ParamsRejected::TooMany.into());
        }
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(|_| InputRejected::Broken)?;
        let value = if is_file { STANDARD.encode(&bytes) } else { text(bytes.to_vec())? };
        pairs.push((name, value));
    }
    Ok(Params::from_pairs(pairs)?)
}

fn text(bytes: Vec<u8>) -> Result<String, ParamsRejected> {
    let text = String::from_utf8(bytes).map_err(|_| ParamsRejected::NotText)?;
    if text.contains('\0') { Err(ParamsRejected::NotText) } else { Ok(text) }
}

/// The picture that a form brought; empty where it brought none.
pub(in crate::http) fn picture(params: &Params) -> Vec<u8> {
    STANDARD.decode(params.get(FIELD).unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: &str) -> Result<Params, InputRejected> {
        let request = axum::http::Request::builder().header("content-type", "multipart/form-data; boundary=x");
        params(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    fn part(head: &str, value: &str) -> String {
        format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
    }

    #[tokio::test]
    async fn a_file_is_a_field_and_its_name_is_nothing() {
        let file = part("name=\"picture\"; filename=\"../../<script>.png\"", "bytes");
        let params = read(&format!("{}{file}--x--\r\n", part("name=\"csrf\"", "token"))).await.unwrap();
        assert_eq!((params.get("csrf"), picture(&params)), (Some("token"), b"bytes".to_vec()));
        assert!(!params.iter().any(|(name, value)| format!("{name}{value}").contains("script")));
    }

    #[tokio::test]
    async fn what_comes_twice_or_ends_early_is_refused() {
        let twice = format!("{}{}--x--\r\n", part("name=\"csrf\"", "a"), part("name=\"csrf\"", "b"));
        assert_eq!(read(&twice).await, Err(ParamsRejected::Repeated.into()));
        let not_text = format!("{}--x--\r\n", part("name=\"csrf\"", "a\0"));
        assert_eq!(read(&not_text).await, Err(ParamsRejected::NotText.into()));
        let cut = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\na";
        assert_eq!(read(cut).await, Err(InputRejected::Broken));
    }
}
