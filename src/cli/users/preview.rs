//! `haechi users preview-token`: what the tokens of an account would say in an app, and why.

use clap::Args;

use super::Users;
use crate::admin::token_preview::{self, Asked, DocumentView, LeftOutView, Missing, Origin, Reason};
use crate::cli::context::Context;
use crate::cli::failure::Outcome;
use crate::cli::frame::One;
use crate::model::ClientId;

/// Show what the tokens of an account would say in an app, and why each claim is there. Nothing is signed or kept.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users preview-token kim@example.com --client shop
  haechi users preview-token kim@example.com --client shop --scope 'openid roles' --resource https://api.example.com --json")]
pub(in crate::cli) struct PreviewToken {
    #[command(flatten)]
    one: One<Users>,
    /// The app: its client id.
    #[arg(long, value_name = "CLIENT_ID", value_parser = client)]
    client: ClientId,
    /// The scopes that it asks for; those that it is registered for, where nothing is said.
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// A resource that it asks for. Can be repeated.
    #[arg(long = "resource", value_name = "URI")]
    resources: Vec<String>,
}

fn client(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|why| why.to_string())
}

impl PreviewToken {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let user = self.one.find(context).await?;
        let asked = Asked { scope: self.scope, resources: self.resources };
        let (admin, tokens) = (&context.app.admin, &context.app.tokens);
        let of = (user.id, &self.client);
        let shown = token_preview::preview(admin, tokens, &context.authority, of, &asked).await?;
        if context.output.is_json() {
            return context.output.json(&shown);
        }
        context.output.line(format!("Granted: {}", shown.scope))?;
        for note in &shown.notes {
            context.output.line(format!("Note: {}", serde_json::to_value(note).unwrap_or_default()))?;
        }
        document(context, "Access token", Some(&shown.access_token))?;
        document(context, "ID token", shown.id_token.as_ref())?;
        document(context, "UserInfo", shown.userinfo.as_ref())?;
        left_out(context, &shown.left_out)
    }
}

fn document(context: &mut Context, title: &str, shown: Option<&DocumentView>) -> Outcome {
    let Some(shown) = shown else { return context.output.raw(&format!("\n{title}: none\n")) };
    let header = shown.header.as_ref().map(|header| format!(" (typ {}, alg {})", header.typ, header.alg));
    context.output.raw("\n")?;
    context.output.line(format!("{title}{}", header.unwrap_or_default()))?;
    let row = |claim: &token_preview::ClaimView| vec![claim.name.clone(), claim.value.to_string(), why(&claim.reason)];
    context.output.table(&["CLAIM", "VALUE", "WHY"], &shown.claims.iter().map(row).collect::<Vec<_>>())?;
    left_out(context, &shown.left_out)
}

fn left_out(context: &mut Context, left_out: &[LeftOutView]) -> Outcome {
    for one in left_out {
        let rule = one.rule.as_ref().map(|rule| format!(" (rule {rule})")).unwrap_or_default();
        context.output.line(format!("  not told: {}{rule}: {}", one.name, why_not(&one.why)))?;
    }
    Ok(())
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::Protocol { section } => section.clone(),
        Reason::SignIn { section } => format!("of the sign-in, here with a password: {section}"),
        Reason::Drawn { section } => format!("another in each token: {section}"),
        Reason::Scope { scope, from } => format!("scope {scope}{}", origins(from)),
        Reason::Rule { rule, scope, source, attribute, from } => {
            let attribute = attribute.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            format!("rule {rule}, scope {scope}, {}{attribute}{}", source.as_str(), origins(from))
        }
    }
}

fn origins(from: &[Origin]) -> String {
    let one = |origin: &Origin| {
        let group = origin.group.as_ref().map(|group| format!(" by the group {group}")).unwrap_or_default();
        let told = origin.told.as_ref().map(|told| format!(" as {told}")).unwrap_or_default();
        format!("{}{group}{told}", origin.name)
    };
    if from.is_empty() { String::new() } else { format!(": {}", from.iter().map(one).collect::<Vec<_>>().join("; ")) }
}

fn why_not(why: &Missing) -> String {
    match why {
        Missing::ScopeNotRegistered { scope } => format!("the app is not registered for the scope {scope}"),
        Missing::ScopeNotGranted { scope } => format!("the scope {scope} is not asked for"),
        Missing::NoValue => "there is no value".to_owned(),
        Missing::OtherApp { client_id } => format!("it is a rule of {client_id} alone"),
        Missing::Overridden { by } => format!("the app has the rule {by} of its own"),
        Missing::NoRoom => "the rules before it take what room a token has".to_owned(),
        Missing::OtherValueWanted => "another value was asked for".to_owned(),
        Missing::Minimal => "the app reads it from UserInfo (id_token_claims)".to_owned(),
    }
}
