//! `haechi users set-password`.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::{Users, email_of};
use crate::admin::users;
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;
use crate::cli::frame::{One, Said, act_there};
use crate::cli::prompt;
use crate::support::Secret;

/// Set the password of an account, asked for or read from standard input, for a reason that the audit log keeps. What was signed in before is signed out.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users set-password kim@example.com --reason 'forgot it, seen in person'
  haechi users set-password kim@example.com --reason 'forgot it, seen in person' < password.txt")]
pub(in crate::cli) struct SetPassword {
    #[command(flatten)]
    one: One<Users>,
    /// How you know that it is the owner who asks, or why it has to be, in a line.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl SetPassword {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let user = self.one.document(desk).await?;
        let password = new_password(desk, email_of(&user), user.name.as_deref()).await?;
        match desk {
            Desk::Here(context) => {
                let (user, admin) = (self.one.find(context).await?, &context.app.admin);
                let set = users::set_password(admin, &context.authority, user.id, &password, &self.reason).await;
                set.map_err(|why| Said::InOptions.refused::<Users>(why))?;
            }
            Desk::There(_) => {
                let given = json!({ "password": password.expose(), "reason": self.reason });
                act_there::<Users>(desk, &user, (Method::PUT, "password", Some(&given))).await?;
            }
        }
        self.one.tell(desk, format!("{} has a new password, and is signed out everywhere.", email_of(&user))).await
    }
}

/// Asks for a password that the account may have. A server elsewhere says that itself.
pub(super) async fn new_password(desk: &Desk, email: &str, name: Option<&str>) -> Outcome<Secret<String>> {
    let Desk::Here(context) = desk else {
        return prompt::new_password("The server says whether the password may be one.", |_| Ok(()));
    };
    let admin = &context.app.admin;
    let check = users::password_check(admin, email, name).await?;
    prompt::new_password(&users::password_rules(admin).await?, |typed| check(typed).map_err(|why| why.to_string()))
}
