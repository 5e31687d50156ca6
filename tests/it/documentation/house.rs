//! The rooms of docs/architecture.md are there.

use std::collections::BTreeSet;
use std::fs;

use super::pages::{block, root};

/// The words of a line that name paths: in front of what is said of them.
fn paths(line: &str) -> Vec<&str> {
    let named = line.split("  ").find(|part| !part.trim().is_empty()).unwrap_or_default();
    let paths = named.split_whitespace().filter(|word| word.ends_with('/') || word.contains('.'));
    let paths: Vec<&str> = paths.collect();
    if paths.is_empty() { vec![named.trim()] } else { paths }
}

#[test]
fn every_room_is_there() {
    let rooms = block("docs/architecture.md", "text", "src/").code;
    let mut inside = false;
    for line in rooms.lines().filter(|line| !line.is_empty()) {
        inside = if line.starts_with(' ') { inside } else { line.starts_with("src/") };
        for path in paths(line) {
            let place = if line.starts_with(' ') && inside { root().join("src").join(path) } else { root().join(path) };
            assert!(place.exists() || place.with_extension("rs").exists(), "docs/architecture.md names {path}: {line}");
        }
    }
}

#[test]
fn every_module_at_the_top_is_drawn() {
    let rooms = block("docs/architecture.md", "text", "src/").code;
    let inside = rooms.lines().filter(|line| line.starts_with("  ")).flat_map(paths);
    let stem = |name: &str| name.trim_end_matches('/').trim_end_matches(".rs").to_owned();
    let drawn: BTreeSet<String> = inside.map(stem).collect();
    let there =
        fs::read_dir(root().join("src")).unwrap().map(|entry| stem(entry.unwrap().file_name().to_str().unwrap()));
    let left_out: Vec<_> = there.filter(|module| module != "lib" && !drawn.contains(module)).collect();
    assert!(left_out.is_empty(), "docs/architecture.md does not name {left_out:?}");
}
