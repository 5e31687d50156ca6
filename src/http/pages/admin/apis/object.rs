//! An API as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::LIST;
use super::one::{head_of, named, path_of};
use crate::admin::apis::ApiResource;
use crate::http::error::PageError;
use crate::model::Api;
use crate::model::audit_event::AuditTarget;

impl Object for Api {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, context: &Context) -> Place {
        Place {
            room: Room::Apis,
            way: vec![(LIST, self.name_in(context.locale.0).to_owned())],
            path: path_of(self.id),
            target: AuditTarget::Api(self.id),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of(context.texts(None), administrator, self, here)
    }

    fn document(&self, context: &Context) -> Document {
        // By its id: an identifier may have what a shell reads as its own.
        let id = self.id.to_string();
        let ways = [
            (format!("haechi apis show {id}"), "getApi", ""),
            (format!("haechi apis update {id} --name \"…\""), "updateApi", r#"{"resource_name": "…"}"#),
            (format!("haechi apis add {id} CLIENT_ID"), "addApiClient", ""),
        ];
        Document::of(&context.app.issuer, &ApiResource::from(self), (&[&id], self.version), ways)
    }
}
