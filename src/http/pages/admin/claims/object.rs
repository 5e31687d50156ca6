//! A claim rule as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::{LIST, head_of, named, path_of};
use crate::admin::claim_rules::ClaimRuleResource;
use crate::http::error::PageError;
use crate::model::audit_event::AuditTarget;
use crate::model::claim_rule::ClaimRule;

impl Object for ClaimRule {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, _: &Context) -> Place {
        Place {
            room: Room::Claims,
            way: vec![(LIST, self.claim.to_string())],
            path: path_of(self.name.as_str()),
            target: AuditTarget::ClaimRule(self.name.to_string()),
        }
    }

    fn head(&self, _: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of(administrator, self, here)
    }

    fn document(&self, context: &Context) -> Document {
        let name = self.name.as_str();
        let ways = [
            (format!("haechi claim-rules show {name}"), "getClaimRule", ""),
            (
                format!("haechi claim-rules update {name} --description \"…\""),
                "updateClaimRule",
                r#"{"description": "…"}"#,
            ),
            (format!("haechi claim-rules delete {name}"), "deleteClaimRule", ""),
        ];
        Document::of(&context.app.issuer, &ClaimRuleResource::from(self), (&[name], self.version), ways)
    }
}
