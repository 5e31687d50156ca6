//! What this server still needs to be used in earnest, and its settings to take along.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::SETUP;
use super::super::Administrator;
use super::super::room::Room;
use super::super::shell::Shell;
use crate::admin::production::{self, Missing};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};

#[derive(askama::Template)]
#[template(path = "admin/setup/production.html")]
struct ProductionPage {
    frame: Frame,
    shell: Shell,
    /// What is missing: its name, and why it is wanted.
    missing: Vec<(Key, Key)>,
    toml: String,
    helm: String,
}

/// `GET /admin/setup/production`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    let (authority, config) = (&administrator.authority, &context.app.config);
    let missing = production::missing(authority, config)?;
    let frame = Frame::of(&context, context.locale.0);
    let way = Shell::of(&context, &administrator, Room::Overview);
    let way = way.further(Room::Overview.path(), frame.t.get(keys::setup::TITLE));
    let shown = ProductionPage {
        shell: way.further(SETUP, frame.t.get(keys::setup::PRODUCTION)),
        missing: missing.into_iter().map(words_of).collect(),
        toml: production::toml(authority, config)?,
        helm: production::helm_values(authority, config)?,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `GET /admin/setup/production/{file}`: the same as a file.
pub async fn file(
    context: Context,
    administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let (authority, config) = (&administrator.authority, &context.app.config);
    let (kind, disposition, text) = match name.as_str() {
        "haechi.toml" => {
            ("application/toml", "attachment; filename=\"haechi.toml\"", production::toml(authority, config)?)
        }
        "values.yaml" => {
            ("application/yaml", "attachment; filename=\"values.yaml\"", production::helm_values(authority, config)?)
        }
        _ => return Err(ProblemKind::NotFound.into()),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}

/// What is missing, and why it is wanted.
const fn words_of(missing: Missing) -> (Key, Key) {
    use keys::setup as text;
    match missing {
        Missing::Issuer => (text::NEEDS_ISSUER, text::NEEDS_ISSUER_HINT),
        Missing::Proxies => (text::NEEDS_PROXIES, text::NEEDS_PROXIES_HINT),
        Missing::Database => (text::NEEDS_DATABASE, text::NEEDS_DATABASE_HINT),
        Missing::Redis => (text::NEEDS_REDIS, text::NEEDS_REDIS_HINT),
        Missing::KeyEncryptionKey => (text::NEEDS_KEY, text::NEEDS_KEY_HINT),
        Missing::Support => (text::NEEDS_SUPPORT, text::NEEDS_SUPPORT_HINT),
        Missing::Log => (text::NEEDS_LOG, text::NEEDS_LOG_HINT),
    }
}
