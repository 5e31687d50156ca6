//! What browsers and authenticators say of passkeys, and the metadata that an operator fetched: whatever is read holds what it promises.
//!
//! An input is read as each of them, as nothing in it says which it is.
#![no_main]

use haechi::identity::passkeys::untrusted;
use libfuzzer_sys::fuzz_target;

/// The longest credential id (Web Authentication Level 3 section 4), and the shortest authenticator data (section 6.1).
const LONGEST_ID: usize = 1023;
const SHORTEST_DATA: usize = 37;

fuzz_target!(|input: &[u8]| {
    let _ = untrusted::metadata(input, [7; 16]);
    let _ = untrusted::client_data(input);
    if untrusted::authenticator_data(input).is_ok() {
        assert!(input.len() >= SHORTEST_DATA);
    }
    if let Ok(aaguid) = untrusted::attestation_object(input) {
        // It stands in the data somewhere, and is not made up.
        assert!(input.windows(16).any(|bytes| bytes == aaguid.as_bytes()));
    }
    let Ok(text) = str::from_utf8(input) else { return };
    let _ = untrusted::registration(text);
    if let Ok(id) = untrusted::assertion(text) {
        assert!((1..=LONGEST_ID).contains(&id.as_bytes().len()));
    }
});
