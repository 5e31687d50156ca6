//! `[mail]`

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;
use crate::model::user::EmailAddress;
use crate::protocol::issuer::Issuer;

/// How mail leaves the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// It does not: nothing that rests on mail is offered.
    None,
    /// By a mail server.
    Smtp,
    /// Into the console, and into a folder where one is set: for development.
    File,
}

impl MailTransport {
    /// The name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Smtp => "smtp",
            Self::File => "file",
        }
    }
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailEncryption {
    /// By the command `STARTTLS`, which the server must know (RFC 3207).
    #[default]
    Starttls,
    /// From the first byte on (RFC 8314 section 3.3).
    Tls,
    /// Not at all.
    Plain,
}

impl MailEncryption {
    /// The port that servers listen on for it: RFC 8314 section 7.3, RFC 6409 section 3.1, RFC 5321 section 4.5.4.2.
    const fn port(self) -> u16 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::Plain => 25,
        }
    }
}

/// How Haechi authenticates to the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailMechanism {
    /// PLAIN: RFC 4616.
    Plain,
    /// LOGIN, which some servers know only.
    Login,
    /// XOAUTH2: the password is an access token.
    Xoauth2,
}

/// How mail is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// How mail leaves the server: `smtp`, `file` (for development: the console shows what would have been sent), or `none`. Unless set it is `file` where
    /// the issuer is `http`, which can only be this machine, and `none` otherwise.
    pub transport: Option<MailTransport>,
    /// The address that mail comes from. Set it together with `smtp`; without it, it is one that leads nowhere.
    pub from: Option<String>,
    /// The name that mail comes from; that of the service unless set.
    pub from_name: Option<String>,
    /// The address that answers go to; `from` unless set.
    pub reply_to: Option<String>,
    /// The name of the mail server.
    pub host: Option<String>,
    /// Its port: 587 for `starttls`, 465 for `tls` and 25 for `plain` unless set.
    pub port: Option<u16>,
    /// How the connection to it is encrypted: `starttls`, `tls`, or `plain`, which is for a server on this machine only.
    pub encryption: MailEncryption,
    /// Whether `plain` may go to another machine, although everybody on the way there can read the links that sign in.
    pub plain_to_others: bool,
    /// PEM file with the authorities that may vouch for the mail server, besides the public ones.
    pub authorities: Option<PathBuf>,
    /// Who Haechi is to the mail server. Without it, it does not authenticate.
    pub user: Option<String>,
    /// The password, or for `xoauth2` the access token.
    pub password: Option<String>,
    /// A file that the password is the first line of, instead of `password`. It is read before each attempt, so that an access token can be renewed in it.
    pub password_file: Option<PathBuf>,
    /// How Haechi authenticates: `plain`, `login` or `xoauth2`. Unless set, the first of `plain` and `login` that the server knows.
    pub mechanism: Option<MailMechanism>,
    /// Seconds that the mail server has for each answer.
    pub timeout_seconds: u64,
    /// The folder that `file` writes each mail into, as a file of its own. Without it mail is only shown in the console.
    pub folder: Option<PathBuf>,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            transport: None,
            from: None,
            from_name: None,
            reply_to: None,
            host: None,
            port: None,
            encryption: MailEncryption::default(),
            plain_to_others: false,
            authorities: None,
            user: None,
            password: None,
            password_file: None,
            mechanism: None,
            timeout_seconds: 20,
            folder: None,
        }
    }
}

impl MailConfig {
    /// How mail leaves a server of this issuer.
    pub fn transport(&self, issuer: &Issuer) -> MailTransport {
        let usual = if issuer.is_https() { MailTransport::None } else { MailTransport::File };
        self.transport.unwrap_or(usual)
    }

