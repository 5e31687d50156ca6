//! What form an access token has: how it names its type, and how long it lives.

use std::time::Duration;

use super::Audience;
use crate::keys::LONGEST_TOKEN_LIFETIME;
use crate::model::Apis;
use crate::model::client::{AccessTokenType, TokenPolicy};

/// The form of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenForm {
    /// How it names its type.
    pub token_type: AccessTokenType,
    /// How long it lives.
    pub lifetime: Duration,
}

impl TokenForm {
    /// The form of a client's token for an audience. The APIs in it that say a type decide it where they agree, or else the client does. For each that it is
    /// for, a token lives as long as that one's API says, or else as the client's do; for several, as long as it may for the one that allows the least.
    pub fn of(client: &TokenPolicy, apis: &Apis, audience: &Audience) -> Self {
        let declared = |name| apis.named(name);
        let mut types = audience.iter().filter_map(declared).filter_map(|api| api.access_token_type);
        let agreed = types.next().filter(|first| types.all(|other| other == *first));
        let own = client.lifetimes.access_token;
        let lifetime_for = |name| declared(name).and_then(|api| api.access_token_lifetime).unwrap_or(own);
        Self {
            token_type: agreed.unwrap_or(client.access_token_type),
            lifetime: audience.iter().map(lifetime_for).min().unwrap_or(own).min(LONGEST_TOKEN_LIFETIME),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Api;
    use crate::model::api::tests::api;

    const ISSUER: &str = "https://id.example";
    const A: &str = "https://a.example";
    const B: &str = "https://b.example/v1";
    const DAY: u64 = 86_400;

    fn says(resource: &str, token_type: Option<AccessTokenType>, seconds: Option<u64>) -> Api {
        let access_token_lifetime = seconds.map(Duration::from_secs);
        Api { access_token_type: token_type, access_token_lifetime, ..api(resource) }
    }

    /// The form of a token of a client whose own live 600 seconds and are `at+jwt`.
    fn form(apis: impl IntoIterator<Item = Api>, audience: &[&str]) -> (AccessTokenType, u64) {
        let audience = Audience::of(audience.iter().map(|&one| one.to_owned()).collect());
        let form = TokenForm::of(&TokenPolicy::default(), &Apis::new(apis), &audience);
        (form.token_type, form.lifetime.as_secs())
    }

    #[test]
    fn what_nothing_is_said_of_is_as_the_client_has_it() {
        assert_eq!(form([], &[A]), (AccessTokenType::AtJwt, 600));
        assert_eq!(form([says(A, None, None)], &[A]), (AccessTokenType::AtJwt, 600));
        assert_eq!(form([says(B, Some(AccessTokenType::Jwt), Some(60))], &[A]), (AccessTokenType::AtJwt, 600));
        assert_eq!(form([], &[]), (AccessTokenType::AtJwt, 600));
    }

    #[test]
    fn an_api_that_is_alone_decides_longer_and_shorter_than_the_client() {
        for seconds in [60, 3600] {
            let said = [says(A, Some(AccessTokenType::Jwt), Some(seconds))];
            assert_eq!(form(said, &["https://a.example/"]), (AccessTokenType::Jwt, seconds));
        }
        assert_eq!(form([says(A, None, Some(2 * DAY))], &[A]).1, DAY, "never longer than a key is kept");
    }

    #[test]
    fn of_several_the_least_lifetime_counts_and_what_says_none_has_the_clients() {
        let both = || [says(A, None, Some(3600)), says(B, None, Some(1800))];
        assert_eq!(form(both(), &[A, B]).1, 1800);
        assert_eq!(form(both(), &[A, ISSUER]).1, 600);
        assert_eq!(form([says(A, None, Some(60))], &[A, ISSUER]).1, 60);
    }

    #[test]
    fn of_several_types_only_one_that_all_agree_on_counts() {
        let jwt = Some(AccessTokenType::Jwt);
        assert_eq!(form([says(A, jwt, None), says(B, jwt, None)], &[A, B]).0, AccessTokenType::Jwt);
        assert_eq!(form([says(A, jwt, None), says(B, None, None)], &[A, B, ISSUER]).0, AccessTokenType::Jwt);
        let at_jwt = Some(AccessTokenType::AtJwt);
        assert_eq!(form([says(A, jwt, None), says(B, at_jwt, None)], &[A, B]).0, AccessTokenType::AtJwt);
    }
}
