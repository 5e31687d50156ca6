//! A form that waits until its end-user has proved the account: what was typed, sealed, in this browser and for this sign-in.

use serde::{Deserialize, Serialize};

use super::context::Context;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sealed::RecordLabel;
use crate::store::{RecordKind, StoreResult};
use crate::support::id::SignInId;
use crate::support::{Digest, random};

/// What was sent, and where to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptForm {
    /// One of our own paths, without the issuer's.
    pub(super) path: String,
    fields: Vec<(String, String)>,
    sign_in: SignInId,
    /// The digest of the browser's secret.
    browser: Digest,
}

impl KeptForm {
    /// What was sent.
    pub(super) fn params(&self) -> Params {
        // They were parameters before.
        Params::from_pairs(self.fields.iter().cloned()).unwrap_or_default()
    }
}

/// Keeps what a sign-in sent; the answer is what finds it again. It counts as beginning a login does, so that nothing grows without bound.
pub(super) async fn keep(
    context: &Context,
    sign_in: &SignIn,
    path: &str,
    params: &Params,
) -> Result<String, PageError> {
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let handle = random::text(context.app.random.as_ref());
    let form = KeptForm {
        path: path.to_owned(),
        fields: params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        sign_in: sign_in.id,
        browser: context.visitor.browser.digest(),
    };
    let now = context.app.clock.now();
    let expires_at = now.plus(context.app.config.sessions.authorization());
    let label = RecordLabel { kind: RecordKind::KeptForm, key: key(&handle), owners: Vec::new(), expires_at };
    context.app.flow.records().put(label, &form, now).await?;
    Ok(handle)
}

/// What is kept under a handle, for this browser and this sign-in.
pub(super) async fn find(context: &Context, sign_in: SignInId, handle: &str) -> StoreResult<Option<KeptForm>> {
    let now = context.app.clock.now();
    let found: Option<KeptForm> = context.app.flow.records().get(RecordKind::KeptForm, key(handle), now).await?;
    let browser = context.visitor.browser.digest();
    Ok(found.filter(|form| form.sign_in == sign_in && form.browser == browser))
}

/// Takes it away, as it is done now: of two who try at once, one does it.
pub(super) async fn spend(context: &Context, handle: &str) -> Result<(), PageError> {
    let now = context.app.clock.now();
    let taken: Option<KeptForm> = context.app.flow.records().take(RecordKind::KeptForm, key(handle), now).await?;
    taken.map(drop).ok_or_else(|| ProblemKind::FlowGone.into())
}

fn key(handle: &str) -> Digest {
    Digest::of("kept form", handle.as_bytes())
}
