//! What the section shows of passkeys, and what the browser is told of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::super::context::Context;
use super::super::passkey::{PasskeyRow, why_none};
use super::AccountOwner;
use crate::http::error::PageError;
use crate::i18n::Texts;
use crate::model::passkey::{MAX_PASSKEYS, Passkey};

/// Where a new one is asked for, after the account was proved.
const ASK: &str = "/account/passkeys/new";
/// Where one is renamed or removed.
const CHANGE: &str = "/account/passkeys/change";

/// What the section shows of passkeys.
pub(super) struct Passkeys {
    /// Whether more can be added.
    pub(super) offered: bool,
    /// Why none can, where none can: it was decided so, or browsers have none for the issuer.
    pub(super) off: String,
    pub(super) rows: Vec<PasskeyRow>,
    pub(super) full: bool,
    pub(super) ask_csrf: String,
    pub(super) change_csrf: String,
    /// All that browsers should know: the Signal API, as JSON.
    pub(super) signal: String,
}

/// Reads what the page shows.
pub(super) async fn of(context: &Context, owner: &AccountOwner, t: &'static Texts) -> Result<Passkeys, PageError> {
    let passkeys = context.app.passkeys.of(owner.user.id).await?;
    let off = why_none(context).await?;
    Ok(Passkeys {
        offered: off.is_none(),
        off: off.map(|why| t.get(why)).unwrap_or_default(),
        full: passkeys.len() >= MAX_PASSKEYS as usize,
        signal: signal(context, owner, &passkeys),
        rows: passkeys.iter().map(|passkey| PasskeyRow::of(t, passkey)).collect(),
        ask_csrf: context.csrf_of(&owner.sign_in, ASK),
        change_csrf: context.csrf_of(&owner.sign_in, CHANGE),
    })
}

/// Section 5.1.10.2 and 5.1.10.3: which passkeys of the account there are, and what it is called, so that the browser's list is true.
fn signal(context: &Context, owner: &AccountOwner, passkeys: &[Passkey]) -> String {
    let base64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (rp_id, user) = (context.app.passkeys.rp_id(), base64(owner.user.id.as_bytes()));
    let ids: Vec<String> = passkeys.iter().map(|passkey| base64(passkey.credential_id.as_bytes())).collect();
    json!({
        "signalAllAcceptedCredentials": {"rpId": rp_id, "userId": user, "allAcceptedCredentialIds": ids},
        "signalCurrentUserDetails": {
            "rpId": rp_id, "userId": user, "name": owner.user.email.as_str(), "displayName": owner.user.display_name(),
        },
    })
    .to_string()
}
