//! People in bulk: rows that become accounts, with the passwords that they had elsewhere, and accounts that become rows.

use std::collections::BTreeSet;

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::connections::{self, CameThrough};
use haechi::admin::users::{
    self, Existing, ImportOptions, ImportRow, MembershipsResource, PeopleFormat, RowOutcome, RowReport, UserResource,
    WouldBe,
};
use haechi::admin::{Authority, ProvenAuthority, Rejected, attributes};
use haechi::identity::accounts::SignInRejected;
use haechi::model::audit_event::AuditKind;
use haechi::model::user::{EmailAddress, Role, User};
use haechi::store::{Change, UserOrder, UserQuery};
use haechi::support::{Random, Secret, SeededRandom};
use serde_json::{Map, Value, json};

use super::api::{call, house, problem, send, token_as};
use super::attributes::declare;
use crate::support::accounts::from;
use crate::support::app::TestApp;

const OPERATOR: ProvenAuthority = Authority::operator();
/// Made by Django's own hasher, of `correct horse é`.
const DJANGO: &str = "pbkdf2_sha256$1000$seasalt12$0K1r+Vs2AU04YnEYIm3t41kFbuMJBTyb2SRJ64+OMCM=";
const TYPED: &str = "correct horse \u{e9}";

fn rows(documents: &[Value]) -> Vec<ImportRow> {
    let row = |(row, document): (u64, &Value)| ImportRow { row, document: document.as_object().unwrap().clone() };
    (1..).zip(documents).map(row).collect()
}

async fn import_as(app: &TestApp, by: &ProvenAuthority, documents: &[Value], existing: Existing) -> Vec<RowReport> {
    let options = ImportOptions { existing, firebase: None };
    users::import(&app.admin, by, rows(documents), &options, &mut WouldBe::default()).await.unwrap()
}

async fn import(app: &TestApp, documents: &[Value]) -> Vec<RowReport> {
    import_as(app, &OPERATOR, documents, Existing::Skip).await
}

fn outcomes(reports: &[RowReport]) -> Vec<RowOutcome> {
    reports.iter().map(|report| report.outcome).collect()
}

fn codes(report: &RowReport) -> Vec<(Option<&str>, &str)> {
    report.errors.iter().map(|error| (error.field.as_deref(), error.code.as_str())).collect()
}

async fn find(app: &TestApp, email: &str) -> Option<User> {
    app.stores.users.find_by_email(&EmailAddress::parse(email).unwrap()).await.unwrap()
}

async fn signs_in(app: &TestApp, email: &str, password: &str) -> bool {
    match app.accounts.sign_in(email, &Secret::from(password), &from([192, 0, 2, 1])).await {
        Ok(_) => true,
        Err(SignInRejected::WrongCredentials) => false,
        Err(other) => panic!("{other:?}"),
    }
}

async fn stored(app: &TestApp, email: &str) -> String {
    let user = find(app, email).await.unwrap();
    app.stores.users.password(user.id).await.unwrap().unwrap().phc.expose().clone()
}

#[tokio::test]
async fn somebody_signs_in_with_the_password_that_they_had_and_gets_a_hash_of_ours() {
    let app = TestApp::new().await;
    let kim = json!({ "email": "kim@example.com", "email_verified": true, "name": "Kim", "locale": "ko", "address": { "country": "KR" },
        "password_hash": DJANGO });
    let made = import(&app, &[kim, json!({ "email": "lee@example.com" })]).await;
    assert_eq!(outcomes(&made), [RowOutcome::Created, RowOutcome::Created]);
    let user = find(&app, "kim@example.com").await.unwrap();
    assert!(user.email_verified && user.profile["address"]["country"] == "KR" && user.roles.is_empty());
    assert!(!find(&app, "lee@example.com").await.unwrap().email_verified, "only where the row says so");
    assert_eq!(stored(&app, "kim@example.com").await, DJANGO);

    assert!(!signs_in(&app, "kim@example.com", "correct horse").await);
    // What is hashed is what was typed there: the same characters, spelled otherwise, are another password until it is one of ours.
    assert!(!signs_in(&app, "kim@example.com", "correct horse e\u{301}").await);
    assert_eq!(stored(&app, "kim@example.com").await, DJANGO, "a wrong password changes nothing");
    assert!(signs_in(&app, "kim@example.com", TYPED).await);
    assert!(stored(&app, "kim@example.com").await.starts_with("$argon2id$v=19$"));
    assert!(
        signs_in(&app, "kim@example.com", TYPED).await
            && signs_in(&app, "kim@example.com", "correct horse e\u{301}").await
    );
    assert!(!signs_in(&app, "kim@example.com", "correct horse").await);
}

