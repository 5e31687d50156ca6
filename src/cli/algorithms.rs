//! `haechi keys algorithms`: which of the configured algorithms are switched off.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::context::{Desk, There};
use super::failure::{Failure, Outcome};
use crate::admin::policy::{self, SigningResource};
use crate::config::keys::KeysConfig;
use crate::model::client::SigningAlgorithm;

/// Where the API has it.
const PATH: &str = "/keys/algorithms";

/// Switches some off and on, and shows which are.
pub(super) async fn run(desk: &mut Desk, off: &[SigningAlgorithm], on: &[SigningAlgorithm]) -> Outcome {
    let mut decided = find(desk).await?;
    if !off.is_empty() || !on.is_empty() {
        decided = decide(desk, &with(&decided, off, on)).await?;
    }
    if desk.output().is_json() {
        return desk.output().json(&decided);
    }
    let is_off = |algorithm: &SigningAlgorithm| decided.algorithms_off.iter().flatten().any(|off| off == algorithm);
    let state = |algorithm: &SigningAlgorithm| if is_off(algorithm) { "off" } else { "on" };
    let row = |algorithm: &SigningAlgorithm| vec![algorithm.as_str().to_owned(), state(algorithm).to_owned()];
    let rows: Vec<_> = offered(desk).await?.iter().map(row).collect();
    desk.output().table(&["ALGORITHM", "STATE"], &rows)
}

/// What is decided with these off and on. It is of the version that was seen: what others switched meanwhile is not switched back.
fn with(decided: &SigningResource, off: &[SigningAlgorithm], on: &[SigningAlgorithm]) -> SigningResource {
    let still = decided.algorithms_off.iter().flatten().filter(|algorithm| !on.contains(algorithm));
    SigningResource {
        algorithms_off: Some(still.chain(off).copied().collect()),
        version: decided.version,
        ..SigningResource::default()
    }
}

async fn find(desk: &mut Desk) -> Outcome<SigningResource> {
    match desk {
        Desk::Here(context) => Ok(SigningResource::of(&policy::find(&context.app.admin, &context.authority).await?)),
        Desk::There(there) => there.api.get(PATH).await,
    }
}

async fn decide(desk: &mut Desk, said: &SigningResource) -> Outcome<SigningResource> {
    match desk {
        Desk::Here(context) => {
            let decided = policy::set_signing(&context.app.admin, &context.authority, (), said).await?;
            Ok(SigningResource::of(&decided))
        }
        Desk::There(there) => {
            let patch = serde_json::to_value(said).map_err(Failure::of)?;
            there.api.send(Method::PATCH, PATH, Some(&patch)).await
        }
    }
}

/// The algorithms that are configured.
async fn offered(desk: &mut Desk) -> Outcome<Vec<SigningAlgorithm>> {
    match desk {
        Desk::Here(context) => Ok(context.app.config.keys.offered()),
        Desk::There(there) => offered_there(there).await,
    }
}

/// A setting, as the API shows it.
#[derive(Deserialize)]
struct Setting {
    path: String,
    #[serde(default)]
    value: Value,
}

async fn offered_there(there: &mut There) -> Outcome<Vec<SigningAlgorithm>> {
    let settings: Vec<Setting> = there.api.whole("/settings?fields=path,value").await?;
    let of = |path: &str| -> Vec<SigningAlgorithm> {
        let setting = settings.iter().find(|setting| setting.path == path);
        setting.and_then(|setting| Vec::deserialize(&setting.value).ok()).unwrap_or_default()
    };
    let (algorithms, on_request) = (of("keys.algorithms"), of("keys.on_request"));
    Ok(KeysConfig { algorithms, on_request, ..KeysConfig::default() }.offered())
}
