//! Everything that the API can do: one row an operation.

use axum::routing::{delete, get, patch, post, put};

use super::operation::{Answers, AuditParameter, Operation, Parameter, Shape, Takes};
use super::{
    affiliations, apis, attributes, audit, claim_rules, clients, connections, declaration, instance, keys, mail,
    managers, people, policy, relations, sessions, users, webhooks,
};
use crate::admin::Permission::{
    self, ApplyFiles, AssignRoles, EndEverything, ExportUsers, ImportKeys, ReadAudit, ReadClients, ReadConnections,
    ReadKeys, ReadSessions, ReadSettings, ReadUsers, ReadWebhooks, RevokeKeys, RevokeSessions, RotateKeys,
    WriteAttributes, WriteClients, WriteConnections, WriteGroups, WriteSettings, WriteUsers, WriteWebhooks,
};
use crate::admin::affiliations::{GroupResource, RoleResource};
use crate::http::AppState;

type Handler = fn() -> axum::routing::MethodRouter<AppState>;
type Head = (&'static str, &'static str, &'static str);

const PAGE: &[Parameter] = &[Parameter::Cursor, Parameter::Limit, Parameter::Fields];
const SEARCH: &[Parameter] = &[Parameter::Search, Parameter::Cursor, Parameter::Limit, Parameter::Fields];
#[rustfmt::skip]
const USERS: &[Parameter] = &[
    Parameter::Search, Parameter::Status, Parameter::Administers, Parameter::Group, Parameter::Role, Parameter::Sort, Parameter::Cursor, Parameter::Limit,
    Parameter::Fields,
];
#[rustfmt::skip]
const CLIENTS: &[Parameter] = &[
    Parameter::Search, Parameter::ClientKind, Parameter::Enabled, Parameter::ClientSort, Parameter::Cursor, Parameter::Limit, Parameter::Fields,
];
const APIS: &[Parameter] =
    &[Parameter::Search, Parameter::Resource, Parameter::Cursor, Parameter::Limit, Parameter::Fields];
#[rustfmt::skip]
const AUDIT: &[Parameter] = &[
    Parameter::Audit(AuditParameter::Kind), Parameter::Audit(AuditParameter::Outcome), Parameter::Audit(AuditParameter::Actor), Parameter::Audit(AuditParameter::User),
    Parameter::Audit(AuditParameter::Client), Parameter::Audit(AuditParameter::Target), Parameter::Audit(AuditParameter::Request), Parameter::Audit(AuditParameter::Since),
    Parameter::Audit(AuditParameter::Until), Parameter::Cursor, Parameter::Limit, Parameter::Fields,
];
/// The same, for a file.
#[rustfmt::skip]
const AUDIT_FILE: &[Parameter] = &[
    Parameter::Audit(AuditParameter::Kind), Parameter::Audit(AuditParameter::Outcome), Parameter::Audit(AuditParameter::Actor), Parameter::Audit(AuditParameter::User),
    Parameter::Audit(AuditParameter::Client), Parameter::Audit(AuditParameter::Target), Parameter::Audit(AuditParameter::Request), Parameter::Audit(AuditParameter::Since),
    Parameter::Audit(AuditParameter::Until), Parameter::Format,
];
#[rustfmt::skip]
const MAILS: &[Parameter] = &[
    Parameter::Search, Parameter::MailState, Parameter::MailPurpose, Parameter::MailUser, Parameter::Cursor, Parameter::Limit, Parameter::Fields,
];
const FIELDS: &[Parameter] = &[Parameter::Fields];
const COUNTS: &[Parameter] = &[Parameter::Resolution, Parameter::Fields];
const PREVIEW: &[Parameter] = &[Parameter::Client, Parameter::Scope, Parameter::Resource, Parameter::Fields];
const TRY: &[Parameter] = &[Parameter::DryRun];
const TRY_AND_KEEP: &[Parameter] = &[Parameter::DryRun, Parameter::KeepSessions];

/// Everything that the API can do.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    list(("/users", "listUsers", "List accounts, in the order in which they were made where the query says no other."), ReadUsers, (USERS, Shape::User), || get(users::list)),
    create(("/users", "createUser", "Make an account."), WriteUsers, (Shape::User, Shape::User), || post(users::create)),
    Operation { method: "POST", path: "/users/invite", id: "inviteUser", summary: "Make an account for somebody, who is mailed a link to set its password by. The link works for a week.", permission: WriteUsers, also: None, parameters: TRY, takes: Takes::One(Shape::Invitation), answers: Answers::Created(Shape::User), handler: || post(users::invite) },
    Operation { method: "POST", path: "/users/import", id: "importUsers", summary: "Make accounts of rows, with the password hashes that they had elsewhere: each row as a whole or not at all.", permission: WriteUsers, also: None, parameters: TRY, takes: Takes::One(Shape::ImportWanted), answers: Answers::Page(Shape::RowReport), handler: || post(people::import) },
    Operation { method: "POST", path: "/users/export", id: "exportUsers", summary: "Take all accounts elsewhere, without secrets. The audit log says so.", permission: ExportUsers, also: None, parameters: &[Parameter::DryRun, Parameter::Format], takes: Takes::Nothing, answers: Answers::File, handler: || post(people::export) },
    show(("/users/{sub}", "getUser", "Show an account."), ReadUsers, Shape::User, || get(users::show)),
    update(("/users/{sub}", "updateUser", "Change an account: claims, address and roles."), WriteUsers, Shape::User, || patch(users::update)),
    remove(("/users/{sub}", "deleteUser", "Delete an account with everything that it has."), WriteUsers, TRY, || delete(users::remove)),
    act(("/users/{sub}/enable", "enableUser", "Switch an account on."), WriteUsers, (TRY, Takes::Nothing, Shape::User), || post(users::enable)),
    act(("/users/{sub}/disable", "disableUser", "Switch an account off: nothing of it counts any more."), WriteUsers, (TRY, Takes::Nothing, Shape::User), || post(users::disable)),
    set(("/users/{sub}/password", "setUserPassword", "Set the password of an account, for a reason that the audit log keeps; what was signed in with the old one ends."), WriteUsers, (Shape::Password, Shape::User), || put(users::set_password)),
    all(("/users/{sub}/second-factors", "listUserSecondFactors", "List the second factors of an account, the oldest first. Their secrets are never shown."), ReadUsers, Shape::SecondFactor, || get(users::factors)),
    act(("/users/{sub}/second-factors/reset", "resetUserSecondFactors", "Take every second factor and the recovery codes from an account, for a reason that the audit log keeps. It is signed out everywhere."), WriteUsers, (TRY, Takes::One(Shape::ResetWanted), Shape::User), || post(users::reset_factors)),
    act(("/users/{sub}/password-reset", "mailUserPasswordReset", "Mail an account a link to set a new password by, for a reason that the audit log keeps. Until it is used nothing of the account changes."), WriteUsers, (TRY, Takes::One(Shape::ResetWanted), Shape::User), || post(users::send_reset_link)),
    act(("/users/{sub}/invitation", "inviteUserAgain", "Mail an invitation again: the link of the one before ends."), WriteUsers, (TRY, Takes::Nothing, Shape::User), || post(users::invite_again)),
    remove(("/users/{sub}/invitation", "withdrawUserInvitation", "End the link of an invitation. The account stays."), WriteUsers, TRY, || delete(users::withdraw_invitation)),
    show(("/users/{sub}/memberships", "getUserMemberships", "Show which groups and which roles in apps an account was given."), ReadUsers, Shape::Memberships, || get(affiliations::of_user)),
    update(("/users/{sub}/memberships", "updateUserMemberships", "Give an account groups and roles in apps, and take them: a list that is said replaces the one before."), WriteUsers, Shape::Memberships, || patch(affiliations::set_of_user)),
    all(("/users/{sub}/sessions", "listUserSessions", "List where an account is signed in, the session used last first."), ReadSessions, Shape::SignIn, || get(sessions::list)),
    remove(("/users/{sub}/sessions", "endUserSessions", "End every session and grant of an account."), RevokeSessions, TRY, || delete(sessions::end_all_of_user)),
    remove(("/users/{sub}/sessions/{sid}", "endUserSession", "End one session of an account."), RevokeSessions, TRY, || delete(sessions::end)),
    all(("/users/{sub}/links", "listUserLinks", "List the accounts at upstream providers that sign in to an account, the oldest first."), ReadUsers, Shape::Link, || get(relations::links)),
    remove(("/users/{sub}/links/{link_id}", "unlinkUser", "Remove a link of an account to one at a provider, with what was signed in by it. The last way in stays."), WriteUsers, TRY, || delete(relations::unlink)),
    all(("/users/{sub}/passkeys", "listUserPasskeys", "List the passkeys of an account, the oldest first."), ReadUsers, Shape::Passkey, || get(relations::passkeys)),
    Operation { method: "POST", path: "/users/{sub}/passkeys/{passkey_id}/remove", id: "removeUserPasskey", summary: "Remove a passkey of an account, for a reason that the audit log keeps, with everything that was signed in. The last way in stays.", permission: WriteUsers, also: None, parameters: TRY, takes: Takes::One(Shape::ResetWanted), answers: Answers::Nothing, handler: || post(relations::remove_passkey) },
    all(("/users/{sub}/apps", "listUserApps", "List the clients that have access to an account: what its end-user agreed to, and what was granted without asking."), ReadUsers, Shape::AppAccess, || get(relations::apps)),
    remove(("/users/{sub}/apps", "revokeUserApps", "Take the access of every client to an account away; its sessions go on."), RevokeSessions, TRY, || delete(relations::withdraw_all)),
    remove(("/users/{sub}/apps/{client_id}", "revokeUserApp", "Take the access of a client to an account away: what its end-user agreed to, and everything that came of it."), RevokeSessions, TRY, || delete(relations::withdraw)),
    Operation { parameters: PREVIEW, also: Some(ReadClients), ..seen(("/users/{sub}/token-preview", "previewUserTokens", "Show what the tokens of an account would say in an app, and why. Nothing is signed or kept."), ReadUsers, Shape::TokenPreview, || get(claim_rules::preview)) },
    remove(("/sessions", "endEverySession", "End every session and grant of every account."), EndEverything, TRY, || delete(sessions::end_everything)),

    all(("/attributes", "listAttributes", "List the custom attributes of accounts that are declared."), ReadUsers, Shape::Attribute, || get(attributes::list)),
    create(("/attributes", "createAttribute", "Declare a custom attribute of accounts."), WriteAttributes, (Shape::Attribute, Shape::Attribute), || post(attributes::create)),
    show(("/attributes/{name}", "getAttribute", "Show a declared attribute."), ReadUsers, Shape::Attribute, || get(attributes::show)),
    update(("/attributes/{name}", "updateAttribute", "Change what is said of an attribute."), WriteAttributes, Shape::Attribute, || patch(attributes::update)),
    act(("/attributes/{name}/release", "releaseAttribute", "Give an attribute back that declared files manage."), WriteAttributes, (TRY, Takes::Nothing, Shape::Attribute), || post(attributes::release)),
    remove(("/attributes/{name}", "deleteAttribute", "Take an attribute back: its values are hidden at once."), WriteAttributes, TRY, || delete(attributes::remove)),

    all(("/claim-rules", "listClaimRules", "List the rules by which apps are told of people."), ReadUsers, Shape::ClaimRule, || get(claim_rules::list)),
    create(("/claim-rules", "createClaimRule", "Make a rule by which apps are told of people."), WriteAttributes, (Shape::ClaimRule, Shape::ClaimRule), || post(claim_rules::create)),
    show(("/claim-rules/{rule}", "getClaimRule", "Show a claim rule."), ReadUsers, Shape::ClaimRule, || get(claim_rules::show)),
    update(("/claim-rules/{rule}", "updateClaimRule", "Change what a claim rule says. Apps are told with their next tokens."), WriteAttributes, Shape::ClaimRule, || patch(claim_rules::update)),
    act(("/claim-rules/{rule}/release", "releaseClaimRule", "Give a claim rule back that declared files manage."), WriteAttributes, (TRY, Takes::Nothing, Shape::ClaimRule), || post(claim_rules::release)),
    remove(("/claim-rules/{rule}", "deleteClaimRule", "Delete a claim rule. Apps are told no more with their next tokens."), WriteAttributes, TRY, || delete(claim_rules::remove)),

    list(("/groups", "listGroups", "List groups by name."), ReadUsers, (SEARCH, Shape::Group), || get(affiliations::list::<GroupResource>)),
    create(("/groups", "createGroup", "Make a group."), WriteGroups, (Shape::Group, Shape::Group), || post(affiliations::create::<GroupResource>)),
    show(("/groups/{group}", "getGroup", "Show a group, by its id or its name."), ReadUsers, Shape::Group, || get(affiliations::show::<GroupResource>)),
    update(("/groups/{group}", "updateGroup", "Change what is said of a group, and the roles that it brings."), WriteGroups, Shape::Group, || patch(affiliations::update::<GroupResource>)),
    act(("/groups/{group}/release", "releaseGroup", "Give a group back that declared files manage."), WriteGroups, (TRY, Takes::Nothing, Shape::Group), || post(affiliations::release::<GroupResource>)),
    remove(("/groups/{group}", "deleteGroup", "Delete a group: nobody is in it any more."), WriteGroups, TRY, || delete(affiliations::remove::<GroupResource>)),
    list(("/groups/{group}/members", "listGroupMembers", "List the accounts in a group."), ReadUsers, (PAGE, Shape::User), || get(affiliations::members::<GroupResource>)),
    Operation { method: "PUT", path: "/groups/{group}/members/{sub}", id: "addGroupMember", summary: "Put an account into a group.", permission: WriteUsers, also: None, parameters: TRY, takes: Takes::Nothing, answers: Answers::Nothing, handler: || put(affiliations::join::<GroupResource>) },
    remove(("/groups/{group}/members/{sub}", "removeGroupMember", "Take an account out of a group."), WriteUsers, TRY, || delete(affiliations::leave::<GroupResource>)),

    all(("/groups/{group}/managers", "listGroupManagers", "List the accounts and service accounts that manage the people in a group without a role."), ReadUsers, Shape::Manager, || get(managers::of_group)),
    Operation { method: "PUT", path: "/groups/{group}/managers/{sub}", id: "addGroupManager", summary: "Have an account, or a client for what it does for itself, manage the people in a group.", permission: AssignRoles, also: None, parameters: TRY, takes: Takes::Nothing, answers: Answers::Nothing, handler: || put(managers::add_to_group) },
    remove(("/groups/{group}/managers/{sub}", "removeGroupManager", "Have an account or a client manage the people in a group no more."), AssignRoles, TRY, || delete(managers::remove_from_group)),

    list(("/roles", "listRoles", "List roles in apps by key: the name, and before it the client whose own it is."), ReadUsers, (SEARCH, Shape::Role), || get(affiliations::list::<RoleResource>)),
    create(("/roles", "createRole", "Make a role in every app, or in one."), WriteGroups, (Shape::Role, Shape::Role), || post(affiliations::create::<RoleResource>)),
    show(("/roles/{role}", "getRole", "Show a role, by its id or its key."), ReadUsers, Shape::Role, || get(affiliations::show::<RoleResource>)),
    update(("/roles/{role}", "updateRole", "Change what is said of a role."), WriteGroups, Shape::Role, || patch(affiliations::update::<RoleResource>)),
    act(("/roles/{role}/release", "releaseRole", "Give a role back that declared files manage."), WriteGroups, (TRY, Takes::Nothing, Shape::Role), || post(affiliations::release::<RoleResource>)),
    remove(("/roles/{role}", "deleteRole", "Delete a role: nobody has it any more."), WriteGroups, TRY, || delete(affiliations::remove::<RoleResource>)),
    list(("/roles/{role}/members", "listRoleMembers", "List the accounts that were given a role themselves."), ReadUsers, (PAGE, Shape::User), || get(affiliations::members::<RoleResource>)),
    Operation { method: "PUT", path: "/roles/{role}/members/{sub}", id: "addRoleMember", summary: "Give an account a role.", permission: WriteUsers, also: None, parameters: TRY, takes: Takes::Nothing, answers: Answers::Nothing, handler: || put(affiliations::join::<RoleResource>) },
    remove(("/roles/{role}/members/{sub}", "removeRoleMember", "Take a role from an account."), WriteUsers, TRY, || delete(affiliations::leave::<RoleResource>)),

    list(("/clients", "listClients", "List clients, by id where the query says no other order."), ReadClients, (CLIENTS, Shape::Client), || get(clients::list)),
    create(("/clients", "createClient", "Register a client. The answer has its secret, where it gets one: that is shown once."), WriteClients, (Shape::Client, Shape::Client), || post(clients::create)),
    show(("/clients/{client_id}", "getClient", "Show a client."), ReadClients, Shape::Client, || get(clients::show)),
    update(("/clients/{client_id}", "updateClient", "Change what a client is registered for."), WriteClients, Shape::Client, || patch(clients::update)),
    remove(("/clients/{client_id}", "deleteClient", "Delete a client with everything that it was granted."), WriteClients, TRY, || delete(clients::remove)),
    act(("/clients/{client_id}/enable", "enableClient", "Switch a client on."), WriteClients, (TRY, Takes::Nothing, Shape::Client), || post(clients::enable)),
    act(("/clients/{client_id}/disable", "disableClient", "Switch a client off: everything that it was granted ends."), WriteClients, (TRY, Takes::Nothing, Shape::Client), || post(clients::disable)),
    act(("/clients/{client_id}/release", "releaseClient", "Give a client back that declared files manage."), WriteClients, (TRY, Takes::Nothing, Shape::Client), || post(clients::release)),
    act(("/clients/{client_id}/secret", "rotateClientSecret", "Give a client a new secret, which the answer shows once. The old one works on for a while."), WriteClients, (TRY, Takes::Optional(Shape::SecretWanted), Shape::Client), || post(clients::rotate_secret)),
    Operation { method: "PUT", path: "/clients/{client_id}/logo", id: "setClientLogo", summary: "Give a client a logo: a PNG, JPEG or WebP, which is served from here and is its `logo_uri` from then on.", permission: WriteClients, also: None, parameters: TRY, takes: Takes::Picture, answers: Answers::One(Shape::Client), handler: || put(clients::set_logo) },
    remove(("/clients/{client_id}/logo", "removeClientLogo", "Take the logo of a client away that was uploaded."), WriteClients, TRY, || delete(clients::remove_logo)),
    Operation { also: Some(ReadClients), ..all(("/clients/{client_id}/managers", "listClientManagers", "List the accounts and service accounts that manage a client without a role."), ReadUsers, Shape::Manager, || get(managers::of_client)) },
    Operation { method: "PUT", path: "/clients/{client_id}/managers/{sub}", id: "addClientManager", summary: "Have an account, or another client for what it does for itself, manage a client.", permission: AssignRoles, also: None, parameters: TRY, takes: Takes::Nothing, answers: Answers::Nothing, handler: || put(managers::add_to_client) },
    remove(("/clients/{client_id}/managers/{sub}", "removeClientManager", "Have an account or another client manage a client no more."), AssignRoles, TRY, || delete(managers::remove_from_client)),
    Operation { also: Some(ReadUsers), ..list(("/clients/{client_id}/consents", "listClientConsents", "List the people who agreed to what a client asked for, and what."), ReadClients, (PAGE, Shape::Consent), || get(clients::consents)) },
    remove(("/clients/{client_id}/consents", "revokeClientConsents", "Take back what everybody agreed to, with everything that the client was granted: whoever uses it is asked anew."), WriteClients, TRY, || delete(clients::withdraw_consents)),
    all(("/clients/{client_id}/problems", "listClientProblems", "List what was refused of a client lately, and what mends it."), ReadClients, Shape::Problem, || get(clients::problems)),
    seen(("/clients/{client_id}/recent-logins", "getClientRecentLogins", "Show what the last logins of a client had."), ReadClients, Shape::RecentLogins, || get(clients::recent_logins)),
    all(("/problems", "listProblems", "List what was refused of all clients lately, and what mends it."), ReadClients, Shape::Problem, || get(clients::all_problems)),

    list(("/apis", "listApis", "List the APIs that are declared, by identifier."), ReadClients, (APIS, Shape::Api), || get(apis::list)),
    create(("/apis", "createApi", "Declare an API: a resource that tokens are for."), WriteClients, (Shape::Api, Shape::Api), || post(apis::create)),
    show(("/apis/{api_id}", "getApi", "Show a declared API."), ReadClients, Shape::Api, || get(apis::show)),
    update(("/apis/{api_id}", "updateApi", "Change what is said of an API: it counts with the next token."), WriteClients, Shape::Api, || patch(apis::update)),
    act(("/apis/{api_id}/release", "releaseApi", "Give an API back that declared files manage."), WriteClients, (TRY, Takes::Nothing, Shape::Api), || post(apis::release)),
    remove(("/apis/{api_id}", "deleteApi", "Take an API back that no client may ask tokens for any more."), WriteClients, TRY, || delete(apis::remove)),
    list(("/apis/{api_id}/clients", "listApiClients", "List the clients that may ask tokens for an API."), ReadClients, (PAGE, Shape::Client), || get(apis::clients)),
    Operation { method: "PUT", path: "/apis/{api_id}/clients/{client_id}", id: "addApiClient", summary: "Let a client ask tokens for an API: it is one of its resources then.", permission: WriteClients, also: None, parameters: TRY, takes: Takes::Nothing, answers: Answers::Nothing, handler: || put(apis::let_ask) },
    remove(("/apis/{api_id}/clients/{client_id}", "removeApiClient", "Let a client ask tokens for an API no more."), WriteClients, TRY, || delete(apis::forbid)),

    list(("/connections", "listConnections", "List connections to upstream providers in the order of their buttons."), ReadConnections, (PAGE, Shape::Connection), || get(connections::list)),
    create(("/connections", "createConnection", "Make a connection to an upstream provider, switched off."), WriteConnections, (Shape::Connection, Shape::Connection), || post(connections::create)),
    show(("/connections/{slug}", "getConnection", "Show a connection."), ReadConnections, Shape::Connection, || get(connections::show)),
    update(("/connections/{slug}", "updateConnection", "Change a connection."), WriteConnections, Shape::Connection, || patch(connections::update)),
    remove(("/connections/{slug}", "deleteConnection", "Delete a connection with its links."), WriteConnections, TRY_AND_KEEP, || delete(connections::remove)),
    act(("/connections/{slug}/enable", "enableConnection", "Switch a connection on."), WriteConnections, (TRY, Takes::Nothing, Shape::Connection), || post(connections::enable)),
    act(("/connections/{slug}/disable", "disableConnection", "Switch a connection off, with the sessions that came through it unless they are to be kept."), WriteConnections, (TRY_AND_KEEP, Takes::Nothing, Shape::Connection), || post(connections::disable)),
    act(("/connections/{slug}/release", "releaseConnection", "Give a connection back that declared files manage."), WriteConnections, (TRY, Takes::Nothing, Shape::Connection), || post(connections::release)),
    set(("/connections/{slug}/secret", "setConnectionSecret", "Give a connection the secret that its provider issued. The old one is tried on for a while."), WriteConnections, (Shape::ConnectionSecret, Shape::Connection), || put(connections::set_secret)),
    act(("/connections/{slug}/move", "moveConnection", "Move the button of a connection by one place."), WriteConnections, (TRY, Takes::One(Shape::Place), Shape::Connection), || post(connections::shift)),

    show(("/sign-in", "getSignInPolicy", "Show what is decided about signing up and in."), ReadSettings, Shape::SignInPolicy, || get(policy::show_sign_in)),
    update(("/sign-in", "updateSignInPolicy", "Decide about signing up and in, within what is configured. It holds at once, for sessions of before too."), WriteSettings, Shape::SignInPolicy, || patch(policy::update_sign_in)),
    act(("/sign-in/release", "releaseSignInPolicy", "Give what is decided about signing up and in back that declared files manage."), WriteSettings, (TRY, Takes::Nothing, Shape::SignInPolicy), || post(policy::release_sign_in)),
    show(("/branding", "getBranding", "Show how the pages of end-users present the service."), ReadSettings, Shape::Branding, || get(policy::show_branding)),
    update(("/branding", "updateBranding", "Decide how the pages of end-users present the service. A colour that cannot be read is refused."), WriteSettings, Shape::Branding, || patch(policy::update_branding)),
    Operation { method: "PUT", path: "/branding/logo", id: "setLogo", summary: "Show a picture beside the name of the service: a PNG, JPEG or WebP, which is served from here.", permission: WriteSettings, also: None, parameters: TRY, takes: Takes::Picture, answers: Answers::One(Shape::Branding), handler: || put(policy::set_logo) },
    remove(("/branding/logo", "removeLogo", "Take the logo of the service away."), WriteSettings, TRY, || delete(policy::remove_logo)),
    act(("/branding/release", "releaseBranding", "Give the looks of pages back that declared files manage."), WriteSettings, (TRY, Takes::Nothing, Shape::Branding), || post(policy::release_branding)),

    all(("/keys", "listKeys", "List the signing keys, without their private parts."), ReadKeys, Shape::Key, || get(keys::list)),
    show(("/keys/algorithms", "getSigningPolicy", "Show which of the configured algorithms are switched off."), ReadSettings, Shape::SigningPolicy, || get(policy::show_signing)),
    Operation { also: Some(ReadClients), ..update(("/keys/algorithms", "updateSigningPolicy", "Switch algorithms off and on, of those that are configured. None is switched off that a client is registered with."), WriteSettings, Shape::SigningPolicy, || patch(policy::update_signing)) },
    act(("/keys/algorithms/release", "releaseSigningPolicy", "Give what is decided about algorithms back that declared files manage."), WriteSettings, (TRY, Takes::Nothing, Shape::SigningPolicy), || post(policy::release_signing)),
    Operation { takes: Takes::One(Shape::KeyGiven), answers: Answers::Unversioned(Shape::ImportedKey), ..operation(("/keys/import", "importKey", "Bring a signing key that was made elsewhere. It becomes the next one of its algorithm, in place of one that waits. It is published at once, and signs from the time on that is answered."), "POST", ImportKeys, || post(keys::import)) },
    Operation { method: "POST", path: "/keys/rotate", id: "rotateKeys", summary: "Let the next signing key take over, as soon as every verifier can know it.", permission: RotateKeys, also: None, parameters: TRY, takes: Takes::Optional(Shape::RotationWanted), answers: Answers::Page(Shape::Rotation), handler: || post(keys::rotate) },
    remove(("/keys/{kid}", "revokeKey", "Take a signing key that may be in wrong hands out of use, with everything that it signed."), RevokeKeys, TRY, || delete(keys::revoke)),

    all(("/webhooks", "listWebhooks", "List webhooks, the oldest first."), ReadWebhooks, Shape::Webhook, || get(webhooks::list)),
    create(("/webhooks", "createWebhook", "Make a webhook, which is told what happens from then on. The answer has its secret: that is shown once."), WriteWebhooks, (Shape::Webhook, Shape::Webhook), || post(webhooks::create)),
    show(("/webhooks/{webhook_id}", "getWebhook", "Show a webhook."), ReadWebhooks, Shape::Webhook, || get(webhooks::show)),
    update(("/webhooks/{webhook_id}", "updateWebhook", "Change a webhook."), WriteWebhooks, Shape::Webhook, || patch(webhooks::update)),
    remove(("/webhooks/{webhook_id}", "deleteWebhook", "Delete a webhook with the messages to it."), WriteWebhooks, TRY, || delete(webhooks::remove)),
    act(("/webhooks/{webhook_id}/enable", "enableWebhook", "Switch a webhook on: it is told what happens from then on."), WriteWebhooks, (TRY, Takes::Nothing, Shape::Webhook), || post(webhooks::enable)),
    act(("/webhooks/{webhook_id}/disable", "disableWebhook", "Switch a webhook off: it is told nothing."), WriteWebhooks, (TRY, Takes::Nothing, Shape::Webhook), || post(webhooks::disable)),
    act(("/webhooks/{webhook_id}/release", "releaseWebhook", "Give a webhook back that declared files manage."), WriteWebhooks, (TRY, Takes::Nothing, Shape::Webhook), || post(webhooks::release)),
    act(("/webhooks/{webhook_id}/secret", "rotateWebhookSecret", "Give a webhook a new secret, which the answer shows once. Messages are signed with the old one, too, for a while."), WriteWebhooks, (TRY, Takes::Optional(Shape::SecretWanted), Shape::Webhook), || post(webhooks::rotate_secret)),
    send(("/webhooks/{webhook_id}/test", "testWebhook", "Send a webhook a message that tells of nothing."), || post(webhooks::test)),
    list(("/webhooks/{webhook_id}/messages", "listWebhookMessages", "List the messages to a webhook of the last week, the newest first."), ReadWebhooks, (PAGE, Shape::Message), || get(webhooks::messages)),
    send(("/webhooks/{webhook_id}/messages/{message_id}/replay", "replayWebhookMessage", "Send a message again, whatever became of it."), || post(webhooks::replay)),

    list(("/mail", "listMails", "List the mails of the last two weeks, the newest first. What they say is not shown; search is for the beginning of the address."), ReadUsers, (MAILS, Shape::Mail), || get(mail::list)),
    Operation { takes: Takes::One(Shape::MailTestWanted), permission: WriteSettings, ..mailed(("/mail/test", "testMail", "Send a mail that says nothing, at once, and say what the mail server said."), Shape::MailTest, || post(mail::test)) },
    seen(("/mail/{mail_id}", "getMail", "Show what became of a mail."), ReadUsers, Shape::Mail, || get(mail::show)),
    mailed(("/mail/{mail_id}/retry", "retryMail", "Send a mail again that was given up."), Shape::Mail, || post(mail::retry)),
    mailed(("/mail/{mail_id}/drop", "dropMail", "Give a mail up that was not sent: what it says is forgotten."), Shape::Mail, || post(mail::give_up)),

    Operation { also: Some(ReadSettings), ..seen(("/declaration", "getDeclaration", "Show everything that the server has and that files can declare, without secrets: what `haechi export` prints. It takes the permission to see each of the lists."), ReadWebhooks, Shape::Declaration, || get(declaration::export)) },
    Operation { method: "POST", path: "/declaration/apply", id: "applyDeclaration", summary: "Have the server be what a declaration of at most 4 MiB says, one change after another. Each takes its own permission besides; where one is refused, those before it are done. `dry_run` is the plan: every difference, and no change.", permission: ApplyFiles, also: None, parameters: TRY, takes: Takes::One(Shape::DeclarationSent), answers: Answers::Page(Shape::Step), handler: || post(declaration::apply) },

    list(("/audit", "listAuditEntries", "List what happened, the newest first."), ReadAudit, (AUDIT, Shape::AuditEntry), || get(audit::list)),
    Operation { method: "GET", path: "/audit/export", id: "exportAuditEntries", summary: "Take the entries elsewhere, the newest first. The token is looked at again at each part; what was cut off ends without the end of the transfer.", permission: ReadAudit, also: None, parameters: AUDIT_FILE, takes: Takes::Nothing, answers: Answers::File, handler: || get(audit::export) },
    seen(("/audit/verification", "verifyAudit", "See whether every entry is there, as it was written. It reads the whole log."), ReadAudit, Shape::AuditVerdict, || get(audit::verify)),
    seen(("/audit/{event_id}", "getAuditEntry", "Show what happened once."), ReadAudit, Shape::AuditEntry, || get(audit::show)),

    all(("/settings", "listSettings", "List every setting, without secrets: its value, its default, and what set it."), ReadSettings, Shape::Setting, || get(instance::settings)),
    all(("/setup/checks", "listSetupChecks", "Look whether the setup is in order, as `haechi doctor` does of the running server."), ReadSettings, Shape::SetupCheck, || get(instance::checks)),
    seen(("/setup/production", "getProductionSettings", "Show what is missing for production, and the settings for it as TOML and as Helm values."), ReadSettings, Shape::Production, || get(instance::production)),
    seen(("/health", "getHealth", "Show how the database, Redis, the keys and mail are."), ReadKeys, Shape::Standings, || get(instance::standing)),
    all(("/attention", "listAttention", "List what somebody should look at, the most pressing first."), ReadSettings, Shape::Attention, || get(instance::attention)),
    list(("/counts/logins", "listLoginCounts", "List how often people signed in and failed to, by method, the most frequent first."), ReadUsers, (COUNTS, Shape::Series), || get(instance::logins)),
    list(("/counts/throttled", "listThrottledCounts", "List how often something was tried too often, the most frequent first."), ReadUsers, (COUNTS, Shape::Series), || get(instance::throttled)),
    list(("/counts/tokens", "listTokenCounts", "List how many token responses there were, by grant type and client, the most frequent first."), ReadClients, (COUNTS, Shape::Series), || get(instance::tokens)),
    list(("/counts/refusals", "listRefusalCounts", "List how many requests were refused, by reason, the most frequent first."), ReadClients, (COUNTS, Shape::Series), || get(instance::refusals)),
    all(("/counts/active-people", "listActivePeople", "List how many accounts were active on each of the last 14 days, about."), ReadUsers, Shape::Count, || get(instance::active_people)),
    all(("/presets", "listPresets", "List what connections to providers can be made of."), ReadConnections, Shape::Preset, || get(instance::presets)),
    all(("/recipes", "listRecipes", "List the software that there is a recipe for: what it registers, and what it is configured by."), ReadClients, Shape::Recipe, || get(instance::recipes)),
];

