//! Every component of our pages on one, for who changes or adds some: what there is is seen here, light and dark, in each language and width.
//!
//! Owns nothing but the examples. A test holds it to the style sheets: what they have is here.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::room::Room;
use super::shell::Shell;
use crate::http::error::PageError;
use crate::i18n::keys;

/// The colours, by the names of their custom properties.
const COLORS: &[&str] = &[
    "paper",
    "card",
    "line",
    "ink",
    "soft",
    "field",
    "field-line",
    "accent",
    "accent-ink",
    "accent-over",
    "tint",
    "bad",
    "bad-tint",
    "warn",
    "warn-tint",
];
/// Whose colours the ways in from elsewhere have.
const BRANDS: &[&str] = &[
    "google",
    "apple",
    "kakao",
    "naver",
    "line",
    "github",
    "gitlab",
    "microsoft",
    "facebook",
    "x",
    "linkedin",
    "discord",
    "slack",
    "twitch",
    "oidc",
    "oauth2",
];

#[derive(askama::Template)]
#[template(path = "admin/design.html")]
struct DesignPage {
    frame: Frame,
    shell: Shell,
    colors: &'static [&'static str],
    brands: &'static [&'static str],
}

/// `GET /admin/design`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    let frame = Frame::at(&context, context.locale.0, "/admin/design".to_owned());
    let shell = Shell::of(&context, &administrator, Room::Overview);
    let shown = DesignPage {
        shell: shell.further(Room::Overview.path(), frame.t.get(keys::design::TITLE)),
        colors: COLORS,
        brands: BRANDS,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
