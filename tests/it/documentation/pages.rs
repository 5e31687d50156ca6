//! The documents, and the blocks of code in them.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was built or installed.
const MADE: &[&str] = &["target", "node_modules", ".git", ".venv", ".next"];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Markdown document of the repository.
pub fn documents() -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![root().to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                if !MADE.iter().any(|made| name == *made) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Its path in the repository.
pub fn name(document: &Path) -> String {
    document.strip_prefix(root()).unwrap().display().to_string()
}

/// A block of code in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The document, by its path in the repository.
    pub page: String,
    /// Where it begins there.
    pub line: usize,
    /// What its fence says that it is.
    pub language: String,
    pub code: String,
}

/// The blocks of a document, in their order. A block in a list is as far in as the list is.
pub fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
    let mut found = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    for (at, line) in text.lines().enumerate() {
        let (inside, fence) = (line.trim_start(), line.trim_start().strip_prefix("```"));
        match (open.take(), fence) {
            (None, Some(language)) => {
                let block =
                    Block { page: page.to_owned(), line: at + 1, language: language.to_owned(), code: String::new() };
                open = Some((block, line.len() - inside.len()));
            }
            (None, None) => {}
            (Some((block, _)), Some("")) => found.push(block),
            (Some((mut block, indent)), _) => {
                block.code.push_str(line.get(indent..).unwrap_or_default());
                block.code.push('\n');
                open = Some((block, indent));
            }
        }
    }
    assert!(open.is_none(), "a block of {page} does not end");
    found
}

/// The blocks of a language in a document.
pub fn blocks_of(page: &str, language: &str) -> Vec<Block> {
    blocks(page).into_iter().filter(|block| block.language == language).collect()
}

/// The one block of a language in a document that has these words.
#[track_caller]
pub fn block(page: &str, language: &str, words: &str) -> Block {
    let mut found = blocks_of(page, language).into_iter().filter(|block| block.code.contains(words));
    let one = found.next().unwrap_or_else(|| panic!("no {language} block of {page} has {words}"));
    assert!(found.next().is_none(), "two {language} blocks of {page} have {words}");
    one
}
