//! `haechi keys`: the signing keys.

use clap::Subcommand;

use super::context::Context;
use super::failure::{Failure, Outcome};
use crate::admin::keys;
use crate::keys::Rotation;
use crate::model::client::SigningAlgorithm;
use crate::support::Timestamp;
use crate::support::id::KeyId;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys: which algorithm, where in its life, since when.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let the next key take over, for every algorithm or for one.
    ///
    /// A key is published for a while before it signs, so that no app ever meets an unknown one. Where the next key is too young,
    /// this says from when on it can take over.
    Rotate {
        /// Only this algorithm: ES256, ES384, EdDSA, RS256 or PS256.
        #[arg(long, value_parser = algorithm)]
        algorithm: Option<SigningAlgorithm>,
    },
    /// Take a key out of use at once, because it may have leaked. What it signed stops being valid.
    Revoke {
        /// The key's id, as `haechi keys list` shows it.
        kid: KeyId,
    },
}

fn algorithm(text: &str) -> Result<SigningAlgorithm, String> {
    SigningAlgorithm::parse(text).ok_or_else(|| {
        format!("there are {}", SigningAlgorithm::ALL.iter().map(|a| a.as_str()).collect::<Vec<_>>().join(", "))
    })
}

impl KeysCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { json } => list(context, json),
            Self::Rotate { algorithm } => rotate(context, algorithm).await,
            Self::Revoke { kid } => {
                let app = &context.app;
                keys::revoke(&app.admin, &context.authority, &app.keys, kid).await?;
                context.output.line(format!("{kid} signs no more and is no longer published."))
            }
        }
    }
}

fn list(context: &mut Context, json: bool) -> Outcome {
    let keys = keys::list(&context.authority, &context.app.keys)?;
    if json {
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
    let done = keys::rotate(&app.admin, &context.authority, &app.keys, algorithm).await?;
    if done.is_empty() {
        return Err(Failure::of("the server holds no key of this algorithm"));
    }
    for rotation in done {
        context.output.line(match rotation {
            Rotation::Done(algorithm) => format!("{}: the next key signs now.", algorithm.as_str()),
            Rotation::Possible(algorithm, from) => {
                format!("{}: the next key can take over from {from} on; ask again then.", algorithm.as_str())
            }
        })?;
    }
    Ok(())
}
