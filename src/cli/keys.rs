//! `haechi keys`: the signing keys.

use clap::Subcommand;
use serde_json::json;

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome};
use super::possible::one_of;
use crate::admin::keys::{self, RotationView};
use crate::keys::Rotation;
use crate::model::client::SigningAlgorithm;
use crate::support::Timestamp;
use crate::support::id::KeyId;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys: which algorithm, where in its life, since when.
    #[command(after_long_help = "Examples:\n  haechi keys list\n  haechi keys list --json")]
    List,
    /// Let the next key take over, for every algorithm or for one.
    ///
    /// A key is published for a while before it signs, so that no app ever meets an unknown one. Where the next key is too young,
    /// this says from when on it can take over, and ends with status 3 if no key was rotated. Keys rotate by themselves besides
    /// (`keys.rotation_days`). A key that may have leaked is to be revoked: `haechi keys revoke`.
    #[command(after_long_help = "Examples:\n  haechi keys rotate\n  haechi keys rotate --algorithm ES256")]
    Rotate {
        /// Only this algorithm: ES256, ES384, EdDSA, RS256 or PS256.
        #[arg(long, value_parser = one_of::<SigningAlgorithm>(), hide_possible_values = true)]
        algorithm: Option<SigningAlgorithm>,
    },
    /// Take a key out of use at once, because it may have leaked. What it signed stops being valid.
    #[command(after_long_help = "\
Examples:
  haechi keys revoke key_0198f1f0a5b07c3e8d2a4b6c8e0f1a2b
  haechi keys revoke key_0198f1f0a5b07c3e8d2a4b6c8e0f1a2b --yes")]
    Revoke {
        /// The key's id, as `haechi keys list` shows it.
        kid: KeyId,
        #[command(flatten)]
        confirmation: Confirmation,
    },
}

impl KeysCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List => list(context),
            Self::Rotate { algorithm } => rotate(context, algorithm).await,
            Self::Revoke { kid, confirmation } => revoke(context, kid, &confirmation).await,
        }
    }
}

fn list(context: &mut Context) -> Outcome {
    let keys = keys::list(&context.authority, &context.app.keys)?;
    if context.output.is_json() {
        return context.output.json(&keys);
    }
    let time = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let rows: Vec<_> = keys
        .iter()
        .map(|key| {
            let (id, algorithm) = (key.id.to_string(), key.algorithm.as_str().to_owned());
            vec![id, algorithm, key.state.as_str().to_owned(), time(Some(key.created_at)), time(key.activated_at)]
        })
        .collect();
    context.output.table(&["KEY", "ALGORITHM", "STATE", "MADE", "SIGNS SINCE"], &rows)
}

async fn rotate(context: &mut Context, algorithm: Option<SigningAlgorithm>) -> Outcome {
    let app = &context.app;
    let all = keys::rotate(&app.admin, &context.authority, &app.keys, algorithm).await?;
    if all.is_empty() {
        return Err(Failure::of("the server holds no key of this algorithm"));
    }
    let sentences: Vec<String> = all.iter().map(sentence).collect();
    let has_rotated = all.iter().any(|one| matches!(one, Rotation::Done(_)));
    if context.output.is_json() {
        context.output.json(&json!({ "rotations": all.iter().map(RotationView::from).collect::<Vec<_>>() }))?;
    } else if has_rotated {
        sentences.iter().try_for_each(|sentence| context.output.line(sentence))?;
    }
    if has_rotated {
        return Ok(());
    }
    Err(Failure::too_early(format!("no key was rotated.\n{}", sentences.join("\n"))))
}

fn sentence(rotation: &Rotation) -> String {
    match rotation {
        Rotation::Done(algorithm) => format!("{}: the next key signs now.", algorithm.as_str()),
        Rotation::Possible(algorithm, from) => {
            format!("{}: the next key can take over from {from} on; ask again then.", algorithm.as_str())
        }
    }
}

async fn revoke(context: &mut Context, kid: KeyId, confirmation: &Confirmation) -> Outcome {
    let known = keys::list(&context.authority, &context.app.keys)?;
    let Some(key) = known.iter().find(|key| key.id == kid) else {
        return Err(Failure::of(format!("there is no key {kid}; `haechi keys list` shows them all")));
    };
    let (algorithm, state) = (key.algorithm.as_str(), key.state.as_str());
    let question = format!("Revoke {kid} ({algorithm}, {state}), and with it every token that it signed?");
    confirmation.given(&question, "nothing was revoked")?;
    let app = &context.app;
    keys::revoke(&app.admin, &context.authority, &app.keys, kid).await?;
    context.output.tell(format!("{kid} signs no more and is no longer published."), &json!({ "revoked": kid }))
}
