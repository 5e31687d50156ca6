//! What each role may do, tried through the functions of administration themselves.

use std::collections::BTreeSet;
use std::time::Duration;

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::apis::{self, ApiResource};
use haechi::admin::attributes::{self, AttributeResource};
use haechi::admin::claim_rules::{self, ClaimRuleResource};
use haechi::admin::clients::{self, ClientResource};
use haechi::admin::connections::{self, CameThrough, ConnectionResource, Shift};
use haechi::admin::declared::{self, SentRejected, StepRejected, Undeclared};
use haechi::admin::token_preview::{self, Asked};
use haechi::admin::users::{self, InvitationResource, MembershipsResource, UserResource, WouldBe};
use haechi::admin::webhooks::{self, WebhookResource};
use haechi::admin::{
    Aggregate, Authority, PERMISSIONS, Permission, ProvenAuthority, Rejected, Target, attention, audit, claim, counts,
    delegations, issuer, keys, mail, policy, problems, production, sessions, settings,
};
use haechi::app::App;
use haechi::config::origins::Origins;
use haechi::model::AffiliationKind;
use haechi::model::AuditFilter;
use haechi::model::client::{ClientId, ClientKind};
use haechi::model::connection::Slug;
use haechi::model::mail::MailQuery;
use haechi::model::policy::PolicySection;
use haechi::model::upstream_link::{UpstreamIdentity, UpstreamSubject};
use haechi::model::user::{EmailAddress, Role, User};
use haechi::store::{ClientOrder, UserQuery};
use haechi::support::Secret;
use haechi::support::id::{
    AffiliationId, ConnectionId, KeyId, MailId, MessageId, PasskeyId, SignInId, UserId, WebhookId,
};
use serde_json::json;

use crate::admin::shop;
use crate::store::apis as store_apis;
use crate::support::accounts::from;
use crate::support::app::TestApp;
use crate::support::builders;

/// Functions that need no authority: those of the claim, which rest on its link and say so in their docs, what takes the proof of the account that it is
/// about, those that only compute, and what leaves out what is not allowed.
const EXEMPT: &[&str] = &[
    "attention::list",
    "claim::claim",
    "claim::claim_as",
    "claim::is_known_open",
    "claim::is_open",
    "claim::link_state",
    "claim::look",
    "clients::look_through",
    "clients::proposed_id",
    "connections::field_of_setting",
    "declared::read",
    "declared::schema",
    "connections::free_slug",
    "connections::redirect_uri",
    "document::overridden",
    "document::read",
    "personal_data::of_own",
    "problems::as_of_now",
    "recipes::all",
    "recipes::find",
    "recipes::names",
    "users::password_check",
    "users::check_head",
    "users::from_cells",
    "users::password_rules",
];

