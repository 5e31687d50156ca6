//! Rights over one app, or over the people in one group, without a role: over these and beyond them.

use std::time::Duration;

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::clients::{self, ClientResource};
use haechi::admin::token_preview::{self, Asked};
use haechi::admin::users::{self, MembershipsResource, UserResource};
use haechi::admin::{Aggregate, Authority, Permission, ProvenAuthority, Rejected, delegations, problems, sessions};
use haechi::app::App;
use haechi::config::Config;
use haechi::config::mail::MailTransport;
use haechi::model::audit_event::AuditKind;
use haechi::model::upstream_link::{UpstreamIdentity, UpstreamSubject};
use haechi::model::user::Role;
use haechi::model::{AffiliationKind, ClientId, Delegation, User};
use haechi::protocol::grant_type::GrantType;
use haechi::support::Secret;
use haechi::support::id::{AffiliationId, ConnectionId, PasskeyId, SignInId, UserId};
use serde_json::json;

use super::affiliations::define;
use super::api::somebody;
use super::authority::try_all;
use super::web_client;
use crate::support::app::TestApp;

const OPERATOR: ProvenAuthority = Authority::operator();
/// A password that the rules accept.
pub(super) const TYPED: &str = "a tandem for two herons";

/// A function, and what it answered.
pub(super) type Tried = (&'static str, Result<(), Rejected>);

/// A house with an app and a group, and who manages them.
pub(super) struct House {
    pub(super) app: TestApp,
    pub(super) staff: AffiliationId,
    /// Who manages the app `shop` and the people in the group `staff`.
    pub(super) dana: User,
}

impl House {
    pub(super) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::with(|config| {
            config.mail.transport = Some(MailTransport::File);
            change(config);
        })
        .await;
        web_client(&app, "shop").await;
        web_client(&app, "desk").await;
        let staff = define::<GroupResource>(&app, json!({ "name": "staff" })).await.affiliation.id;
        let dana = somebody(&app, "dana", &[]).await;
        for of in [shop(), Delegation::Group(staff)] {
            delegations::give(&app.admin, &OPERATOR, dana.id, &of).await.unwrap();
        }
        Self { app, staff, dana }
    }

    /// Somebody in the group.
    pub(super) async fn member(&self, name: &str, roles: &[Role]) -> UserId {
        let user = somebody(&self.app, name, roles).await;
        users::join(&self.app.admin, &OPERATOR, user.id, (AffiliationKind::Group, self.staff)).await.unwrap();
        user.id
    }

    /// What Dana may do, having proved the account a moment ago.
    pub(super) async fn dana(&self) -> ProvenAuthority {
        let (user, authority) = Authority::of_account(&self.app.admin, self.dana.id).await.unwrap();
        authority.proven(&self.app.proof_of(&user)).unwrap()
    }
}

pub(super) fn shop() -> Delegation {
    Delegation::App(ClientId::parse("shop").unwrap())
}

/// Whether an answer says that it may not be done, or that there is no such person or app.
pub(super) fn is_refused(outcome: &Result<(), Rejected>) -> bool {
    matches!(outcome, Err(Rejected::Forbidden(_) | Rejected::NotFound(Aggregate::User | Aggregate::Client)))
}

macro_rules! tried {
    ($list:ident, $name:literal, $outcome:expr) => {
        $list.push(($name, $outcome.map(drop)));
    };
}

