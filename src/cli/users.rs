//! `haechi users`: accounts.

use clap::{Args, Subcommand};

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::prompt;
use crate::admin::users::{self, NewUser, UserView};
use crate::model::User;
use crate::model::user::{EmailAddress, Role, UserStatus};
use crate::support::id::UserId;

#[derive(Debug, Subcommand)]
pub(super) enum UsersCommand {
    /// List accounts, in the order they were made.
    List(List),
    /// Make an account: its password is asked for, or read from standard input
    ///
    /// haechi users create kim@example.com --name 'Kim Minji' --administrator
    #[command(verbatim_doc_comment)]
    Create(Create),
    /// Switch an account on.
    Enable(One),
    /// Switch an account off: its sessions, grants and tokens stop working at once.
    Disable(One),
    /// Set the password of an account, asked for or read from standard input. What was signed in before is signed out.
    SetPassword(One),
    /// Set what an account may do to Haechi itself.
    Roles(Roles),
    /// End every session of an account, or of all: every user signs in again, and apps lose what they were granted.
    RevokeSessions(RevokeSessions),
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only accounts whose address or name contains this.
    #[arg(long)]
    search: Option<String>,
    /// Only accounts made after this one.
    #[arg(long, value_name = "USER_ID")]
    after: Option<UserId>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// The e-mail address that will sign in.
    #[arg(value_parser = email)]
    email: String,
    /// The user's `name` claim.
    #[arg(long)]
    name: Option<String>,
    /// The language of pages: en or ko.
    #[arg(long)]
    locale: Option<String>,
    /// The address is known to be the user's (`email_verified`).
    #[arg(long)]
    verified: bool,
    /// The account may do everything.
    #[arg(long)]
    administrator: bool,
    /// Make it without a password: it cannot sign in until one is set.
    #[arg(long)]
    no_password: bool,
    /// Print the account as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct One {
    /// The account: its id or its e-mail address.
    user: String,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct RoleChoice {
    /// It may do everything.
    #[arg(long)]
    administrator: bool,
    /// It may do nothing but use apps.
    #[arg(long)]
    none: bool,
}

#[derive(Args, Debug)]
pub(super) struct Roles {
    /// The account: its id or its e-mail address.
    user: String,
    #[command(flatten)]
    choice: RoleChoice,
}

#[derive(Args, Debug)]
pub(super) struct RevokeSessions {
    /// The account: its id or its e-mail address.
    #[arg(required_unless_present = "all")]
    user: Option<String>,
    /// Of every account.
    #[arg(long, conflicts_with = "user")]
    all: bool,
}

/// An address as it was typed, if it can be one.
fn email(text: &str) -> Result<String, String> {
    EmailAddress::parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

impl UsersCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Create(create) => create.run(context).await,
            Self::Enable(one) => set_enabled(context, &one.user, true).await,
            Self::Disable(one) => set_enabled(context, &one.user, false).await,
            Self::SetPassword(one) => set_password(context, &one.user).await,
            Self::Roles(roles) => roles.run(context).await,
            Self::RevokeSessions(RevokeSessions { user: Some(user), .. }) => {
                let user = find(context, &user).await?;
                users::revoke_sessions(&context.app.admin, &context.authority, user.id).await?;
                context.output.line(format!("{} is signed out everywhere.", user.email))
            }
            Self::RevokeSessions(_) => revoke_all(context).await,
        }
    }
}

impl List {
    async fn run(self, context: &mut Context) -> Outcome {
        let admin = &context.app.admin;
        let page = users::list(admin, &context.authority, self.search.as_deref(), self.after, self.limit).await?;
        if self.json {
            return context.output.json(&page.items.iter().map(UserView::from).collect::<Vec<_>>());
        }
        let rows: Vec<_> = page.items.iter().map(row).collect();
        context.output.table(&["ID", "E-MAIL", "NAME", "STATE", "ROLES", "MADE"], &rows)?;
        match page.items.last().filter(|_| page.more) {
            Some(last) => context.output.line(format!("There are more: --after {}", last.id)),
            None => Ok(()),
        }
    }
}

fn row(user: &User) -> Vec<String> {
    let name = user.profile.get("name").and_then(serde_json::Value::as_str).unwrap_or("-");
    let state = if user.status == UserStatus::Active { "active" } else { "disabled" };
    let roles = if user.is_administrator() { "administrator" } else { "-" };
    vec![
        user.id.to_string(),
        user.email.to_string(),
        name.to_owned(),
        state.to_owned(),
        roles.to_owned(),
        user.created_at.to_string(),
    ]
}

impl Create {
    async fn run(self, context: &mut Context) -> Outcome {
        let password = if self.no_password { None } else { Some(prompt::new_password()?) };
        let new = NewUser {
            email: self.email,
            email_verified: self.verified,
            name: self.name,
            password,
            locale: self.locale,
            roles: if self.administrator { vec![Role::Administrator] } else { Vec::new() },
        };
        let user = users::create(&context.app.admin, &context.authority, new).await?;
        if self.json {
            return context.output.json(&UserView::from(&user));
        }
        context.output.line(format!("{} has the account {}.", user.email, user.id))
    }
}

impl Roles {
    async fn run(self, context: &mut Context) -> Outcome {
        let user = find(context, &self.user).await?;
        let roles = if self.choice.administrator { vec![Role::Administrator] } else { Vec::new() };
        let user = users::set_roles(&context.app.admin, &context.authority, user.id, roles).await?;
        let now = if user.is_administrator() { "is an administrator" } else { "has no role" };
        context.output.line(format!("{} {now}.", user.email))
    }
}

async fn find(context: &Context, id_or_email: &str) -> Outcome<User> {
    let found = users::find(&context.app.admin, &context.authority, id_or_email).await?;
    found.ok_or_else(|| Failure::of(format!("there is no account {id_or_email}")))
}

async fn set_enabled(context: &mut Context, user: &str, enabled: bool) -> Outcome {
    let user = find(context, user).await?;
    users::set_enabled(&context.app.admin, &context.authority, user.id, enabled).await?;
    context.output.line(format!("{} is {}.", user.email, if enabled { "switched on" } else { "switched off" }))
}

async fn set_password(context: &mut Context, user: &str) -> Outcome {
    let user = find(context, user).await?;
    let password = prompt::new_password()?;
    users::set_password(&context.app.admin, &context.authority, user.id, &password).await?;
    context.output.line(format!("{} has a new password, and is signed out everywhere.", user.email))
}

async fn revoke_all(context: &mut Context) -> Outcome {
    let (mut after, mut count) = (None, 0);
    loop {
        let page = users::list(&context.app.admin, &context.authority, None, after, 500).await?;
        for user in &page.items {
            users::revoke_sessions(&context.app.admin, &context.authority, user.id).await?;
            count += 1;
        }
        after = page.items.last().map(|user| user.id);
        if !page.more || after.is_none() {
            return context.output.line(format!("Every user is signed out ({count} accounts)."));
        }
    }
}
