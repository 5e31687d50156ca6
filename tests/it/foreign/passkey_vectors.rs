//! Passkeys of a foreign authenticator: `tests/foreign/python/authenticator.py` makes and uses them with `PyPI`'s cryptography and cbor2, rightly and wrongly, and asks
//! webauthn what it says of each. What is taken there is taken here, and what is refused there is refused here, but for what is listed, with why.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use super::{path, python};
use crate::support::app::{ISSUER, TestApp};
use crate::support::authenticator::options;
use crate::support::browser::Page;

/// Where the two differ: whether it is taken here, and why.
type Difference = (&'static str, bool, &'static str);

const MADE: &[Difference] = &[
    ("ES384", true, "it is asked for, and unknown there"),
    ("RS256 of 3072 bits", false, "webauthn-rs takes RSA keys of 2048 bits, which are those that TPMs make"),
    ("a statement of nobody", true, "no attestation is asked for, and none counts for anything"),
    ("within another site's page", false, "section 7.1 step 10: none of our pages is framed"),
    ("bytes left over", true, "nobody reads them"),
    ("a key off its curve", false, "it is looked at before it is used"),
    ("the id of another beside it", true, "only the authenticator's own word for it is read"),
    ("not to be found again", false, "section 10.1.3: nobody could sign in by it"),
];
const USED: &[Difference] = &[
    ("within another site's page", false, "section 7.2 step 12: none of our pages is framed"),
    ("may be copied all of a sudden", false, "section 6.1.3: that never changes"),
    ("bytes left over", true, "they are signed, and nobody reads them"),
    ("no name", false, "section 7.2 step 6: where nobody said who signs in, the answer does"),
    ("the name of another", false, "section 7.2 step 6: it is the owner of the credential"),
    ("the id of another beside it", true, "`rawId` is read, which says the same"),
];

