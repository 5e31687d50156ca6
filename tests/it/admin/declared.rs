//! Declared configuration: what goes and what stays, what is refused, and what webhooks are known by. That what is applied is so, whatever it is: see
//! [`drawn`](super::drawn).

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::admin::declared::{self, Action, Declaration, DeclaredKind, Deletion, Step, Undeclared};
use haechi::admin::webhooks::{self, WebhookResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected};
use haechi::model::slug::Slug;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::pictures;

pub(super) async fn apply(app: &TestApp, declared: &Declaration, undeclared: Undeclared<'_>) -> Vec<Step> {
    declared::apply(&app.app.admin, &Authority::operator(), declared, undeclared).await.unwrap()
}

pub(super) async fn plan(app: &TestApp, declared: &Declaration, undeclared: Undeclared<'_>) -> Vec<Step> {
    declared::plan(&app.app.admin, &Authority::operator(), declared, undeclared).await.unwrap()
}

pub(super) async fn exported(app: &TestApp) -> Value {
    declared::export(&app.app.admin, &Authority::operator()).await.unwrap().to_document()
}

pub(super) fn read(value: &Value) -> Declaration {
    declared::read(value).unwrap()
}

pub(super) fn changes(steps: &[Step]) -> usize {
    steps.iter().filter(|step| step.is_change()).count()
}

#[tokio::test]
async fn what_is_not_declared_stays_unless_it_is_to_go_and_a_kind_that_is_not_named_always_does() {
    let app = TestApp::new().await;
    app.client("old", |_| {}).await;
    let connections = json!({ "connections": [{ "slug": "google", "preset": "google", "client_id": "we" }] });
    apply(&app, &read(&connections), Undeclared::Goes).await;
    let clients =
        json!({ "clients": [{ "client_id": "new", "client_name": "New", "redirect_uris": ["https://n.example/cb"] }] });
    let steps = apply(&app, &read(&clients), Undeclared::Stays).await;
    assert_eq!((steps.len(), steps[0].secret.is_some()), (1, true), "a secret that is made is told");
    let steps = apply(&app, &read(&clients), Undeclared::Goes).await;
    let gone: Vec<&str> =
        steps.iter().filter(|step| step.action == Action::Delete).map(|step| step.name.as_str()).collect();
    assert_eq!(gone, ["old"]);
    assert_eq!(exported(&app).await["connections"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_algorithm_is_switched_off_behind_the_clients_that_leave_it() {
    let app = TestApp::new().await;
    let mut shop = json!({ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"],
        "access_token_signed_response_alg": "ES384" });
    apply(&app, &read(&json!({ "clients": [shop] })), Undeclared::Stays).await;
    let off = json!({ "signing": { "algorithms_off": ["ES384"] } });
    let rejected =
        declared::apply(&app.app.admin, &Authority::operator(), &read(&off), Undeclared::Stays).await.unwrap_err();
    assert!(rejected.to_string().contains("ES384 (Shop)"), "{rejected}");
    shop["access_token_signed_response_alg"] = json!("ES256");
    let both = read(&json!({ "clients": [shop], "signing": { "algorithms_off": ["ES384"] } }));
    assert_eq!(changes(&apply(&app, &both, Undeclared::Stays).await), 2);
    assert_eq!(changes(&plan(&app, &both, Undeclared::Stays).await), 0);
    assert_eq!(exported(&app).await["signing"], json!({ "algorithms_off": ["ES384"] }));
}

#[tokio::test]
async fn a_plan_refuses_what_an_application_would_and_says_of_what() {
    let app = TestApp::new().await;
    let bad = json!({ "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/*#x"] }] });
    let rejected =
        declared::plan(&app.app.admin, &Authority::operator(), &read(&bad), Undeclared::Stays).await.unwrap_err();
    assert!(rejected.to_string().starts_with("client shop: redirect_uris"), "{rejected}");
    assert!(matches!(rejected.why, Rejected::Invalid(_)));
    // What differs is named by its member, with both values.
    app.client("shop", |_| {}).await;
    let renamed = json!({ "clients": [{ "client_id": "shop", "client_name": "Renamed" }] });
    let steps = plan(&app, &read(&renamed), Undeclared::Stays).await;
    let Action::Change { differences } = &steps[0].action else { panic!("{steps:?}") };
    assert_eq!((differences.len(), differences[0].member.as_str()), (1, "client_name"));
    assert_eq!(differences[0].declared, "Renamed");
}

