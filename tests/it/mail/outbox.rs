//! The outbox: what waits, what is taken, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use haechi::config::mail::{MailConfig, MailEncryption, MailTransport};
use haechi::mail::Letter;
use haechi::model::Locale;
use haechi::model::mail::{MailPurpose, MailState};
use haechi::model::user::EmailAddress;

use super::EMAIL;
use crate::support::app::TestApp;
use crate::support::folder::Folder;
use crate::support::mailbox;

pub(super) async fn put(house: &TestApp) {
    let to = EmailAddress::parse(EMAIL).unwrap();
    house.commit(vec![house.mailer.put(&to, None, Locale::En, Letter::Test).unwrap()]).await;
}

/// A house whose mail server is away: nothing listens there.
pub(super) async fn away() -> TestApp {
    TestApp::with(|config| {
        config.mail = MailConfig {
            transport: Some(MailTransport::Smtp),
            from: Some("id@example.com".to_owned()),
            host: Some("127.0.0.1".to_owned()),
            port: Some(1),
            encryption: MailEncryption::Plain,
            timeout_seconds: 1,
            ..MailConfig::default()
        };
    })
    .await
}

#[tokio::test]
async fn of_many_that_take_a_mail_one_sends_it() {
    let house = Arc::new(mailbox::house(|_| ()).await);
    put(&house).await;
    let mail = house.outbox().await.remove(0);
    let until = mail.next_at.plus(Duration::from_mins(10));
    let takes = (0..50).map(|_| {
        let (house, mail) = (house.clone(), mail.clone());
        tokio::spawn(async move { house.stores.mails.take(&mail, until).await.unwrap() })
    });
    let taken = futures_util::future::join_all(takes).await;
    assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
}

/// A node that was killed between taking a mail and noting what became of it.
#[tokio::test]
async fn what_a_node_took_that_is_no_more_is_sent_by_another() {
    let house = mailbox::house(|_| ()).await;
    put(&house).await;
    let mail = house.outbox().await.remove(0);
    assert!(house.stores.mails.take(&mail, mail.next_at.plus(Duration::from_mins(10))).await.unwrap());
    assert_eq!(house.send_mail().await, 0, "it is somebody's");
    house.clock.advance(Duration::from_mins(10));
    assert_eq!(house.send_mail().await, 1);
    let sent = house.outbox().await.remove(0);
    assert_eq!((sent.state, sent.attempts), (MailState::Sent, 2));
    assert_eq!(house.send_mail().await, 0);
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_tried_again_with_growing_pauses_until_nobody_wants_the_mail() {
    let house = away().await;
    put(&house).await;
    house.send_mail().await;
    let mail = house.outbox().await.remove(0);
    assert_eq!((mail.state, mail.attempts), (MailState::Waiting, 1));
    assert!(mail.last.unwrap().problem.is_some_and(|why| !why.is_empty()));
    assert_eq!(house.send_mail().await, 0, "not at once");
    house.clock.advance(Duration::from_secs(5));
    assert_eq!(house.send_mail().await, 1);
    house.clock.advance(Duration::from_hours(1));
    house.send_mail().await;
    let mail = house.outbox().await.remove(0);
    assert_eq!(mail.state, MailState::Dropped, "a test mail is worth sending for half an hour");
    assert!(mail.sealed.is_empty(), "and what it says is forgotten");
    assert_eq!(mail.purpose, MailPurpose::Test);
}

#[tokio::test]
async fn what_became_of_mails_is_kept_for_two_weeks() {
    let house = mailbox::house(|_| ()).await;
    put(&house).await;
    house.send_mail().await;
    house.clock.advance(Duration::from_hours(24 * 13));
    haechi::app::purge(&house.app).await.unwrap();
    assert_eq!(house.outbox().await.len(), 1);
    house.clock.advance(Duration::from_hours(24 * 2));
    haechi::app::purge(&house.app).await.unwrap();
    assert!(house.outbox().await.is_empty());
}

#[tokio::test]
async fn for_development_each_mail_is_a_file_that_others_cannot_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.path().join("mails");
    let house = mailbox::house(|config| config.mail.folder = Some(path.clone())).await;
    put(&house).await;
    house.send_mail().await;
    let file = std::fs::read_dir(&path).unwrap().next().unwrap().unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("To: kim@example.com") && text.contains("Auto-Submitted: auto-generated"), "{text}");
}
