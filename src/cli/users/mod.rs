//! `haechi users`: accounts.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, One, Switched};
use super::possible::one_of;
use super::{ends, prompt};
use crate::admin::Rejected;
use crate::admin::users::{self, UserResource};
use crate::model::User;
use crate::model::user::{EmailAddress, Role};
use crate::support::Secret;

mod export;
mod factors;
mod form;
mod import;
mod list;
mod mailed;
mod passkeys;
mod password;
mod preview;

use form::Form;
use list::List;

#[derive(Debug, Subcommand)]
pub(super) enum UsersCommand {
    /// List accounts, in the order they were made.
    #[command(after_long_help = "\
Examples:
  haechi users list
  haechi users list --search kim --json")]
    List(List),
    /// Show one account, as JSON: a document that `create --file` and `update --file` read. Its password is never shown.
    #[command(after_long_help = "Examples:\n  haechi users show kim@example.com")]
    Show(One<Users>),
    /// Make an account: its password is asked for, or read from standard input.
    #[command(after_long_help = "\
Examples:
  haechi users create kim@example.com --name 'Kim Minji' --administrator
  haechi users create lee@example.com --no-password
  haechi users create --file user.json")]
    Create(Create),
    /// Change what is known of an account: what is named here is replaced, the rest stays.
    #[command(after_long_help = "\
Examples:
  haechi users update kim@example.com --name 'Kim Minji' --locale ko
  haechi users update kim@example.com --file user.json")]
    Update(Update),
    /// Confirm that an account's e-mail address is its end-user's: apps are told so (`email_verified`).
    #[command(after_long_help = "\
Examples:
  haechi users verify kim@example.com
  haechi users verify kim@example.com --undo")]
    Verify(Verify),
    /// Switch an account on.
    #[command(after_long_help = "Examples:\n  haechi users enable kim@example.com")]
    Enable(One<Users>),
    /// Switch an account off: its sessions, grants and tokens stop working at once.
    #[command(after_long_help = "Examples:\n  haechi users disable kim@example.com")]
    Disable(One<Users>),
    SetPassword(password::SetPassword),
    /// List and remove the passkeys of an account.
    #[command(subcommand)]
    Passkeys(passkeys::PasskeysCommand),
    ResetFactors(factors::ResetFactors),
    Recover(factors::Recover),
    /// Set what an account may do to Haechi itself.
    #[command(after_long_help = "\
Examples:
  haechi users roles kim@example.com --role owner
  haechi users roles kim@example.com --role people_manager --role app_manager
  haechi users roles kim@example.com --none")]
    Roles(Roles),
    /// End every session and every grant of an account: the end-user signs in again, and apps lose what they were granted.
    ///
    /// For one session of an account there is `haechi sessions revoke`; --all is what `haechi sessions end-all` does.
    #[command(after_long_help = "\
Examples:
  haechi users revoke-sessions kim@example.com
  haechi users revoke-sessions --all --yes")]
    RevokeSessions(RevokeSessions),
    Invite(mailed::Invite),
    ResetLink(mailed::ResetLink),
    PreviewToken(preview::PreviewToken),
    Import(import::Import),
    Export(export::Export),
    /// Delete an account with everything that it has: sessions, grants, consents, links and their tokens end at once, and do not come back.
    ///
    /// The address is free then: an account that is made with it is another one to every app. What the audit log noted of its id
    /// stays until it is old enough. To keep an account out for a while, `haechi users disable` it.
    #[command(after_long_help = "\
Examples:
  haechi users delete kim@example.com
  haechi users delete kim@example.com --yes")]
    Delete(Delete<Users>),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Read everything from a JSON file with the claims of OpenID Connect, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["email", "roles", "administrator", "no_password", "Form"])]
    file: Option<PathBuf>,
    /// The e-mail address that will sign in.
    #[arg(value_parser = email, required_unless_present = "file")]
    email: Option<String>,
    #[command(flatten)]
    form: Form,
    /// What it may do to Haechi itself: owner, administrator, people_manager, app_manager, auditor.
    #[arg(long = "role", value_name = "ROLE", value_parser = one_of::<Role>(), hide_possible_values = true)]
    roles: Vec<Role>,
    /// The same as `--role administrator`.
    #[arg(long, conflicts_with = "roles")]
    administrator: bool,
    /// Make it without a password: it cannot sign in until one is set.
    #[arg(long)]
    no_password: bool,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    one: One<Users>,
    /// Read what is to change from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["email", "Form"])]
    file: Option<PathBuf>,
    /// The e-mail address that signs in from now on. It is not known to be the end-user's unless --verified says so.
    #[arg(long, value_parser = email)]
    email: Option<String>,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