/// A function, the permission that it asks for, and what it answered.
pub(super) type Tried = (&'static str, Permission, Result<(), Rejected>);

macro_rules! tried {
    ($list:ident, $name:literal, $permission:ident, $outcome:expr) => {
        $list.push(($name, Permission::$permission, $outcome.map(|_| ())));
    };
}

/// Calls every function, about things that are not there wherever it is about one.
pub(super) async fn try_all(app: &App, by: &ProvenAuthority) -> Vec<Tried> {
    let mut list = Vec::new();
    let everything = AuditFilter::default();
    tried!(list, "audit::find", ReadAudit, audit::find(&app.admin, by, &everything, None, 1).await);
    let day = counts::Stretch::last(haechi::model::count::Resolution::Hour, 24, app.clock.now());
    tried!(list, "counts::logins", ReadUsers, counts::logins(&app.admin, by, day).await);
    tried!(list, "counts::throttled", ReadUsers, counts::throttled(&app.admin, by, day).await);
    tried!(list, "counts::tokens", ReadClients, counts::tokens(&app.admin, by, day).await);
    tried!(list, "counts::refusals", ReadClients, counts::refusals(&app.admin, by, day).await);
    tried!(list, "counts::active_people", ReadUsers, counts::active_people(&app.admin, by, 7).await);
    tried!(list, "attention::of_keys", ReadKeys, attention::of_keys(&app.admin, by, &app.config));
    tried!(list, "attention::of_people", ReadUsers, attention::of_people(&app.admin, by).await);
    tried!(list, "attention::of_apps", ReadClients, attention::of_apps(&app.admin, by).await);
    tried!(list, "attention::of_webhooks", ReadWebhooks, attention::of_webhooks(&app.admin, by).await);
    tried!(list, "attention::of_setup", ReadSettings, attention::of_setup(&app.admin, by, &app.config).await);
    let nothing = haechi::support::id::AuditEventId::new(app.clock.now(), &*app.random);
    tried!(list, "audit::entry", ReadAudit, audit::entry(&app.admin, by, nothing).await);
    tried!(list, "audit::verify", ReadAudit, audit::verify(&app.admin, by).await);
    tried!(list, "claim::issue_link", AppointOwners, claim::issue_link(&app.admin, by).await);
    tried!(list, "problems::list", ReadClients, problems::list(&app.admin, by, None).await);
    tried!(list, "keys::list", ReadKeys, keys::list(by, &app.keys));
    tried!(list, "keys::rotate", RotateKeys, keys::rotate(&app.admin, by, &app.keys, None).await);
    let given = serde_json::from_value(json!({ "algorithm": "ES256", "pem": "none" })).unwrap();
    tried!(list, "keys::import", ImportKeys, keys::import(&app.admin, by, &app.keys, &given).await);
    tried!(list, "keys::uses", ReadClients, keys::uses(&app.admin, by).await);
    tried!(list, "policy::find", ReadSettings, policy::find(&app.admin, by).await);
    tried!(list, "policy::only_by_passkey", ReadSettings, policy::only_by_passkey(&app.admin, by).await);
    let nothing_decided = policy::SignInResource::default();
    tried!(list, "policy::set_sign_in", WriteSettings, policy::set_sign_in(&app.admin, by, (), &nothing_decided).await);
    let nothing_branded = policy::BrandingResource::default();
    let branded = policy::set_branding(&app.admin, by, (), &nothing_branded).await;
    tried!(list, "policy::set_branding", WriteSettings, branded);
    let signing = policy::SigningResource::default();
    tried!(list, "policy::set_signing", WriteSettings, policy::set_signing(&app.admin, by, (), &signing).await);
    let picture = crate::support::pictures::png(8, 8, 1);
    tried!(list, "policy::set_logo", WriteSettings, policy::set_logo(&app.admin, by, (), &picture).await);
    tried!(list, "policy::remove_logo", WriteSettings, policy::remove_logo(&app.admin, by, ()).await);
    let released = policy::release(&app.admin, by, (), PolicySection::SignIn).await;
    tried!(list, "policy::release", WriteSettings, released);
    tried!(list, "production::missing", ReadSettings, production::missing(by, &app.config));
    tried!(list, "production::toml", ReadSettings, production::toml(by, &app.config));
    tried!(list, "production::helm_values", ReadSettings, production::helm_values(by, &app.config));
    tried!(list, "settings::list", ReadSettings, settings::list(by, &app.config, &Origins::default()));
    let kid = KeyId::new(app.clock.now(), &*app.random);
    tried!(list, "keys::revoke", RevokeKeys, keys::revoke(&app.admin, by, &app.keys, kid).await);
    tried!(list, "issuer::current", ChangeIssuer, issuer::current(&app.admin, by).await);
    tried!(list, "issuer::change", ChangeIssuer, issuer::change(&app.admin, by, &app.issuer).await);
    try_clients(app, by, &mut list).await;
    try_apis(app, by, &mut list).await;
    try_connections(app, by, &mut list).await;
    try_users(app, by, &mut list).await;
    try_attributes(app, by, &mut list).await;
    try_affiliations(app, by, &mut list).await;
    try_claim_rules(app, by, &mut list).await;
    try_webhooks(app, by, &mut list).await;
    list
}

async fn try_clients(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, id) = (&app.admin, ClientId::parse("nobody").unwrap());
    tried!(list, "clients::draft", WriteClients, clients::draft(admin, by, &shop(ClientKind::Web)));
    tried!(list, "clients::create", WriteClients, clients::create(admin, by, shop(ClientKind::Web)).await);
    let metadata = ClientResource::default();
    tried!(list, "clients::update", WriteClients, clients::update(admin, by, &id, &metadata).await);
    let rotated = clients::rotate_secret(admin, by, &id, Duration::ZERO).await;
    tried!(list, "clients::rotate_secret", WriteClients, rotated);
    tried!(list, "clients::set_enabled", WriteClients, clients::set_enabled(admin, by, &id, false).await);
    tried!(list, "clients::consents", ReadUsers, clients::consents(admin, by, &id, None, 1).await);
    tried!(list, "clients::withdraw_consents", WriteClients, clients::withdraw_consents(admin, by, &id).await);
    tried!(list, "clients::delete", WriteClients, clients::delete(admin, by, &id).await);
    tried!(list, "clients::set_logo", WriteClients, clients::set_logo(admin, by, &id, &[]).await);
    tried!(list, "clients::remove_logo", WriteClients, clients::remove_logo(admin, by, &id).await);
    tried!(list, "clients::find", ReadClients, clients::find(admin, by, &id).await);
    let client = builders::client("nobody", ClientKind::Web, app.clock.now());
    tried!(list, "clients::recent_logins", ReadClients, clients::recent_logins(admin, by, &client).await);
    tried!(list, "clients::meant", ReadClients, clients::meant(admin, by, "nobody").await);
    let search = clients::ClientSearch::default();
    tried!(list, "clients::search", ReadClients, clients::search(admin, by, &search, &ClientOrder::default(), 1).await);
    tried!(list, "declared::export", ReadConnections, declared::export(admin, by).await);
    tried!(list, "declared::export_logos", ReadClients, declared::export_logos(admin, by).await);
    let new = json!({ "clients": [{ "client_id": "declared", "client_name": "x", "redirect_uris": ["https://x.example/"] }] });
    let declared = declared::read(&new).unwrap();
    let planned = declared::plan(admin, by, &declared, Undeclared::Stays).await.map_err(|rejected| rejected.why);
    tried!(list, "declared::plan", WriteClients, planned);
    let applied = declared::apply(admin, by, &declared, Undeclared::Stays).await.map_err(|rejected| rejected.why);
    tried!(list, "declared::apply", WriteClients, applied);
    let sent = serde_json::from_value(json!({ "declaration": new })).unwrap();
    let applied = declared::apply_sent(admin, by, &sent).await.map_err(|rejected| match rejected {
        SentRejected::NotAllowed(why) | SentRejected::Step { why: StepRejected { why, .. }, .. } => why,
        SentRejected::Unread(why) => panic!("{why}"),
    });
    tried!(list, "declared::apply_sent", ApplyFiles, applied);
    let grant = haechi::protocol::grant_type::GrantType::AuthorizationCode;
    tried!(list, "clients::try_out", WriteClients, clients::try_out(admin, by, &id, grant).await);
    tried!(list, "clients::require_to_see", ReadClients, clients::require_to_see(admin, by, &id).await);
    tried!(list, "clients::release", WriteClients, clients::release(admin, by, &id).await);
    let kind = declared::DeclaredKind::Client;
    tried!(list, "declared::managed_by", ReadClients, declared::managed_by(admin, by, kind, "nobody").await);
    tried!(list, "declared::release", WriteClients, declared::release(admin, by, kind, "nobody").await);
    let delegated = haechi::model::Delegation::App(id.clone());
    let user = UserId::new(app.clock.now(), &*app.random);
    tried!(list, "delegations::list", ReadUsers, delegations::list(admin, by, &delegated).await);
    tried!(list, "delegations::give", AssignRoles, delegations::give(admin, by, user, &delegated).await);
    tried!(list, "delegations::take", AssignRoles, delegations::take(admin, by, user, &delegated).await);
    tried!(list, "delegations::documents", ReadUsers, delegations::documents(admin, by, &delegated).await);
    tried!(
        list,
        "delegations::service_accounts",
        ReadUsers,
        delegations::service_accounts(admin, by, &delegated).await
    );
    let given = delegations::give_to_service_account(admin, by, &id, &delegated).await;
    tried!(list, "delegations::give_to_service_account", AssignRoles, given);
    let taken = delegations::take_from_service_account(admin, by, &id, &delegated).await;
    tried!(list, "delegations::take_from_service_account", AssignRoles, taken);
    tried!(list, "clients::list", ReadClients, clients::list(admin, by, None, 1).await);
}

