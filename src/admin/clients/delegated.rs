//! What is special where somebody manages one app and not all of them.
//!
//! Owns which apps they see, and what of a registration is not theirs to change: what reaches beyond the app, into APIs, to people who are not asked or not there, and into
//! Haechi itself. Leaves the permissions themselves to the authority.

use crate::admin::{Administration, Authority, Permission, Rejected};
use crate::model::client::Client;
use crate::store::{ClientOrder, Page};

/// Those of the apps that an authority manages that fit, in an order. They are few: nobody manages more than
/// [`MAX_DELEGATIONS`](crate::store::MAX_DELEGATIONS).
pub(super) async fn managed(
    admin: &Administration,
    authority: &Authority,
    fits: impl Fn(&Client) -> bool,
    order: &ClientOrder,
    limit: u32,
) -> Result<Page<Client>, Rejected> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    for id in &authority.apps() {
        let found = admin.stores().clients.find(id).await?;
        items.extend(found.filter(|client| fits(client) && order.goes_on_to(client)));
    }
    items.sort_by(|one, other| order.compare(one, other));
    let more = items.len() > wanted;
    items.truncate(wanted);
    Ok(Page { items, more })
}

/// Refuses who manages this app alone to let it reach further than it does.
pub(super) fn require_within(authority: &Authority, was: &Client, is: &Client) -> Result<(), Rejected> {
    if authority.allows(Permission::WriteClients) || reaches_no_further(was, is) {
        return Ok(());
    }
    Err(Rejected::Forbidden(Some(Permission::WriteClients)))
}

/// Whether a registration reaches no further than it did, member by member.
fn reaches_no_further(was: &Client, is: &Client) -> bool {
    MEMBERS.iter().all(|(_, whose)| match whose {
        Whose::Bounded(within) => within(was, is),
        Whose::Manager | Whose::Elsewhere => true,
    })
}

/// Who decides on a member of a registration.
enum Whose {
    /// Whoever manages the app: it is about the app, and about people as far as they use it.
    Manager,
    /// They, as far as the app reaches no further than before.
    Bounded(fn(&Client, &Client) -> bool),
    /// Nobody by this document, or another rule that is asked besides.
    Elsewhere,
}