/// Every function that is about one person, and may be done by who manages people.
pub(super) async fn on_person(app: &App, by: &ProvenAuthority, user: UserId) -> Vec<Tried> {
    let (admin, sessions_of, mut list) = (&app.admin, &app.flow.sessions, Vec::new());
    let shop = ClientId::parse("shop").unwrap();
    let found = users::find(admin, by, &user.to_string()).await;
    let found = found.and_then(|found| found.ok_or(Rejected::NotFound(Aggregate::User)));
    let whole = app.stores.users.find(user).await.unwrap().unwrap();
    tried!(list, "users::find", found);
    tried!(list, "users::document", users::document(admin, by, &whole).await);
    tried!(list, "users::memberships", users::memberships(admin, by, &whole).await);
    tried!(list, "users::ways_in", users::ways_in(admin, by, user).await);
    tried!(list, "users::apps", users::apps(admin, by, user).await);
    tried!(list, "users::factors", users::factors(admin, by, user).await);
    tried!(list, "users::invited_at", users::invited_at(admin, by, user).await);
    tried!(list, "sessions::list", sessions::list(admin, by, sessions_of, user).await);
    tried!(
        list,
        "token_preview",
        token_preview::preview(admin, &app.tokens, by, (user, &shop), &Asked::default()).await
    );
    let named = UserResource { nickname: Some("Kim".to_owned()), ..UserResource::default() };
    tried!(list, "users::update", users::update(admin, by, user, &named).await);
    tried!(list, "users::set_enabled", users::set_enabled(admin, by, user, false).await);
    tried!(list, "users::set_enabled, on", users::set_enabled(admin, by, user, true).await);
    tried!(list, "users::set_password", users::set_password(admin, by, user, &Secret::from(TYPED), "asked").await);
    tried!(list, "users::reset_factors", users::reset_factors(admin, by, user, "asked").await);
    tried!(list, "users::send_reset_link", users::send_reset_link(admin, by, user, "asked").await);
    tried!(list, "users::invite_again", users::invite_again(admin, by, user).await);
    tried!(list, "users::withdraw_invitation", users::withdraw_invitation(admin, by, user).await);
    tried!(list, "users::revoke_sessions", users::revoke_sessions(admin, by, user).await);
    tried!(list, "users::withdraw", users::withdraw(admin, by, user, shop).await);
    tried!(list, "users::withdraw_all", users::withdraw_all(admin, by, user).await);
    let (now, random) = (app.clock.now(), &*app.random);
    let sign_in = sessions::revoke(admin, by, sessions_of, user, SignInId::new(now, random)).await;
    tried!(list, "sessions::revoke", sign_in);
    let passkey = users::remove_passkey(admin, by, user, PasskeyId::new(now, random), "asked").await;
    tried!(list, "users::remove_passkey", passkey);
    let connection = ConnectionId::new(now, random);
    let identity = UpstreamIdentity { connection, subject: UpstreamSubject::parse("x").unwrap() };
    tried!(list, "users::unlink", users::unlink(admin, by, user, identity).await);
    list
}

/// Every function that is about one app, and may be done by who manages apps.
pub(super) async fn on_app(app: &App, by: &ProvenAuthority, id: &str) -> Vec<Tried> {
    let (admin, id, mut list) = (&app.admin, ClientId::parse(id).unwrap(), Vec::new());
    let client = app.stores.clients.find(&id).await.unwrap().unwrap();
    let found = clients::find(admin, by, &id).await;
    tried!(list, "clients::find", found.and_then(|found| found.ok_or(Rejected::NotFound(Aggregate::Client))));
    tried!(list, "clients::recent_logins", clients::recent_logins(admin, by, &client).await);
    tried!(list, "clients::require_to_see", clients::require_to_see(admin, by, &id).await);
    tried!(list, "problems::list", problems::list(admin, by, Some(id.as_str())).await);
    let named = ClientResource { client_name: Some("Better".to_owned()), ..ClientResource::default() };
    tried!(list, "clients::update", clients::update(admin, by, &id, &named).await);
    tried!(list, "clients::rotate_secret", clients::rotate_secret(admin, by, &id, Duration::ZERO).await);
    tried!(list, "clients::try_out", clients::try_out(admin, by, &id, GrantType::AuthorizationCode).await);
    tried!(list, "clients::set_enabled", clients::set_enabled(admin, by, &id, false).await);
    tried!(list, "clients::set_enabled, on", clients::set_enabled(admin, by, &id, true).await);
    list
}

