//! Codes, refresh tokens, secrets and `jti`s: a text has one spelling only.
#![no_main]

use haechi::support::opaque::{decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for prefix in ["hcode_", "hrt_", "hcs_", "hott_"] {
        if let Some(payload) = decode::<48>(prefix, text) {
            assert_eq!(encode(prefix, &payload), text);
        }
    }
    let _ = haechi::tokens::jti::origin(text);
});