/// Every member of a registration. Whoever manages an app has its credentials and its redirect URIs, so what weakens how the app is protected gives them nothing; what
/// they may not is make more of what an administrator let the app have.
const MEMBERS: &[(&[&str], Whose)] = &[
    // What the server says, what never changes, and what is switched by itself.
    (&["client_id", "client_id_issued_at", "client_secret", "kind", "application_type", "enabled"], Whose::Elsewhere),
    (&["secrets", "security", "recent_logins", "updated_at", "managed_by", "version"], Whose::Elsewhere),
    // Follows from the grant types.
    (&["response_types"], Whose::Elsewhere),
    // They need `assign_roles`.
    (&["roles"], Whose::Elsewhere),
    // With client credentials the app would act where nobody signed in, with refresh tokens when nobody is there: whether it may was decided with what it may ask for.
    (&["grant_types"], Whose::Bounded(|was, is| is.policy.grant_types.iter().all(|one| was.may_use(*one)))),
    (&["scope"], Whose::Bounded(|was, is| is.policy.scopes.is_subset(&was.policy.scopes))),
    (&["resources"], Whose::Bounded(|was, is| is.policy.resources.iter().all(|one| was.may_ask_for(one)))),
    // Tokens of other apps that it could look into.
    (&["serves"], Whose::Bounded(|was, is| is.policy.serves.iter().all(|one| was.policy.serves.contains(one)))),
    // An end-user who is asked stays asked.
    (&["consent"], Whose::Bounded(|was, is| is.policy.consent == was.policy.consent)),
    // How much people prove is as much theirs to know as the app's.
    (
        &["require_second_factor"],
        Whose::Bounded(|was, is| is.policy.second_factor_required || !was.policy.second_factor_required),
    ),
    // What is taken from a person, or from the app, goes on as long as its tokens live.
    (
        &["access_token_lifetime", "refresh_token_idle_lifetime", "refresh_token_lifetime"],
        Whose::Bounded(|was, is| {
            let (was, is) = (&was.tokens.lifetimes, &is.tokens.lifetimes);
            is.access_token <= was.access_token
                && is.refresh_token_idle <= was.refresh_token_idle
                && is.refresh_token_absolute <= was.refresh_token_absolute
        }),
    ),
    // They have the credential in hand. That there is none is of its kind, which never changes.
    (&["token_endpoint_auth_method", "token_endpoint_auth_method_pinned"], Whose::Manager),
    (&["token_endpoint_auth_signing_alg", "client_assertion_audience", "jwks", "jwks_uri"], Whose::Manager),
    // Where its answers go is what an app is: who decides that is answered as the app, for each of its users.
    (&["redirect_uris", "post_logout_redirect_uris", "initiate_login_uri"], Whose::Manager),
    // They guard the app's own logins against others; what is sent counts either way.
    (&["pkce", "nonce"], Whose::Manager),
    // What requests say where they say nothing else: any request may.
    (&["default_max_age", "default_acr_values"], Whose::Manager),
    // How its tokens are written. What an ID token says is what the scopes stand for, which UserInfo tells, too.
    (&["access_token_signed_response_alg", "id_token_signed_response_alg"], Whose::Manager),
    (&["access_token_type", "id_token_claims"], Whose::Manager),
    // What people see of it.
    (&["client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri", "contacts"], Whose::Manager),
    (&["software_id", "software_version"], Whose::Manager),
];

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::admin::clients::resource::ClientResource;
    use crate::admin::document::Document;
    use crate::model::client::{ClientId, ClientKind, ConsentPolicy};
    use crate::protocol::ScopeSet;
    use crate::protocol::grant_type::GrantType;
    use crate::protocol::resource::Resource;
    use crate::support::Timestamp;

    #[test]
    fn a_registration_reaches_no_further_where_it_asks_for_less() {
        let id = ClientId::parse("shop").unwrap();
        let mut was = Client::new(id, "Shop".to_owned(), ClientKind::Web, Timestamp::from_seconds(0));
        was.policy.scopes = ScopeSet::parse("openid profile").unwrap();
        was.policy.second_factor_required = true;
        let changed = |change: fn(&mut Client)| {
            let mut is = was.clone();
            change(&mut is);
            reaches_no_further(&was, &is)
        };
        let resource = || Resource::parse("https://api.example/").unwrap();
        assert!(changed(|_| {}));
        assert!(changed(|is| is.policy.scopes = ScopeSet::parse("openid").unwrap()));
        assert!(!changed(|is| is.policy.scopes = ScopeSet::parse("openid profile email").unwrap()));
        assert!(!changed(|is| is.policy.grant_types.push(GrantType::ClientCredentials)));
        assert!(changed(|is| is.policy.grant_types = vec![GrantType::AuthorizationCode]));
        assert!(!changed(|is| is.policy.consent = ConsentPolicy::FirstParty));
        assert!(!changed(|is| is.policy.second_factor_required = false));
        for further in [
            (|is: &mut Client| is.policy.resources.push(Resource::parse("https://api.example/").unwrap()))
                as fn(&mut Client),
            |is: &mut Client| is.policy.serves.push(Resource::parse("https://api.example/").unwrap()),
        ] {
            assert!(!changed(further));
        }
        for longer in [
            (|is: &mut Client| is.tokens.lifetimes.access_token += Duration::from_secs(1)) as fn(&mut Client),
            |is: &mut Client| is.tokens.lifetimes.refresh_token_idle += Duration::from_secs(1),
            |is: &mut Client| is.tokens.lifetimes.refresh_token_absolute += Duration::from_secs(1),
        ] {
            assert!(!changed(longer));
        }
        assert!(changed(|is| is.tokens.lifetimes.access_token = Duration::from_secs(60)));
        was.policy.resources.push(resource());
        let mut less = was.clone();
        less.policy.resources.clear();
        assert!(reaches_no_further(&was, &less));
    }

    /// A member that comes to registrations is decided on here before anybody may change it.
    #[test]
    fn every_member_of_a_registration_is_somebodys_to_decide() {
        let mut decided: Vec<&str> = MEMBERS.iter().flat_map(|(names, _)| names.iter().copied()).collect();
        let mut members = ClientResource::members();
        decided.sort_unstable();
        members.sort_unstable();
        assert_eq!(decided, members);
    }
}
