//! What is special where somebody is over the people in a group and not over everybody.
//!
//! Owns what of an account is not theirs to change: what apps believe because this server says so, and the ways in of whoever is more than one of the group.
//! Who sets the password of an account acts as its owner from then on, in every app: that reaches no further than the group does. A link that is mailed to
//! the address of the account is left to them for everybody, as its owner is who gets it. Leaves the permissions themselves to the authority.

use serde_json::Value;

use super::state::has_a_way_in;
use crate::admin::{Administration, Authority, Permission, Rejected, affiliations};
use crate::model::User;
use crate::model::affiliation::Catalogue;
use crate::support::id::UserId;

/// Refuses who is over some people alone to have this server say more of one of them that apps rely on: whose an address or a number is, and custom attributes, which claim
/// rules make claims of.
pub(super) fn require_to_say(authority: &Authority, was: &User, is: &User) -> Result<(), Rejected> {
    allowed(authority, says_no_more(was, is))
}

/// OpenID Connect Core 1.0 section 5.1: that an address is verified "means that the OP took affirmative steps to ensure that this e-mail address was controlled by the End-User".
fn says_no_more(was: &User, is: &User) -> bool {
    let number = |user: &User| user.profile.get("phone_number").cloned();
    let vouched = |user: &User| user.profile.get("phone_number_verified").and_then(Value::as_bool) == Some(true);
    is.email == was.email
        && (was.email_verified || !is.email_verified)
        && (!vouched(is) || (vouched(was) && number(is) == number(was)))
        && is.attributes == was.attributes
}

/// Refuses who is over some people alone to make a way in to this account, or to take away what guards it.
pub(super) fn require_to_reset(authority: &Authority, all: &Catalogue, user: &User) -> Result<(), Rejected> {
    allowed(authority, is_theirs_alone(authority, all, user))
}

/// Whether an account has nothing but groups and roles that the authority has a say in, none of which asks for a second factor: no password that somebody else sets is
/// as safe as that was meant to be.
fn is_theirs_alone(authority: &Authority, all: &Catalogue, user: &User) -> bool {
    let own = user.affiliations.iter().filter_map(|id| all.get(*id)).all(|one| authority.may_take(one));
    own && !all.requires_second_factor(&user.affiliations)
}

/// Refuses who is over some people alone to set the first password of an account: whose its address is nobody has shown yet, and the link of the invitation does.
pub(super) async fn require_a_way_in(
    admin: &Administration,
    authority: &Authority,
    user: &User,
) -> Result<(), Rejected> {
    let known = authority.allows(Permission::WriteUsers) || has_a_way_in(admin, user.id).await?;
    allowed(authority, known)
}

/// Whether the authority may set the password of an account that has one, and take its passkeys and second factors away.
pub(super) async fn may_reset(admin: &Administration, authority: &Authority, user: UserId) -> Result<bool, Rejected> {
    if authority.allows(Permission::WriteUsers) {
        return Ok(true);
    }
    let all = affiliations::all(admin).await?;
    let found = admin.stores().users.find(user).await?;
    Ok(found.is_some_and(|user| is_theirs_alone(authority, &all, &user)))
}

const fn allowed(authority: &Authority, otherwise: bool) -> Result<(), Rejected> {
    if otherwise { Ok(()) } else { authority.require(Permission::WriteUsers) }
}
