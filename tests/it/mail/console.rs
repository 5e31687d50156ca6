//! What administrators do with mail: see it, try it, send it again; invite people, and help them back in.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::affiliations::GroupResource;
use haechi::admin::{Authority, Rejected, users};
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::{MailPurpose, MailState};
use haechi::model::user::Role;

use super::{EMAIL, NEW_PASSWORD, is_verified, signs_in};
use crate::admin::affiliations::define;
use crate::admin::api::mail::given_up_mail;
use crate::pages::holder;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Browser;
use crate::support::mailbox::house;

#[tokio::test]
async fn somebody_who_is_invited_sets_a_password_and_has_proved_the_address() {
    let house = house(|_| ()).await;
    let mut administrator = holder(&house, Role::Administrator).await;
    let form = administrator.get("/admin/people/invite").await;
    let page =
        administrator.submit(&form, "invite", &[("email", EMAIL), ("name", "<a href=//evil.example>Kim</a>")]).await;
    assert!(page.has("done"), "{}", page.body);
    let document = administrator.get(&format!("{}/document", page.url.path())).await;
    assert!(document.text("json").contains("\"status\": \"invited\""), "{}", document.text("json"));
    let letters = house.mails_for(EMAIL, MailPurpose::Invitation).await;
    assert!(!letters[0].html.contains("evil.example"), "MAIL-015: no text of anybody's is in a mail");
    let first = letters[0].link("/reset");
    // Again: the link of before ends.
    house.clock.advance(Duration::from_secs(1));
    let access = administrator.get(&format!("{}/access", page.url.path())).await;
    assert!(access.has("invited"));
    administrator.submit(&access, "invitation", &[("do", "invite")]).await;
    let second = house.mails_for(EMAIL, MailPurpose::Invitation).await[0].link("/reset");
    let mut kim = house.browser();
    assert!(kim.get(&first).await.has("link-spent"));
    let page = kim.get(&second).await;
    let page = kim.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(is_verified(&house, EMAIL).await && signs_in(&house, EMAIL, NEW_PASSWORD).await);
    assert_eq!(house.audit(AuditKind::InvitationAccepted).await.len(), 1);
}

#[tokio::test]
async fn an_invitation_brings_groups_and_one_that_is_not_there_is_said_beside_its_field() {
    let house = house(|_| ()).await;
    define::<GroupResource>(&house, serde_json::json!({ "name": "staff" })).await;
    let mut administrator = holder(&house, Role::Administrator).await;
    let form = administrator.get("/admin/people/invite").await;
    let typed = [("email", EMAIL), ("groups", "staff\nfriends")];
    let refused = administrator.submit(&form, "invite", &typed).await;
    assert!(refused.text("groups-problem").contains("none of this name"), "{}", refused.body);
    assert!(refused.body.contains("staff\nfriends"), "what was typed stays");
    assert!(house.outbox().await.is_empty());
    let page = administrator.submit(&refused, "invite", &[("email", EMAIL), ("groups", "staff")]).await;
    let groups = administrator.get(&format!("{}/groups", page.url.path())).await;
    assert!(groups.text("groups").contains("staff"), "{}", groups.body);
}

#[tokio::test]
async fn an_invitation_that_is_withdrawn_does_nothing() {
    let house = house(|_| ()).await;
    let new = serde_json::from_value(serde_json::json!({ "email": EMAIL })).unwrap();
    let by = Authority::operator();
    let kim = users::invite(&house.admin, &by, new).await.unwrap();
    let link = house.mails_for(EMAIL, MailPurpose::Invitation).await[0].link("/reset");
    users::withdraw_invitation(&house.admin, &by, kim.id).await.unwrap();
    assert!(house.browser().get(&link).await.has("link-spent"));
    assert_eq!(users::invited_at(&house.admin, &by, kim.id).await.unwrap(), None);
}

