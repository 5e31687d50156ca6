//! Mail, invitations and ways back in, for programs.

use haechi::admin::affiliations::{GroupResource, RoleResource};
use haechi::config::mail::MailTransport;
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::{Mail, MailAttempt, MailPurpose, MailState};
use haechi::model::user::{EmailAddress, Role};
use haechi::support::Clock;
use haechi::support::id::MailId;
use serde_json::json;

use super::lists::all;
use super::{call, house_with, problem, send, somebody, token_as, wrong};
use crate::admin::affiliations::define;
use crate::support::app::TestApp;

async fn house() -> TestApp {
    house_with(|config| config.mail.transport = Some(MailTransport::File)).await
}

/// A mail that its server would not have: an invitation.
pub async fn given_up_mail(house: &TestApp) -> MailId {
    let mail = house.outbox().await.into_iter().find(|mail| mail.purpose == MailPurpose::Invitation).unwrap();
    let now = house.clock.now();
    assert!(house.stores.mails.take(&mail, now).await.unwrap());
    let last = MailAttempt { at: now, code: Some(550), problem: Some("no such mailbox".to_owned()) };
    let refused = Mail { state: MailState::Failed, attempts: mail.attempts + 1, last: Some(last), ..mail };
    house.stores.mails.note(&refused).await.unwrap();
    refused.id
}

#[tokio::test]
async fn somebody_is_invited_with_groups_and_roles_in_one_step_or_not_at_all() {
    let house = house().await;
    define::<GroupResource>(&house, json!({ "name": "staff" })).await;
    define::<RoleResource>(&house, json!({ "name": "reader" })).await;
    let token = token_as(&house, Role::PeopleManager).await;
    let invite = async |body: serde_json::Value| send(&house, ("POST", "/users/invite"), &token, &body).await;
    let lee = "lee@example.com";
    for (body, pointer, code) in [
        (json!({ "email": lee, "memberships": { "groups": ["crew"] } }), "/memberships/groups", "no_such_group"),
        (json!({ "email": lee, "memberships": { "roles": ["boss"] } }), "/memberships/roles", "no_such_group"),
        (json!({ "email": lee, "password": "a tandem for two herons" }), "/password", "read_only"),
        (json!({ "email": lee, "membership": {} }), "/membership", "unknown_member"),
    ] {
        let refused = invite(body.clone()).await;
        assert_eq!(problem(&refused).0, 422, "{body}");
        assert_eq!(wrong(&refused), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    let address = EmailAddress::parse(lee).unwrap();
    assert!(house.outbox().await.is_empty() && house.stores.users.find_by_email(&address).await.unwrap().is_none());
    let body = json!({ "email": lee, "name": "Lee", "memberships": { "groups": ["staff"], "roles": ["reader"] } });
    let made = invite(body.clone()).await;
    let sub = made.expect(201)["sub"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location").unwrap(), format!("{}/api/v1/users/{sub}", house.issuer()));
    let has = call(&house, "GET", &format!("/users/{sub}/memberships"), &token).send().await.expect(200);
    assert_eq!((&has["groups"], &has["roles"]), (&json!(["staff"]), &json!(["reader"])));
    assert_eq!(house.audit(AuditKind::MembershipsChanged).await[0].detail.as_deref(), Some("+staff +reader"));
    assert_eq!(house.mails_for(lee, MailPurpose::Invitation).await.len(), 1);
    assert_eq!(problem(&invite(body).await), (409, "taken".to_owned()));
}

#[tokio::test]
async fn an_invitation_is_sent_again_withdrawn_and_not_for_who_can_sign_in() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    let lee = json!({ "email": "lee@example.com" });
    let made = send(&house, ("POST", "/users/invite"), &token, &lee).await.expect(201);
    let path = format!("/users/{}/invitation", made["sub"].as_str().unwrap());
    let first = house.mails_for("lee@example.com", MailPurpose::Invitation).await[0].link("/reset");
    house.tick();
    call(&house, "POST", &path, &token).send().await.expect(200);
    let second = house.mails_for("lee@example.com", MailPurpose::Invitation).await[0].link("/reset");
    assert!(
        house.browser().get(&first).await.has("link-spent") && !house.browser().get(&second).await.has("link-spent")
    );
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status.as_u16(), 204);
    assert!(house.browser().get(&second).await.has("link-spent"));
    let kim = somebody(&house, "kim", &[]).await;
    let refused = call(&house, "POST", &format!("/users/{}/invitation", kim.id), &token).send().await;
    assert_eq!(wrong(&refused), [("/invitation".to_owned(), "read_only".to_owned())]);
}

#[tokio::test]
async fn who_has_not_accepted_is_listed_as_invited_and_in_no_other_list() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    somebody(&house, "park", &[]).await;
    for name in ["lee", "lim", "kim"] {
        house.tick();
        let body = json!({ "email": format!("{name}@example.com") });
        let made = send(&house, ("POST", "/users/invite"), &token, &body).await.expect(201);
        assert_eq!(made["status"], "invited");
    }
    let listed = async |query: &str, member: &str| all(&house, &format!("/users?{query}"), member, &token).await;
    let invited = ["lee@example.com", "lim@example.com", "kim@example.com"];
    assert_eq!(listed("status=invited", "email").await, invited);
    assert_eq!(listed("status=invited", "status").await, ["invited"; 3]);
    assert_eq!(listed("status=invited&sort=email", "email").await[0], "kim@example.com");
    assert_eq!(listed("status=invited&sort=newest&search=LI", "email").await, ["lim@example.com"]);
    assert_eq!(listed("status=invited&administers=true", "email").await, [""; 0]);
    let active = listed("status=active", "email").await;
    assert!(
        active.contains(&"park@example.com".to_owned()) && !active.iter().any(|one| invited.contains(&one.as_str()))
    );
    let file = call(&house, "POST", "/users/export?format=jsonl", &token).send().await;
    assert_eq!(file.body.matches("\"status\":\"invited\"").count(), 3, "{}", file.body);
    let described = house.get("/api/v1/openapi.json").send().await.expect(200);
    let states = json!(["active", "invited", "disabled"]);
    assert_eq!(described["components"]["schemas"]["AccountState"]["enum"], states);
    let parameters = described["paths"]["/users"]["get"]["parameters"].as_array().unwrap();
    let status = parameters.iter().find(|parameter| parameter["name"] == "status").unwrap();
    assert_eq!(status["schema"]["enum"], states);
}

