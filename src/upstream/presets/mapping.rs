//! What a reader of a provider's answers must know: the preset's data, and the places that the administrator named.

use super::super::claims::{ClaimMap, Field};
use super::{EmailTrust, Preset, Quirk};

/// How one connection's answers are read.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Where the fields are.
    pub claims: ClaimMap,
    /// What is odd about the provider.
    pub quirks: &'static [Quirk],
    /// Whose mailboxes the provider runs.
    pub email_trust: EmailTrust,
}

impl Preset {
    /// How the answers of a connection of this preset are read; `places` are the administrator's own.
    pub fn mapping(&self, places: impl IntoIterator<Item = (Field, String)>) -> Mapping {
        let own = ClaimMap::of(self.claims);
        let claims = places.into_iter().fold(own, |map, (field, pointer)| map.with(field, pointer));
        Mapping { claims, quirks: self.quirks, email_trust: self.email_trust }
    }
}
