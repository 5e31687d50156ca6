//! Where a client's answers may go.

use serde::{Deserialize, Serialize};

use crate::protocol::redirect_uri::RegisteredRedirectUri;

/// The URIs that end-users are sent to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Redirects {
    /// Where authorization responses may go (`redirect_uris`): RFC 6749 section 3.1.2.
    #[serde(rename = "redirect_uris")]
    pub uris: Vec<RegisteredRedirectUri>,
    /// Where end-users may go after logout (`post_logout_redirect_uris`): RP-Initiated Logout 1.0 section 3.1.
    #[serde(rename = "post_logout_redirect_uris")]
    pub post_logout_uris: Vec<RegisteredRedirectUri>,
}
