//! Recipes: how software that others wrote wants its client registered, and how it wants to be told of this server.
//!
//! Owns the catalogue (a file of data for each software in `catalogue/`, embedded when Haechi is built), finding one by its name, and filling in
//! what differs from one installation to the next. Leaves registering the client to `clients`, and where the configuration is put to the callers.

mod app_url;
mod generic;
mod placeholder;
mod recipe;

pub use app_url::{AppUrl, AppUrlRejected};
pub use placeholder::{Installation, UnknownPlaceholder};
pub use recipe::{Configuration, Evidence, Recipe, RecipeProblem};

/// Names and texts of the catalogue's files, by name.
static CATALOGUE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/recipes.rs"));

/// How alike two names must be for one to be taken for the other: 1 is equal.
const ALIKE: f64 = 0.8;

/// Why there is no recipe to go by.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeRejected {
    /// Nothing is called that.
    #[error("there is no recipe {name}; {}`haechi recipes` lists them", meant(nearest))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What was probably meant.
        nearest: Vec<&'static str>,
    },
    /// A file of the catalogue that is no recipe.
    #[error("the recipe {0}: {1}")]
    Malformed(&'static str, RecipeProblem),
}

fn meant(nearest: &[&str]) -> String {
    if nearest.is_empty() { String::new() } else { format!("did you mean {}? If not, ", nearest.join(" or ")) }
}

/// The name of every recipe.
pub fn names() -> Vec<&'static str> {
    CATALOGUE.iter().map(|(name, _)| *name).collect()
}

/// Every recipe, by name.
pub fn all() -> Result<Vec<Recipe>, RecipeRejected> {
    CATALOGUE.iter().map(|(name, text)| read(name, text)).collect()
}

/// The recipe of this name.
pub fn find(name: &str) -> Result<Recipe, RecipeRejected> {
    match CATALOGUE.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => read(name, text),
        None => Err(RecipeRejected::Unknown { name: name.to_owned(), nearest: nearest(name) }),
    }
}

fn read(name: &'static str, text: &str) -> Result<Recipe, RecipeRejected> {
    Recipe::read(name, text).map_err(|why| RecipeRejected::Malformed(name, why))
}

/// The names that were probably meant: those that have it as a part, or else the one that is most like it.
fn nearest(name: &str) -> Vec<&'static str> {
    let names = || CATALOGUE.iter().map(|(known, _)| *known);
    let parts: Vec<_> =
        names().filter(|known| name.len() > 2 && (known.contains(name) || name.contains(known))).collect();
    if !parts.is_empty() {
        return parts;
    }
    let alike = names().map(|known| (strsim::jaro_winkler(name, known), known)).filter(|(alike, _)| *alike >= ALIKE);
    alike.max_by(|a, b| a.0.total_cmp(&b.0)).into_iter().map(|(_, known)| known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest() {
        let meant = |name: &str| match find(name) {
            Err(RecipeRejected::Unknown { nearest, .. }) => nearest,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(meant("expres-openid-conect"), ["express-openid-connect"]);
        assert_eq!(meant("openid-connect"), ["express-openid-connect"]);
        assert!(meant("zzz").is_empty());
        let said = find("express").unwrap_err().to_string();
        let right =
            "there is no recipe express; did you mean express-openid-connect? If not, `haechi recipes` lists them";
        assert_eq!(said, right);
        assert_eq!(find("zzz").unwrap_err().to_string(), "there is no recipe zzz; `haechi recipes` lists them");
    }
}
