//! Declared claim rules.
//!
//! A rule names an attribute and a client that the same declaration makes: where it is only tried, they are not there, and are taken to be.

use super::affiliations::Others;
use super::apply::{Declared, Known};
use super::difference::change;
use super::{Action, DeclaredKind, Step};
use crate::admin::attributes;
use crate::admin::claim_rules::{self, ClaimRuleResource};
use crate::admin::document::overridden;
use crate::admin::{Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::claim_rule::{ClaimRule, SourceKind};

/// The documents of all rules, without what only the server sets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<ClaimRuleResource>, Rejected> {
    let declared = |rule: &ClaimRule| ClaimRuleResource {
        managed_by: None,
        created_at: None,
        version: None,
        ..ClaimRuleResource::from(rule)
    };
    Ok(claim_rules::list(admin, authority).await?.iter().map(declared).collect())
}

/// A document that is declared, beside what else the declaration makes.
pub(super) struct Among<'a> {
    document: &'a ClaimRuleResource,
    others: &'a Others,
}

impl<'a> Among<'a> {
    /// These documents among them.
    pub(super) fn all(documents: &'a [ClaimRuleResource], others: &'a Others) -> Vec<Self> {
        documents.iter().map(|document| Self { document, others }).collect()
    }

    /// Whether it names something that the declaration makes, and that is not there yet.
    async fn is_ahead(&self, admin: &Administration, authority: &Authority) -> Result<bool, Rejected> {
        let (attribute, client) = (self.document.attribute.as_deref(), self.document.client_id.as_deref());
        if let Some(name) = attribute.filter(|name| self.others.has_attribute(name))
            && attributes::find(admin, authority, name).await?.is_none()
        {
            return Ok(true);
        }
        let Some(client) = client.filter(|client| self.others.has_client(client)) else { return Ok(false) };
        Ok(!self.others.clients_there(admin, authority).await?.contains(client))
    }

    /// What a rule will show once what it names is there.
    fn as_it_will_be(&self, was: &ClaimRuleResource) -> ClaimRuleResource {
        let mut is = overridden(was, self.document).unwrap_or_else(|_| was.clone());
        // What is of another kind of source goes with that; what is empty is not shown.
        is.attribute = is.attribute.filter(|_| is.source == Some(SourceKind::Attribute));
        is.value = is.value.filter(|_| is.source == Some(SourceKind::Constant));
        is.values = is.values.filter(|values| !values.is_empty());
        is.client_id = is.client_id.filter(|client| !client.is_empty());
        is.description = is.description.filter(|text| !text.is_empty());
        if let Some(tokens) = &mut is.tokens {
            tokens.sort();
            tokens.dedup();
        }
        is
    }
}

impl Declared for Among<'_> {
    const KIND: DeclaredKind = DeclaredKind::ClaimRule;
    const PERMISSION: Permission = PERMISSION;

    fn name(&self) -> Option<&str> {
        self.document.name.as_deref()
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let name = self.name().ok_or_else(|| FieldError::Missing.of("name"))?.to_owned();
        let was = claim_rules::find(admin, authority, &name).await?;
        let ahead = authority.tries() && self.is_ahead(admin, authority).await?;
        let action = match (was, ahead) {
            (None, true) => Action::Create,
            (None, false) => {
                claim_rules::create(admin, authority, self.document).await?;
                Action::Create
            }
            (Some(was), true) => {
                let mut is = self.as_it_will_be(&ClaimRuleResource::from(&was));
                is.managed_by = authority.manager(was.managed_by.clone()).map(|manager| manager.to_string());
                change(&ClaimRuleResource::from(&was), &is)
            }
            (Some(was), false) => {
                let is = claim_rules::update(admin, authority, was.name.clone(), self.document).await?;
                change(&ClaimRuleResource::from(&was), &ClaimRuleResource::from(&is))
            }
        };
        Ok(Step::of(Self::KIND, name, action))
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        let known = |rule: &ClaimRule| Known::new(rule.name.to_string(), rule.managed_by.as_ref());
        Ok(claim_rules::list(admin, authority).await?.iter().map(known).collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        // It may have gone with its client already.
        match claim_rules::find(admin, authority, name).await? {
            Some(rule) => claim_rules::delete(admin, authority, rule.name).await,
            None => Ok(()),
        }
    }
}

/// What changing a rule takes.
pub(super) const PERMISSION: Permission = Permission::WriteAttributes;

/// What a refusal of one calls it.
pub(super) const AGGREGATE: Aggregate = Aggregate::ClaimRule;