#[tokio::test]
async fn an_administrators_link_needs_a_reason_is_noted_and_is_seen_by_its_reader_alone() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    let mut administrator = holder(&house, Role::PeopleManager).await;
    let access = administrator.get(&format!("/admin/people/{}/access", kim.id)).await;
    let refused = administrator.submit(&access, "reset-link", &[("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(house.mailbox(EMAIL).await.is_empty());
    let sent = administrator.submit(&access, "reset-link", &[("reason", "asked at the desk")]).await;
    assert!(sent.has("done") && !sent.body.contains("hott_"), "{}", sent.body);
    let noted = &house.audit(AuditKind::PasswordResetAsked).await[0];
    assert_eq!((noted.user, noted.detail.as_deref()), (Some(kim.id), Some("asked at the desk")));
    assert!(signs_in(&house, EMAIL, PASSWORD).await, "until it is used nothing changes");
    let link = house.mails_for(EMAIL, MailPurpose::ResetPassword).await[0].link("/reset");
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    assert_eq!(browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await.url.path(), "/account");
}

#[tokio::test]
async fn the_outbox_is_searched_and_for_development_read_by_who_may_change_the_account() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    let owner = house.user("owner@example.com").await;
    users::set_roles(&house.admin, &Authority::operator(), owner.id, vec![Role::Owner]).await.unwrap();
    for email in [EMAIL, "owner@example.com"] {
        super::ask(&mut house.browser(), email).await;
    }
    house.send_mail().await;
    let mut manager = holder(&house, Role::PeopleManager).await;
    let list = manager.get("/admin/mail?q=kim&state=sent&for=reset_password").await;
    assert!(list.body.contains(EMAIL) && !list.text("found").contains("owner@example.com"), "{}", list.body);
    for mail in house.outbox().await {
        let page = manager.get(&format!("/admin/mail/{}", mail.id)).await;
        assert!(page.has("read") && !page.body.contains("hott_"), "{}", page.body);
        let read = manager.submit(&page, "act", &[("do", "read")]).await;
        // Whoever reads an owner's link is an owner in a minute.
        assert_eq!(read.body.contains("hott_"), mail.to.as_str() == EMAIL, "{}", read.body);
        if mail.to.as_str() == EMAIL {
            let html = read.html();
            let link = html.select(&scraper::Selector::parse("#says a").unwrap()).next().unwrap();
            assert!(link.attr("href").unwrap().starts_with(&format!("{}/reset?token=hott_", house.issuer())));
        }
    }
    let mut auditor = holder(&house, Role::Auditor).await;
    let mail = house.outbox().await.remove(0);
    assert!(!auditor.get(&format!("/admin/mail/{}", mail.id)).await.has("read"));
}

#[tokio::test]
async fn what_was_given_up_is_sent_again_or_dropped_together() {
    let house = super::outbox::away().await;
    super::outbox::put(&house).await;
    super::outbox::put(&house).await;
    house.send_mail().await;
    let mut administrator = holder(&house, Role::Administrator).await;
    let list = administrator.get("/admin/mail?state=waiting").await;
    let picked: Vec<String> = house.outbox().await.iter().map(|mail| format!("pick-{}", mail.id)).collect();
    let mut fields: Vec<(&str, &str)> = picked.iter().map(|name| (name.as_str(), "yes")).collect();
    fields.push(("do", "drop"));
    let done = administrator.submit(&list, "several", &fields).await;
    assert!(done.has("done"), "{}", done.body);
    assert!(house.outbox().await.iter().all(|mail| mail.state == MailState::Dropped && mail.sealed.is_empty()));
    assert_eq!(house.audit(AuditKind::MailDropped).await.len(), 2);
    let nothing = administrator.submit(&list, "several", &fields).await;
    assert!(nothing.text("done").contains("Nothing was changed"), "{}", nothing.body);
    // The test says what is wrong, in words.
    let page = administrator.get("/admin/mail").await;
    let tested = administrator.submit(&page, "test", &[("to", EMAIL)]).await;
    assert!(tested.text("problem").contains("mail.host"), "{}", tested.body);
}

#[tokio::test]
async fn the_overview_says_how_mail_stands() {
    let house = house(|_| ()).await;
    let by = Authority::operator();
    let stands = async |browser: &mut Browser| {
        let page = browser.get("/admin").await;
        page.text("health").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut administrator = holder(&house, Role::Administrator).await;
    let said = stands(&mut administrator).await;
    assert!(said.contains("Mail works"), "{said}");
    users::invite(&house.admin, &by, serde_json::from_value(serde_json::json!({ "email": EMAIL })).unwrap())
        .await
        .unwrap();
    given_up_mail(&house).await;
    let said = stands(&mut administrator).await;
    assert!(said.contains("Mail Needs attention"), "{said}");
    let without = TestApp::new().await;
    let mut elsewhere = holder(&without, Role::Administrator).await;
    let said = stands(&mut elsewhere).await;
    assert!(said.contains("Mail not set up"), "{said}");
}

#[tokio::test]
async fn where_no_mail_leaves_nobody_is_invited() {
    let house = TestApp::new().await;
    let new = serde_json::from_value(serde_json::json!({ "email": EMAIL })).unwrap();
    let refused = users::invite(&house.admin, &Authority::operator(), new).await;
    assert!(matches!(refused, Err(Rejected::Invalid(_))), "{refused:?}");
    let mut administrator = holder(&house, Role::Administrator).await;
    assert!(administrator.get("/admin/people/invite").await.has("no-mail"));
    assert!(!administrator.get("/admin/mail").await.has("test"));
}
