//! An app as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::LIST;
use super::app::{head_of, named, path_of};
use crate::admin::clients::ClientResource;
use crate::http::error::PageError;
use crate::model::audit_event::AuditTarget;
use crate::model::client::Client;

impl Object for Client {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, context: &Context) -> Place {
        Place {
            room: Room::Apps,
            way: vec![(LIST, self.presentation.name_in(context.locale.0).to_owned())],
            path: path_of(&self.id),
            target: AuditTarget::Client(self.id.clone()),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of(context.texts(None), administrator, self, here)
    }

    fn document(&self, context: &Context) -> Document {
        let (issuer, id) = (&context.app.issuer, self.id.as_str());
        let ways = [
            (format!("haechi clients show {id}"), "getClient", ""),
            (format!("haechi clients update {id} --name \"…\""), "updateClient", r#"{"client_name": "…"}"#),
            (format!("haechi clients problems {id}"), "listClientProblems", ""),
            (format!("haechi clients disable {id}"), "disableClient", ""),
        ];
        Document::of(issuer, &ClientResource::from(self).at(issuer), (&[id], self.version), ways)
    }
}
