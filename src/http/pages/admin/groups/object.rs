//! A group, or a role in apps, as one of the console's objects.

use std::marker::PhantomData;

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::{Sided, head_of, named, path_of};
use crate::admin::affiliations::Defined;
use crate::http::error::PageError;
use crate::model::AffiliationKind;
use crate::model::audit_event::AuditTarget;

/// One of the two.
pub struct One<D>(Defined, PhantomData<D>);

impl<D: Sided> Object for One<D> {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        Ok(Self(named::<D>(context, administrator, key).await?, PhantomData))
    }

    fn place(&self, context: &Context) -> Place {
        let one = &self.0.affiliation;
        Place {
            room: D::SIDE.room,
            way: vec![(D::SIDE.list, one.label_in(context.locale.0).to_owned())],
            path: path_of::<D>(one.id),
            target: AuditTarget::Affiliation(one.id),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of::<D>(context, administrator, &self.0.affiliation, here)
    }

    fn document(&self, context: &Context) -> Document {
        let one = &self.0.affiliation;
        let (command, [show, update, add]) = match D::KIND {
            AffiliationKind::Group => ("groups", ["getGroup", "updateGroup", "addGroupMember"]),
            AffiliationKind::Role => ("roles", ["getRole", "updateRole", "addRoleMember"]),
        };
        let client = one.client().map_or_else(String::new, |client| format!(" --client {client}"));
        let (id, key, name) = (one.id.to_string(), one.key(), &one.name);
        let ways = [
            (format!("haechi {command} show {key}"), show, ""),
            (format!("haechi {command} define {name}{client} --label \"…\""), update, r#"{"label": "…"}"#),
            (format!("haechi {command} add {key} USER"), add, ""),
        ];
        Document::of(&context.app.issuer, &D::of(&self.0), (&[&id], one.version), ways)
    }
}
