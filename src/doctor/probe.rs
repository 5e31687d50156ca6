//! How a request arrived, told to a holder of the key-encryption key: the doctor asks through the issuer's URL and learns what the proxies in between make of
//! its request. `http` answers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::keys::MacKey;
use crate::support::Timestamp;

/// The header that asks.
pub const HEADER: &str = "haechi-probe";

/// How a request arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The other end of the connection: a proxy or the client.
    pub peer: Option<String>,
    /// Whether `network.trusted_proxies` has it.
    pub trusted: bool,
    /// The forwarding headers that came along.
    pub forwarding: Vec<String>,
    /// The address that counts: for throttling and the audit log.
    pub address: String,
    /// The `Host` that arrived.
    pub host: Option<String>,
    /// The server's time, in milliseconds since 1970.
    pub now: i64,
}

/// The header's value at this moment; it works for a minute before and after.
pub fn ask(key: &MacKey, now: Timestamp) -> String {
    URL_SAFE_NO_PAD.encode(key.tag(&[&minute(now).to_be_bytes()]))
}

/// Whether a value of the header is one that [`ask`] made about now.
pub fn may_ask(key: &MacKey, now: Timestamp, value: &[u8]) -> bool {
    let Ok(tag) = URL_SAFE_NO_PAD.decode(value) else { return false };
    (-1..=1).any(|off| key.verify(&[&minute(now).saturating_add(off).to_be_bytes()], &tag))
}

const fn minute(now: Timestamp) -> i64 {
    now.seconds().div_euclid(60)
}
