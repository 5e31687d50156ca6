//! An authenticator in software, with the browser around it: answers what a page asks (Web Authentication Level 3), or anything else that a test wants to send.
#![allow(clippy::disallowed_methods, reason = "ring wants its own randomness to make and use a key")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haechi::support::Digest;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use scraper::Selector;
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};

use super::attesting::{Attestation, Attesting};
use super::browser::{Browser, Page};

/// The user is there.
pub const UP: u8 = 0x01;
/// The user was verified.
pub const UV: u8 = 0x04;
/// The credential may be copied.
pub const BE: u8 = 0x08;
/// The credential is copied.
pub const BS: u8 = 0x10;
/// Attested credential data follows.
const AT: u8 = 0x40;

/// An authenticator with one passkey, and what its browser says of where it is.
pub struct Authenticator {
    keys: EcdsaKeyPair,
    pub credential_id: Vec<u8>,
    pub user_handle: Vec<u8>,
    pub count: u32,
    pub flags: u8,
    pub origin: String,
    pub rp_id: String,
    pub cross_origin: Option<bool>,
    pub top_origin: Option<String>,
    pub aaguid: [u8; 16],
    attestation: Option<Attestation>,
}

impl Authenticator {
    /// One that is new, at this origin.
    pub fn new(origin: &str, name: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let keys = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let host = url::Url::parse(origin).unwrap().host_str().unwrap().to_owned();
        Self {
            keys,
            credential_id: Digest::of("credential of a test", name.as_bytes()).as_bytes().to_vec(),
            user_handle: Vec::new(),
            count: 0,
            flags: UP | UV,
            origin: origin.to_owned(),
            rp_id: host,
            cross_origin: Some(false),
            top_origin: None,
            aaguid: [0; 16],
            attestation: None,
        }
    }

    /// What the browser answers to `navigator.credentials.create()`, as `toJSON()` writes it.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.user_handle = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let mut data = self.data(self.flags | AT);
        data.extend(self.aaguid);
        data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(self.public_key());
        let client = self.client_data("webauthn.create", &options);
        let (format, statement) = self.statement(&data, &client);
        let object =
            map([("fmt", Cbor::Text(format.to_owned())), ("attStmt", statement), ("authData", Cbor::Bytes(data))]);
        let response = json!({
            "attestationObject": URL_SAFE_NO_PAD.encode(serde_cbor_2::to_vec(&object).unwrap()),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "transports": ["internal", "one-of-the-future"],
        });
        self.answer(&response, &json!({"credProps": {"rk": true}}))
    }

    /// What the browser answers to `navigator.credentials.get()`. Its counter counts up where there is one.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        if self.count > 0 {
            self.count += 1;
        }
        let data = self.data(self.flags);
        let client = self.client_data("webauthn.get", &options);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.keys.sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "signature": URL_SAFE_NO_PAD.encode(signature),
            "userHandle": URL_SAFE_NO_PAD.encode(&self.user_handle),
        });
        self.answer(&response, &json!({}))
    }

    /// Has a maker attest what this one makes from now on; or nobody.
    pub fn attested_by(&mut self, maker: Option<&Attesting>) {
        self.attestation = maker.map(|maker| maker.attest(self.aaguid));
    }

    /// The attestation statement: section 8.2, or 8.7.
    fn statement(&self, data: &[u8], client: &[u8]) -> (&'static str, Cbor) {
        let Some(attestation) = &self.attestation else { return ("none", map([])) };
        let signature = attestation.sign(&[data, digest(&SHA256, client).as_ref()].concat());
        let chain = vec![Cbor::Bytes(attestation.certificate.clone())];
        let members = [("alg", Cbor::Integer(-7)), ("sig", Cbor::Bytes(signature)), ("x5c", Cbor::Array(chain))];
        ("packed", map(members))
    }

    fn answer(&self, response: &Value, extensions: &Value) -> String {
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": extensions,
            "authenticatorAttachment": "platform",
        })
        .to_string()
    }

    /// Section 6.1, without what is attested.
    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// The COSE key of RFC 9053 section 7.1.1: ES256 on P-256.
    fn public_key(&self) -> Vec<u8> {
        let point = self.keys.public_key().as_ref();
        let (x, y) = (point[1..33].to_vec(), point[33..].to_vec());
        let entries = [
            (1, Cbor::Integer(2)),
            (3, Cbor::Integer(-7)),
            (-1, Cbor::Integer(1)),
            (-2, Cbor::Bytes(x)),
            (-3, Cbor::Bytes(y)),
        ];
        serde_cbor_2::to_vec(&Cbor::Map(entries.map(|(label, value)| (Cbor::Integer(label), value)).into())).unwrap()
    }

    /// Section 5.8.1.
    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let mut data = json!({"type": kind, "challenge": options["challenge"], "origin": self.origin});
        if let Some(cross_origin) = self.cross_origin {
            data["crossOrigin"] = cross_origin.into();
        }
        if let Some(top_origin) = &self.top_origin {
            data["topOrigin"] = top_origin.as_str().into();
        }
        data.to_string().into_bytes()
    }
}

