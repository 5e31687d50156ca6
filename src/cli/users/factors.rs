//! `haechi users reset-factors` and `haechi users recover`.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::{Users, email_of};
use crate::admin::users::{self, Recovery};
use crate::cli::confirmation::Confirmation;
use crate::cli::context::{Context, Desk};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{One, Said, act_there};
use crate::cli::output::Style;
use crate::model::User;

/// Take every second factor and the recovery codes from an account, for a reason that the audit log keeps. It is signed out everywhere.
///
/// Make sure first that it is the owner who asks. Where the account must have a second factor, it adds another when it signs in.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users reset-factors kim@example.com --reason 'phone lost, seen in person'")]
pub(in crate::cli) struct ResetFactors {
    #[command(flatten)]
    one: One<Users>,
    /// How you know that it is the owner who asks, in a line.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Let an administrator back in who lost every way: prints a new password, and takes passkeys and second factors away. Everything of the account is signed out.
///
/// Where nobody signs in by password it prints a link instead, which works once and for an hour: by it they make a passkey, in the place of all that the account has. For an
/// account with a role, and for who has this machine in hand: nothing over the network does it. The audit log says so, and keeps the reason.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users recover kim@example.com --reason 'every device lost, seen in person' --yes")]
pub(in crate::cli) struct Recover {
    #[command(flatten)]
    one: One<Users>,
    /// How you know that it is the owner who asks, in a line.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

impl ResetFactors {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let user = self.one.document(desk).await?;
        match desk {
            Desk::Here(context) => {
                let (user, admin) = (self.one.find(context).await?, &context.app.admin);
                let reset = users::reset_factors(admin, &context.authority, user.id, &self.reason).await;
                reset.map_err(|why| Said::InOptions.refused::<Users>(why))?;
            }
            Desk::There(_) => {
                let wanted = json!({ "reason": self.reason });
                let action = (Method::POST, "second-factors/reset", Some(&wanted));
                act_there::<Users>(desk, &user, action).await?;
            }
        }
        let sentence = format!("{} has no second factor any more, and is signed out everywhere.", email_of(&user));
        self.one.tell(desk, sentence).await
    }
}

impl Recover {
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let user = self.one.find(context).await?;
        if !user.has_roles() {
            return Err(no_administrator(&user));
        }
        let question = format!(
            "Give {} a new way in, take its passkeys and second factors away, and sign it out everywhere?",
            user.email
        );
        self.confirmation.given(&question, "nothing was changed")?;
        let recovered = users::recover(&context.app.admin, &context.authority, user.id, &self.reason).await;
        match recovered.map_err(|why| Said::InOptions.refused::<Users>(why))? {
            Some(Recovery::Password(password)) if context.output.is_json() => {
                context.output.json(&json!({ "sub": user.id, "password": password.expose() }))
            }
            Some(Recovery::Password(password)) => {
                context.output.line(format!("{} signs in with this password, and changes it then:", user.email))?;
                context.output.line(password.expose())
            }
            Some(Recovery::Link { token, expires_at }) => {
                let url = format!("{}/reset?token={}", context.app.config.server.issuer, token.expose());
                if context.output.is_json() {
                    let expires_at = expires_at.to_string();
                    return context.output.json(&json!({ "sub": user.id, "url": url, "expires_at": expires_at }));
                }
                context.output.line(format!("{} makes a passkey by this link, and signs in with it:", user.email))?;
                let text = context.output.styled(Style::Link, &url);
                context.output.raw(&format!("{text}\n"))?;
                context.output.line(format!("It works once, until {expires_at}."))
            }
            None => context
                .output
                .line("Nobody signs in by password or passkey here: haechi sign-in set --password-sign-in true"),
        }
    }
}

/// Who has no role is helped as everybody is: with them nobody loses the server.
fn no_administrator(user: &User) -> Failure {
    let email = &user.email;
    Failure::of(format!(
        "{email} has no role here, and this is for administrators who lost every way in. As for everybody else, `haechi users set-password {email} --reason TEXT` gives \
         a new password, and `haechi users reset-factors {email} --reason TEXT` takes the second factors away. If this is to be an administrator: \
         `haechi users roles {email} --role administrator`, and then this again"
    ))
}
