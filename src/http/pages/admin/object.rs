//! What every object of the console has behind its own page: its history, and its document with the ways to do the same from elsewhere. Objects
//! whose pages are tabs of several forms (people, apps, APIs) have these among their own.

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::audit::{About, History};
use super::document::Document;
use super::room::Room;
use super::shell::{Shell, TabLink};
use crate::admin::Permission;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, keys};
use crate::model::audit_event::AuditTarget;

/// A kind of object, with the pages behind its own.
pub trait Object: Sized + Send + Sync + 'static {
    /// The one that a path names, as far as the administrator may see it.
    fn named(
        context: &Context,
        administrator: &Administrator,
        key: &str,
    ) -> impl Future<Output = Result<Self, PageError>> + Send;

    /// Where it is, and what it is called.
    fn place(&self, context: &Context) -> Place;

    /// Its document, and the ways to do the same.
    fn document(&self, context: &Context) -> Document;
}

/// Where an object is, and what it is called.
pub struct Place {
    pub(super) room: Room,
    /// The pages on the way to it: where each is, and the name of the one behind it.
    pub(super) way: Vec<(&'static str, String)>,
    /// Its own page.
    pub(super) path: String,
    pub(super) name: String,
    /// What the audit log knows it as.
    pub(super) target: AuditTarget,
}

/// The pages of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Itself,
    History,
    Document,
}

impl Tab {
    const ALL: &[Self] = &[Self::Itself, Self::History, Self::Document];

    const fn path(self) -> &'static str {
        match self {
            Self::Itself => "",
            Self::History => "/history",
            Self::Document => "/document",
        }
    }

    const fn name(self) -> Key {
        match self {
            Self::Itself => keys::connection::SETTINGS,
            Self::History => keys::audit::HISTORY,
            Self::Document => keys::console::DOCUMENT,
        }
    }
}

/// The tabs of the object whose own page this is, as far as the administrator may open them.
pub(super) fn tabs(administrator: &Administrator, path: &str, here: Tab) -> Vec<TabLink> {
    let open = |tab: &&Tab| **tab != Tab::History || administrator.may(Permission::ReadAudit);
    let link = |tab: &Tab| TabLink { path: format!("{path}{}", tab.path()), name: tab.name(), here: *tab == here };
    Tab::ALL.iter().filter(open).map(link).collect()
}

#[derive(askama::Template)]
#[template(path = "admin/object.html")]
struct ObjectPage {
    frame: Frame,
    shell: Shell,
    name: String,
    tabs: Vec<TabLink>,
    history: Option<History>,
    document: Option<Document>,
}

impl ObjectPage {
    fn of(context: &Context, administrator: &Administrator, place: Place, here: Tab) -> Self {
        let frame = Frame::of(context, context.locale.0);
        let shell = Shell::of(context, administrator, place.room);
        let shell = place.way.into_iter().fold(shell, |shell, (back, name)| shell.further(back, name));
        Self {
            shell: shell.further(&place.path, frame.t.get(here.name())),
            tabs: tabs(administrator, &place.path, here),
            name: place.name,
            history: None,
            document: None,
            frame,
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
    let place = O::named(&context, &administrator, &key).await?.place(&context);
    let path = format!("{}{}", place.path, Tab::History.path());
    let about = About::Target(place.target.clone());
    let history = History::of(&context, &administrator, (&path, &params), &about).await?;
    let shown = ObjectPage::of(&context, &administrator, place, Tab::History);
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
    let shown = ObjectPage::of(&context, &administrator, object.place(&context), Tab::Document);
    let shown = ObjectPage { document: Some(object.document(&context)), ..shown };
    Ok(page(&shown, &shown.frame))
}
