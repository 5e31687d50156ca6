//! How a client is presented to end-users.

use serde::{Deserialize, Serialize};
use url::Url;

/// What end-users see of a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// The client's name (`client_name`).
    pub name: String,
    /// The links and the picture beside it.
    pub links: ClientLinks,
}

/// The links and the picture that end-users see beside a client's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClientLinks {
    /// The client's home page.
    pub client_uri: Option<Url>,
    /// `logo_uri` of RFC 7591 section 2.
    pub logo_uri: Option<Url>,
    /// The client's privacy policy.
    pub policy_uri: Option<Url>,
    /// The client's terms of service.
    pub tos_uri: Option<Url>,
}
