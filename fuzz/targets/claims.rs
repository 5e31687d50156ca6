//! The `claims` parameter: a request survives being stored and read again.
#![no_main]

use haechi::protocol::claims::ClaimsRequest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(request) = ClaimsRequest::parse(text) else { return };
    let stored = serde_json::to_string(&request).expect("a request can be stored");
    assert_eq!(serde_json::from_str::<ClaimsRequest>(&stored).expect("what was stored can be read"), request);
});