async fn try_connections(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, slug) = (&app.admin, Slug::parse("nowhere").unwrap());
    let new = serde_json::from_value(json!({ "preset": "google", "client_id": "haechi" })).unwrap();
    tried!(list, "connections::create", WriteConnections, connections::create(admin, by, new).await);
    let edit = ConnectionResource::default();
    tried!(list, "connections::update", WriteConnections, connections::update(admin, by, &slug, &edit).await);
    let rotated = connections::rotate_secret(admin, by, &slug, &Secret::from("x"), Duration::ZERO).await;
    tried!(list, "connections::rotate_secret", WriteConnections, rotated);
    tried!(
        list,
        "connections::set_enabled",
        WriteConnections,
        connections::set_enabled(admin, by, &slug, true, CameThrough::Ends).await
    );
    tried!(list, "connections::shift", WriteConnections, connections::shift(admin, by, &slug, Shift::Up).await);
    tried!(
        list,
        "connections::delete",
        WriteConnections,
        connections::delete(admin, by, &slug, CameThrough::Ends).await
    );
    tried!(list, "connections::release", WriteConnections, connections::release(admin, by, &slug).await);
    tried!(list, "connections::find", ReadConnections, connections::find(admin, by, &slug).await);
    tried!(list, "connections::list", ReadConnections, connections::list(admin, by).await);
    let connection = ConnectionId::new(app.clock.now(), &*app.random);
    tried!(list, "connections::links", ReadConnections, connections::links(admin, by, connection).await);
    let user = UserId::new(app.clock.now(), &*app.random);
    tried!(list, "connections::tokens", ReadProviderTokens, connections::tokens(admin, by, &slug, user).await);
}

