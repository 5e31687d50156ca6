//! An answer that a provider's page posted, taken along to a request that has our cookies: sealed, so that neither the code nor the
//! user's name is in an address for others to read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Upstream;
use crate::protocol::Params;

/// What is taken along of an answer.
const FIELDS: &[&str] = &["state", "code", "error", "iss", "user"];
/// The most bytes of it: what fits into an address.
const MAX_BYTES: usize = 8 * 1024;

impl Upstream {
    /// Seals an answer to a connection's redirect URI; `None` where it is larger than any honest one.
    pub fn carry(&self, slug: &str, params: &Params) -> Option<String> {
        let fields = FIELDS.iter().filter_map(|name| Some((*name, params.get(name)?)));
        let plain = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let fits = plain.len() <= MAX_BYTES;
        fits.then(|| URL_SAFE_NO_PAD.encode(self.sealer.seal(self.random.as_ref(), &binding(slug), plain.as_bytes())))
    }

    /// The answer that was sealed for this redirect URI.
    pub fn carried(&self, slug: &str, answer: &str) -> Option<Params> {
        let sealed = URL_SAFE_NO_PAD.decode(answer).ok()?;
        Params::parse(&self.sealer.unseal(&binding(slug), &sealed)?).ok()
    }
}

fn binding(slug: &str) -> Vec<u8> {
    [b"posted answer ".as_slice(), slug.as_bytes()].concat()
}
