//! Whether the next guess will have to be worked for: what a page asks before it is drawn, so that its browser works while somebody types, and nobody types twice.
//!
//! It says what the throttle sees, and counts nothing: whether a guess is held up is decided when it is made. An account that there is not is answered for as one that
//! there is.

use super::{Accounts, Origin};
use crate::identity::throttling::{Guess, GuessedCode, GuessedPassword};
use crate::store::StoreResult;
use crate::support::id::UserId;

impl Accounts {
    /// That at the password of what is typed as an account's name.
    pub async fn password_asks_work(&self, email_text: &str, from: &Origin) -> StoreResult<bool> {
        let (account, credential) = self.password_of(email_text).await?;
        let password = account.map(|id| GuessedPassword::of(id, credential.as_ref()));
        Ok(self.throttle.guess_asks_work(&Guess { password, identifier: email_text, origin: from }).await)
    }

    /// That at a code of a second factor, of an app or a recovery code, or at a mailed one.
    pub async fn code_asks_work(&self, account: UserId, mailed: bool, (login, from): (&str, &Origin)) -> bool {
        let kinds: &[GuessedCode] =
            if mailed { &[GuessedCode::Mailed] } else { &[GuessedCode::OfAnApp, GuessedCode::Recovery] };
        for kind in kinds {
            if self.throttle.code_asks_work((account, *kind), login, from).await {
                return true;
            }
        }
        false
    }
}
