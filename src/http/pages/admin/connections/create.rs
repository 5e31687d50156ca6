//! A new connection: which provider, and what it takes.

use crate::i18n::keys;
use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::problems::{FieldTexts, Shown};
use super::super::{Administrator, Proof, refused, renewed};
use super::form::ConnectionForm;
use super::{Done, Head};
use crate::admin::Rejected;
use crate::admin::connections::{self, NewConnection, redirect_uri};
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::http::problem::ProblemKind;
use crate::support::Secret;
use crate::upstream::presets::{self, Preset};

#[derive(askama::Template)]
#[template(path = "admin/presets.html")]
struct PresetsPage {
    frame: Frame,
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
    head: Head,
    preset: &'static Preset,
    form: ConnectionForm,
    redirect_uri: String,
    csrf: String,
    proof: Proof,
    problems: FieldTexts,
}

/// `GET /admin/presets`
pub async fn choose(context: Context, _: Administrator) -> Result<Response, PageError> {
    let frame = Frame::of(&context, context.locale.0);
    let choice = |preset: &&'static Preset| Choice { id: preset.id, head: Head::of_preset(preset, frame.t) };
    let shown = PresetsPage { presets: presets::ALL.iter().map(choice).collect(), frame };
    Ok(page(&shown, &shown.frame))
}

/// `GET /admin/presets/{preset}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(preset): Path<String>,
) -> Result<Response, PageError> {
    let preset = presets::find(&preset).ok_or(ProblemKind::NotFound)?;
    let all = connections::list(&context.app.admin, &administrator.authority).await?;
    let t = context.texts(None);
    let form = ConnectionForm::new(connections::free_slug(preset, &all).as_str(), preset, t);
    Ok(show(&context, &administrator, preset, form, None))
}

/// `POST /admin/presets/{preset}`
pub async fn post(
    context: Context,
    administrator: Administrator,
    Path(preset): Path<String>,
    PageForm(params): PageForm,
) -> Result<Response, PageError> {
    let preset = presets::find(&preset).ok_or(ProblemKind::NotFound)?;
    let t = context.texts(None);
    let mut form = ConnectionForm::typed(&params, preset, t);
    let cookie = match administrator.prove(&context, &params).await? {
        Ok(cookie) => cookie,
        Err(asked) => return Ok(show(&context, &administrator, preset, form, Some(asked))),
    };
    let fields = match form.fields() {
        Ok(fields) => fields,
        Err(word) => {
            form.mark_one("algorithms", t.with(keys::connection::PROBLEM_ALGORITHM, "name", &word));
            return Ok(show(&context, &administrator, preset, form, Some(Shown::marked(t))));
        }
    };
    let new = NewConnection {
        preset: preset.id.to_owned(),
        slug: Some(form.slug.clone()),
        client_secret: params.get("client_secret").map(Secret::from),
        fields,
    };
    let response = match connections::create(&context.app.admin, &administrator.authority, new).await {
        Ok(made) => Done::Created.go(&context, Some(&made.slug)),
        Err(Rejected::Invalid(invalid)) => {
            form.mark(&invalid, t);
            show(&context, &administrator, preset, form, Some(Shown::marked(t)))
        }
        Err(Rejected::TooMany(..)) => {
            show(&context, &administrator, preset, form, Some(refused(t.get(keys::connection::PROBLEM_MANY))))
        }
        Err(rejected) => return Err(rejected.into()),
    };
    Ok(renewed(&context, response, cookie.as_ref()))
}

fn show(
    context: &Context,
    administrator: &Administrator,
    preset: &'static Preset,
    form: ConnectionForm,
    problem: Option<Shown>,
) -> Response {
    let mut proof = administrator.proof(context);
    let (problems, manner) = Shown::parts(problem);
    proof.asked |= !problems.current.is_empty();
    let frame = Frame::of(context, context.locale.0);
    // Of a name that cannot be one there is no address yet.
    let uri = crate::model::connection::Slug::parse(&form.slug).map(|slug| redirect_uri(&context.app.issuer, &slug));
    let shown = CreatePage {
        head: Head::of_preset(preset, frame.t),
        preset,
        redirect_uri: uri.unwrap_or_default(),
        csrf: context.csrf(&format!("/admin/presets/{}", preset.id)),
        form,
        proof,
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
