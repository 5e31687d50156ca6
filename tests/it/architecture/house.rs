//! The modules of `src/`, and which of them names which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path as FilePath, PathBuf};

use super::paths::{self, Named, Path};

/// A file that names another module's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// The module of the file, `a::b`.
    pub(super) from: String,
    /// The module that it names.
    pub(super) to: String,
}

/// Every module with a file of its own, by its path.
pub(super) struct House {
    modules: BTreeMap<String, Named>,
}

impl House {
    /// Reads `src/`, without `main.rs` and `lib.rs`.
    pub(super) fn read() -> Self {
        let of = |file: &PathBuf| {
            let module = module_of(file.strip_prefix(root()).unwrap())?;
            let parts: Vec<&str> = module.split("::").collect();
            let named = paths::read(&parts, &fs::read_to_string(file).unwrap());
            Some((module, named))
        };
        Self { modules: sources().iter().filter_map(of).collect() }
    }

    pub(super) fn modules(&self) -> impl Iterator<Item = &String> {
        self.modules.keys()
    }

    /// Which module names which: one edge a pair, whatever is named; what a module passes on (`pub use`) counts as naming where it is.
    pub(super) fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (from, named) in &self.modules {
            let passed_on = named.passed_on.iter().map(|(_, path)| path);
            for to in named.paths.iter().chain(passed_on).filter_map(|path| self.home(path)) {
                if to != *from {
                    edges.insert(Edge { from: from.clone(), to });
                }
            }
        }
        edges
    }

    /// The module where what the path names is: the longest module in the path, or where that one has it from.
    fn home(&self, path: &Path) -> Option<String> {
        let length = (1..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length].join("::")))?;
        let module = path[..length].join("::");
        let Some(item) = path.get(length) else { return Some(module) };
        let passed_on = &self.modules[&module].passed_on;
        match passed_on.iter().find(|(name, _)| name == item) {
            Some((_, target)) => self.home(&[target, &path[length + 1..]].concat()),
            None => Some(module),
        }
    }
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`.
fn module_of(file: &FilePath) -> Option<String> {
    let without = file.with_extension("");
    let mut parts: Vec<_> = without.iter().map(|part| part.to_str().unwrap()).collect();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    (!matches!(parts[..], ["lib" | "main"])).then(|| parts.join("::"))
}

pub(super) fn root() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file.
pub(super) fn sources() -> Vec<PathBuf> {
    fn walk(folder: &FilePath, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    assert!(!found.is_empty());
    found
}