pub(super) struct Verify {
    #[command(flatten)]
    one: One<Users>,
    /// Take it back: it is not known whose the address is.
    #[arg(long)]
    undo: bool,
}

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

#[derive(Args, Debug)]
pub(super) struct Roles {
    #[command(flatten)]
    one: One<Users>,
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
    #[command(flatten)]
    confirmation: Confirmation,
}

/// An address as it was typed, if it can be one.
fn email(text: &str) -> Result<String, String> {
    EmailAddress::parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// Accounts as the command line administers them.
#[derive(Clone, Debug)]
pub(super) struct Users;

/// An account that was made or changed, with the document that programs get: what it says of invitations is looked up.
#[derive(Debug)]
pub(super) struct Changed {
    user: User,
    document: UserResource,
}

impl Changed {
    async fn of(context: &Context, user: User) -> Result<Self, Rejected> {
        let document = Users::shown(context, &user).await?;
        Ok(Self { user, document })
    }
}

impl Kind for Users {
    /// An account is found by its id and by its address.
    type Key = String;
    type Model = User;
    type Document = UserResource;
    type Changed = Changed;

    const NAME: &'static str = "account";
    const COMMAND: &'static str = "users";
    const KEY: &'static str = "USER";
    const KEY_HELP: &'static str = "The account: its id or its e-mail address.";
    const HEAD: &'static [&'static str] = &["ID", "E-MAIL", "NAME", "STATE", "ROLES", "MADE"];
    const ARGUMENTS: &'static [Argument] = form::ARGUMENTS;

    fn key(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    fn document(_: &Context, user: &User) -> UserResource {
        UserResource::from(user)
    }

    async fn shown(context: &Context, user: &User) -> Result<UserResource, Rejected> {
        users::document(&context.app.admin, &context.authority, user).await
    }

    fn row(user: &User) -> Vec<String> {
        list::row(user, user.status.into())
    }

    fn version(user: &User) -> i64 {
        user.version
    }

    fn changed(changed: &Changed) -> &User {
        &changed.user
    }

    fn json(_: &Context, changed: &Changed) -> Outcome<Value> {
        serde_json::to_value(&changed.document).map_err(Failure::of)
    }

    fn tell(context: &mut Context, Changed { user, .. }: &Changed, what: Done) -> Outcome {
        context.output.line(match what {
            Done::Created => format!("{} has the account {}.", user.email, user.id),
            Done::Updated => format!("{} is changed.", user.email),
        })
    }

    async fn find(context: &Context, id_or_email: &String) -> Result<Option<User>, Rejected> {
        users::find(&context.app.admin, &context.authority, id_or_email).await
    }

    async fn create(context: &Context, document: UserResource) -> Result<Changed, Rejected> {
        Changed::of(context, users::create(&context.app.admin, &context.authority, document).await?).await
    }

    async fn update(context: &Context, was: &User, document: &UserResource) -> Result<Changed, Rejected> {
        Changed::of(context, users::update(&context.app.admin, &context.authority, was.id, document).await?).await
    }
}

impl Switched for Users {
    async fn set_enabled(context: &Context, user: &User, enabled: bool) -> Result<(), Rejected> {
        users::set_enabled(&context.app.admin, &context.authority, user.id, enabled).await.map(|_| ())
    }
}

impl UsersCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Show(one) => one.show(context).await,
            Self::Create(create) => create.run(context).await,
            Self::Update(Update { one, file, email, form }) => {
                let attributes = form.attributes(context).await?;
                let form = |_: &User| Ok(UserResource { email, attributes, ..form.read() });
                one.update(context, file.as_deref(), form).await
            }
            Self::Verify(verify) => verify.run(context).await,
            Self::Enable(one) => one.set_enabled(context, true).await,
            Self::Disable(one) => one.set_enabled(context, false).await,
            Self::SetPassword(set) => set.run(context).await,
            Self::Passkeys(command) => command.run(context).await,
            Self::ResetFactors(reset) => reset.run(context).await,
            Self::Recover(recover) => recover.run(context).await,
            Self::Roles(roles) => roles.run(context).await,
            Self::RevokeSessions(RevokeSessions { user: Some(user), .. }) => {
                let user = frame::find::<Users>(context, &user).await?;
                ends::everything_of(context, &user).await
            }
            Self::RevokeSessions(RevokeSessions { confirmation, .. }) => ends::everything(context, &confirmation).await,
            Self::Invite(invite) => invite.run(context).await,
            Self::ResetLink(link) => link.run(context).await,
            Self::PreviewToken(preview) => preview.run(context).await,
            Self::Import(import) => import.run(context).await,
            Self::Export(export) => export.run(context).await,
            Self::Delete(delete) => run_delete(context, &delete).await,
        }
    }
}