    /// The port of the mail server.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.encryption.port())
    }

    /// How long the mail server has for each answer: `timeout_seconds`.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// Checks addresses, what goes together, and that nothing secret goes through a network in the clear.
    pub(super) fn validate(&self, found: &mut Findings) {
        for (field, address) in [("from", &self.from), ("reply_to", &self.reply_to)] {
            if address.as_deref().is_some_and(|text| EmailAddress::parse(text).is_err()) {
                found.wrong(field, "must be an e-mail address, without a name");
            }
        }
        if self.from_name.as_deref().is_some_and(|name| name.chars().any(char::is_control) || name.len() > 200) {
            found.wrong("from_name", "must be one line of at most 200 bytes");
        }
        found.range("timeout_seconds", &self.timeout_seconds, &1, &60);
        if self.transport == Some(MailTransport::Smtp) {
            self.validate_smtp(found);
        }
    }

    fn validate_smtp(&self, found: &mut Findings) {
        if self.from.is_none() {
            found.wrong("from", "must be set for smtp: the address that mail comes from");
        }
        let Some(host) = self.host.as_deref().filter(|host| !host.trim().is_empty()) else {
            return found.wrong("host", "must be set for smtp: the name of the mail server");
        };
        if self.encryption == MailEncryption::Plain && !is_this_machine(host) && !self.plain_to_others {
            found.wrong("encryption", "plain is for a mail server on this machine only; links that sign in go by it");
        }
        match (&self.user, &self.password, &self.password_file) {
            (_, Some(_), Some(_)) => found.wrong("password_file", "cannot be set together with password"),
            (Some(_), None, None) => found.wrong("password", "must be set together with user"),
            (None, Some(_), _) | (None, _, Some(_)) => found.wrong("user", "must be set together with a password"),
            _ => {}
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn found(mail: &MailConfig) -> Vec<String> {
        let config = Config { mail: mail.clone(), ..Config::default() };
        config.problems().into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn mail_that_signs_in_does_not_go_in_the_clear_through_a_network() {
        let smtp = |host: &str, encryption| MailConfig {
            transport: Some(MailTransport::Smtp),
            from: Some("id@example.com".to_owned()),
            host: Some(host.to_owned()),
            encryption,
            ..MailConfig::default()
        };
        for (host, encryption, wrong) in [
            ("mail.example.com", MailEncryption::Starttls, vec![]),
            ("mail.example.com", MailEncryption::Plain, vec!["mail.encryption"]),
            ("127.0.0.1.example.com", MailEncryption::Plain, vec!["mail.encryption"]),
            ("127.0.0.1", MailEncryption::Plain, vec![]),
            ("localhost", MailEncryption::Plain, vec![]),
            ("", MailEncryption::Tls, vec!["mail.host"]),
        ] {
            assert_eq!(found(&smtp(host, encryption)), wrong, "{host} {encryption:?}");
        }
        let said = MailConfig { plain_to_others: true, ..smtp("mail.example.com", MailEncryption::Plain) };
        assert_eq!(found(&said), Vec::<String>::new());
    }

    #[test]
    fn what_goes_together_is_set_together() {
        let text = |text: &str| Some(text.to_owned());
        let smtp = || MailConfig {
            transport: Some(MailTransport::Smtp),
            from: text("id@example.com"),
            host: text("mail.example.com"),
            ..MailConfig::default()
        };
        for (config, wrong) in [
            (MailConfig { user: text("haechi"), ..smtp() }, "mail.password"),
            (MailConfig { password: text("x"), ..smtp() }, "mail.user"),
            (
                MailConfig { user: text("h"), password: text("x"), password_file: Some("f".into()), ..smtp() },
                "mail.password_file",
            ),
            (MailConfig { from: text("Haechi <id@example.com>"), ..smtp() }, "mail.from"),
            (MailConfig { from: None, ..smtp() }, "mail.from"),
            (MailConfig { from_name: text("a\r\nBcc: b@example.com"), ..smtp() }, "mail.from_name"),
        ] {
            assert_eq!(found(&config), [wrong]);
        }
    }

    #[test]
    fn a_server_on_this_machine_shows_its_mail_and_any_other_is_told_how_to_send_it() {
        let of = |issuer: &str| MailConfig::default().transport(&Issuer::parse(issuer).unwrap());
        assert_eq!(of("http://localhost:8080"), MailTransport::File);
        assert_eq!(of("https://id.example"), MailTransport::None);
    }
}
