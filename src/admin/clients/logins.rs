//! What a client's last logins had, and what its registration might require of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Client;
use crate::model::client::{NoncePolicy, PkcePolicy, SecretPlace, SeenLogin};

/// How many logins must agree before something is made of it.
const ENOUGH: usize = 20;

/// The last logins of a client, as a document has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecentLogins {
    /// How many are remembered, at most a hundred.
    pub count: usize,
    /// How many of them had a code challenge.
    pub with_pkce: usize,
    /// How many of them had a nonce.
    pub with_nonce: usize,
    /// In how many of them the client authenticated by `client_secret_basic`.
    #[serde(default)]
    pub with_client_secret_basic: usize,
    /// In how many of them the client authenticated by `client_secret_post`.
    #[serde(default)]
    pub with_client_secret_post: usize,
    /// The same in a sentence.
    pub detail: String,
    /// The command that requires what each of them had anyway, where the client is not held to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl RecentLogins {
    /// What the logins of a client had; `None` where there was none.
    pub(super) fn of(client: &Client, seen: &[SeenLogin]) -> Option<Self> {
        let count = seen.len();
        let (with_pkce, with_nonce) = (number(seen, |login| login.pkce), number(seen, |login| login.nonce));
        let by = |place| number(seen, |login| login.secret == Some(place));
        let (basic, post) = (by(SecretPlace::Basic), by(SecretPlace::Post));
        let detail = match (with_pkce == count, with_nonce == count) {
            (true, true) => format!("a nonce and PKCE in each of the last {count} logins"),
            _ => format!("PKCE in {with_pkce} and a nonce in {with_nonce} of the last {count} logins"),
        };
        let methods = [(basic, SecretPlace::Basic), (post, SecretPlace::Post)]
            .map(|(times, place)| match times {
                0 => String::new(),
                all if all == count => format!(", {} in each", place.method()),
                some => format!(", {} in {some}", place.method()),
            })
            .concat();
        let command = (count >= ENOUGH).then(|| requiring(client, seen)).flatten();
        (count > 0).then(|| Self {
            count,
            with_pkce,
            with_nonce,
            with_client_secret_basic: basic,
            with_client_secret_post: post,
            detail: detail + &methods,
            command,
        })
    }
}

fn number(seen: &[SeenLogin], had: impl Fn(&SeenLogin) -> bool) -> usize {
    seen.iter().filter(|login| had(login)).count()
}

/// The command that requires what each login had, where the client is not held to it.
fn requiring(client: &Client, seen: &[SeenLogin]) -> Option<String> {
    let pkce = seen.iter().all(|login| login.pkce) && client.policy.pkce != PkcePolicy::Required;
    let nonce = seen.iter().all(|login| login.nonce) && client.policy.nonce != NoncePolicy::Required;
    let options =
        [pkce.then(|| "--pkce required".to_owned()), nonce.then(|| "--nonce required".to_owned()), pin(client, seen)];
    let options: Vec<String> = options.into_iter().flatten().collect();
    (!options.is_empty()).then(|| format!("haechi clients update {} {}", client.id, options.join(" ")))
}

/// The options that pin a client to the one method that it sent its secret by in each login, whichever it is registered for.
fn pin(client: &Client, seen: &[SeenLogin]) -> Option<String> {
    let authentication = &client.authentication;
    let first = seen.first()?.secret?;
    if authentication.pinned
        || !authentication.method.uses_secret()
        || seen.iter().any(|login| login.secret != Some(first))
    {
        return None;
    }
    let is_registered = authentication.method.as_str() == first.method();
    Some(if is_registered { "--pin-auth".to_owned() } else { format!("--auth {} --pin-auth", first.method()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::{ClientId, ClientKind};
    use crate::support::Timestamp;

    fn client() -> Client {
        Client::new(ClientId::parse("shop").unwrap(), String::new(), ClientKind::Web, Timestamp::from_seconds(0))
    }

    fn seen(pkce: usize, without: usize) -> Vec<SeenLogin> {
        let login = |pkce| SeenLogin { pkce, nonce: true, secret: None };
        [vec![login(true); pkce], vec![login(false); without]].concat()
    }

    #[test]
    fn what_each_login_had_may_be_required() {
        let recent = RecentLogins::of(&client(), &seen(100, 0)).unwrap();
        assert_eq!(recent.detail, "a nonce and PKCE in each of the last 100 logins");
        assert_eq!(recent.command.as_deref(), Some("haechi clients update shop --pkce required --nonce required"));
        let mut held = client();
        held.policy.pkce = PkcePolicy::Required;
        let command = |client: &Client, seen: &[SeenLogin]| RecentLogins::of(client, seen).unwrap().command;
        assert_eq!(command(&held, &seen(100, 0)).as_deref(), Some("haechi clients update shop --nonce required"));
        held.policy.nonce = NoncePolicy::Required;
        assert_eq!(command(&held, &seen(100, 0)), None);
        held.policy.pkce = PkcePolicy::WhenSent;
        assert_eq!(command(&held, &seen(20, 80)), None, "it is held to the nonce, and PKCE is not in each");
    }

    #[test]
    fn nothing_is_made_of_few_logins_or_of_different_ones() {
        assert_eq!(RecentLogins::of(&client(), &[]), None);
        assert_eq!(RecentLogins::of(&client(), &seen(19, 0)).unwrap().command, None);
        let mixed: Vec<_> = [false, true].map(|nonce| SeenLogin { pkce: !nonce, nonce, secret: None }).repeat(50);
        assert_eq!(RecentLogins::of(&client(), &mixed).unwrap().command, None);
        let recent = RecentLogins::of(&client(), &seen(99, 1)).unwrap();
        assert_eq!(recent.detail, "PKCE in 99 and a nonce in 100 of the last 100 logins");
    }

    /// A client that is registered for one method and sends its secret by the other would be locked out by being pinned to the first.
    #[test]
    fn a_client_is_pinned_to_the_method_that_it_was_seen_using_or_to_none() {
        let by = |secret: Option<SecretPlace>, count| vec![SeenLogin { pkce: false, nonce: false, secret }; count];
        let (basic, post) = (Some(SecretPlace::Basic), Some(SecretPlace::Post));
        let command = |client: &Client, seen: &[SeenLogin]| RecentLogins::of(client, seen).unwrap().command;
        let update = |options: &str| Some(format!("haechi clients update shop {options}"));
        let mut shop = client();
        assert_eq!(command(&shop, &by(basic, 100)), update("--pin-auth"));
        assert_eq!(command(&shop, &by(post, 100)), update("--auth client_secret_post --pin-auth"));
        for mixed in
            [[by(basic, 99), by(post, 1)].concat(), [by(None, 1), by(post, 99)].concat(), by(None, 100), by(post, 19)]
        {
            assert_eq!(command(&shop, &mixed), None, "{mixed:?}");
        }
        let told = RecentLogins::of(&shop, &[by(basic, 3), by(post, 97)].concat()).unwrap();
        assert!(told.detail.ends_with(", client_secret_basic in 3, client_secret_post in 97"), "{told:?}");
        assert!(RecentLogins::of(&shop, &by(post, 2)).unwrap().detail.ends_with(", client_secret_post in each"));
        shop.authentication.pinned = true;
        assert_eq!(command(&shop, &by(basic, 100)), None, "it is pinned already");
        shop = client();
        shop.authentication.method = crate::model::client::ClientAuthentication::None;
        assert_eq!(command(&shop, &by(basic, 100)), None, "it has no secret by now");
    }
}
