//! Whether the database is this server's, and one that this release can work on: asked before anything is done with it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::StartError;
use crate::protocol::issuer::Issuer;
use crate::store::{Adoption, ServerIdentity, StoreResult, Stores};
use crate::support::random::{self, Random};

/// The generation of this release: one more with each minor or major release, so that releases can tell how far apart they are. It follows from the
/// release's version, so none can be made that forgets it.
pub const GENERATION: i64 = generation(env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
/// The last minor version of each major version before this one. A first release of a major version that is not counted here does not compile.
const LAST_MINORS: &[i64] = &[];
/// How far apart releases may be that work on the same database: neighbours, see docs/upgrading.md.
const WINDOW: i64 = 1;
/// The name of this release.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// How many minor releases there were up to this version, those of earlier major versions counted from their `.0`.
const fn generation(major: &str, minor: &str) -> i64 {
    let (mut counted, mut majors, mut at) = (number(minor), 0, 0);
    while at < LAST_MINORS.len() {
        counted += LAST_MINORS[at] + 1;
        (majors, at) = (majors + 1, at + 1);
    }
    assert!(number(major) == majors, "LAST_MINORS lacks the major version before this one");
    counted
}

/// The number that a part of a version is.
const fn number(text: &str) -> i64 {
    match i64::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => panic!("a part of a version is a number"),
    }
}

/// Whether this release may work on a database that a newer one may have written to.
pub(super) fn check_generation(identity: &ServerIdentity) -> Result<(), StartError> {
    if identity.generation <= GENERATION + WINDOW {
        return Ok(());
    }
    let newer = identity.release.clone().unwrap_or_else(|| format!("of generation {}", identity.generation));
    Err(StartError::NewerDatabase { newer, ours: RELEASE })
}

/// Whether the database belongs to this issuer, or to none yet.
pub(super) fn check_issuer(identity: &ServerIdentity, issuer: &Issuer) -> Result<(), StartError> {
    match &identity.issuer {
        Some(other) if other != issuer.as_str() => {
            Err(StartError::OtherIssuer { database: other.clone(), configured: issuer.as_str().to_owned() })
        }
        _ => Ok(()),
    }
}

/// Writes down whose database it is, where it does not say so yet.
pub(super) async fn adopt(stores: &Stores, issuer: &Issuer, chance: &dyn Random) -> StoreResult<ServerIdentity> {
    let drawn: [u8; 16] = random::bytes(chance);
    let instance = URL_SAFE_NO_PAD.encode(drawn);
    let (issuer, release) = (issuer.as_str().to_owned(), RELEASE.to_owned());
    stores.server.adopt(Adoption { issuer, instance, generation: GENERATION, release }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_work_on_one_database_and_releases_further_apart_do_not() {
        let of =
            |generation| ServerIdentity { generation, release: Some("9.9.9".to_owned()), ..ServerIdentity::default() };
        for generation in [0, GENERATION - 1, GENERATION, GENERATION + 1] {
            assert!(check_generation(&of(generation)).is_ok(), "{generation}");
        }
        for generation in [GENERATION + 2, i64::MAX] {
            let words = check_generation(&of(generation)).unwrap_err().to_string();
            assert!(
                words.contains("9.9.9") && words.contains(RELEASE) && words.contains("docs/upgrading.md"),
                "{words}"
            );
        }
    }

    #[test]
    fn a_database_is_one_issuer_s() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let of =
            |issuer: Option<&str>| ServerIdentity { issuer: issuer.map(str::to_owned), ..ServerIdentity::default() };
        assert!(
            check_issuer(&of(None), &issuer).is_ok() && check_issuer(&of(Some("https://id.example")), &issuer).is_ok()
        );
        for other in ["https://id.example/", "https://ID.example", "http://id.example", "https://other.example"] {
            let words = check_issuer(&of(Some(other)), &issuer).unwrap_err().to_string();
            assert!(
                words.contains(other) && words.contains("https://id.example") && words.contains("haechi issuer change"),
                "{words}"
            );
        }
    }
}
