//! The columns of a table of people: which there are, in which order they are written, and what is wrong with a head that names others.
//!
//! Owns their names. Leaves what a cell says to `import_row`, and what is written into one to `export`.

use std::fmt;

use serde_json::Value;

use super::import_row::{HASH, SALT};
use super::resource::UserResource;
use crate::admin::document::{Document, Verdict};
use crate::model::attribute::Definitions;
use crate::support::typo;

/// The columns that are texts of the document itself.
const PLAIN: &[&str] = &[
    "sub",
    "email",
    "email_verified",
    "status",
    "created_at",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "groups",
    "roles",
];
/// The parts of the address, each a column.
const ADDRESS: &[&str] = &["formatted", "street_address", "locality", "region", "postal_code", "country"];
/// The columns without which a table makes nobody.
const NEEDED: &[&str] = &["email"];
/// How the columns begin that say who somebody is at a connection.
const LINKS: &str = "links.";

/// Why the head of a table is not one of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRejected {
    /// The columns that there are not, each with the one that was probably meant.
    pub unknown: Vec<(String, Option<String>)>,
    /// The columns that a table needs, and that this one has not.
    pub missing: Vec<&'static str>,
    /// The columns that there are.
    pub known: Vec<String>,
}

impl fmt::Display for HeadRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, nearest) in &self.unknown {
            let meant = nearest.as_deref().map(|one| format!("; did you mean {one}?")).unwrap_or_default();
            writeln!(f, "there is no column {name}{meant}")?;
        }
        for name in &self.missing {
            writeln!(f, "the column {name} is missing")?;
        }
        write!(f, "the columns that there are: {}", self.known.join(", "))
    }
}

impl std::error::Error for HeadRejected {}

/// What is written of an account, in order.
pub(super) fn written(declared: &Definitions, with_hashes: bool) -> Vec<String> {
    let plain = PLAIN.iter().map(|name| (*name).to_owned());
    let address = ADDRESS.iter().map(|part| format!("address.{part}"));
    let attributes = declared.iter().map(|one| format!("attributes.{}", one.name));
    plain.chain(address).chain(attributes).chain(with_hashes.then(|| HASH.to_owned())).collect()
}

/// Whether a table with this head is one of people. What is wrong with it is wrong with every row, and is said once.
pub fn check_head<'a>(declared: &Definitions, head: impl IntoIterator<Item = &'a str>) -> Result<(), HeadRejected> {
    let mut known = written(declared, true);
    known.push(SALT.to_owned());
    let names: Vec<&str> = head.into_iter().map(str::trim).collect();
    let strangers = names.iter().filter(|name| !is_known(&known, name));
    let unknown: Vec<_> = strangers.map(|name| ((*name).to_owned(), nearest(&known, name))).collect();
    let missing: Vec<_> = NEEDED.iter().copied().filter(|needed| !names.contains(needed)).collect();
    if unknown.is_empty() && missing.is_empty() {
        return Ok(());
    }
    known.push(format!("{LINKS}CONNECTION"));
    Err(HeadRejected { unknown, missing, known })
}

/// A column without a name passes as long as its cells are empty: spreadsheets write some.
fn is_known(known: &[String], name: &str) -> bool {
    name.is_empty()
        || known.iter().any(|one| one == name)
        || name.strip_prefix(LINKS).is_some_and(|connection| !connection.is_empty())
        || UserResource::verdict(name, &Value::Null) == Verdict::Known
}

fn nearest(known: &[String], name: &str) -> Option<String> {
    let near = known.iter().filter_map(|one| Some((typo::distance(&name.to_lowercase(), one)?, one)));
    near.min().map(|(_, one)| one.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str) -> Result<(), HeadRejected> {
        check_head(&Definitions::default(), head.split(','))
    }

    #[test]
    fn what_is_written_can_be_read_and_claims_in_languages_too() {
        let written = written(&Definitions::default(), true);
        assert_eq!(check_head(&Definitions::default(), written.iter().map(String::as_str)), Ok(()));
        assert_eq!(check(" email ,name#ko-KR,links.google,updated_at,version,password_salt,"), Ok(()));
    }

    #[test]
    fn what_is_not_known_or_missing_is_named_with_what_there_is() {
        let rejected = check("E-Mail,Vorname,attributes.level,links.").unwrap_err();
        let unknown: Vec<_> =
            rejected.unknown.iter().map(|(name, nearest)| (name.as_str(), nearest.as_deref())).collect();
        let expected = [("E-Mail", Some("email")), ("Vorname", None), ("attributes.level", None), ("links.", None)];
        assert_eq!((unknown.as_slice(), rejected.missing.as_slice()), (&expected[..], &["email"][..]));
        let said = rejected.to_string();
        assert!(said.contains("no column E-Mail; did you mean email?\nthere is no column Vorname\n"), "{said}");
        assert!(said.contains("the column email is missing\n") && said.contains(" given_name, "), "{said}");
        assert!(said.ends_with("password_hash, password_salt, links.CONNECTION"), "{said}");
    }
}