async fn try_users(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, sessions_of) = (&app.admin, &app.flow.sessions);
    let user = UserId::new(app.clock.now(), &*app.random);
    let new = UserResource { email: Some(format!("{user}@example.com")), ..UserResource::default() };
    tried!(list, "users::create", WriteUsers, users::create(admin, by, new).await);
    tried!(list, "users::find", ReadUsers, users::find(admin, by, "kim@example.com").await);
    tried!(list, "users::ways_in", ReadUsers, users::ways_in(admin, by, user).await);
    tried!(list, "users::apps", ReadUsers, users::apps(admin, by, user).await);
    let client = ClientId::parse("nobody").unwrap();
    tried!(list, "users::withdraw", RevokeSessions, users::withdraw(admin, by, user, client).await);
    tried!(list, "users::withdraw_all", RevokeSessions, users::withdraw_all(admin, by, user).await);
    let subject = UpstreamSubject::parse("x").unwrap();
    let identity = UpstreamIdentity { connection: ConnectionId::new(app.clock.now(), &*app.random), subject };
    let passkey = PasskeyId::new(app.clock.now(), &*app.random);
    tried!(
        list,
        "users::remove_passkey",
        WriteUsers,
        users::remove_passkey(admin, by, user, passkey, "seen in person").await
    );
    tried!(list, "users::unlink", WriteUsers, users::unlink(admin, by, user, identity).await);
    tried!(list, "users::list", ReadUsers, users::list(admin, by, &UserQuery::default(), 1).await);
    let document = UserResource::default();
    tried!(list, "users::update", WriteUsers, users::update(admin, by, user, &document).await);
    tried!(list, "users::set_enabled", WriteUsers, users::set_enabled(admin, by, user, false).await);
    tried!(list, "users::set_roles", AssignRoles, users::set_roles(admin, by, user, vec![]).await);
    let password = Secret::from("a tandem for two herons");
    tried!(
        list,
        "users::set_password",
        WriteUsers,
        users::set_password(admin, by, user, &password, "seen in person").await
    );
    tried!(list, "users::factors", ReadUsers, users::factors(admin, by, user).await);
    tried!(list, "users::reset_factors", WriteUsers, users::reset_factors(admin, by, user, "x").await);
    tried!(list, "users::recover", AppointOwners, users::recover(admin, by, user, "x").await);
    tried!(list, "users::revoke_sessions", RevokeSessions, users::revoke_sessions(admin, by, user).await);
    let nothing = users::ImportOptions::default();
    tried!(
        list,
        "users::import",
        WriteUsers,
        users::import(admin, by, vec![], &nothing, &mut WouldBe::default()).await
    );
    let lines = users::PeopleFormat::JsonLines;
    tried!(list, "users::export", ExportUsers, users::export(admin, by, lines, false).await);
    tried!(list, "users::invite", WriteUsers, users::invite(admin, by, InvitationResource::default()).await);
    tried!(list, "users::invite_again", WriteUsers, users::invite_again(admin, by, user).await);
    tried!(list, "users::withdraw_invitation", WriteUsers, users::withdraw_invitation(admin, by, user).await);
    tried!(list, "users::states", ReadUsers, users::states(admin, by, &[]).await);
    tried!(list, "users::documents", ReadUsers, users::documents(admin, by, &[]).await);
    let somebody = crate::support::builders::user("somebody@example.com", app.clock.now(), app.random.as_ref());
    tried!(list, "users::document", ReadUsers, users::document(admin, by, &somebody).await);
    tried!(list, "users::invited_at", ReadUsers, users::invited_at(admin, by, user).await);
    tried!(list, "users::send_reset_link", WriteUsers, users::send_reset_link(admin, by, user, "asked").await);
    tried!(list, "users::delete", WriteUsers, users::delete(admin, by, user).await);
    tried!(list, "sessions::list", ReadSessions, sessions::list(admin, by, sessions_of, user).await);
    let sign_in = SignInId::new(app.clock.now(), &*app.random);
    let revoked = sessions::revoke(admin, by, sessions_of, user, sign_in).await;
    tried!(list, "sessions::revoke", RevokeSessions, revoked);
    tried!(list, "sessions::end_all", EndEverything, sessions::end_all(admin, by).await);
}

