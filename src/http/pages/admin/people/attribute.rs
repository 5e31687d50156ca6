//! A custom attribute of accounts as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::LIST as PEOPLE;
use super::attributes::{LIST, head_of, named, path_of};
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
        let t = context.texts(None);
        Place {
            room: Room::People,
            way: vec![(PEOPLE, t.get(keys::attributes::TITLE)), (LIST, self.label_in(t.locale()).to_owned())],
            path: path_of(&self.name),
            target: AuditTarget::Attribute(self.name.clone()),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of(context.texts(None), administrator, self, here)
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
