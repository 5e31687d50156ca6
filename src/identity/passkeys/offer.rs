//! The offer of a passkey to who signed in by password: when it is made, and for how long it is not once it was declined.

use std::time::Duration;

use super::Passkeys;
use crate::store::{Change, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// For how long "not now" counts, in every browser of the account.
const QUIET: Duration = Duration::from_hours(30 * 24);

/// All that the rule looks at.
#[derive(Clone, Copy, Debug)]
struct Facts {
    /// The account has a passkey.
    has_one: bool,
    declined_at: Option<Timestamp>,
    now: Timestamp,
}

fn is_due(facts: Facts) -> bool {
    let quiet = facts.declined_at.is_some_and(|at| facts.now < at.plus(QUIET));
    !facts.has_one && !quiet
}

impl Passkeys {
    /// Whether an account is to be offered a passkey: it has none, and its owner did not want one lately.
    pub async fn is_offer_due(&self, account: UserId) -> StoreResult<bool> {
        if !self.are_offered().await? {
            return Ok(false);
        }
        let declined_at = self.accounts.stores.passkeys.declined(account).await?;
        let has_one = !self.of(account).await?.is_empty();
        Ok(is_due(Facts { has_one, declined_at, now: self.accounts.clock.now() }))
    }

    /// Remembers that the owner of an account does not want one now.
    pub async fn decline_offer(&self, account: UserId) -> StoreResult<()> {
        self.accounts.stores.work.commit(vec![Change::DeclinePasskey(account, self.accounts.clock.now())]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_none_is_offered_one_again_after_thirty_days() {
        let now = Timestamp::from_seconds(100 * 86_400);
        let days_ago = |days: i64| Some(Timestamp::from_seconds((100 - days) * 86_400));
        for (has_one, declined_at, due) in [
            (false, None, true),
            (false, days_ago(0), false),
            (false, days_ago(29), false),
            (false, days_ago(30), true),
            (true, None, false),
            (true, days_ago(40), false),
        ] {
            assert_eq!(is_due(Facts { has_one, declined_at, now }), due, "{has_one} {declined_at:?}");
        }
    }
}
