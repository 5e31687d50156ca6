//! The recipes of `src/admin/recipes/catalogue/` as a list that the crate includes, so that a file is in it by being there.

use std::fmt::Write;
use std::path::Path;

/// The folder, from the root of the repository.
pub(crate) const FOLDER: &str = "src/admin/recipes/catalogue";
/// How its files end.
pub(crate) const ENDING: &str = ".toml";

/// A slice of names and texts, in the order of `names`.
pub(crate) fn generated(root: &Path, names: &[String]) -> Result<String, std::fmt::Error> {
    let mut rust = "&[\n".to_owned();
    for name in names {
        let path = root.join(FOLDER).join(format!("{name}{ENDING}")).display().to_string();
        writeln!(rust, "    ({name:?}, include_str!({path:?})),")?;
    }
    rust.push(']');
    Ok(rust)
}
