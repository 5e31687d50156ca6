//! A new account: one that can be used at once, or one that somebody is invited to and sets the password of by a mailed link.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::person::path_of;
use super::{CREATED, INVITED, LIST, RoleBox, role_boxes, ticked_roles};
use crate::admin::users::{self, InvitationResource, MembershipsResource, UserResource};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::protocol::Params;
use crate::support::Secret;

/// How an account comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Created,
    Invited,
}

impl Way {
    /// Where its form is, and goes to.
    const fn path(self) -> &'static str {
        match self {
            Self::Created => "/admin/people/new",
            Self::Invited => "/admin/people/invite",
        }
    }

    const fn is_invitation(self) -> bool {
        matches!(self, Self::Invited)
    }
}

#[derive(askama::Template)]
#[template(path = "admin/people/new.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct NewPage {
    frame: Frame,
    shell: Shell,
    invitation: bool,
    path: &'static str,
    title: String,
    /// Mail leaves this server.
    mails: bool,
    email: String,
    name: String,
    verified: bool,
    password_hint: String,
    /// The groups, one a line.
    groups: String,
    /// The roles in apps, one a line.
    app_roles: String,
    /// None where the administrator gives no roles.
    roles: Vec<RoleBox>,
    wrong: Wrong,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/people/new`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    blank(&context, &administrator, Way::Created).await
}

/// `POST /admin/people/new`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    sent(&context, &form, Way::Created).await
}

/// `GET /admin/people/invite`
pub async fn get_invitation(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    blank(&context, &administrator, Way::Invited).await
}

/// `POST /admin/people/invite`
pub async fn post_invitation(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    sent(&context, &form, Way::Invited).await
}

async fn blank(context: &Context, administrator: &Administrator, way: Way) -> Result<Response, PageError> {
    if way.is_invitation() {
        administrator.must_somewhere(Permission::WriteUsers)?;
    } else {
        administrator.must(Permission::WriteUsers)?;
    }
    let params = Params::default();
    let nothing = Sent { context, administrator, way, params: &params, wrong: Wrong::default() };
    nothing.page(None).await
}

async fn sent(context: &Context, form: &OwnForm<Administrator>, way: Way) -> Result<Response, PageError> {
    let administrator = &form.owner;
    let sent = Sent { context, administrator, way, params: &form.params, wrong: Wrong::default() };
    confirmed_form(context, form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    way: Way,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, admin) = (self.context, &self.context.app.admin);
        let made = match self.way {
            Way::Created => (users::create(admin, authority, self.with_password()).await, CREATED),
            Way::Invited => (users::invite(admin, authority, self.invitation()).await, INVITED),
        };
        match made {
            (Ok(user), done) => Ok(Ok(done.go(context, &path_of(user.id)))),
            (Err(rejected), _) => Ok(Err(self.wrong.refuse(context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        self.page(Some(problem)).await
    }
}

impl Sent<'_> {
    /// What is said of the account either way.
    fn account(&self) -> UserResource {
        let text = |name: &str| self.params.get(name).map(|text| text.trim().to_owned());
        let roles = ticked_roles(self.administrator, self.params, &[]);
        UserResource {
            email: text("email"),
            name: text("name"),
            roles: Some(roles).filter(|roles| !roles.is_empty()),
            ..UserResource::default()
        }
    }

    fn with_password(&self) -> UserResource {
        UserResource {
            email_verified: Some(self.params.names("email_verified")),
            password: self.params.get("password").map(Secret::from),
            ..self.account()
        }
    }

    fn invitation(&self) -> InvitationResource {
        let words = |name: &str| {
            self.params.get(name).map(|typed| typed.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        };
        let memberships = MembershipsResource { groups: words("groups"), roles: words("app_roles"), version: None };
        InvitationResource { memberships, user: self.account() }
    }

    async fn page(self, problem: Option<Shown>) -> Result<Response, PageError> {
        let Self { context, administrator, way, params, wrong } = self;
        let (problems, manner) = Shown::parts(problem);
        let frame = Frame::of(context, context.locale.0);
        let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
        let gives = administrator.may(Permission::AssignRoles);
        let held = ticked_roles(administrator, params, &[]);
        let title = frame.t.get(if way.is_invitation() { keys::people::INVITE } else { keys::people::ADD });
        let shown = NewPage {
            shell: Shell::of(context, administrator, Room::People).further(LIST, &title),
            invitation: way.is_invitation(),
            path: way.path(),
            mails: context.app.mailer.is_on(),
            title,
            email: text("email"),
            name: text("name"),
            verified: params.names("email_verified"),
            password_hint: context.password_hint(frame.t).await?,
            groups: text("groups"),
            app_roles: text("app_roles"),
            roles: if gives { role_boxes(frame.t, administrator, &held) } else { Vec::new() },
            wrong,
            csrf: administrator.csrf(context, way.path()),
            problems,
            frame,
        };
        Ok(manner.answer(&shown, &shown.frame))
    }
}
