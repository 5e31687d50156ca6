//! Whether mail leaves the server: its mail server answers, and takes the user and the password.

use super::Finding;
use crate::app::App;
use crate::config::Config;
use crate::config::mail::MailTransport;
use crate::i18n::keys::doctor as text;
use crate::i18n::said;
use crate::protocol::issuer::Issuer;

const ABOUT: &str = "mail";

/// Connects to the mail server and authenticates, and sends nothing. Without a house it is only said how mail would leave.
pub(super) async fn look(config: &Config, app: Option<&App>) -> Finding {
    let transport = Issuer::parse(&config.server.issuer).map(|issuer| config.mail.transport(&issuer));
    let server = || format!("{}:{}", config.mail.host.as_deref().unwrap_or_default(), config.mail.port());
    match (transport, app) {
        (Ok(MailTransport::None) | Err(_), _) => Finding::ok(ABOUT, text::MAIL_NONE),
        (Ok(MailTransport::File), _) => Finding::ok(ABOUT, text::MAIL_FILE),
        (Ok(MailTransport::Smtp), None) => Finding::ok(ABOUT, said(text::MAIL_WOULD_LEAVE).filling("server", server())),
        (Ok(MailTransport::Smtp), Some(app)) => match app.mailer.reach().await {
            Ok(()) => Finding::ok(ABOUT, said(text::MAIL_LEAVES).filling("server", server())),
            Err(why) => Finding::fail(ABOUT, format!("{}: {why}", server()), text::MAIL_MEND),
        },
    }
}
