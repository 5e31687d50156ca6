//! What a document says of a client's software, read into the model.

use super::parse::without_repeats;
use super::resource::ClientResource;
use crate::admin::url::{check_https, url};
use crate::admin::{FieldError, FieldProblem};
use crate::model::client::Software;
use crate::support::line;

/// The most contacts of a client, and the longest, in characters.
const MAX_CONTACTS: usize = 20;
const MAX_CONTACT_CHARS: usize = 254;
/// The longest id and the longest version of a software, in characters.
const MAX_SOFTWARE_CHARS: usize = 200;

impl ClientResource {
    /// What is said of the software takes the place of what was; an empty text takes it away.
    pub(super) fn software(&self, was: Software) -> Result<Software, FieldProblem> {
        Ok(Software {
            contacts: match &self.contacts {
                Some(said) => contacts(said)?,
                None => was.contacts,
            },
            software_id: text("software_id", self.software_id.as_deref(), was.software_id)?,
            software_version: text("software_version", self.software_version.as_deref(), was.software_version)?,
            initiate_login_uri: match self.initiate_login_uri.as_deref() {
                None => was.initiate_login_uri,
                Some("") => None,
                Some(said) => {
                    let url = url("initiate_login_uri", said)?;
                    // OpenID Connect Dynamic Client Registration 1.0 section 2: "URI using the https scheme".
                    check_https("initiate_login_uri", &url, false)?;
                    Some(url)
                }
            },
        })
    }
}

fn contacts(said: &[String]) -> Result<Vec<String>, FieldProblem> {
    if said.len() > MAX_CONTACTS {
        return Err(FieldError::TooMany(MAX_CONTACTS).of("contacts"));
    }
    let read =
        |text: &String| line::parse(text, MAX_CONTACT_CHARS).map_err(|why| FieldError::Line(why).at("contacts", text));
    Ok(without_repeats(said.iter().map(read).collect::<Result<Vec<_>, _>>()?.into_iter()))
}

fn text(field: &'static str, said: Option<&str>, was: Option<String>) -> Result<Option<String>, FieldProblem> {
    match said {
        None => Ok(was),
        Some("") => Ok(None),
        Some(text) => line::parse(text, MAX_SOFTWARE_CHARS).map(Some).map_err(|why| FieldError::Line(why).of(field)),
    }
}
