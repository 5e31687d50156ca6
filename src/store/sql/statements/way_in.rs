//! How an account can be signed in to, as a condition within a statement: what goes last must not go.

/// Whether accounts sign in by password, within a statement.
pub(super) const PASSWORDS: &str = "(SELECT policy.passwords FROM policy WHERE policy.id = 1)";

/// The ways that are about to go, as conditions on the rows `link` and `passkey`.
pub(super) struct Leaving<'a> {
    pub(super) link: &'a str,
    pub(super) passkey: &'a str,
}

impl Leaving<'_> {
    /// A condition that no row meets.
    pub(super) const NONE: &'static str = "1 = 0";
}

/// The condition that an account has a way in that stays: a password, where those count, a passkey, or a link of an enabled connection. `user` is what stands
/// for the account's id.
pub(super) fn other_than(user: &str, leaving: &Leaving<'_>) -> String {
    let Leaving { link, passkey } = leaving;
    format!(
        "(({PASSWORDS} AND EXISTS (SELECT 1 FROM passwords WHERE passwords.user_id = {user})) \
         OR EXISTS (SELECT 1 FROM passkeys AS passkey WHERE passkey.user_id = {user} AND NOT ({passkey})) \
         OR EXISTS (SELECT 1 FROM upstream_links AS link JOIN connections ON connections.id = link.connection_id \
         WHERE link.user_id = {user} AND connections.enabled AND NOT connections.deleted AND NOT ({link})))"
    )
}