#[tokio::test]
async fn a_row_is_taken_as_a_whole_or_not_at_all() {
    let app = TestApp::new().await;
    for (row, field, code) in [
        (json!({ "roles": ["owner"] }), Some("roles"), "no_such_role"),
        (json!({ "groups": ["nowhere"] }), Some("groups"), "no_such_group"),
        (json!({ "groups": [7] }), Some("groups"), "not_names"),
        (json!({ "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99" }), Some("password_hash"), "unknown_hash"),
        (
            json!({ "password_hash": "$2b$31$K87FAPdM0vcnHS9Vwi7AKOxYN9b6RWuRHmdlM1PN0VTUMC44DYpzq" }),
            Some("password_hash"),
            "hash_too_expensive",
        ),
        (json!({ "links": { "nowhere": "42" } }), Some("links.nowhere"), "no_such_connection"),
        (json!({ "links": { "nowhere": "a\nb" } }), Some("links.nowhere"), "not_a_subject"),
        (json!({ "links": "42" }), Some("links"), "not_links"),
        (json!({ "birthdate": "yesterday" }), Some("birthdate"), "not_a_claim_value"),
        (json!({ "attributes": { "salary": 1 } }), Some("attributes.salary"), "undeclared_attribute"),
        (json!({ "is_admin": true }), Some("is_admin"), "unknown_member"),
        (json!({ "name": 7 }), None, "malformed"),
        (json!({ "email": "nowhere" }), Some("email"), "not_an_email_address"),
    ] {
        let mut document = json!({ "email": "kim@example.com", "name": "Kim", "password_hash": DJANGO });
        document.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
        let reports = import(&app, &[document]).await;
        assert_eq!((outcomes(&reports), codes(&reports[0])), (vec![RowOutcome::Refused], vec![(field, code)]), "{row}");
        assert_eq!(find(&app, "kim@example.com").await, None, "{row}");
    }
    let too_many = vec![json!({}); users::MAX_BATCH + 1];
    let refused =
        users::import(&app.admin, &OPERATOR, rows(&too_many), &ImportOptions::default(), &mut WouldBe::default()).await;
    assert!(matches!(refused, Err(Rejected::Invalid(_))), "{refused:?}");
}

#[tokio::test]
async fn a_file_that_is_given_again_goes_on_where_it_stopped() {
    use RowOutcome::{Created, Refused, Skipped, Updated};
    let app = TestApp::new().await;
    let people: Vec<Value> =
        (0..5).map(|n| json!({ "email": format!("p{n}@example.com"), "name": "P", "password_hash": DJANGO })).collect();
    import(&app, &people[..2]).await;
    let all = import(&app, &people).await;
    assert_eq!(outcomes(&all), [Skipped, Skipped, Created, Created, Created]);
    assert_eq!(outcomes(&import(&app, &people).await), [Skipped; 5]);
    assert_eq!(outcomes(&import_as(&app, &OPERATOR, &people, Existing::Update).await), [Skipped; 5], "nothing new");
    assert_eq!(outcomes(&import_as(&app, &OPERATOR, &people[..1], Existing::Refuse).await), [Refused]);

    // What is said is said; the password that somebody has by now stays.
    assert!(signs_in(&app, "p0@example.com", TYPED).await);
    let ours = stored(&app, "p0@example.com").await;
    let said = json!({ "email": "P0@example.com", "nickname": "Zero", "password_hash": DJANGO });
    assert_eq!(outcomes(&import_as(&app, &OPERATOR, &[said], Existing::Update).await), [Updated]);
    let user = find(&app, "p0@example.com").await.unwrap();
    assert_eq!((user.profile["nickname"].as_str(), user.name()), (Some("Zero"), Some("P")));
    assert_eq!(stored(&app, "p0@example.com").await, ours);
}

