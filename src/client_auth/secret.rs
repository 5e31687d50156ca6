//! Client secrets: compared by digest, in constant time, every one of them.

use crate::model::Client;
use crate::model::client::ClientSecret;
use crate::support::{Digest, Timestamp};

/// Whether the text is a secret of the client that still counts. No client, or one without secrets, is compared with a digest that
/// nothing has, and takes as long.
pub(super) fn is_live_secret_of(client: Option<&Client>, text: &str, now: Timestamp) -> bool {
    let presented = ClientSecret::digest_of(text);
    let secrets = client.map_or(&[][..], |client| &client.authentication.secrets);
    let mut right = false;
    if secrets.is_empty() {
        right |= Digest::sha256(b"").eq(&presented);
    }
    for secret in secrets {
        right |= secret.digest == presented && secret.is_live(now);
    }
    right && !secrets.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::{ClientId, ClientKind};

    fn client(secrets: &[(&str, Option<i64>)]) -> Client {
        let id = ClientId::parse("shop").unwrap();
        let start = Timestamp::from_seconds(0);
        let mut client = Client::new(id, "Shop".to_owned(), ClientKind::Web, start);
        client.authentication.secrets = secrets
            .iter()
            .map(|(text, end)| ClientSecret {
                digest: ClientSecret::digest_of(text),
                created_at: start,
                expires_at: end.map(Timestamp::from_seconds),
            })
            .collect();
        client
    }

    #[test]
    fn secrets_overlap_until_the_older_one_ends() {
        let client = client(&[("old", Some(100)), ("new", None)]);
        let before = Timestamp::from_seconds(99);
        assert!(is_live_secret_of(Some(&client), "old", before));
        assert!(is_live_secret_of(Some(&client), "new", before));
        assert!(!is_live_secret_of(Some(&client), "old", Timestamp::from_seconds(100)));
        assert!(!is_live_secret_of(Some(&client), "other", before));
    }

    #[test]
    fn without_secrets_nothing_is_right() {
        let now = Timestamp::from_seconds(0);
        assert!(!is_live_secret_of(Some(&client(&[])), "", now));
        assert!(!is_live_secret_of(None, "", now));
    }
}
