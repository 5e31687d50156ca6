//! The console's people: what administrators see and do, and what each role does not.

use axum::http::StatusCode;
use haechi::admin::affiliations::{self, GroupResource};
use haechi::admin::{Authority, users};
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::user::{EmailAddress, Role, User, UserStatus};

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};

async fn with_role(app: &TestApp, email: &str, role: Role) -> User {
    let user = app.user(email).await;
    users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![role]).await.unwrap()
}

async fn house() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let administrator = with_role(&app, "administrator@example.com", Role::Administrator).await;
    let browser = app.signed_in(&administrator).await;
    (app, browser)
}

async fn now(app: &TestApp, user: &User) -> User {
    app.app.stores.users.find(user.id).await.unwrap().unwrap()
}

fn said(page: &Page) -> String {
    if page.has("done") { page.text("done") } else { String::new() }
}

/// The addresses in the list, in its order.
fn listed(page: &Page) -> Vec<String> {
    let html = page.html();
    html.select(&".list tbody .mail".try_into().unwrap()).map(|mail| mail.text().collect()).collect()
}

#[tokio::test]
async fn a_list_is_searched_narrowed_down_ordered_and_paged_by_its_address() {
    let (app, mut browser) = house().await;
    for n in 0..60 {
        app.clock.advance(std::time::Duration::from_secs(1));
        app.user(&format!("zz{n:02}@example.com")).await;
    }
    let first = browser.get("/admin/people").await;
    assert_eq!((listed(&first).len(), listed(&first)[0].as_str()), (50, "zz59@example.com"));
    assert!(!first.has("first-page"));
    let second = browser.get(&first.link("next-page")).await;
    assert_eq!((listed(&second).len(), second.has("next-page")), (11, false));
    assert_eq!(listed(&browser.get(&second.link("first-page")).await), listed(&first));

    let by_email = browser.get("/admin/people?sort=email&q=ZZ").await;
    assert_eq!(&listed(&by_email)[..2], ["zz00@example.com", "zz01@example.com"]);
    let on = browser.get(&by_email.link("next-page")).await;
    assert_eq!(listed(&on).first().map(String::as_str), Some("zz50@example.com"), "the search and the order stay");
    assert_eq!(listed(&browser.get("/admin/people?state=administrators").await), ["administrator@example.com"]);
    assert!(!browser.get("/admin/people").await.has("group"), "where there are no groups there is no field");
    let staff = GroupResource { name: Some("staff".to_owned()), ..GroupResource::default() };
    let staff = affiliations::create(&app.admin, &Authority::operator(), &staff).await.unwrap().affiliation;
    let member = app.user("member@example.com").await;
    users::join(&app.admin, &Authority::operator(), member.id, (staff.kind(), staff.id)).await.unwrap();
    let narrowed = browser.get("/admin/people?group=staff").await;
    assert_eq!(listed(&narrowed), ["member@example.com"]);
    assert!(narrowed.body.contains("value=\"staff\""), "what was asked for stays: {}", narrowed.body);
    assert!(
        listed(&browser.get("/admin/people?group=staff&role=reader").await).is_empty(),
        "nobody has what there is not"
    );
    assert_eq!(listed(&browser.get("/admin/people?sort=oldest").await)[0], "administrator@example.com");
    let nobody = browser.get("/admin/people?q=%25nobody").await;
    assert!(nobody.has("nothing") && listed(&nobody).is_empty());
    // A place that is none is the first page.
    let first = browser.get("/admin/people").await;
    assert_eq!(listed(&browser.get("/admin/people?after=nowhere").await), listed(&first));
}