#[tokio::test]
async fn who_manages_a_group_reaches_its_people_and_nobody_else() {
    let house = House::new().await;
    let kim = house.member("kim", &[]).await;
    for (name, outcome) in on_person(&house.app, &house.dana().await, kim).await {
        assert!(!is_refused(&outcome), "{name}: {outcome:?}");
    }
    let lee = somebody(&house.app, "lee", &[]).await.id;
    let chief = house.member("chief", &[Role::Administrator]).await;
    let auditor = house.member("auditor", &[Role::Auditor]).await;
    // Who manages another app is somebody whom Dana is not over either.
    let other = house.member("other", &[]).await;
    let desk = Delegation::App(ClientId::parse("desk").unwrap());
    delegations::give(&house.app.admin, &OPERATOR, other, &desk).await.unwrap();
    for (who, user) in [("lee", lee), ("chief", chief), ("auditor", auditor), ("other", other)] {
        let before = house.app.stores.users.find(user).await.unwrap();
        for (name, outcome) in on_person(&house.app, &house.dana().await, user).await {
            assert!(is_refused(&outcome), "{name} on {who}: {outcome:?}");
        }
        assert_eq!(house.app.stores.users.find(user).await.unwrap(), before, "{who}");
    }
    // Who manages no more than Dana does is within reach.
    let equal = house.member("equal", &[]).await;
    delegations::give(&house.app.admin, &OPERATOR, equal, &shop()).await.unwrap();
    let by = house.dana().await;
    users::set_password(&house.app.admin, &by, equal, &Secret::from(TYPED), "asked").await.unwrap();
}

#[tokio::test]
async fn who_manages_an_app_reaches_it_and_no_other() {
    let house = House::new().await;
    for (name, outcome) in on_app(&house.app, &house.dana().await, "shop").await {
        assert!(!is_refused(&outcome), "{name}: {outcome:?}");
    }
    let desk = ClientId::parse("desk").unwrap();
    let before = house.app.stores.clients.find(&desk).await.unwrap();
    for (name, outcome) in on_app(&house.app, &house.dana().await, "desk").await {
        assert!(is_refused(&outcome), "{name}: {outcome:?}");
    }
    assert_eq!(house.app.stores.clients.find(&desk).await.unwrap(), before);
    let by = house.dana().await;
    for rejected in [
        clients::delete(&house.app.admin, &by, &ClientId::parse("shop").unwrap()).await,
        clients::create(&house.app.admin, &by, super::shop(haechi::model::client::ClientKind::Web)).await.map(drop),
    ] {
        assert!(matches!(rejected, Err(Rejected::Forbidden(Some(Permission::WriteClients)))), "{rejected:?}");
    }
}

/// Lists and look-ups, which have nothing of what is not managed.
const ANSWERS: &[&str] = &[
    "affiliations::catalogue",
    "affiliations::find",
    "affiliations::list",
    "affiliations::members",
    "apis::clients_of",
    "attributes::find",
    "attributes::list",
    "clients::find",
    "clients::list",
    "clients::search",
    "declared::managed_by",
    "users::documents",
    "users::find",
    "users::list",
    "users::states",
];