async fn try_attributes(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, said) = (&app.admin, AttributeResource::default());
    let name = || "nothing".to_owned();
    tried!(list, "attributes::list", ReadUsers, attributes::list(admin, by).await);
    tried!(list, "attributes::find", ReadUsers, attributes::find(admin, by, "nothing").await);
    tried!(list, "attributes::create", WriteAttributes, attributes::create(admin, by, said.clone()).await);
    tried!(list, "attributes::update", WriteAttributes, attributes::update(admin, by, name(), &said).await);
    tried!(list, "attributes::release", WriteAttributes, attributes::release(admin, by, name()).await);
    tried!(list, "attributes::delete", WriteAttributes, attributes::delete(admin, by, name()).await);
}

async fn try_affiliations(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, id) = (&app.admin, AffiliationId::new(app.clock.now(), &*app.random));
    let new = GroupResource::default();
    let kim = EmailAddress::parse("kim@example.com").unwrap();
    let user = User::new(UserId::new(app.clock.now(), &*app.random), kim, app.clock.now());
    let found = affiliations::list::<GroupResource>(admin, by, (None, None), 1).await;
    tried!(list, "affiliations::list", ReadUsers, found);
    tried!(list, "affiliations::catalogue", ReadUsers, affiliations::catalogue(admin, by).await);
    tried!(list, "affiliations::find", ReadUsers, affiliations::find::<RoleResource>(admin, by, "nothing").await);
    tried!(list, "affiliations::members", ReadUsers, affiliations::members(admin, by, id, None, 1).await);
    tried!(list, "affiliations::create", WriteGroups, affiliations::create(admin, by, &new).await);
    tried!(list, "affiliations::update", WriteGroups, affiliations::update(admin, by, id, &new).await);
    tried!(list, "affiliations::release", WriteGroups, affiliations::release::<GroupResource>(admin, by, id).await);
    tried!(list, "affiliations::delete", WriteGroups, affiliations::delete::<GroupResource>(admin, by, id).await);
    tried!(list, "users::memberships", ReadUsers, users::memberships(admin, by, &user).await);
    let none = MembershipsResource::default();
    tried!(list, "users::set_memberships", WriteUsers, users::set_memberships(admin, by, user.id, &none).await);
    tried!(list, "users::join", WriteUsers, users::join(admin, by, user.id, (AffiliationKind::Group, id)).await);
    tried!(list, "users::leave", WriteUsers, users::leave(admin, by, user.id, (AffiliationKind::Role, id)).await);
}

async fn try_claim_rules(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, name) = (&app.admin, || Slug::parse("nothing").unwrap());
    let new = ClaimRuleResource::default();
    tried!(list, "claim_rules::list", ReadUsers, claim_rules::list(admin, by).await);
    tried!(list, "claim_rules::find", ReadUsers, claim_rules::find(admin, by, "nothing").await);
    tried!(list, "claim_rules::create", WriteAttributes, claim_rules::create(admin, by, &new).await);
    tried!(list, "claim_rules::update", WriteAttributes, claim_rules::update(admin, by, name(), &new).await);
    tried!(list, "claim_rules::release", WriteAttributes, claim_rules::release(admin, by, name()).await);
    tried!(list, "claim_rules::delete", WriteAttributes, claim_rules::delete(admin, by, name()).await);
    let of = (UserId::new(app.clock.now(), &*app.random), &ClientId::parse("nobody").unwrap());
    let shown = token_preview::preview(admin, &app.tokens, by, of, &Asked::default()).await;
    tried!(list, "token_preview::preview", ReadClients, shown);
}

async fn try_apis(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let admin = &app.admin;
    let new: ApiResource = serde_json::from_value(json!({ "resource": "https://tried.example/" })).unwrap();
    tried!(list, "apis::create", WriteClients, apis::create(admin, by, &new).await);
    let api = store_apis::api(1, "urn:nothing");
    let search = apis::ApiSearch::default();
    tried!(list, "apis::list", ReadClients, apis::list(admin, by, (search, None), 1).await);
    tried!(list, "apis::declared", ReadClients, apis::declared(admin, by).await);
    tried!(list, "apis::find", ReadClients, apis::find(admin, by, "urn:nothing").await);
    tried!(list, "apis::update", WriteClients, apis::update(admin, by, api.id, &new).await);
    tried!(list, "apis::release", WriteClients, apis::release(admin, by, api.id).await);
    tried!(list, "apis::delete", WriteClients, apis::delete(admin, by, api.id).await);
    tried!(list, "apis::clients_of", ReadClients, apis::clients_of(admin, by, &api, None, 1).await);
    let nobody = ClientId::parse("nobody").unwrap();
    tried!(list, "apis::let_ask", WriteClients, apis::let_ask(admin, by, (api.id, &nobody), true).await);
}

