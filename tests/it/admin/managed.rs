//! What declared files manage: they alone change what they say of it, until it is given back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::apis::{self, ApiResource};
use haechi::admin::claim_rules::{self, ClaimRuleResource};
use haechi::admin::clients::{self, ClientResource};
use haechi::admin::connections::{self, CameThrough, ConnectionResource, Shift};
use haechi::admin::declared::{self, Action, DeclaredKind, Step, StepRejected, Undeclared};
use haechi::admin::policy::{self, BrandingResource, SignInResource};
use haechi::admin::webhooks::{self, WebhookResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected, attributes};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::ClientId;
use haechi::model::connection::Slug;
use haechi::model::user::Role;
use serde_json::{Value, json};

use super::api::{self, call, problem, send, token_as};
use crate::support::app::TestApp;
use crate::support::pictures;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn owner(name: &str) -> ProvenAuthority {
    Authority::operator().declaring_for(slug(name))
}

async fn apply(
    app: &TestApp,
    by: &ProvenAuthority,
    files: &Value,
    undeclared: Undeclared<'_>,
) -> Result<Vec<Step>, StepRejected> {
    declared::apply(&app.app.admin, by, &declared::read(files).unwrap(), undeclared).await
}

/// One of each kind.
fn files() -> Value {
    json!({
        "attributes": [{ "name": "level", "label": "Level" }],
        "apis": [{ "resource": "https://orders.example/" }],
        "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }],
        "roles": [{ "name": "reader" }, { "name": "manager", "client_id": "shop" }],
        "groups": [{ "name": "staff", "roles": ["reader"] }],
        "claim_rules": [{ "name": "access", "claim": "access", "source": "roles", "scope": "profile" }],
        "connections": [{ "slug": "google", "preset": "google", "client_id": "we", "client_secret": "of-google", "enabled": true }],
        "webhooks": [{ "name": "warehouse", "url": "https://hooks.example/" }],
        "sign_in": { "remember_me": true },
        "branding": { "product_name": "Shop" },
    })
}

fn managed<T>(outcome: Result<T, Rejected>) -> String {
    match outcome {
        Err(Rejected::Managed(by)) => by.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was changed"),
    }
}