#[tokio::test]
async fn what_is_only_tried_is_said_and_not_done() {
    let app = TestApp::new().await;
    let people = [json!({ "email": "kim@example.com" }), json!({ "email": "nowhere" })];
    let before = app.stores.audit.list(None, 100).await.unwrap().items.len();
    let tried = import_as(&app, &OPERATOR.trying(), &people, Existing::Skip).await;
    assert_eq!(outcomes(&tried), [RowOutcome::Created, RowOutcome::Refused]);
    assert_eq!(find(&app, "kim@example.com").await, None);
    assert_eq!(app.stores.audit.list(None, 100).await.unwrap().items.len(), before);
}

#[tokio::test]
async fn nobody_becomes_or_takes_over_an_administrator_by_a_row() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    super::api::somebody(&house, "chief", &[Role::Administrator]).await;
    let body = json!({ "existing": "update", "rows": [
        { "row": 1, "document": { "email": "chief@example.com", "nickname": "Mine", "password_hash": DJANGO } },
        { "row": 2, "document": { "email": "new@example.com", "roles": ["administrator"] } },
        { "row": 7, "document": { "email": "lee@example.com", "password_hash": DJANGO } },
    ] });
    let answer = send(&house, ("POST", "/users/import"), &token, &body).await.expect(200);
    let outcomes: Vec<&Value> = answer["items"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["refused", "refused", "created"], "{answer}");
    assert_eq!(answer["items"][0]["errors"][0]["code"], "forbidden");
    assert_eq!(answer["items"][2]["row"], 7);
    assert!(!find(&house, "chief@example.com").await.unwrap().profile.contains_key("nickname"));
    assert!(!answer.to_string().contains("seasalt"), "no hash comes back");
    let auditor = token_as(&house, Role::Auditor).await;
    assert_eq!(problem(&send(&house, ("POST", "/users/import"), &auditor, &body).await).0, 403);
}

#[tokio::test]
async fn an_identity_at_a_provider_comes_along_and_belongs_to_one_account() {
    let app = TestApp::new().await;
    let new = json!({ "preset": "google", "client_id": "haechi", "client_secret": "secret-of-google" });
    let google = connections::create(&app.admin, &OPERATOR, serde_json::from_value(new).unwrap()).await.unwrap();
    let off = import(&app, &[json!({ "email": "kim@example.com", "links": { "google": "1" } })]).await;
    assert_eq!(codes(&off[0]), [(Some("links.google"), "connection_disabled")]);
    connections::set_enabled(&app.admin, &OPERATOR, &google.slug, true, CameThrough::Ends).await.unwrap();
    let kim = json!({ "email": "kim@example.com", "links": { "google": "248289761001" } });
    let thief = json!({ "email": "lee@example.com", "links": { "google": "248289761001" } });
    let reports = import(&app, &[kim, thief]).await;
    assert_eq!(outcomes(&reports), [RowOutcome::Created, RowOutcome::Refused]);
    assert_eq!(find(&app, "lee@example.com").await, None);
    let kim = find(&app, "kim@example.com").await.unwrap();
    let links = app.stores.upstream_links.of_user(kim.id).await.unwrap();
    assert_eq!(links.iter().map(|link| link.identity.subject.as_str()).collect::<Vec<_>>(), ["248289761001"]);
    assert_eq!(app.audit(AuditKind::UpstreamLinked).await.len(), 1);
}

