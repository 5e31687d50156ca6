//! Mail as it arrives: what the house would have sent, read as a person reads it.

use haechi::config::Config;
use haechi::config::mail::MailTransport;
use haechi::model::mail::{Mail, MailPurpose, MailQuery};

use super::app::TestApp;

/// A mail that somebody got.
#[derive(Clone, Debug)]
pub struct Letter {
    pub purpose: MailPurpose,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// The one link in it to a page of ours: path and query, as a browser opens them.
    pub fn link(&self, path: &str) -> String {
        let begin = self.text.find(path).unwrap_or_else(|| panic!("no {path} in {}", self.text));
        self.text[begin..].split_whitespace().next().unwrap().to_owned()
    }

    /// The code in it, which has a line of its own.
    pub fn code(&self) -> Option<&str> {
        self.text.lines().find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// A house whose mail can be read: nothing leaves the machine.
pub async fn house(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.mail.transport = Some(MailTransport::File);
        change(config);
    })
    .await
}

impl TestApp {
    /// Tells people what happened, and sends all that is due.
    pub async fn send_mail(&self) -> u32 {
        self.app.audit.seal().await.unwrap();
        let mut made = 0;
        loop {
            match self.app.mailer.look_and_wait().await.unwrap() {
                0 => return made,
                more => made += more,
            }
        }
    }

    /// What is in the outbox, the newest first.
    pub async fn outbox(&self) -> Vec<Mail> {
        self.app.stores.mails.list(&MailQuery::default(), None, 1000).await.unwrap().items
    }

    /// What somebody got, the newest first.
    pub async fn mailbox(&self, email: &str) -> Vec<Letter> {
        self.send_mail().await;
        let read = |mail: Mail| {
            let rendered = self.app.mailer.rendered(&mail).unwrap();
            let (subject, text, html) = (rendered.subject, rendered.text, rendered.html);
            Letter { purpose: mail.purpose, subject, text, html }
        };
        self.outbox().await.into_iter().filter(|mail| mail.to.as_str() == email).map(read).collect()
    }

    /// What somebody got for one purpose, the newest first.
    pub async fn mails_for(&self, email: &str, purpose: MailPurpose) -> Vec<Letter> {
        self.mailbox(email).await.into_iter().filter(|letter| letter.purpose == purpose).collect()
    }
}
