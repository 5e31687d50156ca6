//! Mail addresses: what is one has one spelling, no header or list of a mail takes it for more than one address, and it survives being stored.
#![no_main]

use haechi::model::user::{EmailAddress, MAX_EMAIL_BYTES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(address) = EmailAddress::parse(text) else { return };
    let shown = address.as_str();
    assert!(shown.len() <= MAX_EMAIL_BYTES && shown.is_ascii());
    assert!(!shown.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\"\\".contains(c)));
    let (local, domain) = shown.split_once('@').expect("an address has two parts");
    assert!(!local.is_empty() && !domain.contains('@') && domain == address.domain());
    assert_eq!(domain, domain.to_ascii_lowercase());

    assert_eq!(EmailAddress::parse(shown).as_ref(), Ok(&address));
    let folded = EmailAddress::parse(&address.lookup_key()).expect("in lower case it is one, too");
    assert_eq!(folded.lookup_key(), address.lookup_key());
    let stored = serde_json::to_string(&address).expect("an address can be stored");
    assert_eq!(serde_json::from_str::<EmailAddress>(&stored).expect("what was stored can be read"), address);
});
