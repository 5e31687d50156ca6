//! `haechi keys`: the signing keys.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::algorithms;
use super::confirmation::Confirmation;
use super::context::{Context, Desk, Instead};
use super::failure::{Failure, Outcome};
use super::frame;
use super::possible::one_of;
use super::remote::place;
use crate::admin::keys::{self, ImportedView, KeyGiven, RotationView};
use crate::model::client::SigningAlgorithm;
use crate::support::Secret;
use crate::support::id::KeyId;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys: which algorithm, where in its life, since when.
    #[command(after_long_help = "Examples:\n  haechi keys list\n  haechi keys list --json")]
    List,
    /// Bring a signing key that was made elsewhere: an unencrypted PKCS#8 private key in PEM.
    ///
    /// It becomes the next key of its algorithm, in place of one that waits. It is published from now on, whether or not an app uses the algorithm, and
    /// signs from the time on that is told: when the present key has had its time, or, where no key of the algorithm signs, once everybody who verifies
    /// tokens can know it. `haechi keys rotate` lets it sign as soon as they can.
    #[command(after_long_help = "\
Examples:
  haechi keys import signing.pem --algorithm ES256
  haechi keys import - --algorithm EdDSA < next.pem")]
    Import {
        /// The PEM file; `-` is standard input.
        file: PathBuf,
        /// What it signs with: ES256, ES384, EdDSA, RS256 or PS256.
        #[arg(long, value_parser = one_of::<SigningAlgorithm>(), hide_possible_values = true)]
        algorithm: SigningAlgorithm,
    },
    /// Show the algorithms that the server signs with, or switch some off and on. It counts at once.
    ///
    /// No app can be registered with an algorithm that is off, and the metadata names none; its keys stay published. One that an app is registered
    /// with stays on, as do RS256 and ES256. Which algorithms there are is for the settings to say (`keys.algorithms`, `keys.on_request`).
    #[command(after_long_help = "\
Examples:
  haechi keys algorithms
  haechi keys algorithms --off PS256 --off ES384
  haechi keys algorithms --on PS256")]
    Algorithms {
        /// Switch this one off; may be given several times.
        #[arg(long, value_parser = one_of::<SigningAlgorithm>(), hide_possible_values = true)]
        off: Vec<SigningAlgorithm>,
        /// Switch this one on; may be given several times.
        #[arg(long, value_parser = one_of::<SigningAlgorithm>(), hide_possible_values = true)]
        on: Vec<SigningAlgorithm>,
    },
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
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List => list(desk).await,
            Self::Import { file, algorithm } => import(desk.here(Instead::Call("importKey"))?, &file, algorithm).await,
            Self::Algorithms { off, on } => algorithms::run(desk, &off, &on).await,
            Self::Rotate { algorithm } => rotate(desk, algorithm).await,
            Self::Revoke { kid, confirmation } => revoke(desk, kid, &confirmation).await,
        }
    }
}

/// The keys, as documents.
async fn all(desk: &mut Desk) -> Outcome<Vec<Value>> {
    match desk {
        Desk::Here(context) => {
            let keys = keys::list(&context.authority, &context.app.keys)?;
            keys.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(Failure::of)
        }
        Desk::There(there) => there.api.whole("/keys").await,
    }
}

/// What a document says of something; a dash where it does not.
fn said<'d>(document: &'d Value, member: &str) -> &'d str {
    document[member].as_str().unwrap_or("-")
}

async fn list(desk: &mut Desk) -> Outcome {
    let keys = all(desk).await?;
    let output = desk.output();
    if output.is_json() {
        return output.json(&keys);
    }
    let row = |key: &Value| {
        ["id", "algorithm", "state", "created_at", "activated_at"].map(|member| said(key, member).to_owned()).to_vec()
    };
    output.table(&["KEY", "ALGORITHM", "STATE", "MADE", "SIGNS SINCE"], &keys.iter().map(row).collect::<Vec<_>>())
}

async fn import(context: &mut Context, file: &Path, algorithm: SigningAlgorithm) -> Outcome {
    let (text, _) = frame::text_of(file)?;
    let given = KeyGiven { algorithm, pem: Secret::from(text.as_str()) };
    let app = &context.app;
    let imported = keys::import(&app.admin, &context.authority, &app.keys, &given).await?;
    let view = ImportedView::from(&imported);
    context.output.tell(next(&view), &view)
}

/// What becomes of a key that was brought.
fn next(key: &ImportedView) -> String {
    let (id, algorithm, possible, signs) = (key.id, key.algorithm.as_str(), &key.possible_at, &key.signs_at);
    let sooner = if possible == signs {
        String::new()
    } else {
        format!("\nIt can from {possible} on: `haechi keys rotate --algorithm {algorithm}` lets it, then.")
    };
    format!("{id} is the next {algorithm} key. It is published now, and signs from {signs} on.{sooner}")
}

/// What the API answers of a rotation.
#[derive(Deserialize)]
struct Rotations {
    items: Vec<RotationView>,
}

async fn rotate(desk: &mut Desk, algorithm: Option<SigningAlgorithm>) -> Outcome {
    let all: Vec<RotationView> = match desk {
        Desk::Here(context) => {
            let app = &context.app;
            let all = keys::rotate(&app.admin, &context.authority, &app.keys, algorithm).await?;
            all.iter().map(RotationView::from).collect()
        }
        Desk::There(there) => {
            let wanted = json!({ "algorithm": algorithm });
            there.api.send::<Rotations>(Method::POST, "/keys/rotate", Some(&wanted)).await?.items
        }
    };
    if all.is_empty() {
        return Err(Failure::of("the server holds no key of this algorithm"));
    }
    let sentences: Vec<String> = all.iter().map(sentence).collect();
    let has_rotated = all.iter().any(|one| one.rotated);
    let output = desk.output();
    if output.is_json() {
        output.json(&json!({ "rotations": all }))?;
    } else if has_rotated {
        sentences.iter().try_for_each(|sentence| output.line(sentence))?;
    }
    if has_rotated {
        return Ok(());
    }
    Err(Failure::too_early(format!("no key was rotated.\n{}", sentences.join("\n"))))
}

fn sentence(rotation: &RotationView) -> String {
    let algorithm = rotation.algorithm.as_str();
    match &rotation.possible_at {
        None => format!("{algorithm}: the next key signs now."),
        Some(from) => format!("{algorithm}: the next key can take over from {from} on; ask again then."),
    }
}

async fn revoke(desk: &mut Desk, kid: KeyId, confirmation: &Confirmation) -> Outcome {
    let known = all(desk).await?;
    let missing = || Failure::of(format!("there is no key {kid}; `haechi keys list` shows them all"));
    let key = known.iter().find(|key| said(key, "id") == kid.to_string()).ok_or_else(missing)?;
    let (algorithm, state) = (said(key, "algorithm"), said(key, "state"));
    let question = format!("Revoke {kid} ({algorithm}, {state}), and with it every token that it signed?");
    confirmation.given(&question, "nothing was revoked")?;
    match desk {
        Desk::Here(context) => {
            let app = &context.app;
            keys::revoke(&app.admin, &context.authority, &app.keys, kid).await?;
        }
        Desk::There(there) => {
            if !there.api.done(Method::DELETE, &place("/keys", &kid.to_string()), (&[], None)).await? {
                return Err(missing());
            }
        }
    }
    desk.output().tell(format!("{kid} signs no more and is no longer published."), &json!({ "revoked": kid }))
}