#[tokio::test]
async fn what_files_manage_is_changed_by_them_alone() {
    let app = TestApp::new().await;
    let (admin, by) = (&app.app.admin, &Authority::operator());
    let steps = apply(&app, &owner("gitops"), &files(), Undeclared::Stays).await.unwrap();
    assert_eq!(steps.len(), 11);
    let again = apply(&app, &owner("gitops"), &files(), Undeclared::Goes).await.unwrap();
    assert!(again.iter().all(|step| step.action == Action::Keep), "{again:?}");

    let (shop, google) = (ClientId::parse("shop").unwrap(), slug("google"));
    let hook = webhooks::list(admin, by).await.unwrap()[0].id;
    let renamed = ClientResource { client_name: Some("Mine".to_owned()), ..ClientResource::default() };
    let labelled = ConnectionResource { label: Some("Mine".to_owned()), ..ConnectionResource::default() };
    let described = WebhookResource { description: Some("mine".to_owned()), ..WebhookResource::default() };
    let said = serde_json::from_value(json!({ "label": "Mine" })).unwrap();
    let orders = apis::find(admin, by, "https://orders.example/").await.unwrap().unwrap().id;
    let titled: ApiResource = serde_json::from_value(json!({ "resource_name": "Mine" })).unwrap();
    let told = (
        GroupResource { description: Some("mine".to_owned()), ..GroupResource::default() },
        RoleResource { description: Some("mine".to_owned()), ..RoleResource::default() },
    );
    let staff = affiliations::find::<GroupResource>(admin, by, "staff").await.unwrap().unwrap().affiliation.id;
    let manager = affiliations::find::<RoleResource>(admin, by, "shop:manager").await.unwrap().unwrap().affiliation.id;
    let closed = SignInResource { remember_me: Some(false), ..SignInResource::default() };
    let called = BrandingResource { product_name: Some("Mine".to_owned()), ..BrandingResource::default() };
    let emailed = ClaimRuleResource { scope: Some("email".to_owned()), ..ClaimRuleResource::default() };
    for other in [by, &owner("others")] {
        for outcome in [
            clients::update(admin, other, &shop, &renamed).await.map(drop),
            clients::delete(admin, other, &shop).await,
            connections::update(admin, other, &google, &labelled).await.map(drop),
            connections::delete(admin, other, &google, CameThrough::Ends).await.map(drop),
            webhooks::update(admin, other, hook, &described).await.map(drop),
            webhooks::delete(admin, other, hook).await,
            attributes::update(admin, other, "level".to_owned(), &said).await.map(drop),
            attributes::delete(admin, other, "level".to_owned()).await,
            apis::update(admin, other, orders, &titled).await.map(drop),
            apis::delete(admin, other, orders).await,
            claim_rules::update(admin, other, slug("access"), &emailed).await.map(drop),
            claim_rules::delete(admin, other, slug("access")).await,
            affiliations::update(admin, other, staff, &told.0).await.map(drop),
            affiliations::delete::<GroupResource>(admin, other, staff).await,
            affiliations::update(admin, other, manager, &told.1).await.map(drop),
            affiliations::delete::<RoleResource>(admin, other, manager).await,
            policy::set_sign_in(admin, other, (), &closed).await.map(drop),
            policy::set_branding(admin, other, (), &called).await.map(drop),
        ] {
            assert_eq!(managed(outcome), "gitops");
        }
    }
    let other = json!({ "clients": [{ "client_id": "shop", "client_name": "Theirs" }] });
    let rejected = apply(&app, &owner("others"), &other, Undeclared::Stays).await.unwrap_err();
    assert!(rejected.to_string().starts_with("client shop: the files of gitops manage it"), "{rejected}");
    assert_eq!(clients::find(admin, by, &shop).await.unwrap().unwrap().presentation.name, "Shop");

    // Whoever says nothing new changes nothing.
    let same = ClientResource { client_name: Some("Shop".to_owned()), ..ClientResource::default() };
    clients::update(admin, by, &shop, &same).await.unwrap();
    // What cannot wait for a file: switching off, and secrets.
    clients::rotate_secret(admin, by, &shop, std::time::Duration::ZERO).await.unwrap();
    clients::set_enabled(admin, by, &shop, false).await.unwrap();
    assert_eq!(managed(clients::set_enabled(admin, by, &shop, true).await), "gitops");
    connections::set_enabled(admin, by, &google, false, CameThrough::Ends).await.unwrap();
    assert_eq!(managed(connections::set_enabled(admin, by, &google, true, CameThrough::Ends).await), "gitops");
    webhooks::set_enabled(admin, by, hook, false).await.unwrap();
    assert_eq!(managed(webhooks::set_enabled(admin, by, hook, true).await), "gitops");
}

