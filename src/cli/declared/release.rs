//! `haechi release`: what files managed is given back.

use clap::Args;
use clap::builder::PossibleValuesParser;
use reqwest::Method;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::admin::apis::ApiResource;
use crate::admin::declared::{self, DeclaredKind};
use crate::admin::webhooks::WebhookResource;
use crate::cli::context::{Desk, There};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::remote::place;
use crate::model::policy::PolicySection;
use crate::protocol::resource::Resource;
use crate::support::escape::escaped;
use crate::support::id::ApiId;

/// Give something back that files manage (`apply --owner`): console, API and command line may change it again, until they are applied again.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi release client shop
  haechi release webhook warehouse
  haechi release policy sign_in")]
pub(in crate::cli) struct Release {
    /// What it is.
    #[arg(value_parser = PossibleValuesParser::new(kind_names()))]
    kind: String,
    /// What files call it: a client_id, the resource of an API, `app:name` for a role of one app, `sign_in`, `branding` or `signing` of the policy, or the name of any other.
    name: String,
}

fn kind_names() -> Vec<&'static str> {
    DeclaredKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

impl Release {
    /// Gives it back.
    pub(in crate::cli) async fn run(self, desk: &mut Desk) -> Outcome {
        let Self { kind: word, name } = self;
        let kind = DeclaredKind::named(&word).ok_or_else(|| Failure::usage(format!("there is no kind {word}")))?;
        let released_from = match desk {
            Desk::Here(context) => {
                let (admin, authority) = (&context.app.admin, &context.authority);
                let managed_by = declared::managed_by(admin, authority, kind, &name).await?;
                declared::release(admin, authority, kind, &name).await?;
                managed_by.map(|manager| manager.to_string())
            }
            Desk::There(there) => {
                let missing = || Failure::of(format!("there is no {word} {name}"));
                let path = path(there, kind, &name).await?.ok_or_else(missing)?;
                let was: Value = there.api.find(&path).await?.ok_or_else(missing)?;
                there.api.send::<IgnoredAny>(Method::POST, &format!("{path}/release"), None).await?;
                was["managed_by"].as_str().map(|manager| escaped(manager).into_owned())
            }
        };
        let sentence = match &released_from {
            Some(manager) => format!("{word} {name} is released: the files of {manager} managed it."),
            None => format!("{word} {name} is managed by no files."),
        };
        desk.output().tell(sentence, &json!({ "kind": word, "name": name, "released_from": released_from }))
    }
}

/// Where the API has what files call so. It knows APIs and webhooks by their ids alone.
async fn path(there: &mut There, kind: DeclaredKind, name: &str) -> Outcome<Option<String>> {
    Ok(Some(match kind {
        DeclaredKind::Attribute => place("/attributes", name),
        DeclaredKind::Client => place("/clients", name),
        DeclaredKind::Role => place("/roles", name),
        DeclaredKind::Group => place("/groups", name),
        DeclaredKind::ClaimRule => place("/claim-rules", name),
        DeclaredKind::Connection => place("/connections", name),
        DeclaredKind::Api if name.parse::<ApiId>().is_ok() => place("/apis", name),
        DeclaredKind::Api => {
            let Ok(wanted) = Resource::parse(name) else { return Ok(None) };
            let found: Vec<ApiResource> = there.api.all("/apis", &[("resource", wanted.as_str())]).await?;
            return Ok(found.into_iter().find_map(|api| api.id).map(|id| place("/apis", &id)));
        }
        DeclaredKind::Webhook => {
            let all: Vec<WebhookResource> = there.api.whole("/webhooks").await?;
            let named = all.into_iter().find(|webhook| webhook.name.as_deref() == Some(name));
            return Ok(named.and_then(|webhook| webhook.id).map(|id| place("/webhooks", &id)));
        }
        DeclaredKind::Policy => match PolicySection::named(name) {
            Some(PolicySection::SignIn) => "/sign-in".to_owned(),
            Some(PolicySection::Branding) => "/branding".to_owned(),
            Some(PolicySection::Signing) => "/keys/algorithms".to_owned(),
            None => return Ok(None),
        },
    }))
}
