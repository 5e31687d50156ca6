//! By what a person signs in, what they may do here, and whether they may sign in at all.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::moments::minute;
use super::super::super::own_form::OwnForm;
use super::super::super::passkey::PasskeyRow;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::super::providers::LinkRow;
use super::super::done::Done;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::person::{Tab, head_of, named, path_of, shell};
use super::{
    DONE, FACTORS_RESET, INVITED, OFF, ON, PASSKEY_REMOVED, PASSWORD_SET, RESET_SENT, RoleBox, SAVED, UNLINKED,
    WITHDRAWN_INVITATION, role_boxes, ticked_roles,
};
use crate::admin::users;
use crate::admin::{Aggregate, Permission, ProvenAuthority, Rejected, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::factor::Factor;
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::model::{Connection, User};
use crate::protocol::Params;
use crate::support::Secret;
use crate::support::id::PasskeyId;

#[derive(askama::Template)]
#[template(path = "admin/people/access.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct AccessPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    email: String,
    may_change: bool,
    may_reset: bool,
    may_set_password: bool,
    may_assign: bool,
    may_delete: bool,
    password_since: Option<String>,
    /// Since when an invitation waits.
    invited_since: Option<String>,
    /// Mail leaves this server.
    mails: bool,
    reason: Reason,
    password_hint: String,
    passkeys: Vec<PasskeyRow>,
    links: Vec<LinkRow>,
    /// The second factors: what each is called and when it was used.
    factors: Vec<String>,
    codes_left: String,
    roles: Vec<RoleBox>,
    version: i64,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// What the page is asked to do.
enum Change {
    Enable(bool),
    Password(Secret<String>, String),
    Roles,
    RemovePasskey(PasskeyId, String),
    Unlink(UpstreamIdentity),
    ResetFactors(String),
    Invite(bool),
    ResetLink(String),
}

impl Change {
    fn parse(params: &Params) -> Option<Self> {
        let reason = || params.get("reason").unwrap_or_default().to_owned();
        Some(match params.get("do")? {
            "enable" => Self::Enable(true),
            "disable" => Self::Enable(false),
            "password" => Self::Password(Secret::from(params.get("password").unwrap_or_default()), reason()),
            "roles" => Self::Roles,
            "reset-factors" => Self::ResetFactors(reason()),
            "remove-passkey" => Self::RemovePasskey(params.get("passkey")?.parse().ok()?, reason()),
            "invite" => Self::Invite(true),
            "withdraw" => Self::Invite(false),
            "reset-link" => Self::ResetLink(reason()),
            "unlink" => Self::Unlink(UpstreamIdentity {
                connection: params.get("connection")?.parse().ok()?,
                subject: UpstreamSubject::parse(params.get("subject")?).ok()?,
            }),
            _ => return None,
        })
    }
}

/// The reason that was typed into one of the forms that want one, and what is wrong with it.
#[derive(Default)]
struct Reason {
    /// What that form does.
    form: String,
    typed: String,
    problem: String,
}

impl Reason {
    fn of(params: &Params, wrong: &Wrong) -> Self {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        Self { form: text("do"), typed: text("reason"), problem: wrong.beside("reason").to_owned() }
    }

    /// What stands in the field of a form.
    fn typed(&self, form: &str) -> &str {
        if self.form == form { &self.typed } else { "" }
    }

    /// What is said beside it.
    fn problem(&self, form: &str) -> &str {
        if self.form == form { &self.problem } else { "" }
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
    reason: Reason,
}

/// `GET /admin/people/{id}/access`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &user, Said { done, ..Said::default() }).await
}

/// `POST /admin/people/{id}/access`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let user = named(&context, &form.owner, &id).await?;
    let change = Change::parse(&form.params).ok_or(ProblemKind::BadRequest)?;
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        user,
        change,
        params: &form.params,
        wrong: Wrong::default(),
    };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    user: User,
    change: Change,
    params: &'a Params,
    wrong: Wrong,
}

