//! How an end-user authenticated.

use crate::model::session::UpstreamSignIn;

/// How somebody proved who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// RFC 8176.
    pub amr: Vec<String>,
    /// Where else, if not here.
    pub upstream: Option<UpstreamSignIn>,
}

impl Means {
    /// By password, here.
    pub fn password() -> Self {
        Self { amr: vec!["pwd".to_owned()], upstream: None }
    }
}
