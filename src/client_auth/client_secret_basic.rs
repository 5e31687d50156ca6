//! `client_secret_basic`: the secret in the `Authorization` header (RFC 6749 section 2.3.1, RFC 7617).
//!
//! Clients that have no secret send the header, too: some libraries put the id into it with an empty password, where `none` has the id in the form.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{
    Authenticator, ClaimedClient, ClientAuthRejected, Credentials, Evidence, Method, Presented, RegisteredClient,
};
use crate::protocol::params::decode;

/// The longest header value that is looked at.
const MAX_BYTES: usize = 4096;

/// The method.
pub struct ClientSecretBasic;

#[async_trait]
impl Method for ClientSecretBasic {
    fn name(&self) -> &'static str {
        "client_secret_basic"
    }

    fn read<'a>(&self, credentials: &Credentials<'a>) -> Option<Result<Presented<'a>, ClientAuthRejected>> {
        match credentials.authorization {
            [] => None,
            [header] => Some(
                parse(header)
                    .ok_or(ClientAuthRejected::MalformedHeader)
                    .map(|(id, secret)| Presented { client_id: id.into(), credential: secret.into() }),
            ),
            _ => Some(Err(ClientAuthRejected::SeveralMethods)),
        }
    }

    async fn verify<'a>(
        &self,
        authenticator: &Authenticator,
        claimed: ClaimedClient<'a>,
        evidence: Evidence<'_>,
    ) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        match claimed.public_without_password(evidence.credential) {
            Some(public) => public,
            None => claimed.verify_secret(evidence.credential, authenticator.clock.now()),
        }
    }
}

/// Reads `Basic base64(urlencoded(id) ":" urlencoded(secret))`. "The client identifier is encoded using the
/// `application/x-www-form-urlencoded` encoding algorithm [...], and the encoded value is used as the username; the client
/// password is encoded using the same algorithm and used as the password."
pub fn parse(header: &[u8]) -> Option<(String, String)> {
    if header.len() > MAX_BYTES {
        return None;
    }
    let (scheme, rest) = header.split_at_checked(5)?;
    // RFC 9110 section 11.4: `auth-scheme 1*SP token68`; section 11.1: the scheme in any case.
    if !scheme.eq_ignore_ascii_case(b"basic") || rest.first() != Some(&b' ') {
        return None;
    }
    let token = rest.trim_ascii_start();
    let text = STANDARD.decode(token).ok()?;
    let colon = text.iter().position(|&b| b == b':')?;
    let id = decode(&text[..colon]).ok().filter(|id| !id.is_empty())?;
    Some((id, decode(&text[colon + 1..]).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(text: &str) -> Vec<u8> {
        format!("Basic {}", STANDARD.encode(text)).into_bytes()
    }

    fn encode(text: &str) -> String {
        form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }

    #[test]
    fn cauth_007_both_parts_are_form_urlencoded() {
        let sent = header("my+client%3A1:p%3A%25%ED%95%B4");
        assert_eq!(parse(&sent), Some(("my client:1".to_owned(), "p:%해".to_owned())));
        assert_eq!(parse(&header("id:a:b")), Some(("id".to_owned(), "a:b".to_owned())));
        assert_eq!(parse(&header("id:")), Some(("id".to_owned(), String::new())));
    }

    #[test]
    fn cauth_007_the_scheme_is_case_insensitive() {
        let token = STANDARD.encode("id:secret");
        for scheme in ["basic", "BASIC", "BaSiC", "Basic "] {
            assert!(parse(format!("{scheme} {token}").as_bytes()).is_some(), "{scheme}");
        }
    }

    #[test]
    fn cauth_007_what_is_malformed_is_refused() {
        let token = STANDARD.encode("id:secret");
        let mut bad: Vec<Vec<u8>> = ["", "Basic", "Basic ", "Bearer x", "Basic !!!", "Basic =", "Basi c"]
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
        bad.push(format!("Basic\t{token}").into_bytes());
        bad.push(format!("Basic{token}").into_bytes());
        bad.push(format!("Basic {token} {token}").into_bytes());
        bad.push(format!("Basic {}", "A".repeat(10_000)).into_bytes());
        bad.extend(["no colon", ":secret", "id%:secret", "id:%zz", "id:%ff", "i\0d:secret"].map(header));
        for sent in bad {
            assert_eq!(parse(&sent), None, "{:?}", String::from_utf8_lossy(&sent[..sent.len().min(60)]));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_nothing_panics(sent in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&sent);
            let _ = parse(&[b"Basic ", sent.as_slice()].concat());
            let _ = parse(format!("Basic {}", STANDARD.encode(&sent)).as_bytes());
        }

        #[test]
        fn what_was_encoded_is_read_back(id in "[^\0]{1,40}", secret in "[^\0]{0,40}") {
            let sent = header(&format!("{}:{}", encode(&id), encode(&secret)));
            prop_assert_eq!(parse(&sent), Some((id, secret)));
        }
    }
}
