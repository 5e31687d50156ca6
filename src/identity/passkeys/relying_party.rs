//! Which relying party a browser is told that we are.

use std::time::Duration;

use url::Url;
use webauthn_rs_core::WebauthnCore;

use crate::protocol::issuer::Issuer;

/// How long a browser is asked to wait for its user. Web Authentication Level 3 section 15.1: 300 000 ms is the recommended default where users are verified.
const TIMEOUT: Duration = Duration::from_mins(5);

/// A relying party.
pub(super) struct RelyingParty {
    /// The RP ID: the issuer's host.
    pub(super) id: String,
    pub(super) core: WebauthnCore,
}

/// The relying party of an issuer; `None` where browsers have no passkeys for it.
pub(super) fn of(issuer: &Issuer, service: &str, related_origins: &[String]) -> Option<RelyingParty> {
    let rp_id = issuer.rp_id()?;
    let own = Url::parse(issuer.origin()).ok()?;
    let related = related_origins.iter().filter_map(|origin| Url::parse(origin).ok());
    let origins = std::iter::once(own).chain(related).collect();
    // Neither subdomains nor other ports: what may use a passkey is in the list.
    let exactly = (Some(false), Some(false));
    let core = WebauthnCore::new_unsafe_experts_only(service, &rp_id, origins, TIMEOUT, exactly.0, exactly.1);
    Some(RelyingParty { id: rp_id, core })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_allowed_that_is_in_the_list_and_no_other() {
        let related = ["https://example.kr".to_owned()];
        let party = of(&Issuer::parse("https://id.example.com/auth").unwrap(), "Haechi", &related).unwrap();
        let allowed: Vec<&str> = party.core.get_allowed_origins().iter().map(Url::as_str).collect();
        assert_eq!(party.id, "id.example.com");
        assert_eq!(allowed, ["https://id.example.com/", "https://example.kr/"]);
    }
}
