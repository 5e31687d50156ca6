//! By what a person signs in, what they may do here, and whether they may sign in at all.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::account::{day, minute};
use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::super::providers::{label, mark};
use super::super::shell::Shell;
use super::super::wrong::{self, Wrong};
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::person::{Head, Tab, named, path_of, shell};
use super::{Done, RoleBox, role_boxes, ticked_roles};
use crate::admin::users::{self, WaysIn};
use crate::admin::{Permission, ProvenAuthority, Rejected, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::model::{Connection, User};
use crate::protocol::Params;
use crate::support::Secret;
use crate::upstream::presets;

#[derive(askama::Template)]
#[template(path = "admin/people/access.html")]
struct AccessPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_change: bool,
    may_assign: bool,
    password_since: Option<String>,
    password_hint: String,
    links: Vec<Link>,
    roles: Vec<RoleBox>,
    version: i64,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// An account at a provider that the person can sign in with.
struct Link {
    brand: &'static str,
    mark: &'static str,
    provider: String,
    label: String,
    connection: String,
    subject: String,
    used: String,
}

/// What the page is asked to do.
enum Change {
    Enable(bool),
    Password(Secret<String>),
    Roles,
    Unlink(UpstreamIdentity),
}

impl Change {
    fn parse(params: &Params) -> Option<Self> {
        Some(match params.get("do")? {
            "enable" => Self::Enable(true),
            "disable" => Self::Enable(false),
            "password" => Self::Password(Secret::from(params.get("password").unwrap_or_default())),
            "roles" => Self::Roles,
            "unlink" => Self::Unlink(UpstreamIdentity {
                connection: params.get("connection")?.parse().ok()?,
                subject: UpstreamSubject::parse(params.get("subject")?).ok()?,
            }),
            _ => return None,
        })
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
}

/// `GET /admin/people/{id}/access`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let done = Done::said(context.texts(None), &params);
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
                Ok(if *on { Done::On } else { Done::Off })
            }
            Change::Password(typed) => {
                users::set_password(admin, authority, user, typed).await?;
                Ok(Done::PasswordSet)
            }
            Change::Roles => {
                let roles = ticked_roles(self.administrator, self.params, &self.user.roles);
                let version = self.params.get("version").and_then(|text| text.parse().ok());
                // Of another version than the form was drawn of, which boxes were ticked says nothing.
                let target = Target::at(user, version.unwrap_or(-1));
                users::set_roles(admin, authority, target, roles).await?;
                Ok(Done::Saved)
            }
            Change::Unlink(identity) => {
                users::unlink(admin, authority, user, identity.clone()).await?;
                Ok(Done::Unlinked)
            }
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        match self.make(authority).await {
            Ok(done) => Ok(Ok(done.go(self.context, &format!("{}/access", path_of(self.user.id))))),
            Err(rejected) => {
                let (wrong, shown) = wrong::shown(self.context.texts(None), rejected)?;
                self.wrong = wrong;
                Ok(Err(shown))
            }
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let said = Said { wrong: self.wrong, problem: Some(problem), done: None };
        show(self.context, self.administrator, &self.user, said).await
    }
}

fn links(t: &Texts, ways: &WaysIn) -> Vec<Link> {
    let link = |(link, connection): &(UpstreamLink, Connection)| {
        let brand = presets::find(&connection.preset).map_or("oidc", |preset| preset.brand.name);
        Link {
            brand,
            mark: mark(brand),
            provider: label(connection, t),
            label: link.label.clone(),
            connection: link.identity.connection.to_string(),
            subject: link.identity.subject.to_string(),
            used: day(link.last_used_at),
        }
    };
    ways.links.iter().map(link).collect()
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
    let shown = AccessPage {
        shell: shell(context, administrator, user),
        head: Head::of(frame.t, administrator, user, Tab::Access),
        may_change: administrator.may(Permission::WriteUsers),
        may_assign: administrator.may(Permission::AssignRoles),
        password_since: ways.password_since.map(minute),
        password_hint: context.password_hint(frame.t),
        links: links(frame.t, &ways),
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
