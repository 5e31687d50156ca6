//! `haechi users`: accounts.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::confirmation::Confirmation;
use super::context::{Context, Desk, Instead};
use super::ends;
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, Made, One, Said, Switched};
use super::output::Output;
use super::possible::one_of;
use super::remote::place;
use crate::admin::Rejected;
use crate::admin::users::{self, MembershipsResource, UserResource};
use crate::model::User;
use crate::model::user::{EmailAddress, Role};
use crate::support::Secret;
use crate::support::id::UserId;

mod apps;
mod export;
mod factors;
mod form;
mod import;
mod links;
mod list;
mod mailed;
mod passkeys;
mod password;
mod preview;
mod roles;
mod rows;

use form::Form;
use list::List;
use password::new_password;

#[derive(Debug, Subcommand)]
pub(super) enum UsersCommand {
    /// List accounts, in the order they were made.
    #[command(after_long_help = "\
Examples:
  haechi users list
  haechi users list --search kim --json
  haechi users list --state invited")]
    List(List),
    /// Show one account, as JSON: a document that `create --file` and `update --file` read, with the groups and roles in apps that it was given. Its password is never shown.
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
    /// List the apps that have access to an account, and take it away.
    #[command(subcommand)]
    Apps(apps::AppsCommand),
    /// List and remove the accounts at providers that sign in to an account.
    #[command(subcommand)]
    Links(links::LinksCommand),
    ResetFactors(factors::ResetFactors),
    Recover(factors::Recover),
    Roles(roles::Roles),
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

impl Kind for Users {
    /// An account is found by its id and by its address.
    type Key = String;
    type Model = User;
    type Document = UserResource;
    /// The document that programs get: what it says of invitations is looked up.
    type Changed = UserResource;

    const NAME: &'static str = "account";
    const COMMAND: &'static str = "users";
    const KEY: &'static str = "USER";
    const KEY_HELP: &'static str = "The account: its id or its e-mail address.";
    const HEAD: &'static [&'static str] = &["ID", "E-MAIL", "NAME", "STATE", "ROLES", "MADE"];
    const ARGUMENTS: &'static [Argument] = form::ARGUMENTS;
    const PATH: &'static str = "/users";
    const WHOLE: &'static [&'static str] = &["address"];
    const BESIDE: Option<(&'static str, &'static str)> =
        Some(("memberships", "`add` and `remove` of `haechi groups` and `haechi roles` do"));

    fn key(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    fn document(_: &Context, user: &User) -> UserResource {
        UserResource::from(user)
    }

    async fn shown(context: &Context, user: &User) -> Result<UserResource, Rejected> {
        users::document(&context.app.admin, &context.authority, user).await
    }

    /// What it was given is a document of its own, which `haechi groups` and `haechi roles` change.
    async fn beside(desk: &mut Desk, user: &UserResource) -> Outcome<Value> {
        let given = match desk {
            Desk::Here(context) => {
                let (admin, by) = (&context.app.admin, &context.authority);
                let model = frame::find::<Self>(context, &Self::name(user).to_owned()).await?;
                users::memberships(admin, by, &model).await?
            }
            Desk::There(there) => there.api.get(&format!("{}/memberships", frame::path::<Self>(user))).await?,
        };
        // The version is the account's own, which is said already.
        serde_json::to_value(MembershipsResource { version: None, ..given }).map_err(Failure::of)
    }

    fn name(user: &UserResource) -> &str {
        user.sub.as_deref().unwrap_or_default()
    }

    fn row(user: &UserResource) -> Vec<String> {
        list::row(user)
    }

    fn version(user: &UserResource) -> Option<i64> {
        user.version
    }

    fn secrets(user: &UserResource) -> Vec<(&'static str, &Secret<String>)> {
        user.password.iter().map(|password| ("password", password)).collect()
    }

    fn made(_: &Context, changed: &UserResource) -> UserResource {
        changed.clone()
    }

    fn tell(output: &mut Output, made: &Made<Self>, what: Done) -> Outcome {
        let email = email_of(&made.document);
        output.line(match what {
            Done::Created => format!("{email} has the account {}.", Self::name(&made.document)),
            Done::Updated => format!("{email} is changed."),
        })
    }

    /// The API knows an account by its id; one that is named by its address is searched for.
    async fn find_there(desk: &mut Desk, key: &String) -> Outcome<Option<UserResource>> {
        let Desk::There(there) = desk else { return Ok(None) };
        if key.parse::<UserId>().is_ok() {
            return there.api.find(&place(Self::PATH, key)).await;
        }
        let Ok(wanted) = EmailAddress::parse(key) else { return Ok(None) };
        let found: Vec<UserResource> = there.api.all(Self::PATH, &[("search", wanted.as_str())]).await?;
        Ok(found.into_iter().find(|user| email_of(user).eq_ignore_ascii_case(wanted.as_str())))
    }

    async fn find(context: &Context, id_or_email: &String) -> Result<Option<User>, Rejected> {
        users::find(&context.app.admin, &context.authority, id_or_email).await
    }

    async fn create(context: &Context, document: UserResource) -> Result<UserResource, Rejected> {
        Self::shown(context, &users::create(&context.app.admin, &context.authority, document).await?).await
    }

    async fn update(context: &Context, was: &User, document: &UserResource) -> Result<UserResource, Rejected> {
        Self::shown(context, &users::update(&context.app.admin, &context.authority, was.id, document).await?).await
    }
}

