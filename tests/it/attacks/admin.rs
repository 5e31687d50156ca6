//! Attacks on administration, and through what clients and people register.

use haechi::admin::clients::{self, ClientResource};
use haechi::admin::users::UserResource;
use haechi::admin::{Authority, FieldError, ProvenAuthority, Rejected, claim, users};
use haechi::identity::accounts::{NewAccount, ProfileDraft, SignUpRejected};
use haechi::model::client::{ClientId, ClientKind};
use haechi::model::user::Role;
use serde_json::{Value, json};

use crate::admin::{shop, web_client};
use crate::support::accounts::{PASSWORD, from, new_account};
use crate::support::app::TestApp;

static OPERATOR: ProvenAuthority = Authority::operator();

/// Registers a client whose metadata has one field changed, and says which field was refused.
async fn refused(house: &TestApp, kind: ClientKind, change: Value) -> Option<(String, FieldError)> {
    let mut document = json!({"kind": kind, "client_name": "Shop", "redirect_uris": ["https://app.example/cb"]});
    for (field, value) in change.as_object().unwrap() {
        document[field] = value.clone();
    }
    let document = serde_json::from_value::<ClientResource>(document).unwrap();
    match clients::create(&house.admin, &OPERATOR, document).await {
        Ok(_) => None,
        Err(Rejected::Invalid(found)) => found.into_iter().next().map(|first| (first.field, first.error)),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn adm_005_clients_of_the_server_itself_cannot_be_touched() {
    let house = TestApp::new().await;
    let id = ClientId::parse("haechi.console").unwrap();
    let new = ClientResource { client_id: Some(id.to_string()), ..shop(ClientKind::Web) };
    let metadata =
        ClientResource { redirect_uris: Some(vec!["https://evil.example/".to_owned()]), ..Default::default() };
    for rejected in [
        clients::create(&house.admin, &OPERATOR, new).await.map(|_| ()),
        clients::update(&house.admin, &OPERATOR, &id, &metadata).await.map(|_| ()),
        clients::rotate_secret(&house.admin, &OPERATOR, &id, clients::DEFAULT_GRACE).await.map(|_| ()),
        clients::set_enabled(&house.admin, &OPERATOR, &id, false).await.map(|_| ()),
        clients::delete(&house.admin, &OPERATOR, &id).await,
    ] {
        assert!(matches!(rejected, Err(Rejected::Reserved)), "{rejected:?}");
    }
}

#[test]
fn adm_007_nothing_can_be_set_that_a_form_does_not_have() {
    const EXTRA: &[&str] = &[
        "id",
        "sub",
        "tenant_id",
        "is_admin",
        "roles",
        "email_verified",
        "status",
        "created_at",
        "not_before",
        "version",
        "password_hash",
        "phc",
        "secrets",
        "enabled",
        "locked_until",
        "mfa_enrolled",
    ];
    for field in EXTRA {
        let with = |mut form: Value| {
            form[*field] = json!(true);
            form
        };
        let account = with(json!({"email": "kim@example.com", "password": PASSWORD}));
        assert!(serde_json::from_value::<NewAccount>(account).is_err(), "sign-up: {field}");
        assert!(serde_json::from_value::<ProfileDraft>(with(json!({}))).is_err(), "profile: {field}");
        // That a client is enabled is part of its document, and no update changes it; when another server made it is passed over.
        if !["enabled", "created_at"].contains(field) {
            assert!(serde_json::from_value::<ClientResource>(with(json!({}))).is_err(), "client: {field}");
        }
        // These are part of an account's document.
        if !["roles", "email_verified"].contains(field) {
            assert!(serde_json::from_value::<UserResource>(with(json!({}))).is_err(), "account: {field}");
        }
    }
}

#[tokio::test]
async fn adm_008_lists_show_no_secret_and_no_digest() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let created = clients::create(&house.admin, &OPERATOR, shop(ClientKind::Web)).await.unwrap();
    let secret = created.secret.unwrap();
    let shown = json!({"client": ClientResource::from(&created.client), "user": UserResource::from(&user)}).to_string();
    for word in ["digest", "phc", "argon2", "password", "hcs_", secret.expose().as_str()] {
        assert!(!shown.contains(word), "{word} in {shown}");
    }
    let debug =
        format!("{:?}", (clients::find(&house.admin, &OPERATOR, &created.client.id).await.unwrap(), secret.clone()));
    assert!(!debug.contains(secret.expose().as_str()));
    let credential = house.stores.users.password(user.id).await.unwrap().unwrap();
    assert!(!format!("{credential:?}").contains("argon2"));
}

#[tokio::test]
async fn adm_013_a_feature_that_is_off_is_off_below_the_pages() {
    let house = TestApp::with(|config| config.accounts.sign_up = false).await;
    assert!(house.app.policies.sign_in().await.unwrap().sign_up.is_closed());
    let rejected = house.accounts.sign_up(new_account("kim@example.com", PASSWORD), &from([192, 0, 2, 1])).await;
    assert!(matches!(rejected, Err(SignUpRejected::SwitchedOff)), "{rejected:?}");
    // What administrators do goes on: they make the accounts then.
    let new = UserResource { email: Some("kim@example.com".to_owned()), ..UserResource::default() };
    assert!(users::create(&house.admin, &OPERATOR, new).await.is_ok());
}

#[tokio::test]
async fn adm_020_the_first_run_cannot_be_taken_over() {
    let house = TestApp::new().await;
    let origin = from([192, 0, 2, 1]);
    // Without the link there is no way to become administrator: signing up gives no role.
    let person = house.sign_up("early@example.com").await;
    assert!(!person.is_administrator());
    let token = claim::issue_link(&house.admin, &Authority::operator()).await.unwrap().text;
    let admin = claim::claim(&house.admin, &token, new_account("kim@example.com", PASSWORD), &origin).await.unwrap();
    // Used once, refused ever after: also when the administrator is gone.
    let again = claim::claim(&house.admin, &token, new_account("lee@example.com", PASSWORD), &origin).await;
    assert!(matches!(again, Err(claim::ClaimRejected::AlreadyClaimed)), "{again:?}");
    users::set_roles(&house.admin, &OPERATOR, person.id, vec![Role::Owner]).await.unwrap();
    users::set_enabled(&house.admin, &OPERATOR, admin.id, false).await.unwrap();
    let house = house.restarted(|_| ()).await;
    assert!(matches!(claim::issue_link(&house.admin, &Authority::operator()).await, Err(Rejected::AlreadyClaimed)));
}

#[tokio::test]
async fn redir_014_and_016_no_fragment_and_no_answer_parameter_is_registered() {
    let house = TestApp::new().await;
    for uri in [
        "https://app.example/cb#x",
        "https://app.example/cb?code=attacker&state=x",
        "https://app.example/cb?iss=x",
        "https://app.example/cb?error=x",
        "https://app.example/cb?%63ode=x",
    ] {
        let problem = refused(&house, ClientKind::Web, json!({"redirect_uris": [uri]})).await;
        assert!(
            matches!(&problem, Some((field, FieldError::RedirectUri(0, _))) if field == "redirect_uris"),
            "{uri}: {problem:?}"
        );
    }
}

#[tokio::test]
async fn redir_020_no_scheme_that_a_browser_runs_is_registered_anywhere() {
    let house = TestApp::new().await;
    for uri in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//app.example",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://app.example/1",
        "file:///etc/passwd",
    ] {
        for kind in [ClientKind::Web, ClientKind::Browser, ClientKind::Native] {
            for field in ["redirect_uris", "post_logout_redirect_uris"] {
                assert!(refused(&house, kind, json!({field: [uri]})).await.is_some(), "{kind:?} {field} {uri}");
            }
        }
        for field in ["client_uri", "logo_uri", "policy_uri", "tos_uri"] {
            let problem = refused(&house, ClientKind::Web, json!({field: uri})).await;
            assert_eq!(problem.map(|(at, _)| at).as_deref(), Some(field), "{uri}");
        }
    }
}

