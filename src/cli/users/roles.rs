//! `haechi users roles`.

use clap::Args;

use super::{Users, email_of};
use crate::admin::users::{self, UserResource};
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;
use crate::cli::frame::{One, Said};
use crate::cli::possible::one_of;
use crate::model::user::Role;

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct RoleChoice {
    /// What it may do: owner, administrator, people_manager, app_manager, auditor.
    #[arg(long = "role", value_name = "ROLE", value_parser = one_of::<Role>(), hide_possible_values = true)]
    roles: Vec<Role>,
    /// The same as `--role administrator`.
    #[arg(long)]
    administrator: bool,
    /// It may do nothing but use apps.
    #[arg(long)]
    none: bool,
}

/// Set what an account may do to Haechi itself.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users roles kim@example.com --role owner
  haechi users roles kim@example.com --role people_manager --role app_manager
  haechi users roles kim@example.com --none")]
pub(in crate::cli) struct Roles {
    #[command(flatten)]
    one: One<Users>,
    #[command(flatten)]
    choice: RoleChoice,
}

impl Roles {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let roles = if self.choice.administrator { vec![Role::Administrator] } else { self.choice.roles };
        let user = match desk {
            Desk::Here(context) => {
                let user = self.one.find(context).await?;
                UserResource::from(&users::set_roles(&context.app.admin, &context.authority, user.id, roles).await?)
            }
            Desk::There(_) => {
                let was = self.one.document(desk).await?;
                let said = UserResource { roles: Some(roles), ..UserResource::default() };
                self.one.save(desk, Said::InOptions, (&was, &said)).await?.document
            }
        };
        let names: Vec<_> = user.roles.iter().flatten().map(|role| role.as_str()).collect();
        let now =
            if names.is_empty() { "has no role".to_owned() } else { format!("has the roles: {}", names.join(", ")) };
        self.one.tell(desk, format!("{} {now}.", email_of(&user))).await
    }
}
