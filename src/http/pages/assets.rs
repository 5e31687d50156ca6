//! Our own files: style, script and mark, part of the binary.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::support::Digest;

struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static [u8],
    versioned: String,
}

static ASSETS: LazyLock<[Asset; 6]> = LazyLock::new(|| {
    [
        asset("account.css", "text/css; charset=utf-8", include_bytes!("../../../static/account.css")),
        asset("console.css", "text/css; charset=utf-8", include_bytes!("../../../static/console.css")),
        asset("console.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/console.mjs")),
        asset("haechi.css", "text/css; charset=utf-8", include_bytes!("../../../static/haechi.css")),
        asset("haechi.mjs", "text/javascript; charset=utf-8", include_bytes!("../../../static/haechi.mjs")),
        asset("mark.svg", "image/svg+xml", include_bytes!("../../../static/mark.svg")),
    ]
});

fn asset(name: &'static str, kind: &'static str, body: &'static [u8]) -> Asset {
    let version = URL_SAFE_NO_PAD.encode(&Digest::sha256(body).as_bytes()[..9]);
    Asset { name, kind, body, versioned: format!("{version}-{name}") }
}

/// The name under which a file is served: with the digest of its content.
pub(super) fn versioned(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.versioned.as_str())
}

/// A file of ours, to be kept for ever: another content would have another name. The name is compared, never opened.
pub async fn serve(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.versioned == name) else {
        return PageError::new(ProblemKind::NotFound).into_response();
    };
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let kind = HeaderValue::from_static(asset.kind);
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, forever)], asset.body).into_response()
}
