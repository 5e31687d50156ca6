//! Custom attributes of accounts, as administrators declare them. Their values are part of an account's document: see `users`.

use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target};
use serde_json::Value;

use crate::admin::target::check_version;
use crate::identity::accounts::read_attribute;
use crate::model::AuditEvent;
use crate::model::attribute::{AttributeDefinition, Definitions, EndUserAccess};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::store::{Change, StoreResult};

mod resource;

pub use resource::AttributeResource;

/// The most attributes of a server.
const MAX_DEFINITIONS: usize = 100;

/// The attributes that are declared, in the order of their names.
pub async fn list(admin: &Administration, authority: &Authority) -> Result<Definitions, Rejected> {
    authority.require_somewhere(Permission::ReadUsers)?;
    Ok(declared(admin).await?)
}

/// The attribute of this name.
pub async fn find(
    admin: &Administration,
    authority: &Authority,
    name: &str,
) -> Result<Option<AttributeDefinition>, Rejected> {
    Ok(list(admin, authority).await?.find(name).cloned())
}

/// Declares an attribute.
pub async fn create(
    admin: &Administration,
    authority: &ProvenAuthority,
    new: AttributeResource,
) -> Result<AttributeDefinition, Rejected> {
    authority.require(Permission::WriteAttributes)?;
    if declared(admin).await?.len() >= MAX_DEFINITIONS {
        return Err(Rejected::TooMany(Aggregate::Attribute, MAX_DEFINITIONS));
    }
    let mut found = Vec::new();
    let (name, value_type) = new.chosen(&mut found);
    let blank = AttributeDefinition {
        label: name.clone(),
        name,
        value_type,
        labels: std::collections::BTreeMap::new(),
        end_user_access: EndUserAccess::None,
        managed_by: authority.manager(None),
        created_at: admin.clock().now(),
        version: 0,
    };
    let definition = new.apply(blank, &mut found);
    Rejected::unless_valid(found)?;
    let event = about(admin, AuditKind::AttributeDeclared, authority, &definition);
    let changes = vec![Change::InsertAttribute(definition.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::Attribute, changes).await?;
    Ok(definition)
}

/// Changes what is said of an attribute. A document of another version than there is now is stale.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    attribute: impl Into<Target<String>>,
    document: &AttributeResource,
) -> Result<AttributeDefinition, Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let was = load(admin, &attribute.into()).await?;
    check_version(document.version, was.version, Aggregate::Attribute)?;
    let mut found = Vec::new();
    let mut definition = document.apply(was.clone(), &mut found);
    definition.managed_by = authority.manager(definition.managed_by);
    Rejected::unless_valid(found)?;
    if definition == was {
        return Ok(was);
    }
    authority.require_to_manage(was.managed_by.as_ref())?;
    let event = about(admin, AuditKind::AttributeChanged, authority, &definition);
    save(admin, authority, definition, event).await
}

/// Gives an attribute back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    attribute: impl Into<Target<String>>,
) -> Result<AttributeDefinition, Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let was = load(admin, &attribute.into()).await?;
    let Some(manager) = &was.managed_by else { return Ok(was) };
    let said = format!("{}: released from {manager}", was.name);
    let event = about(admin, AuditKind::AttributeChanged, authority, &was).saying(said);
    save(admin, authority, AttributeDefinition { managed_by: None, ..was }, event).await
}

/// Takes an attribute back. From the commit on its values count for nothing and are shown nowhere; they go with the next change of their accounts.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    attribute: impl Into<Target<String>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let definition = load(admin, &attribute.into()).await?;
    authority.require_to_manage(definition.managed_by.as_ref())?;
    let event = about(admin, AuditKind::AttributeDeleted, authority, &definition);
    let changes = vec![Change::DeleteAttribute(definition.name), Change::Audit(event)];
    admin.commit(authority, Aggregate::Attribute, changes).await
}

/// What a cell of a table, or a field of a form, says of an attribute, in its type. What is no value of it goes on as text: the rules of the document say so.
pub(crate) fn read_in(declared: &Definitions, name: &str, text: &str) -> Value {
    let read = declared.find(name).and_then(|definition| read_attribute(definition.value_type, text).ok());
    read.unwrap_or_else(|| text.into())
}

/// The attributes that are declared, for the other functions of administration.
pub(super) async fn declared(admin: &Administration) -> StoreResult<Definitions> {
    admin.stores().attributes.all().await
}

async fn load(admin: &Administration, target: &Target<String>) -> Result<AttributeDefinition, Rejected> {
    let found = declared(admin).await?.find(target.key()).cloned();
    let definition = found.ok_or(Rejected::NotFound(Aggregate::Attribute))?;
    target.check(definition.version, Aggregate::Attribute).map(|()| definition)
}

async fn save(
    admin: &Administration,
    authority: &ProvenAuthority,
    definition: AttributeDefinition,
    event: AuditEvent,
) -> Result<AttributeDefinition, Rejected> {
    let changes = vec![Change::UpdateAttribute(definition.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::Attribute, changes).await?;
    Ok(AttributeDefinition { version: definition.version + 1, ..definition })
}

fn about(
    admin: &Administration,
    kind: AuditKind,
    authority: &Authority,
    definition: &AttributeDefinition,
) -> AuditEvent {
    let event = admin.event(kind, authority, admin.clock().now());
    event.to(AuditTarget::Attribute(definition.name.clone())).saying(definition.name.as_str())
}
