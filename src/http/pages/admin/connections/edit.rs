//! The page of one connection.

use crate::i18n::keys;
use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::super::providers::{self, Way};
use super::super::done::Done;
use super::super::head::{self, Tab};
use super::super::release::Managed;
use super::super::shell::Shell;
use super::super::wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, refused, version_of};
use super::form::ConnectionForm;
use super::{DONE, Head, SAVED, head_of, named, path_of, shell};
use crate::admin::connections::{self, ConnectionResource, redirect_uri};
use crate::admin::declared::DeclaredKind;
use crate::admin::{FieldProblem, Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::model::Connection;
use crate::support::{Secret, Timestamp};
use crate::upstream::presets::{self, Preset};

#[derive(askama::Template)]
#[template(path = "admin/connection.html")]
struct EditPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    managed: Option<Managed>,
    head: head::Head,
    connection: Head,
    preset: &'static Preset,
    form: ConnectionForm,
    redirect_uri: String,
    version: i64,
    /// Where a test begins; empty while there is no secret.
    test: String,
    /// When the newest secret was set, and until when an older one counts.
    secret: Option<(String, Option<String>)>,
    links: u64,
    csrf: Tokens,
    done: Option<String>,
    problems: FieldTexts,
}

/// The hidden tokens of the page's forms.
struct Tokens {
    save: String,
    state: String,
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    form: Option<ConnectionForm>,
    problem: Option<Shown>,
    done: Option<String>,
}

/// `GET /admin/connections/{slug}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(slug): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let connection = named(&context, &administrator, &slug).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &connection, Said { done, ..Said::default() }).await
}

/// `POST /admin/connections/{slug}`
pub async fn post(
    context: Context,
    Path(slug): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let connection = named(&context, &form.owner, &slug).await?;
    let preset = preset(&connection)?;
    let version = version_of(&form.params).ok_or(ProblemKind::BadRequest)?;
    let filled = ConnectionForm::typed(&form.params, preset, context.texts(None));
    let client_secret = form.params.get("client_secret").map(Secret::from);
    let sent = Sent { context: &context, administrator: &form.owner, connection, version, client_secret, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    connection: Connection,
    version: i64,
    client_secret: Option<Secret<String>>,
    form: ConnectionForm,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let Some(document) = self.form.checked_document(t) else { return Ok(Err(Shown::marked(t))) };
        let (client_secret, version) = (self.client_secret.take(), Some(self.version));
        let document = ConnectionResource { client_secret, version, ..document };
        let (admin, slug) = (&context.app.admin, &self.connection.slug);
        match connections::update(admin, authority, slug, &document).await {
            Ok(_) => Ok(Ok(SAVED.go(context, &path_of(slug)))),
            Err(Rejected::Invalid(invalid)) => {
                self.form.mark(&invalid, t);
                Ok(Err(Shown::marked(t)))
            }
            Err(Rejected::Stale(_)) => Ok(Err(refused(t.get(keys::connection::PROBLEM_STALE)))),
            Err(rejected @ Rejected::Managed(_)) => Ok(Err(wrong::shown(t, rejected)?.1)),
            Err(rejected) => Err(rejected.into()),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let said = Said { form: Some(self.form), problem: Some(problem), done: None };
        show(self.context, self.administrator, &self.connection, said).await
    }
}

/// The page of a connection that cannot be switched on, with what is missing.
pub(super) async fn not_yet(
    context: &Context,
    administrator: &Administrator,
    connection: &Connection,
    invalid: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = context.texts(None);
    let mut form = ConnectionForm::of(connection, preset(connection)?, t);
    form.mark(invalid, t);
    let problem = Some(refused(t.get(keys::connection::NOT_YET)));
    show(context, administrator, connection, Said { form: Some(form), problem, done: None }).await
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    connection: &Connection,
    said: Said,
) -> Result<Response, PageError> {
    let preset = preset(connection)?;
    let (problems, manner) = Shown::parts(said.problem);
    let frame = Frame::of(context, context.locale.0);
    let path = path_of(&connection.slug);
    let moment = |at: Timestamp| at.to_string().chars().take(16).collect::<String>().replace('T', " ");
    let now = context.app.clock.now();
    let ends = connection.secrets.iter().filter_map(|old| old.expires_at).filter(|until| *until > now).max();
    let is = Head::of(connection, frame.t);
    let shown = EditPage {
        shell: shell(context, administrator, &is.name),
        may_change: administrator.may(Permission::WriteConnections),
        managed: Managed::of(
            administrator,
            connection.managed_by.as_ref(),
            (DeclaredKind::Connection, connection.slug.as_str()),
        ),
        head: head_of(frame.t, administrator, connection, Tab::SETTINGS),
        connection: is,
        form: said.form.unwrap_or_else(|| ConnectionForm::of(connection, preset, frame.t)),
        preset,
        redirect_uri: redirect_uri(&context.app.issuer, &connection.slug),
        version: connection.version,
        test: if connection.secrets.is_empty() {
            String::new()
        } else {
            providers::link(context, connection.slug.as_str(), Way::Test(&administrator.sign_in))
        },
        secret: connection.secrets.first().map(|newest| (moment(newest.created_at), ends.map(moment))),
        links: connections::links(&context.app.admin, &administrator.authority, connection.id).await?,
        csrf: Tokens {
            save: administrator.csrf(context, &path),
            state: administrator.csrf(context, &format!("{path}/state")),
        },
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// The preset of a connection. One whose preset is gone can be deleted, and nothing else.
fn preset(connection: &Connection) -> Result<&'static Preset, PageError> {
    Ok(presets::find(&connection.preset).ok_or(ProblemKind::NotFound)?)
}
