//! PK-009: bytes that no authenticator sends, in the place of those that one did.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_cbor_2::Value as Cbor;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::app::{ISSUER, TestApp};
use crate::support::authenticator::{Authenticator, options};
use crate::support::browser::{Browser, Page};

/// Section 6.1 of Web Authentication Level 3: the flags come after the hash of the RP ID, and attested credential data and extensions are announced by two of them.
const FLAGS_AT: usize = 32;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;
/// Where the public key begins: after the hash, the flags, the counter, the AAGUID, and the credential id with its length.
const KEY_AT: usize = 32 + 1 + 4 + 16 + 2 + 32;
/// No answer takes longer to be refused.
const PATIENCE: Duration = Duration::from_secs(5);

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })
}

/// A house that looks at as many answers as come.
async fn house() -> TestApp {
    TestApp::with(|config| {
        config.throttling.authorizations_per_address = 1_000_000;
        config.throttling.sign_ups_per_address = 1_000_000;
    })
    .await
}

/// What becomes of bytes.
#[derive(Clone, Debug)]
enum How {
    Replaced(Vec<u8>),
    Overwritten(usize, Vec<u8>),
    Inserted(usize, Vec<u8>),
    CutOff(usize),
    Flipped(usize, u8),
}

impl How {
    fn on(&self, bytes: &[u8]) -> Vec<u8> {
        let within = |at: usize| if bytes.is_empty() { 0 } else { at % bytes.len() };
        let mut changed = bytes.to_vec();
        match self {
            Self::Replaced(others) => changed.clone_from(others),
            Self::Overwritten(at, others) => {
                let at = within(*at);
                let end = (at + others.len()).min(bytes.len());
                changed.splice(at..end, others.iter().copied());
            }
            Self::Inserted(at, others) => drop(changed.splice(within(*at)..within(*at), others.iter().copied())),
            Self::CutOff(at) => changed.truncate(within(*at)),
            Self::Flipped(at, mask) => {
                if let Some(byte) = changed.get_mut(within(*at)) {
                    *byte ^= mask;
                }
            }
        }
        changed
    }
}

fn how() -> impl Strategy<Value = How> {
    let some = || vec(any::<u8>(), 1..200);
    prop_oneof![
        prop_oneof![some(), cbor()].prop_map(How::Replaced),
        (any::<usize>(), some()).prop_map(|(at, others)| How::Overwritten(at, others)),
        (any::<usize>(), some()).prop_map(|(at, others)| How::Inserted(at, others)),
        any::<usize>().prop_map(How::CutOff),
        (any::<usize>(), 1_u8..=255).prop_map(|(at, mask)| How::Flipped(at, mask)),
    ]
}

/// CBOR that is deep, that announces more than there is, or that is none (RFC 8949 section 5.3 and 10).
fn cbor() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        // Arrays, maps and tags, each in the one before, with a length and without.
        (select(vec![0x81_u8, 0x82, 0x9f, 0xa1, 0xbf, 0xc1, 0xd8]), 1_usize..9_000)
            .prop_map(|(head, deep)| vec![head; deep]),
        // Bytes, text, arrays and maps of any length up to 2^64.
        (select(vec![0x5b_u8, 0x7b, 0x9b, 0xbb]), any::<u64>(), vec(any::<u8>(), 0..60))
            .prop_map(|(head, length, rest)| [&[head][..], &length.to_be_bytes(), &rest].concat()),
        vec(any::<u8>(), 1..400),
    ]
}

fn decoded(answer: &Value, pointer: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(answer.pointer(pointer).unwrap().as_str().unwrap()).unwrap()
}

fn with(answer: &Value, pointer: &str, bytes: &[u8]) -> String {
    let mut changed = answer.clone();
    *changed.pointer_mut(pointer).unwrap() = URL_SAFE_NO_PAD.encode(bytes).into();
    changed.to_string()
}