/// The authenticator, and `py_webauthn`.
struct Elsewhere {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// What the authenticator made of a page's question, and why `py_webauthn` refuses it, if it does.
struct Made {
    answer: String,
    refused: Option<String>,
    /// The counter that it sent.
    count: u64,
}

impl Elsewhere {
    fn start() -> Option<Self> {
        let mut python = python()?;
        python.arg(path("tests/foreign/python/authenticator.py")).env("ISSUER", ISSUER).env("RP_ID", "id.example");
        let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Self { child, to, from })
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.to, "{question}").unwrap();
        self.to.flush().unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer to {question}"))
    }

    /// What it can make, or do with what it made.
    fn names(&mut self, of: &str) -> Vec<String> {
        let all = self.ask(&json!({ "does": "list" }));
        all[of].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// Makes one as it is called, or uses that of `device` so.
    fn make(&mut self, (does, vector): (&str, &str), device: &str, page: &Page) -> Made {
        let options: Value = serde_json::from_str(&options(page)).unwrap();
        let said = self.ask(&json!({ "does": does, "vector": vector, "device": device, "options": options }));
        Made {
            answer: said["answer"].to_string(),
            refused: said["refused"].as_str().map(str::to_owned),
            count: said["count"].as_u64().unwrap_or_default(),
        }
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn house() -> TestApp {
    TestApp::with(|config| config.throttling.sign_ups_per_address = 1000).await
}

/// Makes an account by a passkey: whether it is taken here, and why it is not there.
async fn sign_up(house: &TestApp, elsewhere: &mut Elsewhere, vector: &str) -> (bool, Option<String>) {
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let made = elsewhere.make(("create", vector), "", &page);
    let words: String = vector.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let email = format!("{}@example.com", words.to_lowercase());
    let sent = browser.submit(&page, "passkey", &[("email", &email), ("answer", &made.answer)]).await;
    assert!(!sent.status.is_server_error(), "{vector}: {}", sent.status);
    (sent.has("account-name"), made.refused)
}

/// Signs in by one that was made as `device` is called.
async fn sign_in(house: &TestApp, elsewhere: &mut Elsewhere, device: &str, vector: &str) -> (bool, Option<String>) {
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    let made = elsewhere.make(("get", vector), device, &page);
    let sent = browser.submit(&page, "passkey", &[("answer", &made.answer)]).await;
    assert!(!sent.status.is_server_error(), "{vector}: {}", sent.status);
    let here = sent.has("account-name");
    if here {
        elsewhere.ask(&json!({ "does": "counted", "device": device, "count": made.count }));
    }
    (here, made.refused)
}

/// What is wrong with a verdict, if anything: the two are of one mind, or differ as is listed.
fn compared(vector: &str, (here, refused): (bool, Option<String>), listed: &[Difference]) -> Option<String> {
    let there = refused.is_none();
    match listed.iter().find(|(name, ..)| *name == vector) {
        Some((_, taken, why)) if here != *taken => Some(format!("{vector}: not {here}, as {why}")),
        Some(_) if here == there => Some(format!("{vector}: they are of one mind by now, and it is listed")),
        None if here != there => Some(format!("{vector}: {here} here, and there {there}: {refused:?}")),
        _ => None,
    }
}

#[tokio::test]
async fn what_a_foreign_authenticator_makes_is_taken_where_py_webauthn_takes_it() {
    let Some(mut elsewhere) = Elsewhere::start() else { return };
    let house = house().await;
    let mut wrong = Vec::new();
    let vectors = elsewhere.names("create");
    assert!(vectors.len() > 30 && MADE.iter().all(|(name, ..)| vectors.iter().any(|vector| vector == name)));
    // EdDSA: see below.
    for vector in vectors.iter().filter(|vector| !vector.starts_with("EdDSA")) {
        let verdict = sign_up(&house, &mut elsewhere, vector).await;
        wrong.extend(compared(vector, verdict, MADE));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_a_foreign_authenticator_signs_counts_where_py_webauthn_takes_it() {
    let Some(mut elsewhere) = Elsewhere::start() else { return };
    let house = house().await;
    assert_eq!(sign_up(&house, &mut elsewhere, "ES256").await, (true, None));
    let mut wrong = Vec::new();
    let vectors = elsewhere.names("get");
    assert!(vectors.len() > 20 && USED.iter().all(|(name, ..)| vectors.iter().any(|vector| vector == name)));
    for vector in &vectors {
        let verdict = sign_in(&house, &mut elsewhere, "ES256", vector).await;
        wrong.extend(compared(vector, verdict, USED));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Section 5.4: an authenticator makes a key of the first of these algorithms that it knows, and was made in vain where that is refused.
#[tokio::test]
async fn every_algorithm_that_is_asked_for_is_taken() {
    const NAMES: [(i64, &str); 4] = [(-7, "ES256"), (-8, "EdDSA"), (-35, "ES384"), (-257, "RS256")];
    let Some(mut elsewhere) = Elsewhere::start() else { return };
    let house = house().await;
    let asked: Value = serde_json::from_str(&options(&house.browser().get("/signup").await)).unwrap();
    let (asked, known) = (asked["pubKeyCredParams"].as_array().unwrap(), elsewhere.names("create"));
    assert!(!asked.is_empty());
    let mut wrong = Vec::new();
    for algorithm in asked.iter().map(|one| one["alg"].as_i64().unwrap()) {
        let name = NAMES.iter().find(|(number, _)| *number == algorithm).map(|(_, name)| *name);
        let name =
            name.unwrap_or_else(|| panic!("{algorithm}: have one made by tests/foreign/python/authenticator.py"));
        for vector in [name.to_owned(), format!("{name}, attested by itself")] {
            if !known.contains(&vector) {
                continue;
            }
            let made = sign_up(&house, &mut elsewhere, &vector).await.0;
            let used = made && sign_in(&house, &mut elsewhere, &vector, "as it should be").await.0;
            if !(made && used) {
                wrong.push(format!("{vector}: made {made}, used {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
