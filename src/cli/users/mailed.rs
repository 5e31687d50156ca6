//! Links that are mailed: invitations, and a way back in.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::super::context::Desk;
use super::super::failure::{Failure, Outcome};
use super::super::frame::{self, Kind};
use super::super::possible::one_of;
use super::{Users, email, email_of};
use crate::admin::users::{self, InvitationResource, MembershipsResource, UserResource};
use crate::model::user::Role;

/// Make an account for somebody, who is mailed a link to set its password by. The link works for a week.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users invite lee@example.com --name 'Lee Jiwoo'
  haechi users invite lee@example.com --group staff --app-role shop:manager
  haechi users invite lee@example.com --again
  haechi users invite lee@example.com --withdraw")]
pub(in super::super) struct Invite {
    /// The e-mail address that the invitation goes to.
    #[arg(value_parser = email)]
    email: String,
    /// Their name.
    #[arg(long, conflicts_with_all = ["again", "withdraw"])]
    name: Option<String>,
    /// The language of the mail and of pages: `en` or `ko`.
    #[arg(long, conflicts_with_all = ["again", "withdraw"])]
    locale: Option<String>,
    /// What the account may do to Haechi itself: owner, administrator, `people_manager`, `app_manager`, auditor.
    #[arg(long = "role", value_name = "ROLE", value_parser = one_of::<Role>(), hide_possible_values = true, conflicts_with_all = ["again", "withdraw"])]
    roles: Vec<Role>,
    /// A group that the account is in from the beginning. May be said again for further ones.
    #[arg(long = "group", value_name = "NAME", conflicts_with_all = ["again", "withdraw"])]
    groups: Vec<String>,
    /// A role in apps that the account has from the beginning: `editor` of every app, `shop:manager` of one.
    #[arg(long = "app-role", value_name = "ROLE", conflicts_with_all = ["again", "withdraw"])]
    app_roles: Vec<String>,
    /// Send another link to somebody who was invited; the one before ends.
    #[arg(long, conflicts_with = "withdraw")]
    again: bool,
    /// End the link. The account stays until it is deleted.
    #[arg(long)]
    withdraw: bool,
}

/// Mail somebody a link to set a new password by. Nothing of the account changes until they use it, and no second factor is taken away by it.
#[derive(Args, Debug)]
#[command(
    after_long_help = "Examples:\n  haechi users reset-link kim@example.com --reason 'lost the phone, asked at the help desk'"
)]
pub(in super::super) struct ResetLink {
    /// The account: its id or its e-mail address.
    user: String,
    /// Why: the audit log keeps it.
    #[arg(long)]
    reason: String,
}

impl Invite {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        if self.withdraw {
            return withdraw(desk, &self.email).await;
        }
        if self.again {
            return again(desk, &self.email).await;
        }
        let memberships = MembershipsResource { groups: Some(self.groups), roles: Some(self.app_roles), version: None };
        let user = UserResource {
            email: Some(self.email),
            name: self.name,
            locale: self.locale,
            roles: (!self.roles.is_empty()).then_some(self.roles),
            ..UserResource::default()
        };
        let invitation = InvitationResource { memberships, user };
        let user = match desk {
            Desk::Here(context) => {
                let user = users::invite(&context.app.admin, &context.authority, invitation).await?;
                Users::shown(context, &user).await?
            }
            Desk::There(there) => {
                let body = serde_json::to_value(&invitation).map_err(Failure::of)?;
                there.api.send(Method::POST, "/users/invite", Some(&body)).await?
            }
        };
        said(desk, &user, "is invited")
    }
}

async fn withdraw(desk: &mut Desk, email: &str) -> Outcome {
    let email = &email.to_owned();
    let user = match desk {
        Desk::Here(context) => {
            let user = frame::find::<Users>(context, email).await?;
            users::withdraw_invitation(&context.app.admin, &context.authority, user.id).await?;
            Users::shown(context, &user).await?
        }
        Desk::There(_) => {
            let user = frame::document::<Users>(desk, email).await?;
            let path = format!("{}/invitation", frame::path::<Users>(&user));
            if let Desk::There(there) = desk {
                there.api.done(Method::DELETE, &path, (&[], None)).await?;
            }
            frame::document::<Users>(desk, email).await?
        }
    };
    said(desk, &user, "is not invited any more")
}

async fn again(desk: &mut Desk, email: &str) -> Outcome {
    let email = &email.to_owned();
    let user = match desk {
        Desk::Here(context) => {
            let user = frame::find::<Users>(context, email).await?;
            users::invite_again(&context.app.admin, &context.authority, user.id).await?;
            Users::shown(context, &user).await?
        }
        Desk::There(_) => {
            let user = frame::document::<Users>(desk, email).await?;
            frame::act_there::<Users>(desk, &user, (Method::POST, "invitation", None)).await?.document
        }
    };
    said(desk, &user, "is sent another link")
}

impl ResetLink {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let user = match desk {
            Desk::Here(context) => {
                let user = frame::find::<Users>(context, &self.user).await?;
                users::send_reset_link(&context.app.admin, &context.authority, user.id, &self.reason).await?;
                Users::shown(context, &user).await?
            }
            Desk::There(_) => {
                let user = frame::document::<Users>(desk, &self.user).await?;
                let wanted = json!({ "reason": self.reason });
                let action = (Method::POST, "password-reset", Some(&wanted));
                frame::act_there::<Users>(desk, &user, action).await?.document
            }
        };
        said(desk, &user, "is sent a link")
    }
}

fn said(desk: &mut Desk, user: &UserResource, what: &str) -> Outcome {
    desk.output().tell(format!("{} {what}.", email_of(user)), user)
}