/// What is changed of the use of a passkey.
#[derive(Clone, Debug)]
enum Used {
    /// A part of the answer.
    Part(&'static str, How),
    /// Flags announce what then follows the authenticator data.
    Followed(u8, Vec<u8>),
}

impl Used {
    fn on(&self, answer: &Value) -> String {
        match self {
            Self::Part(pointer, how) => with(answer, pointer, &how.on(&decoded(answer, pointer))),
            Self::Followed(flags, more) => {
                let pointer = "/response/authenticatorData";
                let mut data = decoded(answer, pointer);
                data[FLAGS_AT] |= flags;
                with(answer, pointer, &[data, more.clone()].concat())
            }
        }
    }
}

fn used() -> impl Strategy<Value = Used> {
    let parts = [
        "/rawId",
        "/response/authenticatorData",
        "/response/clientDataJSON",
        "/response/signature",
        "/response/userHandle",
    ];
    prop_oneof![
        3 => (select(parts.to_vec()), how()).prop_map(|(part, how)| Used::Part(part, how)),
        1 => (select(vec![ATTESTED, EXTENDED, ATTESTED | EXTENDED]), cbor()).prop_map(|(flags, more)| Used::Followed(flags, more)),
    ]
}

#[test]
fn pk_009_no_use_of_a_passkey_that_was_changed_signs_anybody_in_or_breaks_the_parser() {
    let runtime = runtime();
    let (house, mut device) = runtime.block_on(async {
        let house = house().await;
        let alice = house.user("alice@example.com").await;
        let mut device = Authenticator::new(ISSUER, "alice");
        assert!(house.signed_in(&alice).await.add_passkey(&mut device, "").await.has("saved"));
        (house, device)
    });
    let (browser, page) = runtime.block_on(opened(&house, "/login"));
    let answer: Value = serde_json::from_str(&device.get(&options(&page))).unwrap();
    let send = |answer: &str| {
        let mut browser = browser.clone();
        let sent = runtime.block_on(browser.submit_once(&page, "passkey", &[("answer", answer)]));
        (sent.status, browser.cookie(browser.session_cookie_name()).is_some())
    };
    let tried = runner().run(&used(), |used| {
        let changed = used.on(&answer);
        prop_assume!(answer != *changed);
        let begun = Instant::now();
        let (status, signed_in) = send(&changed);
        prop_assert!(status.is_client_error() && !signed_in, "{status}");
        prop_assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
        Ok(())
    });
    tried.unwrap();
    let (status, signed_in) = send(&answer.to_string());
    assert!(status.is_redirection() && signed_in, "it was the changes that were refused: {status}");
}

async fn opened(house: &TestApp, path: &str) -> (Browser, Page) {
    let mut browser = house.browser();
    let page = browser.get(path).await;
    (browser, page)
}

/// What is changed of a passkey that is made.
#[derive(Clone, Debug)]
enum Made {
    Part(&'static str, How),
    /// Another attestation statement (section 6.5.4), whatever its format is called.
    Stated(&'static str, Vec<u8>),
    /// Another public key (section 6.5.1).
    Keyed(Vec<u8>),
    /// Extensions after it.
    Followed(Vec<u8>),
}

impl Made {
    fn on(&self, answer: &Value) -> String {
        let pointer = "/response/attestationObject";
        let honest = authenticator_data(&decoded(answer, pointer));
        let none = [0xa0_u8];
        let object = match self {
            Self::Part(pointer, how) => return with(answer, pointer, &how.on(&decoded(answer, pointer))),
            Self::Stated(format, statement) => object(format, statement, &honest),
            Self::Keyed(key) => object("none", &none, &[&honest[..KEY_AT], key].concat()),
            Self::Followed(more) => {
                let mut data = honest;
                data[FLAGS_AT] |= EXTENDED;
                object("none", &none, &[data, more.clone()].concat())
            }
        };
        with(answer, pointer, &object)
    }
}

fn made() -> impl Strategy<Value = Made> {
    let parts = ["/rawId", "/response/attestationObject", "/response/clientDataJSON"];
    let formats = ["none", "packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "compound", ""];
    prop_oneof![
        (select(parts.to_vec()), how()).prop_map(|(part, how)| Made::Part(part, how)),
        (select(formats.to_vec()), cbor()).prop_map(|(format, statement)| Made::Stated(format, statement)),
        cbor().prop_map(Made::Keyed),
        cbor().prop_map(Made::Followed),
    ]
}

/// The authenticator data in an attestation object.
fn authenticator_data(object: &[u8]) -> Vec<u8> {
    let Cbor::Map(members) = serde_cbor_2::from_slice(object).unwrap() else { panic!("no map") };
    let Some(Cbor::Bytes(data)) = members.get(&Cbor::Text("authData".to_owned())) else { panic!("no data") };
    data.clone()
}

/// An attestation object with a statement that need be no CBOR.
fn object(format: &str, statement: &[u8], data: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0x60 | u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat();
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    let (fmt, statement) = ([text("fmt"), text(format)].concat(), [text("attStmt"), statement.to_vec()].concat());
    [&[0xa3][..], &fmt, &statement, &text("authData"), &[0x59], &length, data].concat()
}

#[test]
fn pk_009_no_passkey_that_was_changed_while_it_was_made_breaks_the_parser() {
    let runtime = runtime();
    let house = runtime.block_on(house());
    // Of nobody: whatever is sent is looked at, and what is taken stands in the way of nothing.
    let (browser, page) = runtime.block_on(opened(&house, "/signup"));
    let mut device = Authenticator::new(ISSUER, "new");
    let answer: Value = serde_json::from_str(&device.create(&options(&page))).unwrap();
    assert_eq!(authenticator_data(&decoded(&answer, "/response/attestationObject"))[KEY_AT], 0xa5, "a map of five");
    let tried = runner().run(&made(), |made| {
        let changed = made.on(&answer);
        let begun = Instant::now();
        let filled = [("email", "new@example.com"), ("answer", changed.as_str())];
        let sent = runtime.block_on(browser.clone().submit_once(&page, "passkey", &filled));
        prop_assert!(!sent.status.is_server_error(), "{}", sent.status);
        prop_assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
        Ok(())
    });
    tried.unwrap();
    let login = runtime.block_on(opened(&house, "/login")).1;
    assert!(login.has("passkey"), "and the house stands");
}
