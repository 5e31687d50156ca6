//! An invitation: an account for somebody who sets its password by a mailed link.

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
use super::{INVITED, LIST, RoleBox, role_boxes, ticked_roles};
use crate::admin::users::{self, UserResource};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::protocol::Params;

/// Where the form is, and goes to.
const PATH: &str = "/admin/people/invite";

#[derive(askama::Template)]
#[template(path = "admin/people/invite.html")]
struct InvitePage {
    frame: Frame,
    shell: Shell,
    /// Mail leaves this server.
    mails: bool,
    email: String,
    name: String,
    /// None where the administrator gives no roles.
    roles: Vec<RoleBox>,
    wrong: Wrong,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/people/invite`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteUsers)?;
    Ok(show(&context, &administrator, &Params::default(), (Wrong::default(), None)))
}

/// `POST /admin/people/invite`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let sent = Sent { context: &context, administrator: &form.owner, params: &form.params, wrong: Wrong::default() };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, params) = (self.context, self.params);
        let text = |name: &str| params.get(name).map(|text| text.trim().to_owned());
        let roles = ticked_roles(self.administrator, params, &[]);
        let new = UserResource {
            email: text("email"),
            name: text("name"),
            roles: Some(roles).filter(|roles| !roles.is_empty()),
            ..UserResource::default()
        };
        match users::invite(&context.app.admin, authority, new).await {
            Ok(user) => Ok(Ok(INVITED.go(context, &path_of(user.id)))),
            Err(rejected) => Ok(Err(self.wrong.refuse(context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, self.params, (self.wrong, Some(problem))))
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    typed: &Params,
    (wrong, problem): (Wrong, Option<Shown>),
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let text = |name: &str| typed.get(name).unwrap_or_default().to_owned();
    let gives = administrator.may(Permission::AssignRoles);
    let held = ticked_roles(administrator, typed, &[]);
    let shown = InvitePage {
        shell: Shell::of(context, administrator, Room::People).further(LIST, frame.t.get(keys::people::INVITE)),
        mails: context.app.mailer.is_on(),
        email: text("email"),
        name: text("name"),
        roles: if gives { role_boxes(frame.t, administrator, &held) } else { Vec::new() },
        wrong,
        csrf: administrator.csrf(context, PATH),
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
