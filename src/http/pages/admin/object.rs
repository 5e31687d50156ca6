//! What every object of the console has behind its own page: its history, and its document with the ways to do the same from elsewhere.
//!
//! Owns the two pages. What an object is, where it is and what stands above its pages, each kind says ([`Object`]).

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::audit::{About, History};
use super::document::Document;
use super::head::{Head, Tab};
use super::room::Room;
use super::shell::Shell;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::audit_event::AuditTarget;

/// A kind of object, with the pages behind its own.
pub trait Object: Sized + Send + Sync + 'static {
    /// The one that a path names, as far as the administrator may see it.
    fn named(
        context: &Context,
        administrator: &Administrator,
        key: &str,
    ) -> impl Future<Output = Result<Self, PageError>> + Send;

    /// Where it is.
    fn place(&self, context: &Context) -> Place;

    /// What stands above its pages.
    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head;

    /// Its document, and the ways to do the same.
    fn document(&self, context: &Context) -> Document;
}

/// Where an object is.
pub struct Place {
    pub(super) room: Room,
    /// The pages on the way to it: where each is, and the name of the one behind it.
    pub(super) way: Vec<(&'static str, String)>,
    /// Its own page.
    pub(super) path: String,
    /// What the audit log knows it as.
    pub(super) target: AuditTarget,
}

#[derive(askama::Template)]
#[template(path = "admin/object.html")]
struct ObjectPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    history: Option<History>,
    document: Option<Document>,
}

impl ObjectPage {
    fn of(context: &Context, administrator: &Administrator, object: &impl Object, here: Tab) -> Self {
        let place = object.place(context);
        let shell = Shell::of(context, administrator, place.room);
        Self {
            frame: Frame::of(context, context.locale.0),
            shell: place.way.into_iter().fold(shell, |shell, (back, name)| shell.further(back, name)),
            head: object.head(context, administrator, here),
            history: None,
            document: None,
        }
    }
}

/// `GET …/history`: what happened to an object, by the audit log.
pub async fn history<O: Object>(
    context: Context,
    administrator: Administrator,
    Path(key): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let object = O::named(&context, &administrator, &key).await?;
    let place = object.place(&context);
    let (path, about) = (Tab::HISTORY.of(&place.path), About::Target(place.target));
    let history = History::of(&context, &administrator, (&path, &params), &about).await?;
    let shown = ObjectPage::of(&context, &administrator, &object, Tab::HISTORY);
    let shown = ObjectPage { history: Some(history), ..shown };
    Ok(page(&shown, &shown.frame))
}

/// `GET …/document`: an object as a document, and the ways to do the same.
pub async fn document<O: Object>(
    context: Context,
    administrator: Administrator,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let object = O::named(&context, &administrator, &key).await?;
    let shown = ObjectPage::of(&context, &administrator, &object, Tab::DOCUMENT);
    let shown = ObjectPage { document: Some(object.document(&context)), ..shown };
    Ok(page(&shown, &shown.frame))
}
