//! A connection as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::{LIST, head_of, name_of, named, path_of};
use crate::admin::connections::ConnectionResource;
use crate::http::error::PageError;
use crate::model::Connection;
use crate::model::audit_event::AuditTarget;

impl Object for Connection {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, context: &Context) -> Place {
        Place {
            room: Room::Connections,
            way: vec![(LIST, name_of(self, context.texts(None)))],
            path: path_of(&self.slug),
            target: AuditTarget::Connection(self.id),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of(context.texts(None), administrator, self, here)
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
