//! What a page says of itself to the middleware that writes its security headers, in the extensions of its answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::random::{self, Random};

/// The nonce of a page's own script. The page puts it into its answer's extensions; a page without one has no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// A new one: 128 random bits.
    pub fn draw(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<16>(random)))
    }

    /// The value of the `nonce` attribute.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where, besides here, a page's forms may lead: a CSP source of the flow's redirect target. Browsers check `form-action` again at every
/// redirect that follows a form. The page puts it into its answer's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormAction(pub String);

/// The page shows pages of ours in a frame. It puts this into its answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnFrames;

/// The page lets a script of ours work beside it. It puts this into its answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnWorkers;

/// The page belongs to a login that an app opened in a popup (`display=popup`): the app's window must be able to see it end, so the two are
/// not kept apart. The page puts it into its answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Popup;
