//! A refusal beside what its client registers now, as that may have changed since.

use crate::model::client::{Client, NoncePolicy, PkcePolicy};
use crate::model::refusal::Reason;
use crate::model::{NotedRefusal, Refusal};
use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::{LoopbackPort, RegisteredRedirectUri};
use crate::protocol::resource::Resource;

/// What of a registration a refusal compared with, as it is now; `None` for what is no part of one.
pub(super) fn compared(reason: Reason, client: &Client) -> Option<Vec<&str>> {
    match reason {
        Reason::RedirectUriMismatch | Reason::RedirectUriMissing => Some(texts(&client.redirects.uris)),
        Reason::PostLogoutRedirectUri => Some(texts(&client.redirects.post_logout_uris)),
        Reason::InvalidScope => Some(client.policy.scopes.iter().collect()),
        Reason::InvalidTarget => Some(client.policy.resources.iter().map(Resource::as_str).collect()),
        Reason::UnauthorizedClient => Some(client.policy.grant_types.iter().map(|grant| grant.as_str()).collect()),
        Reason::AuthenticationMethod => Some(vec![client.authentication.method.as_str()]),
        _ => None,
    }
}

fn texts(uris: &[RegisteredRedirectUri]) -> Vec<&str> {
    uris.iter().map(RegisteredRedirectUri::as_str).collect()
}

/// The refusal with what would be right by the registration that there is now.
pub(super) fn now(refusal: &Refusal, client: Option<&Client>) -> Refusal {
    match client.and_then(|client| compared(refusal.reason, client)) {
        Some(right) => refusal.clone().expecting(right),
        None => refusal.clone(),
    }
}

/// Whether the registration that there is now would not refuse it any more. What cannot be told from the registration alone is not mended, and neither is
/// what was written down only in part: that is equal to nothing.
pub(super) fn is_mended(noted: &NotedRefusal, client: Option<&Client>) -> bool {
    let Some(client) = client else { return false };
    let refusal = &noted.refusal;
    let sent = refusal.sent.as_deref();
    let is_sent = |is_right: &dyn Fn(&str) -> bool| sent.is_some_and(is_right);
    // What a grant was limited to is refused beyond it, whatever is registered: there the registration must have changed since.
    let changed = client.updated_at >= noted.at;
    match refusal.reason {
        Reason::UnknownClient => true,
        Reason::ClientDisabled => client.enabled,
        Reason::RedirectUriMismatch => is_sent(&|uri| client.redirect_target(uri).is_some()),
        Reason::PostLogoutRedirectUri => is_sent(&|sent| {
            client.redirects.post_logout_uris.iter().any(|uri| uri.matches(sent, LoopbackPort::Registered).is_some())
        }),
        Reason::CodeChallengeMissing => client.policy.pkce == PkcePolicy::WhenSent,
        Reason::NonceMissing => client.policy.nonce == NoncePolicy::WhenSent,
        Reason::InvalidScope => {
            changed && is_sent(&|scopes| scopes.split(' ').all(|scope| client.policy.scopes.contains(scope)))
        }
        Reason::InvalidTarget => changed && is_sent(&|all| all.split(' ').all(|one| may_ask_for(client, one))),
        // A request for authorization has no grant_type: what it asks for is a code (RFC 6749 section 4.1.2.1).
        Reason::UnauthorizedClient => match sent {
            Some(sent) => client.policy.grant_types.iter().any(|grant| grant.as_str() == sent),
            None => client.may_use(GrantType::AuthorizationCode),
        },
        Reason::AuthenticationMethod => is_sent(&|method| client.authentication.allows(method)),
        _ => false,
    }
}

