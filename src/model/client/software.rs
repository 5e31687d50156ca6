//! Which software a client is, and who answers for it: for administrators, and for nobody else.

use serde::{Deserialize, Serialize};
use url::Url;

/// What a client says of its software. Nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Software {
    /// RFC 7591 section 2: "ways to contact people responsible for this client, typically email addresses".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// RFC 7591 section 2: the same for every instance of the software.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// RFC 7591 section 2: "The value of this field is a string that is intended to be compared using string equality matching".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// OpenID Connect Dynamic Client Registration 1.0 section 2: where a third party begins a login at the client, as section 4 of Core has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<Url>,
}