#[tokio::test]
async fn no_function_does_anything_to_what_is_not_managed() {
    let house = House::new().await;
    let by = house.dana().await;
    for (name, _, outcome) in try_all(&house.app, &by).await {
        // What needs attention is put together of what its reader may see.
        let may_answer = ANSWERS.contains(&name) || name.starts_with("attention::");
        assert!(outcome.is_err() || may_answer, "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn nobody_climbs_by_what_they_manage() {
    let house = House::new().await;
    let (admin, by) = (&house.app.admin, house.dana().await);
    let kim = house.member("kim", &[]).await;
    let own = house.member("dana-too", &[]).await;
    delegations::give(admin, &OPERATOR, own, &Delegation::Group(house.staff)).await.unwrap();
    let board = define::<GroupResource>(&house.app, json!({ "name": "board" })).await.affiliation.id;
    let forbidden = |outcome: Result<(), Rejected>, what: &str| match outcome {
        Err(Rejected::Forbidden(_) | Rejected::NotFound(_) | Rejected::Invalid(_)) => {}
        other => panic!("{what}: {other:?}"),
    };
    for user in [kim, house.dana.id] {
        let roles = UserResource { roles: Some(vec![Role::Auditor]), ..UserResource::default() };
        forbidden(users::set_roles(admin, &by, user, vec![Role::Auditor]).await.map(drop), "a role");
        forbidden(users::update(admin, &by, user, &roles).await.map(drop), "a role by a document");
        forbidden(delegations::give(admin, &by, user, &shop()).await, "what they manage themselves");
        let wide = Delegation::App(ClientId::parse("desk").unwrap());
        forbidden(delegations::give(admin, &by, user, &wide).await, "another app");
        for group in [house.staff, board] {
            let joined = users::join(admin, &by, user, (AffiliationKind::Group, group)).await;
            // Kim is in one of them already: nothing changes.
            if (user, group) != (kim, house.staff) {
                forbidden(joined.map(drop), "a group");
            }
        }
        let groups = MembershipsResource { groups: Some(vec!["board".to_owned()]), ..Default::default() };
        forbidden(users::set_memberships(admin, &by, user, &groups).await.map(drop), "a group by a document");
        forbidden(users::delete(admin, &by, user).await, "the end of an account");
    }
    let group = GroupResource { description: Some("x".to_owned()), ..GroupResource::default() };
    forbidden(affiliations::update(admin, &by, house.staff, &group).await.map(drop), "the group itself");
    forbidden(delegations::take(admin, &by, own, &Delegation::Group(house.staff)).await.map(drop), "who manages, too");
    assert_eq!(house.app.stores.users.find(kim).await.unwrap().unwrap().affiliations, [house.staff]);
}

/// An app that its manager could let reach further would be a way beyond the app.
#[tokio::test]
async fn an_app_reaches_no_further_by_who_manages_it() {
    let house = House::new().await;
    let (admin, id) = (&house.app.admin, ClientId::parse("shop").unwrap());
    for change in [
        json!({ "scope": "openid email profile" }),
        json!({ "scope": "openid email haechi:write" }),
        json!({ "resources": ["https://orders.example/"] }),
        json!({ "serves": ["https://orders.example/"] }),
        json!({ "consent": "first_party" }),
        json!({ "grant_types": ["authorization_code", "refresh_token", "client_credentials"] }),
        json!({ "access_token_lifetime": 86400 }),
        json!({ "refresh_token_lifetime": 31_536_000 }),
        json!({ "roles": ["auditor"], "kind": "web" }),
    ] {
        let document: ClientResource = serde_json::from_value(change.clone()).unwrap();
        let refused = clients::update(admin, &house.dana().await, &id, &document).await;
        let refused = refused.map(|_| ());
        assert!(matches!(refused, Err(Rejected::Forbidden(_) | Rejected::Invalid(_))), "{change}: {refused:?}");
    }
    let less: ClientResource = serde_json::from_value(json!({ "scope": "openid" })).unwrap();
    clients::update(admin, &house.dana().await, &id, &less).await.unwrap();
    let uris: ClientResource = serde_json::from_value(json!({ "redirect_uris": ["https://new.example/cb"] })).unwrap();
    clients::update(admin, &house.dana().await, &id, &uris).await.unwrap();
}

#[tokio::test]
async fn roles_of_the_app_go_to_the_people_of_the_group() {
    let house = House::new().await;
    let (admin, by) = (&house.app.admin, house.dana().await);
    let role = |document| define::<RoleResource>(&house.app, document);
    let own = role(json!({ "name": "editor", "client_id": "shop" })).await.affiliation.id;
    let other = role(json!({ "name": "editor", "client_id": "desk" })).await.affiliation.id;
    let every = role(json!({ "name": "editor" })).await.affiliation.id;
    let kim = house.member("kim", &[]).await;
    let lee = somebody(&house.app, "lee", &[]).await.id;
    let give =
        async |user: UserId, role: AffiliationId| users::join(admin, &by, user, (AffiliationKind::Role, role)).await;
    give(kim, own).await.unwrap();
    for (user, role) in [(kim, other), (kim, every), (lee, own)] {
        let refused = give(user, role).await;
        assert!(matches!(refused, Err(Rejected::NotFound(_))), "{refused:?}");
    }
    // What they do not know of stays, whatever a document says.
    users::join(admin, &OPERATOR, kim, (AffiliationKind::Role, other)).await.unwrap();
    let none = MembershipsResource { roles: Some(vec![]), ..MembershipsResource::default() };
    let (_, shown) = users::set_memberships(admin, &by, kim, &none).await.unwrap();
    assert_eq!((shown.groups, shown.roles), (Some(vec!["staff".to_owned()]), Some(vec![])));
    let mut left = house.app.stores.users.find(kim).await.unwrap().unwrap().affiliations;
    left.sort_unstable();
    let mut expected = [house.staff, other];
    expected.sort_unstable();
    assert_eq!(left, expected);
}

#[tokio::test]
async fn what_is_taken_away_counts_no_more_in_the_same_moment() {
    let house = House::new().await;
    let (admin, by) = (&house.app.admin, house.dana().await);
    let kim = house.member("kim", &[]).await;
    let staff = Delegation::Group(house.staff);
    assert!(delegations::take(admin, &OPERATOR, house.dana.id, &staff).await.unwrap());
    assert!(!delegations::take(admin, &OPERATOR, house.dana.id, &staff).await.unwrap(), "it is taken");
    // Not even what was decided before, and is committed now.
    let late = users::set_enabled(admin, &by, kim, false).await;
    assert!(matches!(late, Err(Rejected::ProofNeeded)), "{late:?}");
    let now = house.dana().await;
    let refused = users::set_enabled(admin, &now, kim, false).await;
    assert!(matches!(refused, Err(Rejected::Forbidden(Some(Permission::WriteUsers)))), "{refused:?}");
    clients::delete(admin, &OPERATOR, &ClientId::parse("shop").unwrap()).await.unwrap();
    let nothing = Authority::of_account(admin, house.dana.id).await;
    assert!(matches!(nothing, Err(Rejected::Forbidden(None))), "with the app went the last of it: {nothing:?}");
    let told: Vec<_> = house.app.audit(AuditKind::DelegationGiven).await.into_iter().map(|one| one.detail).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    let taken = house.app.audit(AuditKind::DelegationTaken).await;
    assert_eq!((taken.len(), taken[0].user, taken[0].detail.as_deref()), (1, Some(house.dana.id), Some("staff")));
}

/// Nobody gives what they do not have, and to nobody who may do more.
#[tokio::test]
async fn administrators_give_it_and_managers_of_people_and_apps_do_not() {
    let house = House::new().await;
    let admin = &house.app.admin;
    let lee = somebody(&house.app, "lee", &[]).await.id;
    let by = async |name: &str, role| {
        let user = somebody(&house.app, name, &[role]).await;
        let (user, authority) = Authority::of_account(admin, user.id).await.unwrap();
        authority.proven(&house.app.proof_of(&user)).unwrap()
    };
    for (name, role) in [("people", Role::PeopleManager), ("apps", Role::AppManager), ("sees", Role::Auditor)] {
        let refused = delegations::give(admin, &by(name, role).await, lee, &shop()).await;
        assert!(matches!(refused, Err(Rejected::Forbidden(Some(Permission::AssignRoles)))), "{name}: {refused:?}");
    }
    let administrator = by("administrator", Role::Administrator).await;
    delegations::give(admin, &administrator, lee, &shop()).await.unwrap();
    let owner = somebody(&house.app, "an-owner", &[Role::Owner]).await.id;
    let above = delegations::give(admin, &administrator, owner, &shop()).await;
    assert!(matches!(above, Err(Rejected::Forbidden(Some(Permission::AppointOwners)))), "{above:?}");
    // Who manages people is not over who manages an app besides.
    let manager = by("people-too", Role::PeopleManager).await;
    let refused = users::set_password(admin, &manager, lee, &Secret::from(TYPED), "asked").await;
    assert!(matches!(refused, Err(Rejected::Forbidden(Some(_)))), "{refused:?}");
}
