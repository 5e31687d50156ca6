//! Scopes: only legal characters get through, and a set survives its text.
#![no_main]

use haechi::protocol::ScopeSet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(set) = ScopeSet::parse(text) else { return };
    let legal = |b: u8| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    assert!(set.iter().all(|scope| !scope.is_empty() && scope.bytes().all(legal)));
    assert!(ScopeSet::parse(&set.to_string()).is_ok_and(|again| again == set));
});
