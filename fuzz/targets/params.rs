//! Query strings and forms: whatever is read holds what [`Params`] promises, and survives being written again.
#![no_main]

use std::collections::HashSet;

use haechi::protocol::Params;
use haechi::protocol::params::MAX_PARAMS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|encoded: &[u8]| {
    let Ok(params) = Params::parse(encoded) else { return };
    let pairs: Vec<_> = params.iter().collect();
    assert!(pairs.len() <= MAX_PARAMS);
    assert!(pairs.iter().all(|(name, value)| !name.contains('\0') && !value.contains('\0')));
    let mut seen = HashSet::new();
    assert!(pairs.iter().all(|(name, _)| *name == "resource" || seen.insert(*name)), "a name came twice");

    let mut again = form_urlencoded::Serializer::new(String::new());
    again.extend_pairs(&pairs);
    assert!(Params::parse(again.finish().as_bytes()).is_ok_and(|reread| reread == params));
});
