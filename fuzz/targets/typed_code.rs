//! Codes as people type them: what is read is one spelling, and a code of an app is the one of a step, and counts for no other.
#![no_main]

use haechi::identity::second_factor::{RecoveryCode, TotpSecret, TypedCode};
use haechi::support::Timestamp;
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_700_000_000;

fuzz_target!(|typed: &str| {
    let secret = TotpSecret::of(b"12345678901234567890").expect("twenty bytes are a secret");
    let now = Timestamp::from_seconds(NOW);
    match TypedCode::read(typed) {
        None => {}
        Some(TypedCode::Recovery(code)) => assert_eq!(RecoveryCode::read(&code.shown()), Some(code)),
        Some(TypedCode::OfAnApp(code)) => {
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
            if let Some(step) = secret.step_of(&code, now, i64::MIN) {
                assert_eq!(secret.code_at(Timestamp::from_seconds(step * 30)), code);
                assert_eq!(secret.step_of(&code, now, NOW), None, "it was accepted already");
            }
        }
    }
    // What was not tidied up counts for no step that it would not count for then.
    if secret.step_of(typed, now, i64::MIN).is_some() {
        assert!(matches!(TypedCode::read(typed), Some(TypedCode::OfAnApp(_))));
    }
});
