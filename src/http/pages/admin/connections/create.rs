//! A new connection: which provider, and what it takes.

use crate::i18n::keys;
use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, refused};
use super::form::ConnectionForm;
use super::{CREATED, Head, path_of, shell};
use crate::admin::connections::{self, ConnectionResource, redirect_uri};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::protocol::Params;
use crate::support::Secret;
use crate::upstream::presets::{self, Preset};

#[derive(askama::Template)]
#[template(path = "admin/presets.html")]
struct PresetsPage {
    frame: Frame,
    shell: Shell,
    presets: Vec<Choice>,
}

struct Choice {
    id: &'static str,
    head: Head,
}

#[derive(askama::Template)]
#[template(path = "admin/create.html")]
struct CreatePage {
    frame: Frame,
    shell: Shell,
    head: Head,
    preset: &'static Preset,
    form: ConnectionForm,
    redirect_uri: String,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/presets`
pub async fn choose(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteConnections)?;
    let frame = Frame::of(&context, context.locale.0);
    let choice = |preset: &&'static Preset| Choice { id: preset.id, head: Head::of_preset(preset, frame.t) };
    let presets = presets::ALL.iter().map(choice).collect();
    let shell = shell(&context, &administrator, &frame.t.get(keys::connections::CHOOSE));
    let shown = PresetsPage { frame, shell, presets };
    Ok(page(&shown, &shown.frame))
}

/// `GET /admin/presets/{preset}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(preset): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteConnections)?;
    let preset = presets::find(&preset).ok_or(ProblemKind::NotFound)?;
    let all = connections::list(&context.app.admin, &administrator.authority).await?;
    let t = context.texts(None);
    let form = ConnectionForm::new(connections::free_slug(preset, &all).as_str(), preset, t);
    Ok(show(&context, &administrator, preset, form, None))
}

/// `POST /admin/presets/{preset}`
pub async fn post(
    context: Context,
    Path(preset): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let preset = presets::find(&preset).ok_or(ProblemKind::NotFound)?;
    let filled = ConnectionForm::typed(&form.params, preset, context.texts(None));
    let sent = Sent { context: &context, administrator: &form.owner, preset, params: &form.params, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    preset: &'static Preset,
    params: &'a Params,
    form: ConnectionForm,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let Some(document) = self.form.checked_document(t) else { return Ok(Err(Shown::marked(t))) };
        let new = ConnectionResource {
            preset: Some(self.preset.id.to_owned()),
            slug: Some(self.form.slug.clone()),
            client_secret: self.params.get("client_secret").map(Secret::from),
            ..document
        };
        match connections::create(&context.app.admin, authority, new).await {
            Ok(made) => Ok(Ok(CREATED.go(context, &path_of(&made.slug)))),
            Err(Rejected::Invalid(invalid)) => {
                self.form.mark(&invalid, t);
                Ok(Err(Shown::marked(t)))
            }
            Err(Rejected::TooMany(..)) => Ok(Err(refused(t.get(keys::connection::PROBLEM_MANY)))),
            Err(rejected) => Err(rejected.into()),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, self.preset, self.form, Some(problem)))
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    preset: &'static Preset,
    form: ConnectionForm,
    problem: Option<Shown>,
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    // Of a name that cannot be one there is no address yet.
    let uri = crate::model::connection::Slug::parse(&form.slug).map(|slug| redirect_uri(&context.app.issuer, &slug));
    let head = Head::of_preset(preset, frame.t);
    let choose = shell(context, administrator, &frame.t.get(keys::connections::CHOOSE));
    let shown = CreatePage {
        shell: choose.further("/admin/presets", frame.t.with(keys::connections::NEW, "name", &head.name)),
        head,
        preset,
        redirect_uri: uri.unwrap_or_default(),
        csrf: administrator.csrf(context, &format!("/admin/presets/{}", preset.id)),
        form,
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
