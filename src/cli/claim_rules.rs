//! `haechi claim-rules`: what apps are told of people besides the standard claims.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::attributes::pair;
use super::confirmation::Confirmation;
use super::context::{Context, Desk};
use super::failure::{Failure, Outcome};
use super::frame;
use super::possible::one_of;
use super::remote::place;
use crate::admin::claim_rules::{self, ClaimRuleResource};
use crate::model::claim_rule::{ClaimRule, SourceKind, TokenPlace, Unmapped};

/// Where the API has them.
const PATH: &str = "/claim-rules";

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
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List => list(desk).await,
            Self::Show { name } => {
                let rule = document(desk, &name).await?;
                desk.output().json(&rule)
            }
            Self::Create(said) => create(desk, said).await,
            Self::Update(said) => update(desk, said).await,
            Self::Delete { name, confirmation } => delete(desk, &name, &confirmation).await,
        }
    }
}

fn missing(name: &str) -> Failure {
    Failure::of(format!("there is no claim rule {name}; `haechi claim-rules list` shows them all"))
}

async fn find(context: &Context, name: &str) -> Outcome<ClaimRule> {
    let found = claim_rules::find(&context.app.admin, &context.authority, name).await?;
    found.ok_or_else(|| missing(name))
}

/// The document of the rule of this name.
async fn document(desk: &mut Desk, name: &str) -> Outcome<ClaimRuleResource> {
    match desk {
        Desk::Here(context) => Ok(ClaimRuleResource::from(&find(context, name).await?)),
        Desk::There(there) => there.api.find(&place(PATH, name)).await?.ok_or_else(|| missing(name)),
    }
}

async fn list(desk: &mut Desk) -> Outcome {
    let rules: Vec<ClaimRuleResource> = match desk {
        Desk::Here(context) => {
            let rules = claim_rules::list(&context.app.admin, &context.authority).await?;
            rules.iter().map(ClaimRuleResource::from).collect()
        }
        Desk::There(there) => there.api.whole(PATH).await?,
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&rules);
    }
    let rows: Vec<_> = rules.iter().map(row).collect();
    output.table(&["NAME", "CLAIM", "FROM", "SCOPE", "TOLD IN", "APP"], &rows)
}

fn row(rule: &ClaimRuleResource) -> Vec<String> {
    let from = match (&rule.attribute, rule.source) {
        (Some(attribute), _) => format!("attribute {attribute}"),
        (None, source) => source.map(SourceKind::as_str).unwrap_or_default().to_owned(),
    };
    let places: Vec<_> = rule.tokens.iter().flatten().map(|place| place.as_str()).collect();
    let text = |said: &Option<String>| said.clone().unwrap_or_default();
    vec![text(&rule.name), text(&rule.claim), from, text(&rule.scope), places.join(", "), text(&rule.client_id)]
}

async fn create(desk: &mut Desk, said: Said) -> Outcome {
    let document = said.document(None);
    let made = match desk {
        Desk::Here(context) => {
            let made = claim_rules::create(&context.app.admin, &context.authority, &document).await?;
            ClaimRuleResource::from(&made)
        }
        Desk::There(there) => there.api.send(Method::POST, PATH, Some(&body(&document)?)).await?,
    };
    tell(desk, &made, "made")
}

async fn update(desk: &mut Desk, said: Said) -> Outcome {
    let name = said.name.clone();
    let was = self::document(desk, &name).await?;
    let document = said.document(was.values.as_ref());
    let is = match desk {
        Desk::Here(context) => {
            let was = find(context, &name).await?;
            let is = claim_rules::update(&context.app.admin, &context.authority, was.name, &document).await?;
            ClaimRuleResource::from(&is)
        }
        Desk::There(there) => there.api.send(Method::PATCH, &place(PATH, &name), Some(&body(&document)?)).await?,
    };
    tell(desk, &is, "changed")
}

fn body(document: &ClaimRuleResource) -> Outcome<Value> {
    serde_json::to_value(document).map_err(Failure::of)
}

fn tell(desk: &mut Desk, rule: &ClaimRuleResource, what: &str) -> Outcome {
    desk.output().tell(format!("{} is {what}.", rule.name.as_deref().unwrap_or_default()), rule)
}

async fn delete(desk: &mut Desk, name: &str, confirmation: &Confirmation) -> Outcome {
    let rule = document(desk, name).await?;
    let claim = rule.claim.unwrap_or_default();
    let question = format!("Delete the claim rule {name}? Apps are told {claim} no more.");
    confirmation.given(&question, "nothing was deleted")?;
    match desk {
        Desk::Here(context) => {
            let rule = find(context, name).await?;
            claim_rules::delete(&context.app.admin, &context.authority, rule.name).await?;
        }
        Desk::There(there) => {
            if !there.api.done(Method::DELETE, &place(PATH, name), (&[], None)).await? {
                return Err(missing(name));
            }
        }
    }
    frame::tell_deleted(desk.output(), name, format!("{name} is gone."))
}
