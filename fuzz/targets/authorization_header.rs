//! `Authorization: Basic`: what is read is clean text with an id.
#![no_main]

use haechi::client_auth::client_secret_basic::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &[u8]| {
    if let Some((id, secret)) = parse(header) {
        assert!(!id.is_empty());
        assert!(!id.contains('\0') && !secret.contains('\0'));
    }
});
