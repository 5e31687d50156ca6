//! A person as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::person::{head_in, named, path_of};
use super::{LIST, State};
use crate::admin::users::{self, UserResource};
use crate::http::error::PageError;
use crate::model::User;
use crate::model::audit_event::AuditTarget;

/// Somebody's account, with its document.
pub struct Account {
    user: User,
    resource: UserResource,
}

impl Object for Account {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        let user = named(context, administrator, key).await?;
        let resource = users::document(&context.app.admin, &administrator.authority, &user).await?;
        Ok(Self { user, resource })
    }

    fn place(&self, _: &Context) -> Place {
        Place {
            room: Room::People,
            way: vec![(LIST, self.user.display_name().to_owned())],
            path: path_of(self.user.id),
            target: AuditTarget::User(self.user.id),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        let state = State::of(self.resource.status, &self.user);
        head_in(context.texts(None), administrator, (&self.user, &state), here)
    }

    fn document(&self, context: &Context) -> Document {
        let id = self.user.id.to_string();
        let ways = [
            (format!("haechi users show {id}"), "getUser", ""),
            (format!("haechi users update {id} --name \"…\""), "updateUser", r#"{"name": "…"}"#),
            (format!("haechi users disable {id}"), "disableUser", ""),
        ];
        Document::of(&context.app.issuer, &self.resource, (&[&id], self.user.version), ways)
    }
}
