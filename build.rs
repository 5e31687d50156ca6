//! Reads `locales/` and writes the module of keys that `src/i18n` includes; lists the recipes that `src/admin/recipes` includes.
//!
//! A text that a language lacks, has too much or fills in otherwise than English stops the build here; a key that no text has, or that
//! nothing asks for, stops it at the compiler. Owns the folders and what Cargo is told; the rules are in `build/locales.rs`.
#![allow(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/locales.rs"]
mod locales;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use locales::{File, Language};

/// The folder of the languages, from the root of the repository.
const FOLDER: &str = "locales";
/// The language that the others are held against, and whose keys become constants.
const FIRST: &str = "en";

fn main() -> io::Result<()> {
    for path in ["build.rs", "build", FOLDER, catalogue::FOLDER] {
        println!("cargo::rerun-if-changed={path}");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let written = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    write(module(&root), &written.join("locales.rs"))?;
    write(recipes(&root), &written.join("recipes.rs"))
}

/// Writes what was generated, or tells Cargo what is wrong.
fn write(generated: Result<String, Vec<String>>, file: &Path) -> io::Result<()> {
    match generated {
        Ok(rust) => fs::write(file, rust),
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            Ok(())
        }
    }
}

/// The list of recipes.
fn recipes(root: &Path) -> Result<String, Vec<String>> {
    let names = names(&root.join(catalogue::FOLDER), catalogue::ENDING)?;
    catalogue::generated(root, &names).map_err(|error| vec![error.to_string()])
}

/// The module, or what is wrong with the texts.
fn module(root: &Path) -> Result<String, Vec<String>> {
    let languages = languages(root)?;
    let Some((first, others)) = languages.split_first() else { return Err(vec![format!("{FOLDER} is empty")]) };
    let mut problems = locales::repeated(first);
    problems.extend(others.iter().flat_map(|other| locales::differences(first, other)));
    if !problems.is_empty() {
        return Err(problems);
    }
    locales::generated(&languages).map_err(|error| vec![error.to_string()])
}

/// Every language: the first one first, then by tag.
fn languages(root: &Path) -> Result<Vec<Language>, Vec<String>> {
    let mut tags = names(&root.join(FOLDER), "")?;
    tags.sort_by_key(|tag| (tag != FIRST, tag.clone()));
    let read = tags.into_iter().map(|tag| Ok(Language { files: files(root, &tag)?, tag }));
    read.collect()
}

fn files(root: &Path, tag: &str) -> Result<BTreeMap<String, File>, Vec<String>> {
    let mut files = BTreeMap::new();
    for area in names(&root.join(FOLDER).join(tag), ".ftl")? {
        let path = format!("{FOLDER}/{tag}/{area}.ftl");
        let source = fs::read_to_string(root.join(&path)).map_err(|error| vec![format!("{path}: {error}")])?;
        let file = File::read(&path, &area, &source).map_err(|problem| vec![problem])?;
        files.insert(area, file);
    }
    Ok(files)
}

/// The names in a folder, without the ending that each must have.
fn names(folder: &Path, ending: &str) -> Result<Vec<String>, Vec<String>> {
    let wrong = |what: &str| vec![format!("{}: {what}", folder.display())];
    let entries = fs::read_dir(folder).map_err(|error| wrong(&error.to_string()))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| wrong(&error.to_string()))?.file_name().to_string_lossy().into_owned();
        let stem = name.strip_suffix(ending).ok_or_else(|| wrong(&format!("{name} does not end in {ending}")))?;
        names.push(stem.to_owned());
    }
    names.sort();
    Ok(names)
}