fn map<const N: usize>(members: [(&str, Cbor); N]) -> Cbor {
    Cbor::Map(members.map(|(name, value)| (Cbor::Text(name.to_owned()), value)).into())
}

/// What the passkey form of a page asks the browser.
pub fn options(page: &Page) -> String {
    told(page, "data-options")
}

/// What the script is told by an attribute of the passkey form of a page.
fn told(page: &Page, attribute: &str) -> String {
    let html = page.html();
    let form = html.select(&Selector::parse("form#passkey").unwrap()).next();
    form.unwrap_or_else(|| panic!("no passkey form at {}: {}", page.url, page.body))
        .attr(attribute)
        .unwrap_or_else(|| panic!("no {attribute} at {}", page.url))
        .to_owned()
}

impl Browser {
    /// Adds a passkey to the account that is signed in, whose proof is recent.
    pub async fn add_passkey(&mut self, device: &mut Authenticator, name: &str) -> Page {
        let page = self.ask_for_passkey().await;
        let answer = device.create(&options(&page));
        self.submit(&page, "passkey", &[("answer", &answer), ("name", name)]).await
    }

    /// The page on which the browser makes one.
    pub async fn ask_for_passkey(&mut self) -> Page {
        let page = self.get("/account/security").await;
        self.submit(&page, "passkey-add", &[]).await
    }

    /// Asks for another question as the script of a page does that stood open for long: the options, and the ticket that goes with their answer.
    pub async fn ask_again(&mut self, page: &Page) -> Result<(String, String), Page> {
        let ticket = page.form("passkey").field("ticket").unwrap().to_owned();
        let fields = [("csrf", told(page, "data-csrf")), ("ticket", ticket)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let path = told(page, "data-question");
        let answer = self.post_once(&path, &fields).await;
        if answer.status != axum::http::StatusCode::OK {
            return Err(answer);
        }
        let asked: Value = serde_json::from_str(&answer.body).unwrap();
        let text = |member: &str| asked[member].as_str().unwrap().to_owned();
        Ok((text("options"), text("ticket")))
    }

    /// Makes an account by a passkey and this address.
    pub async fn sign_up_by_passkey(&mut self, email: &str, device: &mut Authenticator) -> Page {
        let page = self.get("/signup?another=yes").await;
        let answer = device.create(&options(&page));
        self.submit(&page, "passkey", &[("email", email), ("answer", &answer)]).await
    }

    /// Signs in by a passkey, from a page with a passkey form.
    pub async fn use_passkey(&mut self, page: &Page, device: &mut Authenticator) -> Page {
        let answer = device.get(&options(page));
        self.submit(page, "passkey", &[("answer", &answer)]).await
    }
}
