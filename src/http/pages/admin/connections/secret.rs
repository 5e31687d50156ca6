//! A new secret for a connection.

use crate::i18n::keys;
use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::grace;
use super::super::shell::Shell;
use super::super::wrong::in_words;
use super::super::{Administrator, ConfirmedForm, confirmed_form, refused};
use super::{Head, ROTATED, named, path_of, shell_within, texts};
use crate::admin::connections;
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::model::Connection;
use crate::protocol::Params;
use crate::support::Secret;
use crate::upstream::presets;

#[derive(askama::Template)]
#[template(path = "admin/secret.html")]
struct SecretPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    key: bool,
    /// Hours, and what they are called.
    graces: Vec<(u64, String)>,
    csrf: String,
    problem: String,
    problems: FieldTexts,
}

/// `GET /admin/connections/{slug}/secret`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteConnections)?;
    let connection = named(&context, &administrator, &slug).await?;
    Ok(show(&context, &administrator, &connection, String::new(), None))
}

/// `POST /admin/connections/{slug}/secret`
pub async fn post(
    context: Context,
    Path(slug): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let connection = named(&context, &form.owner, &slug).await?;
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        connection,
        params: &form.params,
        problem: String::new(),
    };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    connection: Connection,
    params: &'a Params,
    /// What is wrong with the secret.
    problem: String,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let grace = grace::chosen(self.params).unwrap_or(grace::USUAL);
        let secret = Secret::from(self.params.get("client_secret").unwrap_or_default());
        let (admin, slug) = (&context.app.admin, &self.connection.slug);
        match connections::rotate_secret(admin, authority, slug, &secret, grace).await {
            Ok(_) => Ok(Ok(ROTATED.go(context, &path_of(slug)))),
            Err(Rejected::Invalid(invalid)) => {
                self.problem = invalid.first().map(|found| in_words(t, found.error)).unwrap_or_default();
                Ok(Err(Shown::marked(t)))
            }
            Err(Rejected::Stale(_)) => Ok(Err(refused(t.get(keys::connection::PROBLEM_STALE)))),
            Err(rejected) => Err(rejected.into()),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.connection, self.problem, Some(problem)))
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    connection: &Connection,
    problem: String,
    shown: Option<Shown>,
) -> Response {
    let (problems, manner) = Shown::parts(shown);
    let frame = Frame::of(context, context.locale.0);
    let head = Head::of(connection, frame.t);
    let page = SecretPage {
        shell: shell_within(context, administrator, &head, frame.t.get(keys::connection::ROTATE)),
        head,
        key: presets::find(&connection.preset).is_some_and(texts::secret_is_key),
        graces: grace::choices(frame.t, keys::connection::GRACE_NONE),
        csrf: administrator.csrf(context, &format!("{}/secret", path_of(&connection.slug))),
        problem,
        problems,
        frame,
    };
    manner.answer(&page, &page.frame)
}
