//! Whether mail leaves the server: its mail server answers, and takes the user and the password.

use super::Finding;
use crate::app::App;
use crate::config::Config;
use crate::config::mail::MailTransport;
use crate::protocol::issuer::Issuer;

const ABOUT: &str = "mail";

/// Connects to the mail server and authenticates, and sends nothing. Without a house it is only said how mail would leave.
pub(super) async fn look(config: &Config, app: Option<&App>) -> Finding {
    let transport = Issuer::parse(&config.server.issuer).map(|issuer| config.mail.transport(&issuer));
    let server = || format!("{}:{}", config.mail.host.as_deref().unwrap_or_default(), config.mail.port());
    match (transport, app) {
        (Ok(MailTransport::None) | Err(_), _) => Finding::ok(
            ABOUT,
            "none leaves this server: people cannot set a forgotten password themselves (section [mail])",
        ),
        (Ok(MailTransport::File), _) => Finding::ok(ABOUT, "goes nowhere and is shown in the console, for development"),
        (Ok(MailTransport::Smtp), None) => Finding::ok(ABOUT, format!("would leave by {}", server())),
        (Ok(MailTransport::Smtp), Some(app)) => match app.mailer.reach().await {
            Ok(()) => Finding::ok(ABOUT, format!("leaves by {}", server())),
            Err(why) => Finding::fail(
                ABOUT,
                format!("{}: {why}", server()),
                "correct the section [mail]; `haechi mail test ADDRESS` tries it",
            ),
        },
    }
}
