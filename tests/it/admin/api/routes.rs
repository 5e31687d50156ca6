//! Who may do what, operation by operation.

use std::collections::BTreeSet;
use std::fmt::Write;

use haechi::admin::affiliations::{GroupResource, RoleResource};
use haechi::admin::{Authority, PERMISSIONS, apis, connections, delegations, users, webhooks};
use haechi::config::mail::MailTransport;
use haechi::http::api::{OPERATIONS, Operation, Parameter, Takes};
use haechi::model::Delegation;
use haechi::model::user::Role;
use serde_json::{Value, json};

use super::mail::given_up_mail;
use super::relations::{linked, with_passkey};
use super::{call, house_with, problem, service, somebody, token_as, token_of, token_of_service};
use crate::admin::affiliations::define;
use crate::admin::attributes::declare;
use crate::admin::claim_rules::rule;
use crate::admin::web_client;
use crate::support::app::TestApp;
use crate::support::call::Answer;
use crate::support::keys::ED25519;
use crate::support::pictures;

/// What is sent with an operation, so that a caller who may is not refused. An operation without a row fails.
#[allow(clippy::too_many_lines, reason = "a body for each operation")]
fn body(operation: &Operation) -> Option<Value> {
    Some(match operation.id {
        "createUser" => json!({ "email": "new@example.com" }),
        "updateUser" => json!({ "nickname": "Kim" }),
        "setUserPassword" => json!({ "password": "a tandem for two herons", "reason": "asked at the desk" }),
        "resetUserSecondFactors" | "removeUserPasskey" => json!({ "reason": "phone lost" }),
        "inviteUser" => {
            json!({ "email": "lee@example.com", "memberships": { "groups": ["staff"], "roles": ["reader"] } })
        }
        "mailUserPasswordReset" => json!({ "reason": "asked at the desk" }),
        "testMail" => json!({ "to": "kim@example.com" }),
        "importUsers" => json!({ "rows": [] }),
        "createAttribute" => json!({ "name": "badge" }),
        "updateAttribute" => json!({ "label": "Level" }),
        "createClaimRule" => json!({ "name": "access", "claim": "access", "source": "roles", "scope": "profile" }),
        "updateClaimRule" => json!({ "scope": "email" }),
        "createGroup" => json!({ "name": "sales" }),
        "updateGroup" => json!({ "roles": ["reader"] }),
        "createRole" => json!({ "name": "manager", "client_id": "shop" }),
        "updateRole" => json!({ "label": "Reader" }),
        "updateUserMemberships" => json!({ "groups": ["staff"], "roles": ["reader"] }),
        "createApi" => json!({ "resource": "https://new.example/" }),
        "updateApi" => json!({ "resource_name": "Better orders" }),
        "createClient" => json!({ "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }),
        "updateClient" => json!({ "client_name": "Better shop" }),
        "rotateClientSecret" | "rotateWebhookSecret" => json!({ "grace_seconds": 0 }),
        "createConnection" => json!({ "preset": "github", "client_id": "haechi" }),
        "updateConnection" => json!({ "label": "Google" }),
        "setConnectionSecret" => json!({ "client_secret": "secret-of-the-provider" }),
        "moveConnection" => json!({ "to": "up" }),
        "updateSignInPolicy" => json!({ "remember_me": true }),
        "updateBranding" => json!({ "product_name": "Books" }),
        "createWebhook" => json!({ "url": "https://hooks.example/" }),
        "updateWebhook" => json!({ "description": "data" }),
        "updateSigningPolicy" => json!({ "algorithms_off": ["PS256"] }),
        "importKey" => json!({ "algorithm": "EdDSA", "pem": ED25519 }),
        "rotateKeys" => json!({ "algorithm": "ES256" }),
        "applyDeclaration" => {
            json!({ "declaration": { "clients": [{ "client_id": "shop", "client_name": "Better" }] } })
        }
        "listUsers"
        | "exportUsers"
        | "getUser"
        | "deleteUser"
        | "enableUser"
        | "disableUser"
        | "listUserSessions"
        | "endUserSessions"
        | "endUserSession"
        | "endEverySession"
        | "releaseAttribute"
        | "releaseClient"
        | "releaseConnection"
        | "releaseWebhook"
        | "inviteUserAgain"
        | "withdrawUserInvitation"
        | "listMails"
        | "getMail"
        | "retryMail"
        | "dropMail"
        | "listUserSecondFactors"
        | "listUserLinks"
        | "listUserPasskeys"
        | "unlinkUser"
        | "listUserApps"
        | "revokeUserApps"
        | "revokeUserApp"
        | "listAttributes"
        | "getAttribute"
        | "deleteAttribute"
        | "getUserMemberships"
        | "previewUserTokens"
        | "listClaimRules"
        | "getClaimRule"
        | "releaseClaimRule"
        | "deleteClaimRule"
        | "listGroups"
        | "getGroup"
        | "deleteGroup"
        | "listGroupMembers"
        | "addGroupMember"
        | "removeGroupMember"
        | "listGroupManagers"
        | "addGroupManager"
        | "removeGroupManager"
        | "listRoles"
        | "getRole"
        | "deleteRole"
        | "listRoleMembers"
        | "addRoleMember"
        | "removeRoleMember"
        | "listApis"
        | "getApi"
        | "releaseApi"
        | "listClientConsents"
        | "revokeClientConsents"
        | "releaseGroup"
        | "releaseRole"
        | "releaseSignInPolicy"
        | "releaseSigningPolicy"
        | "getSigningPolicy"
        | "releaseBranding"
        | "deleteApi"
        | "listApiClients"
        | "addApiClient"
        | "removeApiClient"
        | "listClients"
        | "getClient"
        | "deleteClient"
        | "setClientLogo"
        | "removeClientLogo"
        | "setLogo"
        | "removeLogo"
        | "enableClient"
        | "disableClient"
        | "listClientManagers"
        | "addClientManager"
        | "removeClientManager"
        | "listClientProblems"
        | "getClientRecentLogins"
        | "listProblems"
        | "listConnections"
        | "getConnection"
        | "deleteConnection"
        | "enableConnection"
        | "disableConnection"
        | "getSignInPolicy"
        | "getBranding"
        | "listKeys"
        | "revokeKey"
        | "listWebhooks"
        | "getWebhook"
        | "deleteWebhook"
        | "enableWebhook"
        | "disableWebhook"
        | "testWebhook"
        | "listWebhookMessages"
        | "replayWebhookMessage"
        | "listAuditEntries"
        | "exportAuditEntries"
        | "verifyAudit"
        | "listSettings"
        | "listSetupChecks"
        | "getProductionSettings"
        | "getHealth"
        | "listAttention"
        | "listLoginCounts"
        | "listThrottledCounts"
        | "listTokenCounts"
        | "listRefusalCounts"
        | "listActivePeople"
        | "listPresets"
        | "listRecipes"
        | "getDeclaration"
        | "getAuditEntry" => return None,
        other => panic!("{other}: say here what is sent with it"),
    })
}

/// Somebody who is invited.
const INVITED: &str = "{invited}";
/// Somebody who manages the group and the client.
const MANAGER: &str = "{manager}";

/// A house in which there is one of everything that a path names.
pub(super) struct Furniture {
    pub(super) house: TestApp,
    names: Vec<(&'static str, String)>,
}

impl Furniture {
    pub(super) async fn new() -> Self {
        let house = house_with(|config| config.mail.transport = Some(MailTransport::File)).await;
        let (admin, by) = (&house.admin, &Authority::operator());
        let user = somebody(&house, "kim", &[]).await;
        house.signed_in(&user).await;
        let sign_in = house.flow.sessions.of_user(user.id).await.unwrap()[0].id;
        let client = web_client(&house, "shop").await;
        let new = json!({ "preset": "google", "client_id": "haechi", "client_secret": "secret-of-google" });
        let google = connections::create(admin, by, serde_json::from_value(new).unwrap()).await.unwrap();
        let link = linked(&house, &user, &google, "1").await;
        let passkey = with_passkey(&house, &user).await;
        house.consented(&user, "shop", "openid").await;
        declare(&house, json!({ "name": "level" })).await;
        rule(&house, json!({ "name": "crew", "claim": "crew", "source": "groups", "scope": "profile" })).await;
        let staff = define::<GroupResource>(&house, json!({ "name": "staff" })).await.affiliation.id;
        let manager = somebody(&house, "manager", &[]).await;
        for of in [Delegation::App(client.id.clone()), Delegation::Group(staff)] {
            delegations::give(admin, by, manager.id, &of).await.unwrap();
        }
        define::<RoleResource>(&house, json!({ "name": "reader" })).await;
        let kid = house.keys.list()[0].id;
        let hook = serde_json::from_value(json!({ "url": "https://hooks.example/" })).unwrap();
        let hook = webhooks::create(admin, by, &hook).await.unwrap().webhook.id;
        let message = webhooks::test(admin, by, hook).await.unwrap().id;
        let orders = serde_json::from_value(json!({ "resource": "https://orders.example/" })).unwrap();
        let orders = apis::create(admin, by, &orders).await.unwrap();
        let invited = serde_json::from_value(json!({ "email": "invited@example.com" })).unwrap();
        let invited = users::invite(admin, by, invited).await.unwrap();
        let names = vec![
            ("{api_id}", orders.id.to_string()),
            ("{sub}", user.id.to_string()),
            ("{name}", "level".to_owned()),
            ("{rule}", "crew".to_owned()),
            ("{group}", "staff".to_owned()),
            ("{role}", "reader".to_owned()),
            ("{link_id}", link.to_string()),
            ("{passkey_id}", passkey.to_string()),
            ("{event_id}", house.audit_log().await[0].id.to_string()),
            ("{sid}", sign_in.to_string()),
            ("{client_id}", client.id.to_string()),
            ("{slug}", google.slug.to_string()),
            ("{kid}", kid.to_string()),
            ("{webhook_id}", hook.to_string()),
            ("{message_id}", message.to_string()),
            ("{mail_id}", given_up_mail(&house).await.to_string()),
            (INVITED, invited.id.to_string()),
            (MANAGER, manager.id.to_string()),
        ];
        Self { house, names }
    }

    /// Asks for an operation. What changes something is only tried.
    pub(super) async fn ask(&self, operation: &Operation, token: Option<&str>) -> Answer {
        // An invitation is sent again to somebody who has no way in yet.
        let path = match operation.id {
            "inviteUserAgain" | "withdrawUserInvitation" => operation.path.replace("{sub}", INVITED),
            "removeGroupManager" | "removeClientManager" => operation.path.replace("{sub}", MANAGER),
            _ => operation.path.to_owned(),
        };
        let named = self.names.iter().fold(path, |path, (name, is)| path.replace(name, is));
        let query = match operation.id {
            "previewUserTokens" => "?client_id=shop",
            _ if operation.changes() => "?dry_run=true",
            _ => "",
        };
        let path = format!("/api/v1{named}{query}");
        let call = self.house.call(operation.method, &path);
        let call = if let Some(token) = token { call.bearer(token) } else { call };
        let call = match body(operation) {
            Some(body) => call.body("application/json", &body.to_string()),
            None if operation.takes == Takes::Picture => call.bytes("image/png", &pictures::png(8, 8, 1)),
            None => call,
        };
        call.send().await
    }
}

fn may(role: Role, operation: &Operation) -> bool {
    let (_, permissions) = PERMISSIONS.iter().find(|(known, _)| *known == role).unwrap();
    permissions.contains(&operation.permission) && operation.also.is_none_or(|also| permissions.contains(&also))
}

#[tokio::test]
async fn adm_001_each_role_may_do_what_the_table_says_by_every_operation_and_nothing_else() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let mut callers = Vec::new();
    for &role in Role::ALL {
        callers.push((role.as_str().to_owned(), role, token_as(house, role).await));
    }
    for role in [Role::Administrator, Role::Auditor] {
        let machine =
            service(house, &format!("machine-{}", role.as_str().replace('_', "-")), &[role], "haechi:write").await;
        callers.push((format!("a machine, {}", role.as_str()), role, token_of_service(house, &machine).await));
    }
    let mut matrix = String::new();
    for operation in OPERATIONS {
        writeln!(matrix, "{} {}", operation.method, operation.path).unwrap();
        for (name, role, token) in &callers {
            let answer = furniture.ask(operation, Some(token)).await;
            if may(*role, operation) {
                assert!(answer.status.is_success(), "{} as {name}: {answer:?}", operation.id);
            } else {
                assert_eq!(problem(&answer), (403, "forbidden".to_owned()), "{} as {name}", operation.id);
                assert!(answer.header("www-authenticate").unwrap().contains("insufficient_scope"));
            }
            writeln!(matrix, "  {name}: {}", answer.status.as_u16()).unwrap();
        }
    }
    insta::assert_snapshot!(matrix);
}

#[tokio::test]
async fn adm_001_nobody_an_end_user_an_app_and_a_token_for_seeing_get_nowhere() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let owner = somebody(house, "owner", &[Role::Owner]).await;
    let end_user = token_of(house, &somebody(house, "end-user", &[]).await, "haechi:write").await;
    let app = token_of_service(house, &service(house, "app", &[], "haechi:write").await).await;
    let seeing = token_of(house, &owner, "haechi:read").await;
    let of_no_scope = token_of(house, &owner, "openid").await;
    for operation in OPERATIONS {
        let id = operation.id;
        let nobody = furniture.ask(operation, None).await;
        assert_eq!(problem(&nobody), (401, "unauthenticated".to_owned()), "{id}");
        assert_eq!(nobody.header("www-authenticate"), Some("Bearer realm=\"haechi\""), "{id}");
        for token in [&end_user, &app] {
            assert_eq!(problem(&furniture.ask(operation, Some(token)).await), (403, "forbidden".to_owned()), "{id}");
        }
        let answer = furniture.ask(operation, Some(&of_no_scope)).await;
        assert_eq!(problem(&answer), (403, "insufficient_scope".to_owned()), "{id}");
        let answer = furniture.ask(operation, Some(&seeing)).await;
        if operation.permission.is_to_see() {
            assert!(answer.status.is_success(), "{id}: {answer:?}");
        } else {
            assert_eq!(problem(&answer), (403, "insufficient_scope".to_owned()), "{id}");
            assert!(answer.header("www-authenticate").unwrap().contains("scope=\"haechi:write\""), "{id}");
        }
    }
}

/// Trying something does nothing: not even the audit log hears of it.
#[tokio::test]
async fn what_is_only_tried_is_not_done() {
    let furniture = Furniture::new().await;
    let house = &furniture.house;
    let owner = token_as(house, Role::Owner).await;
    let state = async || {
        let list = |path: &'static str| async { call(house, "GET", path, &owner).send().await.expect(200) };
        [
            list("/users").await,
            list("/attributes").await,
            list("/groups").await,
            list("/roles").await,
            list("/clients").await,
            list("/apis").await,
            list("/connections").await,
            list("/keys").await,
            list("/audit").await,
            list("/mail").await,
        ]
    };
    let before = state().await;
    for operation in OPERATIONS.iter().filter(|operation| operation.changes()) {
        assert!(operation.parameters.contains(&Parameter::DryRun), "{}", operation.id);
        let answer = furniture.ask(operation, Some(&owner)).await;
        assert!(answer.status.is_success(), "{}: {answer:?}", operation.id);
        assert!(answer.header("location").is_none() && answer.header("etag").is_none(), "{}", operation.id);
    }
    assert_eq!(state().await, before);
}

#[test]
fn each_operation_has_a_name_and_a_way_of_its_own() {
    let ids: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let ways: BTreeSet<_> = OPERATIONS.iter().map(|operation| (operation.method, operation.path)).collect();
    assert_eq!((ids.len(), ways.len()), (OPERATIONS.len(), OPERATIONS.len()));
    // Whoever only sees changes nothing.
    for operation in OPERATIONS {
        assert_ne!(operation.changes(), operation.permission.is_to_see(), "{}", operation.id);
    }
}