#[tokio::test]
async fn files_take_away_what_is_theirs_and_nothing_else() {
    let app = TestApp::new().await;
    let (admin, by) = (&app.app.admin, &Authority::operator());
    let client =
        |id: &str| json!({ "client_id": id, "client_name": "x", "redirect_uris": [format!("https://{id}.example/")] });
    let of = |ids: &[&str]| json!({ "clients": ids.iter().map(|id| client(id)).collect::<Vec<_>>() });
    apply(&app, &owner("one"), &of(&["app-a", "app-b"]), Undeclared::Stays).await.unwrap();
    apply(&app, &owner("two"), &of(&["app-c"]), Undeclared::Stays).await.unwrap();
    apply(&app, by, &of(&["app-d", "app-e"]), Undeclared::Stays).await.unwrap();
    let ids = async || {
        let all = clients::list(admin, by, None, 100).await.unwrap().items;
        all.iter().map(|client| client.id.to_string()).collect::<Vec<_>>()
    };
    apply(&app, &owner("one"), &of(&["app-a"]), Undeclared::Goes).await.unwrap();
    assert_eq!(ids().await, ["app-a", "app-c", "app-d", "app-e"]);
    apply(&app, by, &of(&["app-d"]), Undeclared::Goes).await.unwrap();
    assert_eq!(ids().await, ["app-a", "app-c", "app-d"], "files without a name leave alone what others manage");
    // What nobody manages is taken over by the files that declare it.
    let steps = apply(&app, &owner("two"), &of(&["app-c", "app-d"]), Undeclared::Goes).await.unwrap();
    let Action::Change { differences } = &steps[1].action else { panic!("{steps:?}") };
    assert_eq!((differences[0].member.as_str(), &differences[0].declared), ("managed_by", &json!("two")));
    apply(&app, &owner("two"), &of(&["app-c"]), Undeclared::Goes).await.unwrap();
    assert_eq!(ids().await, ["app-a", "app-c"]);
    // It is no part of what is exported: whose files they are is said when they are applied.
    let exported = declared::export(admin, by).await.unwrap().to_document();
    assert!(!exported.to_string().contains("managed_by"), "{exported}");
}

#[tokio::test]
async fn what_is_released_is_changed_as_any_other() {
    let app = TestApp::new().await;
    let (admin, by) = (&app.app.admin, &Authority::operator());
    apply(&app, &owner("gitops"), &files(), Undeclared::Stays).await.unwrap();
    let named = [
        (DeclaredKind::Attribute, "level", AuditKind::AttributeChanged),
        (DeclaredKind::Api, "https://orders.example/", AuditKind::ApiChanged),
        (DeclaredKind::Client, "shop", AuditKind::ClientChanged),
        (DeclaredKind::Role, "shop:manager", AuditKind::RoleChanged),
        (DeclaredKind::Group, "staff", AuditKind::GroupChanged),
        (DeclaredKind::ClaimRule, "access", AuditKind::ClaimRuleChanged),
        (DeclaredKind::Connection, "google", AuditKind::ConnectionChanged),
        (DeclaredKind::Webhook, "warehouse", AuditKind::WebhookChanged),
        (DeclaredKind::Policy, "branding", AuditKind::PolicyChanged),
    ];
    assert_eq!(named.map(|(kind, ..)| kind), DeclaredKind::ALL);
    for (kind, name, event) in named {
        assert_eq!(declared::managed_by(admin, by, kind, name).await.unwrap(), Some(slug("gitops")), "{name}");
        declared::release(admin, by, kind, name).await.unwrap();
        assert_eq!(declared::managed_by(admin, by, kind, name).await.unwrap(), None, "{name}");
        let told = app.audit(event).await;
        let released = |event: &haechi::model::AuditEvent| {
            event.detail.as_deref().is_some_and(|said| said.ends_with("released from gitops"))
        };
        assert_eq!(told.iter().filter(|event| released(event)).count(), 1, "{name}: {told:?}");
        // Once more is nothing more.
        declared::release(admin, by, kind, name).await.unwrap();
        assert_eq!(app.audit(event).await.len(), told.len(), "{name}");
        let nobody = declared::release(admin, by, kind, "nobody").await.unwrap_err();
        assert_eq!(nobody.code(), "not_found");
    }
    clients::delete(admin, by, &ClientId::parse("shop").unwrap()).await.unwrap();
    // The next application takes it over again.
    apply(&app, &owner("gitops"), &files(), Undeclared::Stays).await.unwrap();
    let webhook = declared::managed_by(admin, by, DeclaredKind::Webhook, "warehouse").await.unwrap();
    assert_eq!(webhook, Some(slug("gitops")));
}

