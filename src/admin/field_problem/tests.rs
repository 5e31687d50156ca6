use std::collections::BTreeSet;

#[test]
fn each_code_is_one_snake_case_word_and_stands_for_one_thing() {
    let source = concat!(include_str!("../field_problem.rs"), include_str!("codes.rs"));
    let codes: Vec<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_suffix("\",")?.split_once("=> \""))
        .map(|(_, code)| code)
        .collect();
    assert!(codes.len() > 50, "{codes:?}");
    // An empty line is a field that is missing.
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len() - 1, "{codes:?}");
    assert!(codes.iter().all(|code| code.bytes().all(|b| b == b'_' || b.is_ascii_lowercase())), "{codes:?}");
}
