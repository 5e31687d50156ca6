//! What somebody reaches in the console who manages one app and the people in one group, and nothing else.

use axum::http::{Method, StatusCode};
use haechi::admin::affiliations::{self, GroupResource};
use haechi::admin::{Authority, ProvenAuthority, delegations, users};
use haechi::model::user::Role;
use haechi::model::{AffiliationKind, Client, ClientId, Delegation};
use haechi::protocol::grant_type::GrantType;
use haechi::support::id::{AffiliationId, UserId};
use serde_json::json;

use super::routes::routes;
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::pictures;

const OPERATOR: ProvenAuthority = Authority::operator();

/// Pages that anybody sees who manages anything: they have what is managed.
const ROOMS: &[&str] = &["/admin", "/admin/people", "/admin/groups", "/admin/roles", "/admin/apps"];
/// Rooms that are about the whole server.
const OF_THE_SERVER: &[&str] =
    &["apis", "audit", "branding", "claims", "connections", "keys", "mail", "setup", "settings", "sign-in", "webhooks"];
/// Pages of the app, of a person and of the group that are open to who manages them.
const PAGES: &[&str] = &[
    "/admin/apps/{id}",
    "/admin/apps/{id}/credentials",
    "/admin/apps/{id}/security",
    "/admin/apps/{id}/try",
    "/admin/apps/{id}/preview",
    "/admin/apps/{id}/problems",
    "/admin/apps/{id}/document",
    "/admin/people/{id}",
    "/admin/people/{id}/access",
    "/admin/people/{id}/groups",
    "/admin/people/{id}/sessions",
    "/admin/people/{id}/apps",
    "/admin/people/{id}/preview",
    "/admin/people/{id}/document",
    "/admin/groups/{id}",
    "/admin/people/invite",
];

/// A house with an app, a group and somebody in it that Dana manages, and the same that she does not.
struct House {
    app: TestApp,
    dana: UserId,
    browser: Browser,
    own: Objects,
    other: Objects,
}

struct Objects {
    app: &'static str,
    group: AffiliationId,
    person: UserId,
}

impl Objects {
    async fn new(house: &TestApp, app: &'static str) -> Self {
        house.client(app, |client| client.presentation.name = format!("Name of {app}")).await;
        let new: GroupResource = serde_json::from_value(json!({ "name": format!("{app}-people") })).unwrap();
        let group = affiliations::create(&house.admin, &OPERATOR, &new).await.unwrap().affiliation.id;
        let person = house.user(&format!("{app}@example.com")).await.id;
        users::join(&house.admin, &OPERATOR, person, (AffiliationKind::Group, group)).await.unwrap();
        Self { app, group, person }
    }

    /// The path of a route that is about one of them.
    fn put_into(&self, path: &str) -> String {
        let room = path.strip_prefix("/admin/").and_then(|rest| rest.split('/').next());
        let id = match room {
            Some("apps") => self.app.to_owned(),
            Some("people") => self.person.to_string(),
            _ => self.group.to_string(),
        };
        path.replace("{id}", &id)
    }
}

impl House {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (own, other) = (Objects::new(&app, "shop").await, Objects::new(&app, "desk").await);
        let dana = app.user("dana@example.com").await;
        for of in [Delegation::App(ClientId::parse(own.app).unwrap()), Delegation::Group(own.group)] {
            delegations::give(&app.admin, &OPERATOR, dana.id, &of).await.unwrap();
        }
        let browser = app.signed_in(&dana).await;
        Self { app, dana: dana.id, browser, own, other }
    }

    async fn get(&self, path: &str) -> crate::support::browser::Page {
        self.browser.clone().get_once(path).await
    }
}