const fn operation(
    (path, id, summary): Head,
    method: &'static str,
    permission: Permission,
    handler: Handler,
) -> Operation {
    let (parameters, takes, answers) = (TRY, Takes::Nothing, Answers::Nothing);
    Operation { method, path, id, summary, permission, also: None, parameters, takes, answers, handler }
}

/// A list of which there are pages.
const fn list(
    head: Head,
    permission: Permission,
    (parameters, of): (&'static [Parameter], Shape),
    handler: Handler,
) -> Operation {
    Operation { parameters, answers: Answers::Page(of), ..operation(head, "GET", permission, handler) }
}

/// A list that is answered as a whole.
const fn all(head: Head, permission: Permission, of: Shape, handler: Handler) -> Operation {
    list(head, permission, (FIELDS, of), handler)
}

const fn show(head: Head, permission: Permission, of: Shape, handler: Handler) -> Operation {
    Operation { parameters: FIELDS, answers: Answers::One(of), ..operation(head, "GET", permission, handler) }
}

/// Something that the server saw: it has no versions.
const fn seen(head: Head, permission: Permission, of: Shape, handler: Handler) -> Operation {
    Operation { answers: Answers::Unversioned(of), ..show(head, permission, of, handler) }
}

const fn create(head: Head, permission: Permission, (takes, made): (Shape, Shape), handler: Handler) -> Operation {
    Operation {
        takes: Takes::One(takes),
        answers: Answers::Created(made),
        ..operation(head, "POST", permission, handler)
    }
}

const fn update(head: Head, permission: Permission, of: Shape, handler: Handler) -> Operation {
    Operation { takes: Takes::Patch(of), answers: Answers::One(of), ..operation(head, "PATCH", permission, handler) }
}

const fn set(head: Head, permission: Permission, (takes, of): (Shape, Shape), handler: Handler) -> Operation {
    Operation { takes: Takes::One(takes), answers: Answers::One(of), ..operation(head, "PUT", permission, handler) }
}

const fn act(
    head: Head,
    permission: Permission,
    (parameters, takes, of): (&'static [Parameter], Takes, Shape),
    handler: Handler,
) -> Operation {
    Operation { parameters, takes, answers: Answers::One(of), ..operation(head, "POST", permission, handler) }
}

/// A message to a webhook: it has no versions.
const fn send(head: Head, handler: Handler) -> Operation {
    let answers = Answers::Unversioned(Shape::Message);
    Operation { answers, ..operation(head, "POST", WriteWebhooks, handler) }
}

/// Something done to a mail: it has no versions.
const fn mailed(head: Head, of: Shape, handler: Handler) -> Operation {
    Operation { answers: Answers::Unversioned(of), ..operation(head, "POST", WriteUsers, handler) }
}

const fn remove(head: Head, permission: Permission, parameters: &'static [Parameter], handler: Handler) -> Operation {
    Operation { parameters, ..operation(head, "DELETE", permission, handler) }
}