#[tokio::test]
async fn a_way_back_in_is_mailed_for_a_reason_and_nobody_else_sees_it() {
    let house = house().await;
    let kim = somebody(&house, "kim", &[]).await;
    let token = token_as(&house, Role::PeopleManager).await;
    let path = format!("/users/{}/password-reset", kim.id);
    for body in [json!({}), json!({ "reason": " " })] {
        assert_eq!(wrong(&send(&house, ("POST", &path), &token, &body).await)[0].0, "/reason");
    }
    let answer = send(&house, ("POST", &path), &token, &json!({ "reason": "asked at the desk" })).await;
    answer.expect(200);
    let link = house.mails_for(kim.email.as_str(), MailPurpose::ResetPassword).await[0].link("/reset");
    let (_, secret) = link.split_once("hott_").unwrap();
    let listed = call(&house, "GET", "/mail", &token).send().await;
    assert!(!answer.body.contains(secret) && !listed.body.contains(secret));
    assert_eq!(house.audit(AuditKind::PasswordResetAsked).await[0].detail.as_deref(), Some("asked at the desk"));
}

#[tokio::test]
async fn mails_are_narrowed_down_and_sent_again_or_dropped_once() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    let mut invited = Vec::new();
    for name in ["lee", "lim", "kim"] {
        house.tick();
        let body = json!({ "email": format!("{name}@example.com") });
        invited.push(send(&house, ("POST", "/users/invite"), &token, &body).await.expect(201));
    }
    let failed = given_up_mail(&house).await;
    let to = async |query: &str| all(&house, &format!("/mail?{query}"), "to", &token).await;
    assert_eq!(to("for=invitation").await, ["kim@example.com", "lim@example.com", "lee@example.com"]);
    assert_eq!(to("search=LI").await, ["lim@example.com"]);
    assert_eq!(to("state=failed").await, ["kim@example.com"]);
    assert_eq!(to(&format!("user={}", invited[0]["sub"].as_str().unwrap())).await, ["lee@example.com"]);
    assert_eq!(to("for=notice").await, [""; 0]);
    for query in ["state=lost", "for=fun", "user=kim", "status=active"] {
        let answer = call(&house, "GET", &format!("/mail?{query}"), &token).send().await;
        assert_eq!(problem(&answer).0, 400, "{query}");
    }
    let act = async |what: &str| call(&house, "POST", &format!("/mail/{failed}/{what}"), &token).send().await;
    assert_eq!(act("retry").await.expect(200)["state"], "waiting");
    assert_eq!(problem(&act("retry").await), (409, "stale".to_owned()), "it waits already");
    assert_eq!(act("drop").await.expect(200)["state"], "dropped");
    assert_eq!(problem(&act("drop").await), (409, "stale".to_owned()));
    assert_eq!(call(&house, "GET", &format!("/mail/{failed}"), &token).send().await.expect(200)["code"], 550);
    assert_eq!(problem(&call(&house, "GET", "/mail/lost", &token).send().await), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_test_says_what_came_of_it() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    let test = async |query: &str, to: &str| {
        send(&house, ("POST", &format!("/mail/test{query}")), &token, &json!({ "to": to })).await
    };
    assert_eq!(test("", "kim@example.com").await.expect(200)["delivered"], true);
    assert_eq!(test("?dry_run=true", "kim@example.com").await.expect(200), json!({}));
    assert_eq!(house.audit(AuditKind::MailTested).await.len(), 1, "what was only tried is not noted");
    assert_eq!(wrong(&test("", "nobody").await), [("/to".to_owned(), "not_an_email_address".to_owned())]);
    let house = house_with(|_| ()).await;
    let token = token_as(&house, Role::Administrator).await;
    let off = send(&house, ("POST", "/mail/test"), &token, &json!({ "to": "kim@example.com" })).await.expect(200);
    assert_eq!(off, json!({ "delivered": false, "said": "mail is switched off" }));
}