impl Sent<'_> {
    async fn make(&self, authority: &ProvenAuthority) -> Result<Done, Rejected> {
        let (admin, user) = (&self.context.app.admin, self.user.id);
        match &self.change {
            Change::Enable(on) => {
                users::set_enabled(admin, authority, user, *on).await?;
                Ok(if *on { ON } else { OFF })
            }
            Change::Password(typed, reason) => {
                users::set_password(admin, authority, user, typed, reason).await?;
                Ok(PASSWORD_SET)
            }
            Change::Roles => {
                let roles = ticked_roles(self.administrator, self.params, &self.user.roles);
                let version = version_of(self.params);
                // Of another version than the form was drawn of, which boxes were ticked says nothing.
                let target = Target::at(user, version.unwrap_or(-1));
                users::set_roles(admin, authority, target, roles).await?;
                Ok(SAVED)
            }
            Change::ResetFactors(reason) => {
                users::reset_factors(admin, authority, user, reason).await?;
                Ok(FACTORS_RESET)
            }
            Change::RemovePasskey(id, reason) => {
                let removed = users::remove_passkey(admin, authority, user, *id, reason).await?;
                if removed { Ok(PASSKEY_REMOVED) } else { Err(Rejected::NotFound(Aggregate::User)) }
            }
            Change::Invite(again) => {
                if *again {
                    users::invite_again(admin, authority, user).await?;
                    return Ok(INVITED);
                }
                users::withdraw_invitation(admin, authority, user).await?;
                Ok(WITHDRAWN_INVITATION)
            }
            Change::ResetLink(reason) => {
                users::send_reset_link(admin, authority, user, reason).await?;
                Ok(RESET_SENT)
            }
            Change::Unlink(identity) => {
                users::unlink(admin, authority, user, identity.clone()).await?;
                Ok(UNLINKED)
            }
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        match self.make(authority).await {
            Ok(done) => Ok(Ok(done.go(self.context, &format!("{}/access", path_of(self.user.id))))),
            Err(rejected) => Ok(Err(self.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let reason = Reason::of(self.params, &self.wrong);
        let said = Said { wrong: self.wrong, problem: Some(problem), done: None, reason };
        show(self.context, self.administrator, &self.user, said).await
    }
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    user: &User,
    said: Said,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let ways = users::ways_in(&context.app.admin, &administrator.authority, user.id).await?;
    let factors = users::factors(&context.app.admin, &administrator.authority, user.id).await?;
    let factor = |one: &Factor| {
        let used = minute(one.last_used_at.unwrap_or(one.created_at));
        format!("{} · {}", one.name, frame.t.with(keys::account::LINK_USED, "when", &used))
    };
    let invited = users::invited_at(&context.app.admin, &administrator.authority, user.id).await?;
    let may_change = administrator.authority.may_change(user);
    let link = |(link, connection): &(UpstreamLink, Connection)| LinkRow::of(frame.t, link, connection, may_change);
    let shown = AccessPage {
        shell: shell(context, administrator, user),
        head: head_of((context, administrator), frame.t, user, Tab::Access).await?,
        email: user.email.to_string(),
        may_change,
        may_reset: may_change && ways.may_reset,
        may_set_password: may_change && ways.may_set_password,
        may_assign: may_change && administrator.may(Permission::AssignRoles),
        may_delete: may_change && administrator.may(Permission::WriteUsers),
        invited_since: invited.map(minute),
        mails: context.app.mailer.is_on(),
        reason: said.reason,
        password_since: ways.password_since.map(minute),
        password_hint: context.password_hint(frame.t).await?,
        passkeys: ways.passkeys.iter().map(|passkey| PasskeyRow::of(frame.t, passkey)).collect(),
        links: ways.links.iter().map(link).collect(),
        factors: factors.all.iter().map(factor).collect(),
        codes_left: frame.t.with(keys::people::CODES_LEFT, "n", &factors.recovery_codes.to_string()),
        roles: role_boxes(frame.t, administrator, &user.roles),
        version: user.version,
        wrong: said.wrong,
        csrf: administrator.csrf(context, &format!("{}/access", path_of(user.id))),
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
