//! What a reader of a provider's answers must know: the preset's data, and the places that the administrator named.

use std::borrow::Cow;

use super::super::claims::{ClaimMap, Field};
use super::super::subject::SubjectPlace;
use super::{EmailTrust, Preset, Quirk};

/// How one connection's answers are read.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Where the subject is in each answer that has one.
    pub subject: Cow<'static, [SubjectPlace]>,
    /// Where the other fields are.
    pub claims: ClaimMap,
    /// What is odd about the provider.
    pub quirks: &'static [Quirk],
    /// Whose mailboxes the provider runs.
    pub email_trust: EmailTrust,
}

impl Preset {
    /// How the answers of a connection of this preset are read; `places` are the administrator's own. A subject at a place of theirs (which
    /// only plain OAuth 2 has) may be of either type.
    pub fn mapping(&self, places: impl IntoIterator<Item = (Field, String)>) -> Mapping {
        let mut subject = Cow::Borrowed(self.subject);
        let mut claims = ClaimMap::of(self.claims);
        for (field, pointer) in places {
            if field == Field::Subject {
                subject = Cow::Owned(vec![SubjectPlace::either(Cow::Owned(pointer))]);
            } else {
                claims = claims.with(field, pointer);
            }
        }
        Mapping { subject, claims, quirks: self.quirks, email_trust: self.email_trust }
    }
}
