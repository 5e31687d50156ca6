//! Somebody else's tokens: nothing that was not signed is believed.
#![no_main]

use std::sync::LazyLock;

use haechi::keys::foreign;
use haechi::model::client::SigningAlgorithm;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// The examples of RFC 7517 appendix A.1 and RFC 8037 appendix A.2: real keys, whose private halves the fuzzer will not find.
static KEYS: LazyLock<Value> = LazyLock::new(|| {
    json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "kid": "a", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
          "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" },
        { "kty": "OKP", "crv": "Ed25519", "kid": "b", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
    ] })
});

fuzz_target!(|token: &str| {
    assert!(foreign::verify(token, &KEYS, SigningAlgorithm::ALL).is_err());
});