/// Two webhooks may lead to the same address: each is known by its name, whoever made it.
#[tokio::test]
async fn a_webhook_is_known_by_its_name_and_keeps_its_secret() {
    let app = TestApp::new().await;
    let (admin, by) = (&app.app.admin, &Authority::operator());
    let new = |value: Value| serde_json::from_value::<WebhookResource>(value).unwrap();
    for _ in 0..2 {
        webhooks::create(admin, by, &new(json!({ "url": "https://hooks.example/in" }))).await.unwrap();
    }
    let file = exported(&app).await;
    let names: Vec<_> = file["webhooks"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["hooks-example", "hooks-example-2"]);
    let declared = json!({ "webhooks": [
        { "name": "hooks-example-2", "url": "https://hooks.example/other", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
        { "name": "new", "url": "https://hooks.example/in" },
    ] });
    let second = async || {
        let all = webhooks::list(admin, by).await.unwrap();
        (all.len(), all.into_iter().find(|one| one.known_as() == "hooks-example-2").unwrap())
    };
    let (_, before) = second().await;
    let steps = apply(&app, &read(&declared), Undeclared::Stays).await;
    assert!(matches!(steps[0].action, Action::Change { .. }) && steps[0].secret.is_none(), "{steps:?}");
    let made = (&steps[1].action, steps[1].secret.as_ref().unwrap().expose().starts_with("whsec_"));
    assert_eq!(made, (&Action::Create, true), "a secret that is made is told");
    let (count, after) = second().await;
    assert_eq!(count, 3);
    assert_eq!(after.secrets, before.secrets, "what is declared of a secret is for a new one");
    assert_eq!((after.id, after.url.as_str()), (before.id, "https://hooks.example/other"));
    assert_eq!(changes(&apply(&app, &read(&declared), Undeclared::Stays).await), 0);
    let gone = apply(&app, &read(&declared), Undeclared::Goes).await;
    let gone: Vec<_> = gone.iter().filter(|step| step.action == Action::Delete).map(|step| &step.name).collect();
    assert_eq!(gone, ["hooks-example"]);
    // A name is one, never changes, and is not guessed where the entry has none.
    for (bad, said) in [
        (json!({ "name": "Not a slug", "url": "https://h.example/" }), "webhook Not a slug: name"),
        (json!({ "url": "https://h.example/" }), "webhook : name"),
    ] {
        let declared = read(&json!({ "webhooks": [bad] }));
        let rejected = declared::plan(admin, by, &declared, Undeclared::Stays).await.unwrap_err();
        assert!(rejected.to_string().starts_with(said), "{rejected}");
    }
    let renamed = webhooks::update(admin, by, after.id, &new(json!({ "name": "x" }))).await;
    assert_eq!(renamed.unwrap_err().code(), "invalid");
}

/// Both looked before either was there.
#[tokio::test]
async fn of_two_webhooks_that_take_a_name_at_once_one_does() {
    let app = TestApp::new().await;
    let (admin, by) = (&app.app.admin, &Authority::operator());
    let new: WebhookResource =
        serde_json::from_value(json!({ "name": "one", "url": "https://hooks.example/" })).unwrap();
    let make = || webhooks::create(admin, by, &new);
    let made = tokio::join!(make(), make(), make());
    let codes: Vec<_> =
        [made.0, made.1, made.2].into_iter().filter_map(|one| one.err().map(|rejected| rejected.code())).collect();
    assert_eq!(codes, ["taken", "taken"]);
    assert_eq!(webhooks::list(admin, by).await.unwrap().len(), 1);
}

/// A client that is declared with this logo.
fn with_logo(logo: &str) -> Value {
    json!({ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"], "logo": logo })
}

/// What an application does about logos: of what, and from which to which.
fn logos_of(steps: &[Step]) -> Vec<(String, bool, bool)> {
    let changed = |step: &Step| match &step.action {
        Action::Change { differences } => {
            let of_logo = differences.iter().filter(|one| one.member == "logo");
            of_logo.map(|one| (step.name.clone(), one.is.is_string(), one.declared.is_string())).collect()
        }
        _ => Vec::new(),
    };
    steps.iter().flat_map(changed).collect()
}

#[tokio::test]
async fn a_logo_is_declared_as_a_picture_and_differs_by_what_is_kept() {
    let app = TestApp::new().await;
    let (red, blue) = (STANDARD.encode(pictures::png(32, 16, 200)), STANDARD.encode(pictures::png(32, 16, 10)));
    let declared = |logo: &str| read(&json!({ "clients": [with_logo(logo)], "branding": { "logo": logo } }));
    let both = |was, is| vec![("shop".to_owned(), was, is), ("branding".to_owned(), was, is)];
    let now = async || {
        let pictures = declared::export_logos(&app.app.admin, &Authority::operator()).await.unwrap();
        pictures.into_iter().map(|(_, picture)| picture).collect::<Vec<_>>()
    };
    // The client is not there yet, and nothing is done.
    assert_eq!(logos_of(&plan(&app, &declared(&red), Undeclared::Stays).await), both(false, true));
    assert!(now().await.is_empty());
    assert_eq!(logos_of(&apply(&app, &declared(&red), Undeclared::Stays).await), both(false, true));
    let kept = now().await;
    assert!(kept.len() == 2 && kept[0] == kept[1], "{}", kept.len());
    for (picture, format) in [(pictures::png(32, 16, 200), "as it was"), (kept[0].clone(), "as it was kept")] {
        let again = declared(&STANDARD.encode(picture));
        assert_eq!(changes(&plan(&app, &again, Undeclared::Stays).await), 0, "{format}");
        assert_eq!(changes(&apply(&app, &again, Undeclared::Stays).await), 0, "{format}");
    }
    // Another picture, and none. What is not said of a logo leaves it.
    assert_eq!(logos_of(&apply(&app, &declared(&blue), Undeclared::Stays).await), both(true, true));
    let unsaid =
        json!({ "clients": [{ "client_id": "shop", "client_name": "Shop" }], "branding": { "headline": "Hello" } });
    assert!(logos_of(&apply(&app, &read(&unsaid), Undeclared::Stays).await).is_empty());
    assert_eq!(now().await.len(), 2);
    assert_eq!(logos_of(&apply(&app, &declared(""), Undeclared::Stays).await), both(true, false));
    assert!(now().await.is_empty());
    assert_eq!(changes(&apply(&app, &declared(""), Undeclared::Stays).await), 0);
}

#[tokio::test]
async fn a_logo_that_is_no_picture_or_of_an_app_of_other_files_is_refused() {
    let app = TestApp::new().await;
    let picture = STANDARD.encode(pictures::png(8, 8, 90));
    let damaged = STANDARD.encode(&pictures::png(8, 8, 90)[..40]);
    let files = || Authority::operator().declaring_for(Slug::parse("site").unwrap());
    let client = |logo: &str| read(&json!({ "clients": [with_logo(logo)] }));
    let refused = async |by: ProvenAuthority, declared: Declaration| {
        let refused = declared::apply(&app.app.admin, &by, &declared, Undeclared::Stays).await.unwrap_err();
        (refused.name.clone(), refused.why.code())
    };
    for wrong in [damaged, STANDARD.encode("<svg xmlns='http://www.w3.org/2000/svg'/>")] {
        assert_eq!(refused(files(), client(&wrong)).await, ("shop".to_owned(), "invalid"));
    }
    declared::apply(&app.app.admin, &files(), &client(&picture), Undeclared::Stays).await.unwrap();
    // What is as it is said is left alone, whoever says it; what is not is changed by its own files.
    let nobody = Authority::operator();
    declared::apply(&app.app.admin, &nobody, &client(&picture), Undeclared::Stays).await.unwrap();
    let other = STANDARD.encode(pictures::png(8, 8, 91));
    assert_eq!(refused(nobody, client(&other)).await, ("shop".to_owned(), "managed"));
}

#[tokio::test]
async fn what_was_done_before_one_is_refused_is_told_with_its_secrets() {
    let app = TestApp::new().await;
    let files = read(&json!({
        "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }],
        "groups": [{ "name": "staff", "roles": ["nobody"] }],
    }));
    let by = Authority::operator();
    let planned = declared::plan(&app.app.admin, &by, &files, Undeclared::Stays).await.unwrap_err();
    assert!(planned.done.is_empty(), "a plan does nothing: {planned:?}");
    let refused = declared::apply(&app.app.admin, &by, &files, Undeclared::Stays).await.unwrap_err();
    assert_eq!((refused.kind, refused.done.len()), (DeclaredKind::Group, 1));
    assert!(refused.done[0].name == "shop" && refused.done[0].secret.is_some(), "{refused:?}");
}

#[tokio::test]
async fn what_came_after_the_plan_is_not_deleted() {
    let app = TestApp::new().await;
    app.client("old", |_| {}).await;
    let files = read(&json!({ "clients": [] }));
    let planned = plan(&app, &files, Undeclared::Goes).await;
    let agreed = planned.iter().map(|step| Deletion { kind: step.kind, name: step.name.clone() });
    let agreed: BTreeSet<_> = agreed.collect();
    app.client("since", |_| {}).await;
    let done = apply(&app, &files, Undeclared::Confirmed(&agreed)).await;
    let done: Vec<_> = done.iter().map(|step| (step.name.as_str(), &step.action)).collect();
    assert_eq!(done, [("old", &Action::Delete), ("since", &Action::Leave)]);
    assert_eq!(exported(&app).await["clients"][0]["client_id"], "since");
}
