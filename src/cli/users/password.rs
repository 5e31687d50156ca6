//! `haechi users set-password`.

use clap::Args;

use super::{Users, new_password};
use crate::admin::users;
use crate::cli::context::Context;
use crate::cli::failure::Outcome;
use crate::cli::frame::{One, Said};

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
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let user = self.one.find(context).await?;
        let password = new_password(context, user.email.as_str(), user.name()).await?;
        let set = users::set_password(&context.app.admin, &context.authority, user.id, &password, &self.reason).await;
        set.map_err(|why| Said::InOptions.refused::<Users>(why))?;
        self.one.tell(context, format!("{} has a new password, and is signed out everywhere.", user.email)).await
    }
}
