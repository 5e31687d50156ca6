//! A custom attribute of accounts as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::LIST as PEOPLE;
use super::attributes::{LIST, named, path_of};
use crate::admin::attributes::AttributeResource;
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::model::attribute::AttributeDefinition;
use crate::model::audit_event::AuditTarget;

impl Object for AttributeDefinition {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, context: &Context) -> Place {
        let name = self.label_in(context.locale.0).to_owned();
        Place {
            room: Room::People,
            way: vec![(PEOPLE, context.texts(None).get(keys::attributes::TITLE)), (LIST, name.clone())],
            path: path_of(&self.name),
            name,
            target: AuditTarget::Attribute(self.name.clone()),
        }
    }

    fn document(&self, context: &Context) -> Document {
        let name = self.name.as_str();
        let ways = [
            ("haechi attributes list".to_owned(), "listAttributes", ""),
            (format!("haechi attributes define {name} --label \"…\""), "updateAttribute", r#"{"label": "…"}"#),
            (format!("haechi attributes delete {name}"), "deleteAttribute", ""),
        ];
        Document::of(&context.app.issuer, &AttributeResource::from(self), (&[name], self.version), ways)
    }
}