/// Moving another button past it would move it, too.
#[tokio::test]
async fn a_managed_button_stays_where_its_files_put_it() {
    let app = TestApp::new().await;
    let (admin, by) = (&app.app.admin, &Authority::operator());
    apply(&app, &owner("gitops"), &files(), Undeclared::Stays).await.unwrap();
    let new = serde_json::from_value(json!({ "preset": "kakao", "client_id": "we" })).unwrap();
    let kakao = connections::create(admin, by, new).await.unwrap();
    assert_eq!(managed(connections::shift(admin, by, &kakao.slug, Shift::Up).await), "gitops");
    declared::release(admin, by, DeclaredKind::Connection, "google").await.unwrap();
    connections::shift(admin, by, &kakao.slug, Shift::Up).await.unwrap();
}

#[tokio::test]
async fn the_api_says_whose_it_is_and_gives_it_back() {
    let house = api::house().await;
    let token = token_as(&house, Role::Administrator).await;
    apply(&house, &owner("gitops"), &files(), Undeclared::Stays).await.unwrap();
    let hook = webhooks::list(&house.admin, &Authority::operator()).await.unwrap()[0].id;
    for (path, patch) in [
        ("/clients/shop".to_owned(), json!({ "client_name": "Mine" })),
        ("/connections/google".to_owned(), json!({ "label": "Mine" })),
        (format!("/webhooks/{hook}"), json!({ "description": "mine" })),
        ("/attributes/level".to_owned(), json!({ "label": "Mine" })),
        ("/groups/staff".to_owned(), json!({ "label": "Mine" })),
        ("/roles/shop:manager".to_owned(), json!({ "label": "Mine" })),
    ] {
        let shown = call(&house, "GET", &path, &token).send().await.expect(200);
        assert_eq!(shown["managed_by"], "gitops", "{path}");
        let refused = send(&house, ("PATCH", path.as_str()), &token, &patch).await;
        assert_eq!(problem(&refused), (409, "managed".to_owned()), "{path}");
        assert_eq!(problem(&call(&house, "DELETE", &path, &token).send().await), (409, "managed".to_owned()), "{path}");
        // Nobody makes themselves its manager, or nobody's, by a document.
        let claimed = send(&house, ("PATCH", path.as_str()), &token, &json!({ "managed_by": "mine" })).await;
        assert_eq!(problem(&claimed), (422, "invalid".to_owned()), "{path}");
        let released = call(&house, "POST", &format!("{path}/release"), &token).send().await.expect(200);
        assert!(released.get("managed_by").is_none(), "{released}");
        send(&house, ("PATCH", path.as_str()), &token, &patch).await.expect(200);
    }
}

/// The policy is the same but that nothing of it is ever deleted; each section is managed by itself.
#[tokio::test]
async fn a_section_of_the_policy_is_managed_by_itself() {
    let house = api::house().await;
    let token = token_as(&house, Role::Administrator).await;
    let signing_in = json!({ "sign_in": { "remember_me": true } });
    apply(&house, &owner("gitops"), &signing_in, Undeclared::Stays).await.unwrap();
    let patch = json!({ "remember_me": false });
    let shown = call(&house, "GET", "/sign-in", &token).send().await.expect(200);
    assert_eq!(shown["managed_by"], "gitops");
    let refused = send(&house, ("PATCH", "/sign-in"), &token, &patch).await;
    assert_eq!(problem(&refused), (409, "managed".to_owned()));
    let claimed = send(&house, ("PATCH", "/branding"), &token, &json!({ "managed_by": "mine" })).await;
    assert_eq!(problem(&claimed), (422, "invalid".to_owned()));
    let branded = send(&house, ("PATCH", "/branding"), &token, &json!({ "product_name": "Mine" })).await.expect(200);
    assert!(branded.get("managed_by").is_none(), "{branded}");
    // What was changed elsewhere before it was taken over shows as what differs.
    let files = json!({ "branding": { "product_name": "Shop" } });
    let steps = apply(&house, &owner("gitops"), &files, Undeclared::Stays).await.unwrap();
    let Action::Change { differences } = &steps[0].action else { panic!("{steps:?}") };
    let names: Vec<_> = differences.iter().map(|one| one.member.as_str()).collect();
    assert_eq!(names, ["managed_by", "product_name"]);
    for path in ["/sign-in", "/branding"] {
        let released = call(&house, "POST", &format!("{path}/release"), &token).send().await.expect(200);
        assert!(released.get("managed_by").is_none(), "{released}");
    }
    send(&house, ("PATCH", "/sign-in"), &token, &patch).await.expect(200);
}