impl Create {
    async fn run(self, context: &mut Context) -> Outcome {
        let Self { file, email, form, roles, administrator, no_password } = self;
        let attributes = form.attributes(context).await?;
        let said = form.read();
        let roles = if administrator { vec![Role::Administrator] } else { roles };
        let roles = Some(roles).filter(|roles| !roles.is_empty());
        let asked = file.is_none() && !no_password;
        let name = said.name.as_deref();
        let password =
            if asked { Some(new_password(context, email.as_deref().unwrap_or_default(), name).await?) } else { None };
        let form = || Ok(UserResource { email, password, attributes, roles, ..said });
        frame::create::<Users>(context, file.as_deref(), form).await
    }
}

impl Verify {
    /// What the administrator confirms is the address that is there now: another one that comes in between is refused.
    async fn run(self, context: &mut Context) -> Outcome {
        let was = self.one.find(context).await?;
        let said =
            UserResource { email_verified: Some(!self.undo), version: Some(was.version), ..UserResource::default() };
        let user = users::update(&context.app.admin, &context.authority, was.id, &said).await?;
        let already = if was.email_verified == user.email_verified { " already" } else { "" };
        let not = if user.email_verified { "" } else { " not" };
        self.one.tell(context, format!("{} is{not} confirmed{already}.", user.email)).await
    }
}

impl Roles {
    async fn run(self, context: &mut Context) -> Outcome {
        let user = self.one.find(context).await?;
        let roles = if self.choice.administrator { vec![Role::Administrator] } else { self.choice.roles };
        let user = users::set_roles(&context.app.admin, &context.authority, user.id, roles).await?;
        let names: Vec<_> = user.roles.iter().map(|role| role.as_str()).collect();
        let now =
            if names.is_empty() { "has no role".to_owned() } else { format!("has the roles: {}", names.join(", ")) };
        self.one.tell(context, format!("{} {now}.", user.email)).await
    }
}

/// Asks for a password that the account may have.
async fn new_password(context: &Context, email: &str, name: Option<&str>) -> Outcome<Secret<String>> {
    let admin = &context.app.admin;
    let check = users::password_check(admin, email, name).await?;
    prompt::new_password(&users::password_rules(admin).await?, |typed| check(typed).map_err(|why| why.to_string()))
}

async fn run_delete(context: &mut Context, delete: &Delete<Users>) -> Outcome {
    let User { id, email, roles, .. } = delete.one.find(context).await?;
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let role = if roles.is_empty() { String::new() } else { format!(", {}", roles.join(" ")) };
    delete.confirm(&format!("Delete the account {email} ({id}{role}) with everything that it has, for good?"))?;
    users::delete(&context.app.admin, &context.authority, id).await?;
    frame::tell_deleted(context, id, format!("{email} ({id}) is deleted."))
}
