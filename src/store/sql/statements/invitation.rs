//! Who was invited and has not accepted yet: one condition, whatever asks it.

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;

use super::{user, way_in};
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::store::StoreResult;
use crate::store::sql::db::{codec, query_all};
use crate::support::id::UserId;

/// The condition that somebody was invited to an account and has not accepted, within a statement that reads `users`, and `one_time_tokens` as `invitation`: the
/// account may be used, its address is not proved (accepting proves it), an invitation was not used, expired or not, and there is no way in. That the token has
/// an account is said, so that the partial index of m0027 is known to fit.
pub(super) fn unanswered() -> String {
    format!(
        "invitation.user_id IS NOT NULL AND invitation.user_id = users.id AND invitation.purpose = '{}' \
         AND invitation.used_at IS NULL AND users.active AND NOT users.deleted AND users.document LIKE '%{}%' AND NOT {}",
        OneTimeTokenPurpose::Invitation.as_str(),
        user::UNPROVED,
        way_in::any("users.id"),
    )
}

/// Which of these accounts somebody was invited to who has not accepted: one statement, however many they are.
pub(crate) async fn invited<C: ConnectionTrait>(db: &C, among: &[UserId]) -> StoreResult<BTreeSet<UserId>> {
    if among.is_empty() {
        return Ok(BTreeSet::new());
    }
    let places: Vec<String> = (1..=among.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT DISTINCT invitation.user_id AS user_id FROM one_time_tokens AS invitation CROSS JOIN users \
         WHERE invitation.user_id IN ({}) AND {}",
        places.join(", "),
        unanswered(),
    );
    let values = among.iter().map(|user| user.as_bytes().to_vec().into()).collect();
    let rows = query_all(db, &sql, values).await?;
    rows.iter().map(|row| Ok(UserId::from_bytes(codec::id(&row.try_get::<Vec<u8>>("", "user_id")?)?))).collect()
}
