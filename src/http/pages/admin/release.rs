//! What declared files manage: their pages say whose it is, and one page gives it back.

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::own_form::OwnForm;
use super::super::problems::{FieldTexts, Shown};
use super::done::Done;
use super::room::Room;
use super::shell::Shell;
use super::wrong;
use super::{Administrator, ConfirmedForm, confirmed_form};
use crate::admin::ProvenAuthority;
use crate::admin::declared::{self, DeclaredKind};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::http::redirect::encoded;
use crate::i18n::keys;
use crate::model::manager::Manager;
use crate::model::policy::PolicySection;

/// What the pages say once something is given back.
pub(super) const RELEASED: Done = Done::new("released", keys::managed::DONE);

/// Whose files manage what a page shows.
pub(super) struct Managed {
    pub(super) by: String,
    /// It has a switch or a secret, which can't wait for a file.
    pub(super) switched: bool,
    /// The page that gives it back, for who may.
    pub(super) release: Option<String>,
}

impl Managed {
    /// Of the thing of this name, by what it says itself.
    pub(super) fn of(
        administrator: &Administrator,
        managed_by: Option<&Manager>,
        (kind, name): (DeclaredKind, &str),
    ) -> Option<Self> {
        let by = managed_by?.to_string();
        let switched = matches!(kind, DeclaredKind::Client | DeclaredKind::Connection | DeclaredKind::Webhook);
        Some(Self { by, switched, release: administrator.may(kind.permission()).then(|| path_of(kind, name)) })
    }
}

#[derive(askama::Template)]
#[template(path = "admin/release.html")]
struct ReleasePage {
    frame: Frame,
    shell: Shell,
    name: String,
    by: String,
    path: String,
    back: String,
    csrf: String,
    problems: FieldTexts,
}

/// What a path names.
struct Thing {
    kind: DeclaredKind,
    name: String,
    managed_by: Manager,
}

impl Thing {
    async fn named(
        administrator: &Administrator,
        context: &Context,
        kind: &str,
        name: String,
    ) -> Result<Self, PageError> {
        let kind = DeclaredKind::named(kind).ok_or(ProblemKind::NotFound)?;
        administrator.must(kind.permission())?;
        let found = declared::managed_by(&context.app.admin, &administrator.authority, kind, &name).await?;
        Ok(Self { kind, name, managed_by: found.ok_or(ProblemKind::NotFound)? })
    }

    /// Where it is changed: its own page, or the list that it is in.
    fn back(&self) -> String {
        let room = self.room().path();
        match self.kind {
            DeclaredKind::Client | DeclaredKind::Connection => format!("{room}/{}", encoded(&self.name)),
            DeclaredKind::Attribute => format!("{room}/attributes"),
            DeclaredKind::ClaimRule => format!("{room}/rules/{}", encoded(&self.name)),
            DeclaredKind::Api
            | DeclaredKind::Role
            | DeclaredKind::Group
            | DeclaredKind::Webhook
            | DeclaredKind::Policy => room.to_owned(),
        }
    }

    fn room(&self) -> Room {
        match self.kind {
            DeclaredKind::Api => Room::Apis,
            DeclaredKind::Client => Room::Apps,
            DeclaredKind::Connection => Room::Connections,
            DeclaredKind::Attribute => Room::People,
            DeclaredKind::Role => Room::Roles,
            DeclaredKind::Group => Room::Groups,
            DeclaredKind::ClaimRule => Room::Claims,
            DeclaredKind::Webhook => Room::Webhooks,
            DeclaredKind::Policy if self.name == PolicySection::Branding.as_str() => Room::Branding,
            DeclaredKind::Policy if self.name == PolicySection::Signing.as_str() => Room::Keys,
            DeclaredKind::Policy => Room::SignIn,
        }
    }
}

fn path_of(kind: DeclaredKind, name: &str) -> String {
    format!("/admin/release/{}/{}", kind.as_str(), encoded(name))
}

/// `GET /admin/release/{kind}/{name}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path((kind, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let thing = Thing::named(&administrator, &context, &kind, name).await?;
    Ok(show(&context, &administrator, &thing, None))
}

/// `POST /admin/release/{kind}/{name}`
pub async fn post(
    context: Context,
    Path((kind, name)): Path<(String, String)>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let thing = Thing::named(&form.owner, &context, &kind, name).await?;
    confirmed_form(&context, &form, Sent { context: &context, administrator: &form.owner, thing }).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    thing: Thing,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let Thing { kind, name, .. } = &self.thing;
        match declared::release(&self.context.app.admin, authority, *kind, name).await {
            Ok(()) => Ok(Ok(RELEASED.go(self.context, &self.thing.back()))),
            Err(rejected) => Ok(Err(wrong::shown(self.context.texts(None), rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.thing, Some(problem)))
    }
}

fn show(context: &Context, administrator: &Administrator, thing: &Thing, problem: Option<Shown>) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let (path, back) = (path_of(thing.kind, &thing.name), thing.back());
    let shown = ReleasePage {
        shell: Shell::of(context, administrator, thing.room()).further(&back, thing.name.clone()),
        name: thing.name.clone(),
        by: thing.managed_by.to_string(),
        csrf: administrator.csrf(context, &path),
        path,
        back,
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