fn may_ask_for(client: &Client, resource: &str) -> bool {
    client.policy.resources.iter().any(|known| known.names(resource))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::{ClientAuthentication, ClientId, ClientKind};
    use crate::protocol::scope::ScopeSet;
    use crate::support::id::RefusalId;
    use crate::support::{SeededRandom, Timestamp};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn noted(reason: Reason, sent: Option<&str>) -> NotedRefusal {
        let refusal = Refusal::new(reason).naming("shop").at("parameter", sent);
        NotedRefusal {
            id: RefusalId::new(at(100), &SeededRandom::new(1)),
            at: at(100),
            request: String::new(),
            endpoint: "/authorize".to_owned(),
            registered: true,
            refusal,
        }
    }

    fn shop() -> Client {
        let mut shop = Client::new(ClientId::parse("shop").unwrap(), "Shop".to_owned(), ClientKind::Web, at(0));
        let uri = |uri| RegisteredRedirectUri::parse(uri, false).unwrap();
        shop.redirects.uris = vec![uri("https://shop.example/cb")];
        shop.redirects.post_logout_uris = vec![uri("https://shop.example/bye")];
        shop.policy.scopes = ScopeSet::of(&["openid", "read"]);
        shop.policy.resources = vec![Resource::parse("https://api.example").unwrap()];
        shop.updated_at = at(200);
        shop
    }

    #[test]
    fn what_the_registration_accepts_now_is_mended_and_nothing_else() {
        use Reason::*;
        let shop = shop();
        for (reason, right, wrong) in [
            (RedirectUriMismatch, "https://shop.example/cb", "https://shop.example/cb/"),
            (PostLogoutRedirectUri, "https://shop.example/bye", "https://shop.example/"),
            (InvalidScope, "read openid", "read write"),
            (InvalidTarget, "https://api.example/", "https://api.example/ https://other.example"),
            (UnauthorizedClient, "refresh_token", "client_credentials"),
            (AuthenticationMethod, "client_secret_post", "none"),
        ] {
            assert!(is_mended(&noted(reason, Some(right)), Some(&shop)), "{reason:?} {right}");
            assert!(!is_mended(&noted(reason, Some(wrong)), Some(&shop)), "{reason:?} {wrong}");
            assert!(!is_mended(&noted(reason, Some(right)), None), "{reason:?} of a client that is gone");
        }
        assert!(is_mended(&noted(UnknownClient, None), Some(&shop)));
        assert!(!is_mended(&noted(WrongSecret, None), Some(&shop)), "the registration says nothing of it");
    }

    #[test]
    fn what_the_registration_requires_is_mended_when_it_does_no_more() {
        let mut shop = shop();
        let all = [Reason::ClientDisabled, Reason::CodeChallengeMissing, Reason::NonceMissing];
        let mended = |shop: &Client| all.map(|reason| is_mended(&noted(reason, None), Some(shop)));
        assert_eq!(mended(&shop), [true; 3]);
        shop.enabled = false;
        shop.policy.pkce = PkcePolicy::Required;
        shop.policy.nonce = NoncePolicy::Required;
        assert_eq!(mended(&shop), [false; 3]);
        shop.authentication.pinned = true;
        assert_eq!(shop.authentication.method, ClientAuthentication::ClientSecretBasic);
        assert!(!is_mended(&noted(Reason::AuthenticationMethod, Some("client_secret_post")), Some(&shop)));
    }

    /// A refresh request for more than was granted is refused although the client may ask for it.
    #[test]
    fn what_was_refused_as_the_registration_is_now_is_not_mended() {
        let unchanged = Client { updated_at: at(50), ..shop() };
        assert!(!is_mended(&noted(Reason::InvalidScope, Some("read")), Some(&unchanged)));
        assert!(!is_mended(&noted(Reason::InvalidTarget, Some("https://api.example")), Some(&unchanged)));
    }

    #[test]
    fn what_is_compared_is_what_is_registered_now() {
        let then =
            Refusal::new(Reason::RedirectUriMismatch).at("redirect_uri", Some("x")).expecting(["https://old.example"]);
        assert_eq!(now(&then, Some(&shop())).expected, ["https://shop.example/cb"]);
        assert_eq!(now(&then, None), then);
        let code =
            Refusal::new(Reason::CodeRedirectUri).at("redirect_uri", Some("x")).expecting(["https://asked.example"]);
        assert_eq!(now(&code, Some(&shop())), code, "it was compared with the request before");
    }
}
