//! `haechi attributes`: what accounts have besides the standard claims.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::confirmation::Confirmation;
use super::context::Desk;
use super::failure::{Failure, Outcome};
use super::frame;
use super::possible::one_of;
use super::remote::place;
use crate::admin::Target;
use crate::admin::attributes::{self, AttributeResource};
use crate::identity::accounts::read_attribute;
use crate::model::attribute::{AttributeType, EndUserAccess};

/// Where the API has them.
const PATH: &str = "/attributes";

#[derive(Debug, Subcommand)]
pub(super) enum AttributesCommand {
    /// List the attributes that are declared.
    #[command(after_long_help = "Examples:\n  haechi attributes list\n  haechi attributes list --json")]
    List,
    /// Declare an attribute, or change one that is declared: what is named here is replaced, the rest stays.
    ///
    /// Its values are set with `haechi users update --attribute`.
    #[command(after_long_help = "\
Examples:
  haechi attributes define employee_number --label 'Employee number' --label-in ko=사번
  haechi attributes define teams --type texts --end-user read")]
    Define(Define),
    /// Take an attribute back: its values are hidden everywhere at once, and go with the next change of each account.
    #[command(after_long_help = "\
Examples:
  haechi attributes delete employee_number
  haechi attributes delete employee_number --yes")]
    Delete {
        /// What documents and rules call it.
        name: String,
        #[command(flatten)]
        confirmation: Confirmation,
    },
}

#[derive(Args, Debug)]
pub(super) struct Define {
    /// What documents and rules call it: a letter, then letters, digits, _ and -.
    name: String,
    /// What its values are: text, number, boolean or texts. It never changes; text where nothing is said.
    #[arg(long = "type", value_parser = one_of::<AttributeType>(), hide_possible_values = true)]
    value_type: Option<AttributeType>,
    /// What people read.
    #[arg(long)]
    label: Option<String>,
    /// What people read in a language, such as `ko=사번`. Can be repeated; an empty text takes it away.
    #[arg(long, value_name = "TAG=LABEL", value_parser = pair)]
    label_in: Vec<(String, String)>,
    /// What end-users may do with it on the page of their own account: none, read or write.
    #[arg(long, value_parser = one_of::<EndUserAccess>(), hide_possible_values = true)]
    end_user: Option<EndUserAccess>,
}

/// A name and what it is said to be.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl AttributesCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List => list(desk).await,
            Self::Define(define) => define.run(desk).await,
            Self::Delete { name, confirmation } => delete(desk, &name, &confirmation).await,
        }
    }
}

impl Define {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let labels = self.label_in.into_iter().map(|(tag, label)| (format!("label#{tag}"), label)).collect();
        let said = AttributeResource {
            name: Some(self.name.clone()),
            value_type: self.value_type,
            label: self.label,
            end_user_access: self.end_user,
            labels,
            ..AttributeResource::default()
        };
        let there_is = find(desk, &self.name).await?.is_some();
        let is = match desk {
            Desk::Here(context) => {
                let (admin, by) = (&context.app.admin, &context.authority);
                AttributeResource::from(&if there_is {
                    attributes::update(admin, by, Target::from(self.name.clone()), &said).await?
                } else {
                    attributes::create(admin, by, said).await?
                })
            }
            Desk::There(there) => {
                let (method, at) =
                    if there_is { (Method::PATCH, place(PATH, &self.name)) } else { (Method::POST, PATH.to_owned()) };
                let body = serde_json::to_value(&said).map_err(Failure::of)?;
                there.api.send(method, &at, Some(&body)).await?
            }
        };
        desk.output().tell(format!("{} is declared.", self.name), &is)
    }
}

/// The attribute of this name.
async fn find(desk: &mut Desk, name: &str) -> Outcome<Option<AttributeResource>> {
    match desk {
        Desk::Here(context) => {
            let found = attributes::find(&context.app.admin, &context.authority, name).await?;
            Ok(found.as_ref().map(AttributeResource::from))
        }
        Desk::There(there) => there.api.find(&place(PATH, name)).await,
    }
}

/// All that are declared.
async fn all(desk: &mut Desk) -> Outcome<Vec<AttributeResource>> {
    match desk {
        Desk::Here(context) => {
            let declared = attributes::list(&context.app.admin, &context.authority).await?;
            Ok(declared.iter().map(AttributeResource::from).collect())
        }
        Desk::There(there) => there.api.whole(PATH).await,
    }
}

async fn list(desk: &mut Desk) -> Outcome {
    let declared = all(desk).await?;
    let output = desk.output();
    if output.is_json() {
        return output.json(&declared);
    }
    output.table(&["NAME", "TYPE", "END-USER", "LABEL"], &declared.iter().map(row).collect::<Vec<_>>())
}

fn row(attribute: &AttributeResource) -> Vec<String> {
    let text = |said: Option<&str>| said.unwrap_or_default().to_owned();
    vec![
        text(attribute.name.as_deref()),
        text(attribute.value_type.map(AttributeType::as_str)),
        text(attribute.end_user_access.map(EndUserAccess::as_str)),
        text(attribute.label.as_deref()),
    ]
}

async fn delete(desk: &mut Desk, name: &str, confirmation: &Confirmation) -> Outcome {
    let missing = || Failure::of(format!("there is no attribute {name}; `haechi attributes list` shows them all"));
    if find(desk, name).await?.is_none() {
        return Err(missing());
    }
    confirmation.given(&format!("Take the attribute {name} back, with all its values?"), "nothing was deleted")?;
    match desk {
        Desk::Here(context) => {
            attributes::delete(&context.app.admin, &context.authority, Target::from(name.to_owned())).await?;
        }
        Desk::There(there) => {
            if !there.api.done(Method::DELETE, &place(PATH, name), (&[], None)).await? {
                return Err(missing());
            }
        }
    }
    frame::tell_deleted(desk.output(), name, format!("{name} is gone."))
}

/// What arguments say of an account's attributes, in the types that these have.
pub(super) async fn said(desk: &mut Desk, pairs: &[(String, String)]) -> Outcome<BTreeMap<String, Value>> {
    let declared = all(desk).await?;
    let type_of = |name: &str| {
        let found = declared.iter().find(|attribute| attribute.name.as_deref() == Some(name));
        found.and_then(|attribute| attribute.value_type)
    };
    let value = |(name, text): &(String, String)| {
        let value = match type_of(name) {
            // The texts of a list stand side by side.
            Some(AttributeType::Texts) => read_attribute(AttributeType::Texts, &text.replace(';', "\n")),
            Some(value_type) => read_attribute(value_type, text),
            // It is refused by the rules of the document, with its name.
            None => Ok(text.as_str().into()),
        };
        let value = value.map_err(|why| Failure::usage(format!("--attribute {name}: {why}")))?;
        Ok((name.clone(), value))
    };
    pairs.iter().map(value).collect()
}
