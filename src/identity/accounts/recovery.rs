//! What the link does that lets an administrator back in who lost every way: its reader makes a passkey, which takes the place of what the account had.
//!
//! Who runs the server had it printed on its own machine. Nobody read a mailbox for it, so it proves no address, and ends nothing that somebody else may have prepared.
//! Leaves drawing it to `admin`, and the passkey to `passkeys`.

use super::Presented;
use crate::model::user_edit::UserEdit;
use crate::store::Change;
use crate::support::Timestamp;

impl Presented {
    /// What using it does: all of it or nothing, and using it up comes last. Until then the account keeps what it has: where nobody signs in by password, a lost
    /// passkey may be the only way in to the server that its administrators have, and such a way is never the last to go.
    pub(in crate::identity) fn recovers(&self, way_in: Vec<Change>, now: Timestamp) -> Vec<Change> {
        let user = self.user();
        let edit = UserEdit {
            decided_in: Some(user.epochs()),
            version_seen: Some(user.version),
            ..UserEdit::end_of_everything(user.id, now)
        };
        let mut changes = vec![
            Change::EditUser(edit),
            Change::DeletePassword(user.id),
            Change::DeleteFactors(user.id),
            Change::OfferFactor(user.id, now),
        ];
        // After what went: it stays.
        changes.extend(way_in);
        changes.push(self.take(now));
        changes
    }
}