#[tokio::test]
async fn somebody_is_made_changed_switched_off_and_deleted() {
    let (app, mut browser) = house().await;
    let form = browser.get("/admin/people/new").await;
    let wrong = browser.submit(&form, "create", &[("email", "nowhere"), ("password", "short")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("email-problem") && !wrong.body.contains("value=\"short\""), "{}", wrong.body);
    let filled = [("email", "lee@example.com"), ("name", "Lee"), ("email_verified", "yes"), ("password", PASSWORD)];
    let made = browser.submit(&wrong, "create", &filled).await;
    assert_eq!(said(&made), "The account was created.");
    let lee =
        app.app.stores.users.find_by_email(&EmailAddress::parse("lee@example.com").unwrap()).await.unwrap().unwrap();
    assert!(lee.email_verified && lee.roles.is_empty() && lee.display_name() == "Lee");
    assert!(app.audit(AuditKind::UserCreated).await.iter().any(|event| matches!(event.actor, Actor::User(_))));

    let taken = browser.submit(&form, "create", &filled).await;
    assert!(taken.text("email-problem").contains("already"), "{}", taken.body);

    let changed = browser.submit(&made, "profile-form", &[("name", "Lee Jieun"), ("locality", "Seoul")]).await;
    assert_eq!(said(&changed), "Saved.");
    let lee = now(&app, &lee).await;
    assert_eq!(lee.profile["address"]["locality"], "Seoul");
    let stale = browser.submit(&made, "profile-form", &[("name", "Other")]).await;
    assert!(stale.status == StatusCode::CONFLICT && stale.text("problem").contains("Somebody else"), "{}", stale.body);
    let bad = browser.submit(&changed, "profile-form", &[("website", "nowhere"), ("email", "x")]).await;
    assert!(bad.has("website-problem") && bad.has("email-problem"), "{}", bad.body);

    let mut theirs = app.signed_in(&lee).await;
    let access = browser.get(&format!("/admin/people/{}/access", lee.id)).await;
    let off = browser.submit(&access, "state", &[("do", "disable")]).await;
    assert_eq!(said(&off), "The account is switched off.");
    assert!(theirs.get("/account").await.has("login"), "at once");
    assert_eq!(now(&app, &lee).await.status, UserStatus::Disabled);
    browser.submit(&off, "state", &[("do", "enable")]).await;
    assert!(now(&app, &lee).await.is_active());

    let ask = browser.get(&access.link("to-delete")).await;
    assert!(ask.has("lost") && app.app.stores.users.find(lee.id).await.unwrap().is_some(), "looking deletes nothing");
    let gone = browser.submit(&ask, "delete", &[]).await;
    assert_eq!((gone.url.path(), said(&gone).as_str()), ("/admin/people", "The account was deleted."));
    assert!(app.app.stores.users.find(lee.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_password_is_set_and_what_the_old_one_signed_in_ends() {
    let (app, mut browser) = house().await;
    let lee = app.user("lee@example.com").await;
    let mut theirs = app.signed_in(&lee).await;
    let access = browser.get(&format!("/admin/people/{}/access", lee.id)).await;
    let short = browser.submit(&access, "set-password", &[("password", "x"), ("reason", "seen in person")]).await;
    assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.has("password-problem"));
    // Why is said beside its own field, and beside no other form's.
    let without = browser.submit(&access, "set-password", &[("password", "a tandem for two herons")]).await;
    assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && without.has("password-reason-problem"));
    assert!(!without.has("link-reason-problem") && !without.has("reason-problem"), "{}", without.body);
    assert!(!theirs.get("/account").await.has("login"), "nothing was done");
    let filled = [("password", "a tandem for two herons"), ("reason", "seen in person")];
    let set = browser.submit(&access, "set-password", &filled).await;
    assert_eq!(said(&set), "The new password counts from now on.");
    assert_eq!(app.audit(AuditKind::PasswordChanged).await[0].detail.as_deref(), Some("seen in person"));
    assert!(theirs.get("/account").await.has("login"));
}

#[tokio::test]
async fn a_passkey_is_removed_for_a_reason_that_the_log_keeps() {
    let (app, mut browser) = house().await;
    let lee = app.user("lee@example.com").await;
    app.signed_in(&lee).await.add_passkey(&mut Authenticator::new(ISSUER, "lee"), "Phone").await;
    let id = app.passkeys.of(lee.id).await.unwrap()[0].id.to_string();
    let access = browser.get(&format!("/admin/people/{}/access", lee.id)).await;
    let without = browser.submit(&access, "remove-passkey", &[("passkey", &id), ("reason", " ")]).await;
    assert!(without.has("passkey-reason-problem") && !without.has("password-reason-problem"), "{}", without.body);
    assert_eq!(app.passkeys.of(lee.id).await.unwrap().len(), 1);
    browser.submit(&access, "remove-passkey", &[("passkey", &id), ("reason", "phone lost")]).await;
    assert_eq!(app.passkeys.of(lee.id).await.unwrap(), vec![]);
    assert_eq!(app.audit(AuditKind::PasskeyRemoved).await[0].detail.as_deref(), Some("Phone: phone lost"));
}

#[tokio::test]
async fn sessions_are_seen_and_ended_one_or_all() {
    let (app, mut browser) = house().await;
    let lee = app.user("lee@example.com").await;
    let path = format!("/admin/people/{}/sessions", lee.id);
    assert!(browser.get(&path).await.has("nothing"));
    let (mut one, mut other) = (app.signed_in(&lee).await, app.signed_in(&lee).await);
    let page = browser.get(&path).await;
    assert_eq!(page.html().select(&"#sessions > li".try_into().unwrap()).count(), 2);
    let id =
        page.html().select(&"#sessions button".try_into().unwrap()).next().unwrap().attr("value").unwrap().to_owned();
    let csrf = page.form("end-all").field("csrf").unwrap().to_owned();
    browser.post_once(&path, &[("csrf", &csrf), ("session", &id)]).await;
    let left = [one.get("/account").await.has("login"), other.get("/account").await.has("login")];
    assert_eq!(left.iter().filter(|out| **out).count(), 1, "{left:?}");
    browser.submit(&page, "end-all", &[("session", "all")]).await;
    assert!(one.get("/account").await.has("login") && other.get("/account").await.has("login"));
}

#[tokio::test]
async fn the_same_is_done_to_several_and_whom_it_cannot_be_done_to_is_counted() {
    let (app, mut browser) = house().await;
    let owner = with_role(&app, "owner@example.com", Role::Owner).await;
    let (lee, kim) = (app.user("lee@example.com").await, app.user("kim@example.com").await);
    let list = browser.get("/admin/people").await;
    let pick = |user: &User| format!("pick-{}", user.id);
    let picked = [pick(&lee), pick(&kim), pick(&owner)];
    let mut fields: Vec<(&str, &str)> = picked.iter().map(|name| (name.as_str(), "yes")).collect();
    fields.push(("do", "disable"));
    let done = browser.submit(&list, "several", &fields).await;
    assert_eq!(
        said(&done),
        "Done for 2 people. One was left as it is: you may not change this account, or it is the last administrator."
    );
    assert!(!now(&app, &lee).await.is_active() && !now(&app, &kim).await.is_active());
    assert!(now(&app, &owner).await.is_active(), "an administrator does not switch an owner off");
    let nobody = browser.submit(&list, "several", &[("do", "disable")]).await;
    assert_eq!(said(&nobody), "Nothing was changed.");
}

#[tokio::test]
async fn adm_005_nobody_gives_or_takes_a_role_that_may_do_more_than_they_may() {
    let (app, mut browser) = house().await;
    let owner = with_role(&app, "owner@example.com", Role::Owner).await;
    let lee = app.user("lee@example.com").await;
    let page = browser.get(&format!("/admin/people/{}/access", lee.id)).await;
    let given = browser.submit(&page, "roles", &[("role-auditor", "yes"), ("role-owner", "yes")]).await;
    assert_eq!(said(&given), "Saved.");
    assert_eq!(now(&app, &lee).await.roles, [Role::Auditor], "a box that is closed is not ticked by hand");
    let path = format!("/admin/people/{}/access", owner.id);
    let token = app.csrf(&browser, &path).await;
    for filled in [
        &[("do", "roles"), ("version", "1")][..],
        &[("do", "disable")],
        &[("do", "password"), ("password", "a tandem for two herons"), ("reason", "seen in person")],
    ] {
        let sent = [&[("csrf", token.as_str())], filled].concat();
        assert_eq!(browser.post_once(&path, &sent).await.problem(), "forbidden", "{filled:?}");
    }
    assert_eq!(now(&app, &owner).await.version, owner.version);

    let manager = with_role(&app, "manager@example.com", Role::PeopleManager).await;
    let mut managing = app.signed_in(&manager).await;
    assert!(!managing.get("/admin/people/new").await.body.contains("role-"), "who gives no roles is not asked for any");
    let token = app.csrf(&managing, &format!("/admin/people/{}/access", lee.id)).await;
    let roles = [("csrf", token.as_str()), ("do", "roles"), ("version", "9"), ("role-administrator", "yes")];
    let refused = managing.post_once(&format!("/admin/people/{}/access", lee.id), &roles).await;
    assert_eq!(refused.problem(), "forbidden");
}

#[tokio::test]
async fn each_role_sees_the_rooms_that_it_may_enter_and_no_form_that_it_may_not_send() {
    let app = TestApp::new().await;
    let lee = app.user("lee@example.com").await;
    for (role, rooms) in [
        (Role::Owner, &["/admin", "/admin/people", "/admin/connections", "/admin/audit"][..]),
        (Role::Auditor, &["/admin", "/admin/people", "/admin/connections", "/admin/audit"]),
        (Role::PeopleManager, &["/admin", "/admin/people"]),
        (Role::AppManager, &["/admin"]),
    ] {
        let holder = with_role(&app, &format!("{}@example.com", role.as_str().replace('_', "-")), role).await;
        let mut browser = app.signed_in(&holder).await;
        let home = browser.get("/admin").await;
        assert_eq!(home.status, StatusCode::OK, "{role:?}");
        let html = home.html();
        let seen: Vec<&str> =
            html.select(&"#rooms a".try_into().unwrap()).map(|link| link.attr("href").unwrap()).collect();
        for room in rooms {
            assert!(seen.contains(room), "{role:?} {room}: {seen:?}");
            assert_eq!(browser.get(room).await.status, StatusCode::OK, "{role:?} {room}");
        }
        for room in ["/admin/people", "/admin/connections", "/admin/audit"].iter().filter(|room| !rooms.contains(room))
        {
            assert!(!seen.contains(room), "{role:?} {room}");
            assert_eq!(browser.get(room).await.problem(), "forbidden", "{role:?} {room}");
        }
        if role == Role::Auditor {
            let page = browser.get(&format!("/admin/people/{}/access", lee.id)).await;
            assert!(!page.has("set-password") && !page.has("state") && !page.has("to-delete"), "{}", page.body);
            assert!(!browser.get("/admin/people").await.body.contains("pick-"));
        }
    }
}

#[tokio::test]
async fn one_search_finds_rooms_people_apps_and_providers_that_one_may_see() {
    let (app, mut browser) = house().await;
    let lee = app.user("minji@example.com").await;
    app.client("minji-shop", |_| {}).await;
    let found = browser.get("/admin/search?q=MINJI").await;
    let leads = |page: &Page, path: &str| page.body.contains(&format!("href=\"{path}\""));
    assert!(
        leads(&found, &format!("/admin/people/{}", lee.id)) && leads(&found, "/admin/apps/minji-shop"),
        "{}",
        found.body
    );
    let by_id = browser.get(&format!("/admin/search?q={}", lee.id)).await;
    assert!(by_id.text("results").contains("minji@example.com"), "{}", by_id.body);
    assert!(browser.get("/admin/search?q=peop").await.text("results").contains("People"));
    assert!(browser.get("/admin/search?q=%25nothing").await.has("nothing"));
    assert!(
        browser.get("/admin/search").await.text("results").contains("Overview"),
        "the rooms, where nothing is asked for"
    );
    let manager = with_role(&app, "app-manager@example.com", Role::AppManager).await;
    let found = app.signed_in(&manager).await.get("/admin/search?q=minji").await;
    assert!(!found.text("results").contains("minji@example.com") && leads(&found, "/admin/apps/minji-shop"));
}

#[tokio::test]
async fn web_004_what_people_are_called_stays_text() {
    let (app, mut browser) = house().await;
    let lee = app.user("lee@example.com").await;
    let name = "<img src=x onerror=alert(1)>\"'";
    let document = users::UserResource { name: Some(name.to_owned()), ..users::UserResource::default() };
    users::update(&app.app.admin, &Authority::operator(), lee.id, &document).await.unwrap();
    let path = format!("/admin/people/{}", lee.id);
    for page in [
        "/admin/people".to_owned(),
        path.clone(),
        format!("{path}/access"),
        format!("{path}/document"),
        format!("{path}/delete"),
    ] {
        let page = browser.get(&page).await;
        assert!(!page.body.contains("<img src=x") && page.body.contains("&#60;img src=x"), "{}", page.body);
    }
}

#[tokio::test]
async fn the_last_owner_is_told_on_the_page_why_they_stay_one() {
    let app = TestApp::new().await;
    let owner = with_role(&app, "owner@example.com", Role::Owner).await;
    let mut browser = app.signed_in(&owner).await;
    let page = browser.get(&format!("/admin/people/{}/access", owner.id)).await;
    // A box that is not ticked is not sent.
    let form = page.form("roles");
    let sent: Vec<(&str, &str)> =
        ["csrf", "do", "version"].into_iter().map(|name| (name, form.field(name).unwrap())).collect();
    let kept = browser.post_once(page.url.path(), &[&sent[..], &[("role-administrator", "yes")]].concat()).await;
    assert_eq!(kept.status, StatusCode::CONFLICT, "{}", kept.body);
    assert!(kept.text("problem").contains("the last owner"), "{}", kept.body);
    assert_eq!(now(&app, &owner).await.roles, [Role::Owner]);
}

#[tokio::test]
async fn adm_002_what_may_not_be_done_to_an_account_that_may_do_more_is_not_offered() {
    let app = TestApp::new().await;
    let owner = with_role(&app, "owner@example.com", Role::Owner).await;
    let administrator = with_role(&app, "administrator@example.com", Role::Administrator).await;
    let manager = with_role(&app, "manager@example.com", Role::PeopleManager).await;
    let offered = async |by: &User, of: &User| {
        let mut browser = app.signed_in(by).await;
        let profile = browser.get(&format!("/admin/people/{}", of.id)).await;
        let access = browser.get(&format!("/admin/people/{}/access", of.id)).await;
        assert!(profile.status == StatusCode::OK && access.status == StatusCode::OK);
        let shown = [profile.has("save"), access.has("set-password"), access.has("state"), access.has("to-delete")];
        assert!(shown.iter().all(|one| *one == shown[0]), "{shown:?}");
        shown[0]
    };
    assert!(!offered(&manager, &administrator).await && !offered(&manager, &owner).await);
    assert!(!offered(&administrator, &owner).await && offered(&administrator, &manager).await);
    assert!(offered(&owner, &administrator).await && offered(&owner, &owner).await);
}
