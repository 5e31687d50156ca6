//! `haechi attributes`: what accounts have besides the standard claims.

use clap::{Args, Subcommand};

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame;
use super::possible::one_of;
use crate::admin::Target;
use crate::admin::attributes::{self, AttributeResource};
use crate::identity::accounts::read_attribute;
use crate::model::attribute::{AttributeDefinition, AttributeType, Definitions, EndUserAccess};

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
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List => list(context).await,
            Self::Define(define) => define.run(context).await,
            Self::Delete { name, confirmation } => delete(context, name, &confirmation).await,
        }
    }
}

impl Define {
    async fn run(self, context: &mut Context) -> Outcome {
        let (admin, by) = (&context.app.admin, &context.authority);
        let labels = self.label_in.into_iter().map(|(tag, label)| (format!("label#{tag}"), label)).collect();
        let said = AttributeResource {
            name: Some(self.name.clone()),
            value_type: self.value_type,
            label: self.label,
            end_user_access: self.end_user,
            labels,
            ..AttributeResource::default()
        };
        let is = match attributes::find(admin, by, &self.name).await? {
            Some(_) => attributes::update(admin, by, Target::from(self.name), &said).await?,
            None => attributes::create(admin, by, said).await?,
        };
        context.output.tell(format!("{} is declared.", is.name), &AttributeResource::from(&is))
    }
}

async fn list(context: &mut Context) -> Outcome {
    let declared = attributes::list(&context.app.admin, &context.authority).await?;
    if context.output.is_json() {
        return context.output.json(&declared.iter().map(AttributeResource::from).collect::<Vec<_>>());
    }
    let row = |one: &AttributeDefinition| {
        let words = [&one.name, one.value_type.as_str(), one.end_user_access.as_str(), &one.label];
        words.map(str::to_owned).to_vec()
    };
    let rows: Vec<_> = declared.iter().map(row).collect();
    context.output.table(&["NAME", "TYPE", "END-USER", "LABEL"], &rows)
}

async fn delete(context: &mut Context, name: String, confirmation: &Confirmation) -> Outcome {
    let (admin, by) = (&context.app.admin, &context.authority);
    if attributes::find(admin, by, &name).await?.is_none() {
        let listed = "`haechi attributes list` shows them all";
        return Err(Failure::of(format!("there is no attribute {name}; {listed}")));
    }
    confirmation.given(&format!("Take the attribute {name} back, with all its values?"), "nothing was deleted")?;
    attributes::delete(admin, by, Target::from(name.clone())).await?;
    frame::tell_deleted(&mut context.output, &name, format!("{name} is gone."))
}

/// What arguments say of an account's attributes, in the types that these have.
pub(super) fn said(
    declared: &Definitions,
    pairs: &[(String, String)],
) -> Outcome<std::collections::BTreeMap<String, serde_json::Value>> {
    let value = |(name, text): &(String, String)| {
        let value = match declared.find(name) {
            // The texts of a list stand side by side.
            Some(list) if list.value_type == AttributeType::Texts => read_attribute(list, &text.replace(';', "\n")),
            Some(definition) => read_attribute(definition, text),
            // It is refused by the rules of the document, with its name.
            None => Ok(text.as_str().into()),
        };
        let value = value.map_err(|why| Failure::usage(format!("--attribute {name}: {why}")))?;
        Ok((name.clone(), value))
    };
    pairs.iter().map(value).collect()
}
