//! `haechi claim-rules`: what apps are told of people besides the standard claims.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::attributes::pair;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame;
use super::possible::one_of;
use crate::admin::claim_rules::{self, ClaimRuleResource};
use crate::model::ClientId;
use crate::model::claim_rule::{ClaimRule, ClaimSource, SourceKind, TokenPlace, Unmapped};

#[derive(Debug, Subcommand)]
pub(super) enum ClaimRulesCommand {
    /// List claim rules by name.
    #[command(after_long_help = "Examples:\n  haechi claim-rules list\n  haechi claim-rules list --json")]
    List,
    /// Show one claim rule, as JSON.
    #[command(after_long_help = "Examples:\n  haechi claim-rules show employee-number")]
    Show {
        /// What it is called.
        name: String,
    },
    /// Make a claim rule: apps that are registered for its scope, and were granted it, are told with their next tokens.
    ///
    /// What somebody's tokens say then is shown by `haechi users preview-token`.
    #[command(after_long_help = "\
Examples:
  haechi claim-rules create employee-number --claim employee_number --attribute employee_number --scope profile --token id_token --token userinfo
  haechi claim-rules create shop-access --claim https://shop.example.com/access --source groups --map staff=admin --unmapped drop --scope shop --client shop --token access_token
  haechi claim-rules create tenant --claim tenant --source constant --value acme --scope profile")]
    Create(Said),
    /// Change a claim rule: what is named here is replaced, the rest stays.
    #[command(after_long_help = "\
Examples:
  haechi claim-rules update employee-number --token access_token
  haechi claim-rules update shop-access --map staff= --map board=admin")]
    Update(Said),
    /// Delete a claim rule: apps are told no more with their next tokens.
    #[command(after_long_help = "\
Examples:
  haechi claim-rules delete employee-number
  haechi claim-rules delete employee-number --yes")]
    Delete {
        /// What it is called.
        name: String,
        #[command(flatten)]
        confirmation: Confirmation,
    },
}

#[derive(Args, Debug)]
pub(super) struct Said {
    /// What it is called here and in files: a-z, 0-9 and -. It never changes.
    name: String,
    /// What apps read: a word, or a URI of your own. No name that tokens or OpenID Connect define.
    #[arg(long)]
    claim: Option<String>,
    /// Where its value comes from: attribute, groups, roles or constant. An attribute where --attribute names one.
    #[arg(long, value_parser = one_of::<SourceKind>(), hide_possible_values = true)]
    source: Option<SourceKind>,
    /// The custom attribute that it comes from.
    #[arg(long, value_name = "NAME")]
    attribute: Option<String>,
    /// The value that is the same for everybody: JSON, or a text.
    #[arg(long)]
    value: Option<String>,
    /// What the app calls what is called otherwise here, such as `staff=admin`. Can be repeated; `staff=` takes it away.
    #[arg(long = "map", value_name = "OURS=THEIRS", value_parser = pair)]
    values: Vec<(String, String)>,
    /// What becomes of a value that --map does not name: keep or drop.
    #[arg(long, value_parser = one_of::<Unmapped>(), hide_possible_values = true)]
    unmapped: Option<Unmapped>,
    /// Where it is told: id_token, userinfo or access_token. Can be repeated.
    #[arg(long = "token", value_name = "WHERE", value_parser = one_of::<TokenPlace>(), hide_possible_values = true)]
    tokens: Vec<TokenPlace>,
    /// The granted scope that brings it.
    #[arg(long)]
    scope: Option<String>,
    /// The client id of the app that alone is told; an empty text for every app.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
    /// What it is for.
    #[arg(long)]
    description: Option<String>,
}

impl Said {
    /// The document that it says of a rule that has these words so far.
    fn document(self, words: Option<&BTreeMap<String, String>>) -> ClaimRuleResource {
        // What is no JSON is a text; so is a number in quotes.
        let read = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
        let mut values = words.cloned().unwrap_or_default();
        let says_values = !self.values.is_empty();
        values.extend(self.values);
        ClaimRuleResource {
            name: Some(self.name),
            claim: self.claim,
            source: self.source.or_else(|| self.attribute.is_some().then_some(SourceKind::Attribute)),
            attribute: self.attribute,
            value: self.value.map(read),
            values: says_values.then_some(values),
            unmapped: self.unmapped,
            tokens: Some(self.tokens).filter(|tokens| !tokens.is_empty()),
            scope: self.scope,
            client_id: self.client,
            description: self.description,
            ..ClaimRuleResource::default()
        }
    }
}

impl ClaimRulesCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List => list(context).await,
            Self::Show { name } => {
                let rule = find(context, &name).await?;
                context.output.json(&ClaimRuleResource::from(&rule))
            }
            Self::Create(said) => {
                let document = said.document(None);
                let made = claim_rules::create(&context.app.admin, &context.authority, &document).await?;
                context.output.tell(format!("{} is made.", made.name), &ClaimRuleResource::from(&made))
            }
            Self::Update(said) => {
                let was = find(context, &said.name).await?;
                let document = said.document(Some(&was.values));
                let is = claim_rules::update(&context.app.admin, &context.authority, was.name, &document).await?;
                context.output.tell(format!("{} is changed.", is.name), &ClaimRuleResource::from(&is))
            }
            Self::Delete { name, confirmation } => {
                let rule = find(context, &name).await?;
                let question = format!("Delete the claim rule {name}? Apps are told {} no more.", rule.claim);
                confirmation.given(&question, "nothing was deleted")?;
                claim_rules::delete(&context.app.admin, &context.authority, rule.name).await?;
                frame::tell_deleted(&mut context.output, &name, format!("{name} is gone."))
            }
        }
    }
}

async fn find(context: &Context, name: &str) -> Outcome<ClaimRule> {
    let found = claim_rules::find(&context.app.admin, &context.authority, name).await?;
    let listed = "`haechi claim-rules list` shows them all";
    found.ok_or_else(|| Failure::of(format!("there is no claim rule {name}; {listed}")))
}

async fn list(context: &mut Context) -> Outcome {
    let rules = claim_rules::list(&context.app.admin, &context.authority).await?;
    if context.output.is_json() {
        return context.output.json(&rules.iter().map(ClaimRuleResource::from).collect::<Vec<_>>());
    }
    let rows: Vec<_> = rules.iter().map(row).collect();
    context.output.table(&["NAME", "CLAIM", "FROM", "SCOPE", "TOLD IN", "APP"], &rows)
}

fn row(rule: &ClaimRule) -> Vec<String> {
    let from = match &rule.source {
        ClaimSource::Attribute { name } => format!("attribute {name}"),
        other => other.kind().as_str().to_owned(),
    };
    let places: Vec<_> = rule.tokens.iter().map(|place| place.as_str()).collect();
    let app = rule.client.as_ref().map(ClientId::to_string).unwrap_or_default();
    vec![rule.name.to_string(), rule.claim.to_string(), from, rule.scope.clone(), places.join(", "), app]
}