#[tokio::test]
async fn redir_021_a_private_scheme_needs_a_period_and_a_native_client() {
    let house = TestApp::new().await;
    let cb = |uri: &str| json!({"redirect_uris": [uri]});
    assert!(refused(&house, ClientKind::Native, cb("myapp:/cb")).await.is_some());
    assert!(refused(&house, ClientKind::Web, cb("com.example.app:/cb")).await.is_some());
    assert!(refused(&house, ClientKind::Native, cb("com.example.app:/cb")).await.is_none());
}

#[tokio::test]
async fn redir_027_a_client_that_signs_people_in_registers_where_to() {
    let house = TestApp::new().await;
    let problem = refused(&house, ClientKind::Web, json!({"redirect_uris": []})).await;
    assert_eq!(problem, Some(("redirect_uris".to_owned(), FieldError::Missing)));
    let problem = refused(&house, ClientKind::Service, json!({})).await;
    assert_eq!(problem, Some(("redirect_uris".to_owned(), FieldError::NeedsAuthorizationCode)));
}

#[tokio::test]
async fn web_003_a_name_cannot_turn_the_text_around_it() {
    let house = TestApp::new().await;
    let client = web_client(&house, "shop").await;
    for name in ["\u{202E}evil", "two\nlines", "\u{2066}x", "zero\u{200B}width", "nul\0", &"x".repeat(5000), " "] {
        let metadata = ClientResource { client_name: Some(name.to_owned()), ..Default::default() };
        let rejected = clients::update(&house.admin, &OPERATOR, &client.id, &metadata).await;
        assert!(matches!(rejected, Err(Rejected::Invalid(_))), "{name:?}: {rejected:?}");
    }
    // Markup is text: pages escape it, and nothing is lost.
    let markup = "<svg onload=alert(1)>\"'${7*7}{{7*7}}";
    let metadata = ClientResource { client_name: Some(markup.to_owned()), ..Default::default() };
    let changed = clients::update(&house.admin, &OPERATOR, &client.id, &metadata).await.unwrap();
    assert_eq!(changed.client.presentation.name, markup);
}
