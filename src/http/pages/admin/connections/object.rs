//! A connection as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::{LIST, name_of, named, path_of};
use crate::admin::connections::ConnectionResource;
use crate::http::error::PageError;
use crate::model::Connection;
use crate::model::audit_event::AuditTarget;

impl Object for Connection {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, context: &Context) -> Place {
        let name = name_of(self, context.texts(None));
        Place {
            room: Room::Connections,
            way: vec![(LIST, name.clone())],
            path: path_of(&self.slug),
            name,
            target: AuditTarget::Connection(self.id),
        }
    }

    fn document(&self, context: &Context) -> Document {
        let (issuer, slug) = (&context.app.issuer, self.slug.as_str());
        let ways = [
            (format!("haechi connections show {slug}"), "getConnection", ""),
            (format!("haechi connections update {slug} --label \"…\""), "updateConnection", r#"{"label": "…"}"#),
            (format!("haechi connections disable {slug}"), "disableConnection", ""),
        ];
        Document::of(issuer, &ConnectionResource::of(self, issuer), (&[slug], self.version), ways)
    }
}