#[tokio::test]
async fn adm_001_who_manages_one_thing_opens_its_pages_and_no_others() {
    let house = House::new().await;
    let pages = routes().into_iter().filter(|(method, path)| *method == Method::GET && path.starts_with("/admin"));
    for (_, path) in pages {
        let own = house.get(&house.own.put_into(&path)).await;
        if ROOMS.contains(&path.as_str()) || PAGES.contains(&path.as_str()) {
            assert_eq!(own.status, StatusCode::OK, "{path}");
        }
        if OF_THE_SERVER.iter().any(|room| path.split('/').nth(2) == Some(*room)) || path.ends_with("/delete") {
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&own.status), "{path}: {}", own.status);
        }
        for tells in ["desk@example.com", "Name of desk", "desk-people"] {
            assert!(!own.body.contains(tells), "{path} tells of {tells}");
        }
        if path.contains("{id}") {
            let other = house.get(&house.other.put_into(&path)).await;
            let refused = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&other.status);
            assert!(refused, "{path} of another: {}", other.status);
        }
    }
}

#[tokio::test]
async fn adm_001_the_first_page_of_who_manages_one_thing_is_about_that_and_nothing_else() {
    let house = House::new().await;
    let page = house.get("/admin").await;
    let list = page.text("delegated");
    assert!(list.contains("Name of shop") && list.contains("shop-people"), "{list}");
    for path in ["/admin/apps/shop".to_owned(), format!("/admin/groups/{}", house.own.group)] {
        assert!(page.body.contains(&format!("href=\"{path}\"")), "{path}: {}", page.body);
    }
    for of_the_server in ["needs", "nothing-needed", "health", "methods", "apps", "chart-logins", "doctor-command"] {
        assert!(!page.has(of_the_server), "{of_the_server}: {}", page.body);
    }
    assert!(!page.body.contains("haechi --help"), "{}", page.body);
}

#[tokio::test]
async fn adm_001_what_is_posted_about_another_is_refused() {
    let house = House::new().await;
    let posts = routes().into_iter().filter(|(method, path)| *method == Method::POST && path.starts_with("/admin"));
    let rooms = ["apps", "people", "groups"];
    let about = |path: &str| rooms.iter().any(|room| path.starts_with(&format!("/admin/{room}/{{id}}")));
    let mut asked = 0;
    for (_, route) in posts.filter(|(_, path)| about(path)) {
        let path = house.other.put_into(&route);
        let csrf = house.app.csrf(&house.browser, &path).await;
        let page = house.browser.clone().post_once(&path, &[("csrf", &csrf), ("do", "remove"), ("state", "off")]).await;
        let refused = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&page.status);
        // A picture is not sent as a form is.
        assert!(refused || (path.ends_with("/logo") && page.status.is_client_error()), "{path}: {}", page.status);
        asked += 1;
    }
    assert!(asked > 10, "{asked}");
    let desk = house.app.stores.clients.find(&ClientId::parse("desk").unwrap()).await.unwrap().unwrap();
    assert!(desk.enabled && desk.version == 0);
}

#[tokio::test]
async fn adm_001_the_navigation_and_the_search_have_what_is_managed() {
    let house = House::new().await;
    let home = house.get("/admin").await;
    for (room, shown) in
        [("people", true), ("groups", true), ("roles", true), ("apps", true), ("apis", false), ("keys", false)]
    {
        assert_eq!(home.body.contains(&format!("/admin/{room}\"")), shown, "{room}");
    }
    for (text, found) in [("shop", true), ("desk", false)] {
        let page = house.get(&format!("/admin/search?q={text}")).await;
        assert_eq!(page.status, StatusCode::OK, "{text}");
        let told = page.body.contains(&format!("Name of {text}")) || page.body.contains(&format!("{text}@example.com"));
        assert_eq!(told, found, "{text}");
    }
    let by_id = house.get(&format!("/admin/search?q={}", house.other.person)).await;
    assert!(!by_id.body.contains("desk@example.com"));
}

