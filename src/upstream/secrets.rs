//! Our secrets at providers, sealed to the connection they belong to. Nothing shows them again: they are only ever sent to the provider.

use crate::keys::Sealer;
use crate::model::connection::{Connection, SealedSecret};
use crate::support::id::ConnectionId;
use crate::support::{Random, Secret, Timestamp};

/// What a secret is sealed to: moved to another connection it does not open.
fn binding(connection: ConnectionId) -> Vec<u8> {
    [b"connection secret ".as_slice(), connection.as_bytes()].concat()
}

/// Seals a secret that counts until another one follows it.
pub fn seal(
    sealer: &Sealer,
    random: &dyn Random,
    connection: ConnectionId,
    secret: &Secret<String>,
    now: Timestamp,
) -> SealedSecret {
    let sealed = sealer.seal(random, &binding(connection), secret.expose().as_bytes());
    SealedSecret { sealed, created_at: now, expires_at: None }
}

/// The secrets that count now, the newest first. One that does not open (another key-encryption key) is as good as none.
pub fn open(sealer: &Sealer, connection: &Connection, now: Timestamp) -> Vec<Secret<String>> {
    let unseal = |secret: &SealedSecret| sealer.unseal(&binding(connection.id), &secret.sealed);
    let opened = connection.secrets.iter().filter(|secret| secret.is_live(now)).filter_map(unseal);
    opened.filter_map(|plain| String::from_utf8(plain).ok().map(Secret::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KeyEncryptionKey;
    use crate::model::connection::Slug;
    use crate::support::SeededRandom;

    #[test]
    fn a_secret_opens_for_its_connection_until_it_expires() {
        let random = SeededRandom::new(1);
        let sealer = Sealer::new(&KeyEncryptionKey::from_bytes([7; 32]), "upstream");
        let at = Timestamp::from_seconds;
        let id = ConnectionId::new(at(1), &random);
        let slug = Slug::parse("google").unwrap();
        let mut connection = Connection::new(id, slug, "google".to_owned(), "c".to_owned(), at(1));
        let mut old = seal(&sealer, &random, id, &Secret::from("old"), at(1));
        old.expires_at = Some(at(10));
        connection.secrets = vec![seal(&sealer, &random, id, &Secret::from("new"), at(2)), old];
        let texts = |now| open(&sealer, &connection, at(now)).iter().map(|s| s.expose().clone()).collect::<Vec<_>>();
        assert_eq!(texts(9), ["new", "old"]);
        assert_eq!(texts(10), ["new"]);
        let elsewhere = Connection { id: ConnectionId::new(at(1), &random), ..connection.clone() };
        assert!(open(&sealer, &elsewhere, at(9)).is_empty());
    }
}
