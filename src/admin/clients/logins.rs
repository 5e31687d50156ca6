//! What a client's last logins had, and what its registration might require of them.

use serde::{Deserialize, Serialize};

use crate::model::Client;
use crate::model::client::{NoncePolicy, PkcePolicy, SeenLogin};

/// How many logins must agree before something is made of it.
const ENOUGH: usize = 20;

/// The last logins of a client, as a document has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecentLogins {
    /// How many are remembered, at most a hundred.
    pub count: usize,
    /// How many of them had a code challenge.
    pub with_pkce: usize,
    /// How many of them had a nonce.
    pub with_nonce: usize,
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
        let with_pkce = seen.iter().filter(|login| login.pkce).count();
        let with_nonce = seen.iter().filter(|login| login.nonce).count();
        let detail = match (with_pkce == count, with_nonce == count) {
            (true, true) => format!("a nonce and PKCE in each of the last {count} logins"),
            _ => format!("PKCE in {with_pkce} and a nonce in {with_nonce} of the last {count} logins"),
        };
        let command = (count >= ENOUGH).then(|| requiring(client, with_pkce == count, with_nonce == count)).flatten();
        (count > 0).then_some(Self { count, with_pkce, with_nonce, detail, command })
    }
}

/// The command that requires what each login had, where the client is not held to it.
fn requiring(client: &Client, all_with_pkce: bool, all_with_nonce: bool) -> Option<String> {
    let pkce = all_with_pkce && client.policy.pkce != PkcePolicy::Required;
    let nonce = all_with_nonce && client.policy.nonce != NoncePolicy::Required;
    let options: Vec<&str> = [(pkce, "--pkce required"), (nonce, "--nonce required")]
        .into_iter()
        .filter_map(|(may, option)| may.then_some(option))
        .collect();
    (!options.is_empty()).then(|| format!("haechi clients update {} {}", client.id, options.join(" ")))
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
        let login = |pkce| SeenLogin { pkce, nonce: true };
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
        let mixed: Vec<_> = [false, true].map(|nonce| SeenLogin { pkce: !nonce, nonce }).repeat(50);
        assert_eq!(RecentLogins::of(&client(), &mixed).unwrap().command, None);
        let recent = RecentLogins::of(&client(), &seen(99, 1)).unwrap();
        assert_eq!(recent.detail, "PKCE in 99 and a nonce in 100 of the last 100 logins");
    }
}