async fn try_webhooks(app: &App, by: &ProvenAuthority, list: &mut Vec<Tried>) {
    let (admin, id) = (&app.admin, WebhookId::new(app.clock.now(), &*app.random));
    let new: WebhookResource = serde_json::from_value(json!({ "url": "https://hooks.example/" })).unwrap();
    let (letter, query) = (MailId::new(app.clock.now(), &*app.random), MailQuery::default());
    tried!(list, "mail::counts", ReadUsers, mail::counts(admin, by).await);
    tried!(list, "mail::list", ReadUsers, mail::list(admin, by, &query, None, 1).await);
    tried!(list, "mail::find", ReadUsers, mail::find(admin, by, letter).await);
    tried!(list, "mail::read", WriteUsers, mail::read(admin, by, letter).await);
    tried!(list, "mail::retry", WriteUsers, mail::retry(admin, by, &[letter]).await);
    tried!(list, "mail::give_up", WriteUsers, mail::give_up(admin, by, &[letter]).await);
    tried!(list, "mail::test", WriteSettings, mail::test(admin, by, "kim@example.com", None).await);
    tried!(list, "webhooks::create", WriteWebhooks, webhooks::create(admin, by, &new).await);
    tried!(list, "webhooks::update", WriteWebhooks, webhooks::update(admin, by, id, &new).await);
    tried!(list, "webhooks::set_enabled", WriteWebhooks, webhooks::set_enabled(admin, by, id, false).await);
    let rotated = webhooks::rotate_secret(admin, by, id, Duration::ZERO).await;
    tried!(list, "webhooks::rotate_secret", WriteWebhooks, rotated);
    tried!(list, "webhooks::test", WriteWebhooks, webhooks::test(admin, by, id).await);
    let message = MessageId::new(app.clock.now(), &*app.random);
    tried!(list, "webhooks::replay", WriteWebhooks, webhooks::replay(admin, by, id, message).await);
    tried!(list, "webhooks::release", WriteWebhooks, webhooks::release(admin, by, id).await);
    tried!(list, "webhooks::delete", WriteWebhooks, webhooks::delete(admin, by, id).await);
    tried!(list, "webhooks::find", ReadWebhooks, webhooks::find(admin, by, id).await);
    tried!(list, "webhooks::list", ReadWebhooks, webhooks::list(admin, by).await);
    tried!(list, "webhooks::messages", ReadWebhooks, webhooks::messages(admin, by, id, None, 1).await);
    let found = webhooks::find_message(admin, by, id, message).await;
    tried!(list, "webhooks::find_message", ReadWebhooks, found);
}

async fn account(app: &App, name: &str, roles: &[Role]) -> User {
    let new = UserResource {
        email: Some(format!("{name}@example.com")),
        roles: Some(roles.to_vec()),
        ..UserResource::default()
    };
    users::create(&app.admin, &Authority::operator(), new).await.unwrap()
}

async fn acting_as(app: &App, role: Role) -> ProvenAuthority {
    proven(app, &account(app, role.as_str(), &[role]).await).await
}

/// The authority of an account that proved itself a moment ago.
async fn proven(app: &App, user: &User) -> ProvenAuthority {
    let password = Secret::from("a tandem for two herons");
    let user =
        users::set_password(&app.admin, &Authority::operator(), user.id, &password, "seen in person").await.unwrap();
    let (_, proof) = app.accounts.prove(&user, &password, &from([192, 0, 2, 1])).await.unwrap();
    Authority::of_account(&app.admin, user.id).await.unwrap().1.proven(&proof).unwrap()
}