/// The logo of the server is declared with how its pages present it, and is of the files that manage that.
#[tokio::test]
async fn files_change_no_logo_of_a_branding_that_others_manage() {
    let app = TestApp::new().await;
    let picture = |shade| STANDARD.encode(pictures::png(8, 8, shade));
    let files = |logo: String| json!({ "branding": { "product_name": "Shop", "logo": logo } });
    let (gitops, nobody) = (owner("gitops"), Authority::operator());
    apply(&app, &gitops, &files(picture(200)), Undeclared::Stays).await.unwrap();
    let same = apply(&app, &nobody, &files(picture(200)), Undeclared::Stays).await.unwrap();
    assert!(same.iter().all(|step| !step.is_change()), "{same:?}");
    for by in [nobody.clone(), nobody.trying()] {
        for logo in [picture(10), String::new()] {
            let refused = apply(&app, &by, &files(logo), Undeclared::Stays).await;
            assert_eq!(managed(refused.map_err(|refused| refused.why)), "gitops");
        }
    }
    let own = apply(&app, &gitops, &files(picture(10)), Undeclared::Stays).await.unwrap();
    assert!(own.iter().any(Step::is_change), "{own:?}");
}

#[tokio::test]
async fn the_console_shows_it_locked_and_gives_it_back() {
    let app = TestApp::new().await;
    apply(&app, &owner("gitops"), &files(), Undeclared::Stays).await.unwrap();
    let administrator = app.user("administrator@example.com").await;
    haechi::admin::users::set_roles(&app.admin, &Authority::operator(), administrator.id, vec![Role::Administrator])
        .await
        .unwrap();
    let mut browser = app.signed_in(&administrator).await;
    let hook = webhooks::list(&app.admin, &Authority::operator()).await.unwrap()[0].id;
    let staff = affiliations::find::<GroupResource>(&app.admin, &Authority::operator(), "staff").await.unwrap();
    let staff = staff.unwrap().affiliation.id;
    for (path, form, thing) in [
        ("/admin/apps/shop".to_owned(), "settings", "client/shop"),
        ("/admin/connections/google".to_owned(), "connection", "connection/google"),
        (format!("/admin/webhooks/{hook}"), "webhook", "webhook/warehouse"),
        ("/admin/people/attributes/level".to_owned(), "attribute", "attribute/level"),
        (format!("/admin/groups/{staff}"), "group", "group/staff"),
        ("/admin/sign-in".to_owned(), "policy", "policy/sign_in"),
        ("/admin/branding".to_owned(), "branding", "policy/branding"),
    ] {
        let page = browser.get(&path).await;
        assert!(page.has(form) && page.has("managed") && page.body.contains("gitops"), "{path}: {}", page.body);
        assert!(page.body.contains("<fieldset class=\"all\" disabled>") && !page.has("save"), "{path}");
        let release = browser.get(&format!("/admin/release/{thing}")).await;
        let done = browser.submit(&release, "release", &[]).await;
        assert!(done.has("done"), "{path}: {}", done.body);
        let page = browser.get(&path).await;
        assert!(!page.has("managed") && page.has("save"), "{path}");
        // Nothing manages it now.
        assert_eq!(browser.get(&format!("/admin/release/{thing}")).await.status, 404);
    }
}
