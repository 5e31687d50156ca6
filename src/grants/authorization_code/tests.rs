//! Tests of the rules for codes.

use super::*;
use crate::model::client::{ClientId, ClientKind};
use crate::model::epoch::{AccountEpochs, Epoch};
use crate::model::grant::GrantTerms;
use crate::model::session::SignIn;
use crate::protocol::ScopeSet;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::support::id::{GrantId, SignInId, UserId};
use crate::support::{Digest, SeededRandom};

/// The example of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "https://shop.example/cb";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn client(id: &str) -> Client {
    let mut client = Client::new(ClientId::parse(id).unwrap(), id.to_owned(), ClientKind::Web, at(0));
    client.redirects.uris = vec![RegisteredRedirectUri::parse(REDIRECT, false).unwrap()];
    client
}

fn grant() -> Grant {
    let random = SeededRandom::new(1);
    let (id, user) = (GrantId::new(at(0), &random), UserId::new(at(0), &random));
    let sign_in = SignIn::new(SignInId::new(at(0), &random), user, AccountEpochs::default(), at(0));
    let terms = GrantTerms::new(ScopeSet::parse("openid").unwrap(), &sign_in);
    let code = code(Some(REDIRECT), CodeChallenge::parse(CHALLENGE, Some("S256")).ok());
    Grant::new(id, (ClientId::parse("shop").unwrap(), Epoch::default()), &sign_in, terms, code, at(0))
}

fn code(redirect_uri: Option<&str>, challenge: Option<CodeChallenge>) -> Ticket {
    Ticket::code(Digest::of("code", b""), redirect_uri.map(str::to_owned), challenge, at(60))
}

/// The grant with another ticket.
fn with(change: impl FnOnce(Ticket) -> Ticket) -> Grant {
    let grant = grant();
    Grant { ticket: grant.ticket.map(change), ..grant }
}

fn check(grant: &Grant, who: &str, redirect: Option<&str>, verifier: Option<&str>) -> Result<(), CodeRejected> {
    let pairs = [("redirect_uri", redirect), ("code_verifier", verifier)];
    let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    check_code(grant, &client(who), &Params::from_pairs(given).unwrap(), at(59))
}

#[test]
fn everything_right_is_accepted() {
    assert_eq!(check(&grant(), "shop", Some(REDIRECT), Some(VERIFIER)), Ok(()));
}

#[test]
fn each_rule_is_fatal_by_itself() {
    let (uri, verifier) = (Some(REDIRECT), Some(VERIFIER));
    assert_eq!(check(&grant(), "other", uri, verifier), Err(CodeRejected::OtherClient));
    let differs = || Err(CodeRejected::RedirectUriDiffers { asked: Some(REDIRECT.to_owned()) });
    assert_eq!(check(&grant(), "shop", Some("https://shop.example/cb/"), verifier), differs());
    assert_eq!(check(&grant(), "shop", None, verifier), differs());
    assert_eq!(check(&grant(), "shop", uri, None), Err(CodeRejected::PkceMissing));
    assert_eq!(check(&grant(), "shop", uri, Some("")), Err(CodeRejected::PkceMissing));
    assert_eq!(check(&grant(), "shop", uri, Some(&"a".repeat(43))), Err(CodeRejected::PkceWrong));
    let used = with(|code| Ticket { used_at: Some(at(1)), ..code });
    assert_eq!(check(&used, "shop", uri, verifier), Err(CodeRejected::AlreadyUsed));
    let over = with(|code| Ticket { expires_at: at(59), ..code });
    assert_eq!(check(&over, "shop", uri, verifier), Err(CodeRejected::Expired));
}

#[test]
fn pkce_005_a_malformed_verifier_is_a_wrong_one() {
    let (short, long) = (&VERIFIER[..42], "a".repeat(129));
    let huge = "a".repeat(1 << 20);
    for verifier in [short, &long, &huge, &VERIFIER.replace('-', "+"), &format!("{VERIFIER}\n")] {
        assert_eq!(check(&grant(), "shop", Some(REDIRECT), Some(verifier)), Err(CodeRejected::PkceWrong));
    }
}

#[test]
fn a_verifier_without_a_challenge_is_a_downgrade() {
    let exempt = with(|_| code(Some(REDIRECT), None));
    assert_eq!(check(&exempt, "shop", Some(REDIRECT), None), Ok(()));
    assert_eq!(check(&exempt, "shop", Some(REDIRECT), Some(VERIFIER)), Err(CodeRejected::PkceUnexpected));
}

#[test]
fn a_redirect_uri_that_was_left_out_may_be_left_out_or_be_a_registered_one() {
    let without = with(|_| code(None, CodeChallenge::parse(CHALLENGE, Some("S256")).ok()));
    assert_eq!(check(&without, "shop", None, Some(VERIFIER)), Ok(()));
    assert_eq!(check(&without, "shop", Some(REDIRECT), Some(VERIFIER)), Ok(()));
    let elsewhere = check(&without, "shop", Some("https://evil.example/"), Some(VERIFIER));
    assert_eq!(elsewhere, Err(CodeRejected::RedirectUriDiffers { asked: None }));
}

#[test]
fn a_ticket_of_another_grant_type_is_no_code() {
    for kind in [TicketKind::DeviceCode, TicketKind::AuthenticationRequest] {
        let other = with(|code| Ticket { kind, ..code });
        assert_eq!(check(&other, "shop", Some(REDIRECT), Some(VERIFIER)), Err(CodeRejected::Unknown));
        assert!(code_of(&other).is_none());
    }
    let without = Grant { ticket: None, ..grant() };
    assert_eq!(check(&without, "shop", Some(REDIRECT), Some(VERIFIER)), Err(CodeRejected::Unknown));
}
