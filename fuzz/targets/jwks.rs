//! Key sets that somebody registers or serves: a set that is accepted has only public keys, and tokens can be looked up in any.
#![no_main]

use haechi::keys::foreign;
use haechi::model::client::SigningAlgorithm;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// `{"alg":"ES256","kid":"a"}`, no claims, 64 bytes of no signature.
const TOKEN: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fuzz_target!(|json: &[u8]| {
    let Ok(set) = serde_json::from_slice::<Value>(json) else { return };
    assert!(foreign::verify(TOKEN, &set, SigningAlgorithm::ALL).is_err());
    if foreign::check_jwks(&set).is_ok() {
        let keys = set["keys"].as_array().expect("a set has keys");
        assert!(keys.iter().all(|key| key.get("d").is_none() && key.get("k").is_none()));
    }
});
