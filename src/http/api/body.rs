//! The body of a request: JSON, or a picture where an operation takes one, bounded in size and time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::merge_patch::{self, AlwaysThere};
use super::problem::{ApiProblem, pointer};
use crate::admin::document::{self, Document, DocumentRejected, MemberRejected};
use crate::http::extract;
use crate::http::problem::ProblemKind;

pub(super) const JSON: &str = "application/json";
/// RFC 7396 section 4.
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";
/// What a logo is uploaded as.
pub(super) const PICTURES: &[&str] = &["image/png", "image/jpeg", "image/webp"];

/// A body that was received.
#[derive(Clone, Debug)]
pub(super) struct ReceivedBody {
    pub(super) bytes: Bytes,
    media_type: Option<String>,
}

impl ReceivedBody {
    /// Receives it, where it has at most so many bytes.
    pub(super) async fn receive(
        headers: &HeaderMap,
        (body, most): (Body, usize),
        timeout: Duration,
    ) -> Result<Self, ApiProblem> {
        let media_type = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
        let media_type =
            media_type.map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let received = tokio::time::timeout(timeout, extract::read(body, most)).await;
        let received = received.map_err(|_| ApiProblem::of_kind(ProblemKind::Timeout))?;
        Ok(Self { bytes: received.map_err(|why| ApiProblem::of_kind(why.kind()).because(why))?, media_type })
    }

    /// The document that it is.
    pub(super) fn document<T: Document>(&self) -> Result<T, ApiProblem> {
        Ok(document::read(self.text(&[JSON])?)?)
    }

    /// What it says of a document that is so: RFC 7396.
    pub(super) fn patch<T: Document>(&self, is: &T) -> Result<T, ApiProblem> {
        let patch: Map<String, Value> =
            serde_json::from_str(self.text(&[MERGE_PATCH, JSON])?).map_err(ApiProblem::malformed)?;
        let said = merge_patch::said(&members(is)?, &patch).map_err(|AlwaysThere(name)| {
            ApiProblem::new("invalid").at(pointer(&name), "missing", format!("{name} cannot be taken away"))
        })?;
        let text = serde_json::to_string(&said).map_err(|cause| ApiProblem::internal(&cause))?;
        Ok(document::read(&text)?)
    }

    /// A value that is no document of the administration: what an action is to do.
    pub(super) fn value<T: DeserializeOwned>(&self) -> Result<T, ApiProblem> {
        serde_json::from_str(self.text(&[JSON])?).map_err(ApiProblem::malformed)
    }

    /// The same, where it may be left out.
    pub(super) fn optional<T: DeserializeOwned + Default>(&self) -> Result<T, ApiProblem> {
        if self.bytes.is_empty() { Ok(T::default()) } else { self.value() }
    }

    /// The picture that it is said to be. Whether it is one is for who reads it.
    pub(super) fn picture(&self) -> Result<&[u8], ApiProblem> {
        self.must_be(PICTURES).map(|()| &*self.bytes)
    }

    fn must_be(&self, media_types: &[&str]) -> Result<(), ApiProblem> {
        if self.media_type.as_deref().is_some_and(|is| media_types.contains(&is)) {
            return Ok(());
        }
        let wanted = media_types.join(" or ");
        Err(ApiProblem::new("unsupported_media_type").because(format!("the body must be {wanted}")))
    }

    fn text(&self, media_types: &[&str]) -> Result<&str, ApiProblem> {
        self.must_be(media_types)?;
        // RFC 8259 section 8.1: JSON "MUST be encoded using UTF-8".
        std::str::from_utf8(&self.bytes).map_err(|_| ApiProblem::malformed("the body is not UTF-8"))
    }
}

/// The members of a document.
pub(super) fn members(document: &impl Serialize) -> Result<Map<String, Value>, ApiProblem> {
    match serde_json::to_value(document) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(ApiProblem::internal(&"a document is no object")),
        Err(cause) => Err(ApiProblem::internal(&cause)),
    }
}

impl From<DocumentRejected> for ApiProblem {
    fn from(rejected: DocumentRejected) -> Self {
        match rejected {
            DocumentRejected::Malformed(why) => Self::malformed(why),
            DocumentRejected::Members(members) => {
                members.iter().fold(Self::new("invalid"), |problem, member| match member {
                    MemberRejected::Unknown { member: name, .. } => problem.at(pointer(name), "unknown_member", member),
                    MemberRejected::Refused { member: name, .. } => problem.at(pointer(name), "not_supported", member),
                })
            }
        }
    }
}
