//! Our own files: style, script and mark, part of the binary.

use std::sync::LazyLock;

use super::style::{self, Style};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

const CSS: &str = "text/css; charset=utf-8";

struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static [u8],
    versioned: String,
}

static ASSETS: LazyLock<[Asset; 10]> = LazyLock::new(|| {
    [
        asset("account.css", CSS, include_bytes!("../../../static/account.css")),
        asset("console.css", CSS, include_bytes!("../../../static/console.css")),
        asset("console.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/console.mjs")),
        asset("haechi.css", CSS, style::OURS.as_bytes()),
        asset("haechi.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/haechi.mjs")),
        asset("passkeys.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/passkeys.mjs")),
        asset("preview.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/preview.mjs")),
        asset("work.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/work.mjs")),
        asset("worker.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/worker.mjs")),
        asset("mark.svg", "image/svg+xml", include_bytes!("../../../static/mark.svg")),
    ]
});

fn asset(name: &'static str, kind: &'static str, body: &'static [u8]) -> Asset {
    Asset { name, kind, body, versioned: style::versioned(body, name) }
}

/// The name under which a file is served: with the digest of its content.
pub(super) fn versioned(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.versioned.as_str())
}

/// A file of ours, to be kept for ever: another content would have another name. The name is compared, never opened.
pub async fn serve(Path(name): Path<String>) -> Response {
    if let Some(asset) = ASSETS.iter().find(|asset| asset.versioned == name) {
        return kept(asset.kind, asset.body);
    }
    match Style::of_name(&name) {
        Some(style) => kept(CSS, style.text()),
        None => PageError::new(ProblemKind::NotFound).into_response(),
    }
}

fn kept(kind: &'static str, body: impl IntoResponse) -> Response {
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, forever)], body).into_response()
}