/// The sources of `admin`, by module.
fn sources() -> Vec<(String, String)> {
    fn read(folder: &std::path::Path, module: Option<&str>, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                read(&path, Some(&stem), found);
            } else {
                found.push((module.unwrap_or(&stem).to_owned(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    read(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/admin")), None, &mut found);
    found
}

/// The functions that they have.
fn public_functions() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (module, text) in sources() {
        let heads = text.lines().filter_map(|line| {
            let head = line.strip_prefix("pub async fn ").or_else(|| line.strip_prefix("pub fn "))?;
            head.split(['(', '<']).next()
        });
        found.extend(heads.map(|name| format!("{module}::{name}")));
    }
    found
}

#[tokio::test]
async fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let house = TestApp::new().await;
    let app = &house.app;
    for (role, permissions) in PERMISSIONS {
        let authority = acting_as(app, *role).await;
        for (name, permission, outcome) in try_all(app, &authority).await {
            let forbidden = matches!(outcome, Err(Rejected::Forbidden(Some(missing))) if missing == permission);
            assert_eq!(forbidden, !permissions.contains(&permission), "{role:?} {name}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn every_function_is_tried() {
    let house = TestApp::new().await;
    let tried = try_all(&house.app, &Authority::operator()).await;
    let tried: BTreeSet<String> = tried.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let exempt: BTreeSet<String> = EXEMPT.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(&tried | &exempt, public_functions());
}

#[tokio::test]
async fn an_auditor_changes_nothing() {
    let house = TestApp::new().await;
    let app = &house.app;
    let auditor = acting_as(app, Role::Auditor).await;
    let before = app.stores.audit.list(None, 100).await.unwrap().items;
    try_all(app, &auditor).await;
    assert_eq!(app.stores.audit.list(None, 100).await.unwrap().items, before);
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_have() {
    let house = TestApp::new().await;
    let (app, admin) = (&house.app, &house.app.admin);
    let plain = account(app, "plain", &[]).await;
    let owner = account(app, "an-owner", &[Role::Owner]).await;
    let chief = account(app, "chief", &[Role::Administrator]).await;
    let administrator = acting_as(app, Role::Administrator).await;
    let manager = acting_as(app, Role::PeopleManager).await;
    let missing = |outcome: Result<User, Rejected>| match outcome {
        Err(Rejected::Forbidden(Some(permission))) => permission,
        other => panic!("{other:?}"),
    };
    let appoint = Permission::AppointOwners;
    assert_eq!(missing(users::set_roles(admin, &administrator, plain.id, vec![Role::Owner]).await), appoint);
    assert_eq!(missing(users::set_roles(admin, &administrator, owner.id, vec![]).await), appoint);
    assert_eq!(missing(users::set_enabled(admin, &administrator, owner.id, false).await), appoint);
    assert!(users::set_roles(admin, &administrator, plain.id, vec![Role::PeopleManager]).await.is_ok());

    // A password of another is another's power.
    let password = Secret::from("a tandem for two herons");
    assert_eq!(
        missing(users::set_password(admin, &manager, chief.id, &password, "seen in person").await),
        Permission::AssignRoles
    );
    let new = UserResource {
        email: Some("new@example.com".to_owned()),
        roles: Some(vec![Role::Auditor]),
        ..UserResource::default()
    };
    assert_eq!(missing(users::create(admin, &manager, new).await), Permission::AssignRoles);
    let roles = |roles| UserResource { roles: Some(roles), ..UserResource::default() };
    let raised = users::update(admin, &manager, plain.id, &roles(vec![Role::Auditor])).await;
    assert_eq!(missing(raised), Permission::AssignRoles);
    let moved = UserResource { email: Some("mine@example.com".to_owned()), ..UserResource::default() };
    assert_eq!(missing(users::update(admin, &manager, chief.id, &moved).await), Permission::AssignRoles);
    assert_eq!(missing(users::update(admin, &administrator, plain.id, &roles(vec![Role::Owner])).await), appoint);
    assert!(users::set_password(admin, &manager, plain.id, &password, "seen in person").await.is_ok());

    // Neither is there a way round it by a connection whose new accounts get the role.
    let new = json!({ "preset": "google", "client_id": "haechi", "default_roles": ["owner"], "allowed_domains": ["example.com"] });
    let new = serde_json::from_value(new).unwrap();
    let made = connections::create(admin, &proven(app, &chief).await, new).await;
    assert!(matches!(made, Err(Rejected::Forbidden(Some(Permission::AppointOwners)))), "{made:?}");
}

#[tokio::test]
async fn an_account_acts_while_it_is_active_and_has_a_role() {
    let house = TestApp::new().await;
    let (app, admin) = (&house.app, &house.app.admin);
    let plain = account(app, "plain", &[]).await;
    let auditor = account(app, "auditor", &[Role::Auditor]).await;
    assert!(Authority::of_account(admin, auditor.id).await.is_ok());
    users::set_enabled(admin, &Authority::operator(), auditor.id, false).await.unwrap();
    for id in [plain.id, auditor.id] {
        let refused = Authority::of_account(admin, id).await;
        assert!(matches!(refused, Err(Rejected::Forbidden(None))), "{refused:?}");
    }
    let nobody = UserId::new(app.clock.now(), &*app.random);
    let refused = Authority::of_account(admin, nobody).await;
    assert!(matches!(refused, Err(Rejected::NotFound(Aggregate::User))), "{refused:?}");
}

/// RFC 9110 section 13.1.1: the origin server "MUST NOT perform the requested method if a received If-Match condition evaluates to false".
#[tokio::test]
async fn a_change_that_names_another_version_than_there_is_changes_nothing() {
    let house = TestApp::new().await;
    let (admin, by) = (&house.app.admin, &Authority::operator());
    let client = clients::create(admin, by, shop(ClientKind::Web)).await.unwrap().client;
    let user = account(&house.app, "kim", &[]).await;
    let new = serde_json::from_value(json!({ "preset": "google", "client_id": "haechi" })).unwrap();
    let connection = connections::create(admin, by, new).await.unwrap();
    let other_client = || Target::at(client.id.clone(), client.version + 1);
    let other_user = || Target::at(user.id, user.version + 1);
    let other_connection = || Target::at(connection.slug.clone(), connection.version + 1);
    let rename = ClientResource { client_name: Some("Better shop".to_owned()), ..ClientResource::default() };
    let named = UserResource { name: Some("Kim".to_owned()), ..UserResource::default() };
    let password = Secret::from("a tandem for two herons");
    let edit = ConnectionResource { client_secret: Some(Secret::from("x")), ..ConnectionResource::default() };
    for refused in [
        clients::update(admin, by, other_client(), &rename).await.map(|_| ()),
        clients::rotate_secret(admin, by, other_client(), Duration::ZERO).await.map(|_| ()),
        clients::set_enabled(admin, by, other_client(), false).await.map(|_| ()),
        clients::delete(admin, by, other_client()).await,
        users::update(admin, by, other_user(), &named).await.map(|_| ()),
        users::set_enabled(admin, by, other_user(), false).await.map(|_| ()),
        users::set_roles(admin, by, other_user(), vec![Role::Auditor]).await.map(|_| ()),
        users::set_password(admin, by, other_user(), &password, "seen in person").await.map(|_| ()),
        users::reset_factors(admin, by, other_user(), "phone lost").await.map(|_| ()),
        users::revoke_sessions(admin, by, other_user()).await.map(|_| ()),
        connections::update(admin, by, other_connection(), &edit).await.map(|_| ()),
        connections::rotate_secret(admin, by, other_connection(), &password, Duration::ZERO).await.map(|_| ()),
        connections::set_enabled(admin, by, other_connection(), true, CameThrough::Ends).await.map(|_| ()),
        connections::delete(admin, by, other_connection(), CameThrough::Ends).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Rejected::Stale(_))), "{refused:?}");
    }
    assert_eq!(clients::find(admin, by, &client.id).await.unwrap(), Some(client.clone()));
    assert_eq!(users::find(admin, by, &user.id.to_string()).await.unwrap(), Some(user.clone()));
    assert_eq!(connections::find(admin, by, &connection.slug).await.unwrap(), Some(connection.clone()));
    // The version that there is may be named, and once only.
    let right = || Target::at(client.id.clone(), client.version);
    clients::update(admin, by, right(), &rename).await.unwrap();
    assert_eq!(clients::update(admin, by, right(), &rename).await.unwrap_err().code(), "stale");
    let right = || Target::at(user.id, user.version);
    users::set_roles(admin, by, right(), vec![Role::Auditor]).await.unwrap();
    assert_eq!(users::set_roles(admin, by, right(), vec![]).await.unwrap_err().code(), "stale");
}

#[tokio::test]
async fn only_a_proof_of_the_same_account_makes_an_authority_that_may_change_something() {
    let house = TestApp::new().await;
    let app = &house.app;
    let (kim, lee) =
        (account(app, "kim", &[Role::Administrator]).await, account(app, "lee", &[Role::Administrator]).await);
    let new = || serde_json::from_value(json!({ "preset": "google", "client_id": "haechi" })).unwrap();
    assert!(connections::create(&app.admin, &proven(app, &kim).await, new()).await.is_ok());

    let unproven = Authority::of_account(&app.admin, kim.id).await.unwrap().1;
    let password = Secret::from("a tandem for two herons");
    let lee =
        users::set_password(&app.admin, &Authority::operator(), lee.id, &password, "seen in person").await.unwrap();
    let (_, proof) = app.accounts.prove(&lee, &password, &from([192, 0, 2, 1])).await.unwrap();
    assert!(matches!(unproven.proven(&proof), Err(Rejected::ProofNeeded)));
}

/// A function that only reads asks for one of these, and for no proof.
const READING: &[&str] = &[
    "Permission::ReadAudit",
    "Permission::ReadClients",
    "Permission::ReadConnections",
    "Permission::ReadKeys",
    "Permission::ReadSessions",
    "Permission::ReadSettings",
    "Permission::ReadUsers",
    "Permission::ReadWebhooks",
];

#[test]
fn every_function_that_changes_something_or_leads_to_secrets_takes_a_proven_authority() {
    let mut proven = 0;
    for (name, text) in sources() {
        for function in text.split("\npub ").skip(1) {
            // What stands before is its signature; behind it there may be private functions that it calls.
            let Some((signature, rest)) = function.split_once("authority.require(") else { continue };
            let permission = rest.split(')').next().unwrap();
            let asks = signature.contains("authority: &ProvenAuthority");
            assert_eq!(asks, !READING.contains(&permission), "{name}: {}", function.lines().next().unwrap());
            proven += usize::from(asks);
        }
    }
    assert!(proven >= 15, "{proven}");
}