/// What is refused is not offered either.
#[tokio::test]
async fn a_person_who_is_more_than_one_of_the_group_has_no_password_set_for_them() {
    let house = House::new().await;
    let path = house.own.put_into("/admin/people/{id}/access");
    assert!(house.get(&path).await.has("set-password"));
    let other = (AffiliationKind::Group, house.other.group);
    users::join(&house.app.admin, &OPERATOR, house.own.person, other).await.unwrap();
    assert!(!house.get(&path).await.has("set-password"));
    let csrf = house.app.csrf(&house.browser, &path).await;
    let typed =
        [("csrf", csrf.as_str()), ("do", "password"), ("password", "a tandem for two herons"), ("reason", "asked")];
    let refused = house.browser.clone().post_once(&path, &typed).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_manages_an_app_gives_it_a_logo() {
    let house = House::new().await;
    let mut browser = house.browser.clone();
    let page = browser.get(&house.own.put_into("/admin/apps/{id}")).await;
    browser.upload(&page, "logo", ("x.png", "image/png", &pictures::png(8, 8, 1))).await;
    let shop = house.app.stores.clients.find(&ClientId::parse("shop").unwrap()).await.unwrap().unwrap();
    assert!(shop.presentation.links.logo.is_some());
}

/// The session goes on, and what it managed is gone with the next request.
#[tokio::test]
async fn adm_001_what_is_taken_away_is_refused_on_the_next_request_of_every_node() {
    let house = House::new().await;
    let node = house.app.second_node().await;
    let mut elsewhere = house.browser.clone();
    elsewhere.turn_to(&node.router);
    let app = house.own.put_into("/admin/apps/{id}");
    assert_eq!((house.get(&app).await.status, elsewhere.get_once(&app).await.status), (StatusCode::OK, StatusCode::OK));
    let shop = Delegation::App(ClientId::parse("shop").unwrap());
    assert!(delegations::take(&house.app.admin, &OPERATOR, house.dana, &shop).await.unwrap());
    for page in [house.get(&app).await, elsewhere.get_once(&app).await] {
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    let person = house.own.put_into("/admin/people/{id}");
    assert_eq!(elsewhere.get_once(&person).await.status, StatusCode::OK, "the group is still managed");
}

#[tokio::test]
async fn an_administrator_adds_and_removes_managers_by_their_address() {
    let house = House::new().await;
    let chief = house.app.user("chief@example.com").await;
    let chief = users::set_roles(&house.app.admin, &OPERATOR, chief.id, vec![Role::Administrator]).await.unwrap();
    let mut browser = house.app.signed_in(&chief).await;
    let acts_itself = |client: &mut Client| {
        "Name of job".clone_into(&mut client.presentation.name);
        client.policy.grant_types = vec![GrantType::ClientCredentials];
    };
    house.app.client("job", acts_itself).await;
    for path in ["/admin/apps/{id}/managers", "/admin/groups/{id}/managers"] {
        let path = house.other.put_into(path);
        let page = browser.get(&path).await;
        assert!(page.has("no-managers"), "{path}");
        let unknown = browser.submit(&page, "add", &[("email", "nobody@example.com")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let page = browser.submit(&page, "add", &[("email", "dana@example.com")]).await;
        assert!(page.has("done") && page.has("managers") && page.body.contains("dana@example.com"), "{path}");
        let csrf = house.app.csrf(&browser, &path).await;
        let dana = house.dana.to_string();
        let removed = browser.post_once(&path, &[("csrf", &csrf), ("do", "remove"), ("user", &dana)]).await;
        assert_eq!(removed.location().as_deref(), Some(format!("{path}?done=removed").as_str()), "{path}");
        let page = browser.get(&path).await;
        assert!(page.has("no-managers"), "{path}");

        // A service account is named by its client id; an app that gets no tokens for itself is none.
        let none = browser.submit(&page, "add", &[("email", house.own.app)]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let page = browser.submit(&page, "add", &[("email", "job")]).await;
        assert!(page.has("done") && page.text("managers").contains("Name of job"), "{path}: {}", page.body);
        let removed = browser.post_once(&path, &[("csrf", &csrf), ("do", "remove"), ("user", "job")]).await;
        assert_eq!(removed.location().as_deref(), Some(format!("{path}?done=removed").as_str()), "{path}");
        assert!(browser.get(&path).await.has("no-managers"), "{path}");
    }
}