/// Two groups and two roles in apps.
async fn defined(app: &TestApp) {
    for name in ["staff", "sales"] {
        let new = GroupResource { name: Some(name.to_owned()), ..GroupResource::default() };
        affiliations::create(&app.admin, &OPERATOR, &new).await.unwrap();
    }
    app.client("shop", |_| {}).await;
    for (name, client) in [("reader", None), ("manager", Some("shop".to_owned()))] {
        let new = RoleResource { name: Some(name.to_owned()), client_id: client, ..RoleResource::default() };
        affiliations::create(&app.admin, &OPERATOR, &new).await.unwrap();
    }
}

async fn given(app: &TestApp, email: &str) -> MembershipsResource {
    let user = find(app, email).await.unwrap();
    users::memberships(&app.admin, &OPERATOR, &user).await.unwrap()
}

fn names(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn groups_and_roles_in_apps_come_along_and_none_is_taken() {
    let app = TestApp::new().await;
    defined(&app).await;
    let kim = json!({ "email": "kim@example.com", "groups": ["staff"], "roles": ["shop:manager"] });
    // What is only tried says the same, and gives nothing.
    let tried = import_as(&app, &OPERATOR.trying(), std::slice::from_ref(&kim), Existing::Skip).await;
    assert_eq!(outcomes(&tried), [RowOutcome::Created]);
    assert_eq!(find(&app, "kim@example.com").await, None);
    assert_eq!(outcomes(&import(&app, &[kim]).await), [RowOutcome::Created]);
    let is = given(&app, "kim@example.com").await;
    assert_eq!((is.groups, is.roles), (Some(names(&["staff"])), Some(names(&["shop:manager"]))));
    let told = app.audit(AuditKind::MembershipsChanged).await;
    let told: BTreeSet<&str> = told[0].detail.as_deref().unwrap().split(' ').collect();
    assert_eq!(told, BTreeSet::from(["+staff", "+shop:manager"]));
    assert!(find(&app, "kim@example.com").await.unwrap().roles.is_empty(), "none of them is one here");

    let more = json!({ "email": "kim@example.com", "groups": ["sales"], "roles": [] });
    for (existing, outcome) in [(Existing::Skip, RowOutcome::Skipped), (Existing::Update, RowOutcome::Updated)] {
        let reports = import_as(&app, &OPERATOR, std::slice::from_ref(&more), existing).await;
        assert_eq!(outcomes(&reports), [outcome]);
    }
    let is = given(&app, "kim@example.com").await;
    assert_eq!((is.groups, is.roles), (Some(names(&["sales", "staff"])), Some(names(&["shop:manager"]))));
    let again = import_as(&app, &OPERATOR, std::slice::from_ref(&more), Existing::Update).await;
    assert_eq!(outcomes(&again), [RowOutcome::Skipped], "nothing new");
    // They are listed on the other side, too, and a name that there is not is said.
    let sales = affiliations::find::<GroupResource>(&app.admin, &OPERATOR, "sales").await.unwrap().unwrap();
    let members = affiliations::members(&app.admin, &OPERATOR, sales.affiliation.id, None, 9).await.unwrap();
    assert_eq!(members.items.len(), 1);
    let wrong = json!({ "email": "lee@example.com", "groups": ["staf"], "roles": ["manager", "reader"] });
    let reports = import(&app, &[wrong]).await;
    assert_eq!(codes(&reports[0]), [(Some("groups"), "no_such_group"), (Some("roles"), "no_such_role")]);
    assert_eq!(reports[0].errors[0].detail, "there is no group staf");
}

async fn exported(app: &TestApp, format: PeopleFormat, with_hashes: bool) -> String {
    let mut export = users::export(&app.admin, &OPERATOR, format, with_hashes).await.unwrap();
    let mut text = String::new();
    while let Some(part) = export.part(&app.admin, &OPERATOR).await.unwrap() {
        text.push_str(&part);
    }
    text
}

/// The rows of a table, as the command line and the console read them.
async fn read(app: &TestApp, text: &str) -> Vec<Value> {
    let declared = attributes::list(&app.admin, &OPERATOR).await.unwrap();
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let row = |record: Result<csv::StringRecord, _>| {
        users::from_cells(&declared, head.iter().zip(record.unwrap().iter())).into()
    };
    reader.records().map(row).collect()
}

/// What is said of somebody, without what a server sets.
async fn everybody(app: &TestApp) -> Vec<Map<String, Value>> {
    let by_email = UserQuery::default().in_order(UserOrder::Email(None));
    let all = users::list(&app.admin, &OPERATOR, &by_email, 200).await.unwrap().items;
    let said = |user: &User| {
        let mut members = serde_json::to_value(UserResource::from(user)).unwrap().as_object().unwrap().clone();
        for own in ["sub", "created_at", "updated_at", "version", "roles"] {
            members.remove(own);
        }
        let given: BTreeSet<String> = user.affiliations.iter().map(ToString::to_string).collect();
        members.insert("given".to_owned(), json!(given));
        members
    };
    all.iter().map(said).collect()
}

/// Somebody with some of everything, and texts that a table must not trip over.
fn drawn(n: u64) -> Value {
    let random = SeededRandom::new(n);
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    let mut bytes = bytes.into_iter();
    let mut pick = move |of: u8| usize::from(bytes.next().unwrap() % of);
    let names = ["Kim", "=1+1", "'quoted", "''", "O'Brien, \"Pat\"", "+82", "홍길동", "@at", "- dash", "a;b"];
    let mut person =
        json!({ "email": format!("p{n}@example.com"), "email_verified": pick(2) == 0, "name": names[pick(10)] });
    let mut put = |name: &str, value: Value| drop(person.as_object_mut().unwrap().insert(name.to_owned(), value));
    if pick(2) == 0 {
        put("phone_number", "+821012345678".into());
        put("phone_number_verified", (pick(2) == 0).into());
    }
    if pick(2) == 0 {
        put("address", json!({ "street_address": "1 Sejong-daero\nJongno", "country": names[pick(10)] }));
    }
    if pick(3) == 0 {
        put("status", "disabled".into());
    }
    if pick(2) == 0 {
        put("locale", "ko-KR".into());
    }
    let groups: [&[&str]; 3] = [&[], &["staff"], &["sales", "staff"]];
    put("groups", json!(groups[pick(3)]));
    let roles: [&[&str]; 3] = [&[], &["reader"], &["reader", "shop:manager"]];
    put("roles", json!(roles[pick(3)]));
    put(
        "attributes",
        json!({ "level": pick(9), "staff": pick(2) == 0, "tags": [names[pick(3)], "b"], "note": names[pick(10)] }),
    );
    person
}

#[tokio::test]
async fn what_is_exported_makes_the_same_people_on_an_empty_server() {
    let app = TestApp::new().await;
    for definition in [
        json!({ "name": "level", "value_type": "number" }),
        json!({ "name": "staff", "value_type": "boolean" }),
        json!({ "name": "tags", "value_type": "texts" }),
        json!({ "name": "note" }),
    ] {
        declare(&app, definition).await;
    }
    defined(&app).await;
    let people: Vec<Value> = (0..60).map(drawn).collect();
    let made = import(&app, &people).await;
    assert!(made.iter().all(|report| report.outcome == RowOutcome::Created), "{made:?}");
    let was = everybody(&app).await;
    for format in [PeopleFormat::JsonLines, PeopleFormat::Csv] {
        let text = exported(&app, format, false).await;
        let people: Vec<Value> = match format {
            PeopleFormat::JsonLines => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
            PeopleFormat::Csv => read(&app, &text).await,
        };
        // An empty server: everybody is gone.
        for user in users::list(&app.admin, &OPERATOR, &UserQuery::default(), 200).await.unwrap().items {
            users::delete(&app.admin, &OPERATOR, user.id).await.unwrap();
        }
        let made = import(&app, &people).await;
        assert!(made.iter().all(|report| report.outcome == RowOutcome::Created), "{format:?}: {made:?}");
        assert_eq!(everybody(&app).await, was, "{format:?}");
    }
}

#[tokio::test]
async fn an_export_has_no_secret_no_formula_and_an_entry_in_the_log() {
    let house = house().await;
    house.sign_up("kim@example.com").await;
    let mut kim = find(&house, "kim@example.com").await.unwrap();
    kim.profile.insert("name".to_owned(), "=HYPERLINK(\"https://evil.example\")".into());
    house.stores.work.commit(vec![Change::UpdateUser(kim)]).await.unwrap();
    let token = token_as(&house, Role::PeopleManager).await;
    for (format, kind) in [("csv", "text/csv; charset=utf-8; header=present"), ("jsonl", "application/jsonl")] {
        let answer = call(&house, "POST", &format!("/users/export?format={format}"), &token).send().await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some(kind)), "{answer:?}");
        assert!(answer.body.contains("kim@example.com") && !answer.body.contains("argon2"), "{}", answer.body);
        assert!(format == "jsonl" || answer.body.contains("\"'=HYPERLINK"), "{}", answer.body);
    }
    assert_eq!(house.audit(AuditKind::PeopleExported).await.len(), 2);
    let tried = call(&house, "POST", "/users/export?dry_run=true", &token).send().await;
    assert_eq!((tried.status.as_u16(), tried.body.as_str()), (200, ""), "what leaves no trace tells nothing");
    let with = exported(&house, PeopleFormat::JsonLines, true).await;
    assert!(with.contains("$argon2id$"), "the operator moves to another server");
    let administrator = super::api::somebody(&house, "chief", &[Role::Owner]).await;
    let password = Secret::from("a tandem for two herons");
    let administrator =
        users::set_password(&house.admin, &OPERATOR, administrator.id, &password, "seen in person").await.unwrap();
    let (_, proof) = house.accounts.prove(&administrator, &password, &from([192, 0, 2, 1])).await.unwrap();
    let owner = Authority::of_account(&house.admin, administrator.id).await.unwrap().1.proven(&proof).unwrap();
    let refused = users::export(&house.admin, &owner, PeopleFormat::JsonLines, true).await;
    assert!(matches!(refused, Err(Rejected::Forbidden(_))), "{refused:?}");
    let mut begun = users::export(&house.admin, &owner, PeopleFormat::JsonLines, false).await.unwrap();
    users::set_enabled(&house.admin, &OPERATOR, administrator.id, false).await.ok();
    users::revoke_sessions(&house.admin, &OPERATOR, administrator.id).await.unwrap();
    assert!(begun.part(&house.admin, &owner).await.is_err(), "who no longer counts gets no further part");
}

#[tokio::test]
async fn what_is_tried_says_of_an_address_that_comes_twice_what_will_become_of_it() {
    let row = |name: &str| json!({ "email": "kim@example.com", "name": name });
    let documents = [row("Kim"), row("Kim Minji")];
    for existing in [Existing::Skip, Existing::Update, Existing::Refuse] {
        let app = TestApp::new().await;
        // Over two batches, as a large file is.
        let options = ImportOptions { existing, firebase: None };
        let (trying, mut would_be) = (OPERATOR.trying(), WouldBe::default());
        let mut tried = Vec::new();
        for document in &documents {
            let batch = rows(std::slice::from_ref(document));
            tried.extend(outcomes(&users::import(&app.admin, &trying, batch, &options, &mut would_be).await.unwrap()));
        }
        assert!(find(&app, "kim@example.com").await.is_none(), "nothing was done");
        let done = outcomes(&import_as(&app, &OPERATOR, &documents, existing).await);
        assert_eq!(tried, done, "{existing:?}");
    }
}
