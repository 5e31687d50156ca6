//! An object of the console as programs see it: its document, and the ways to show and change it from elsewhere, at the command line and by the API.

use serde::Serialize;

use crate::http::api::call::Call;
use crate::protocol::issuer::Issuer;

/// What the tab of the document shows.
pub struct Document {
    /// The document, as the command line prints it.
    pub(super) json: String,
    pub(super) ways: Vec<Way>,
}

/// Something that is done to an object: the command, and the call of the API that does the same.
pub(super) struct Way {
    pub(super) command: String,
    pub(super) call: Call,
}

/// A way as a kind of object says it: the command, the id of the operation, and what is sent with it.
pub(super) type Said = (String, &'static str, &'static str);

impl Document {
    /// The document of an object, which paths of the API call by `names`, in the version that is shown.
    pub(super) fn of(
        issuer: &Issuer,
        resource: &impl Serialize,
        (names, version): (&[&str], i64),
        ways: impl IntoIterator<Item = Said>,
    ) -> Self {
        let way = |(command, operation, body): Said| {
            let call = Call::of(issuer, operation, (names, version), body)?;
            Some(Way { command, call })
        };
        Self {
            json: serde_json::to_string_pretty(resource).unwrap_or_default(),
            ways: ways.into_iter().filter_map(way).collect(),
        }
    }
}