impl Switched for Users {
    async fn set_enabled(context: &Context, user: &User, enabled: bool) -> Result<(), Rejected> {
        users::set_enabled(&context.app.admin, &context.authority, user.id, enabled).await.map(|_| ())
    }
}

/// The address that signs in to an account.
fn email_of(user: &UserResource) -> &str {
    user.email.as_deref().unwrap_or_default()
}

impl UsersCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List(list) => list.run(desk).await,
            Self::Show(one) => one.show(desk).await,
            Self::Create(create) => create.run(desk).await,
            Self::Update(Update { one, file, email, form }) => {
                let attributes = form.attributes(desk).await?;
                let form = |_: &UserResource| Ok(UserResource { email, attributes, ..form.read() });
                one.update(desk, file.as_deref(), form).await
            }
            Self::Verify(verify) => verify.run(desk).await,
            Self::Enable(one) => one.set_enabled(desk, true).await,
            Self::Disable(one) => one.set_enabled(desk, false).await,
            Self::SetPassword(set) => set.run(desk).await,
            Self::Passkeys(command) => command.run(desk).await,
            Self::Apps(command) => command.run(desk).await,
            Self::Links(command) => command.run(desk).await,
            Self::ResetFactors(reset) => reset.run(desk).await,
            Self::Recover(recover) => recover.run(desk.here(Instead::OnTheMachine)?).await,
            Self::Roles(roles) => roles.run(desk).await,
            Self::RevokeSessions(RevokeSessions { user: Some(user), .. }) => {
                let user = frame::document::<Users>(desk, &user).await?;
                ends::everything_of(desk, &user).await
            }
            Self::RevokeSessions(RevokeSessions { confirmation, .. }) => ends::everything(desk, &confirmation).await,
            Self::Invite(invite) => invite.run(desk).await,
            Self::ResetLink(link) => link.run(desk).await,
            Self::PreviewToken(preview) => preview.run(desk.here(Instead::Call("previewUserTokens"))?).await,
            Self::Import(import) => import.run(desk.here(Instead::Call("importUsers"))?).await,
            Self::Export(export) => export.run(desk.here(Instead::Call("exportUsers"))?).await,
            Self::Delete(delete) => run_delete(desk, &delete).await,
        }
    }
}

impl Create {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let Self { file, email, form, roles, administrator, no_password } = self;
        let attributes = form.attributes(desk).await?;
        let said = form.read();
        let roles = if administrator { vec![Role::Administrator] } else { roles };
        let roles = Some(roles).filter(|roles| !roles.is_empty());
        let asked = file.is_none() && !no_password;
        let name = said.name.as_deref();
        let password =
            if asked { Some(new_password(desk, email.as_deref().unwrap_or_default(), name).await?) } else { None };
        let form = || Ok(UserResource { email, password, attributes, roles, ..said });
        frame::create::<Users>(desk, file.as_deref(), form).await
    }
}

impl Verify {
    /// What the administrator confirms is the address that is there now: another one that comes in between is refused.
    async fn run(self, desk: &mut Desk) -> Outcome {
        let was = self.one.document(desk).await?;
        let said = UserResource { email_verified: Some(!self.undo), version: was.version, ..UserResource::default() };
        let user = self.one.save(desk, Said::InOptions, (&was, &said)).await?.document;
        let already = if was.email_verified == user.email_verified { " already" } else { "" };
        let not = if user.email_verified == Some(true) { "" } else { " not" };
        self.one.tell(desk, format!("{} is{not} confirmed{already}.", email_of(&user))).await
    }
}

async fn run_delete(desk: &mut Desk, delete: &Delete<Users>) -> Outcome {
    let user = delete.one.document(desk).await?;
    let (id, email) = (Users::name(&user), email_of(&user));
    let roles: Vec<&str> = user.roles.iter().flatten().map(|role| role.as_str()).collect();
    let role = if roles.is_empty() { String::new() } else { format!(", {}", roles.join(" ")) };
    delete.confirm(&format!("Delete the account {email} ({id}{role}) with everything that it has, for good?"))?;
    match desk {
        Desk::Here(context) => {
            let user = delete.one.find(context).await?;
            users::delete(&context.app.admin, &context.authority, user.id).await?;
        }
        Desk::There(_) => frame::delete_there::<Users>(desk, &user, &[]).await?,
    }
    frame::tell_deleted(desk.output(), id, format!("{email} ({id}) is deleted."))
}
