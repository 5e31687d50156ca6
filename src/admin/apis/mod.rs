//! APIs, as administrators declare them: resources that tokens are for, with what may be done with each.
//!
//! Owns their definitions, and which clients may ask tokens for one, seen from its side. That a client may is part of the client, and changed as anything
//! else of it is: see [`clients`](super::clients).

use super::target::check_version;
use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target};
use crate::model::audit_event::{AuditEvent, AuditKind, AuditTarget};
use crate::model::{Api, Apis};
use crate::protocol::resource::normalized;
use crate::store::{Change, MAX_APIS, Page, StoreResult};
use crate::support::id::ApiId;

mod access;
mod definition;
mod resource;

pub use access::{clients_of, let_ask};
pub use resource::{ApiResource, ApiTokenType, ScopeResource};

/// Which APIs are listed. What is not said fits every one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApiSearch<'a> {
    /// A part of the identifier, of the name or of a scope, or of what is said of it in any language, whatever its case.
    pub text: Option<&'a str>,
    /// What names the resource.
    pub resource: Option<&'a str>,
}

/// The APIs that are searched for, in the order of their resources, after one of those.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    (search, after): (ApiSearch<'_>, Option<&str>),
    limit: u32,
) -> Result<Page<Api>, Rejected> {
    let all = declared(admin, authority).await?;
    let (wanted, after) = (search.text.unwrap_or_default().to_lowercase(), after.map(normalized));
    let fits = |api: &&Api| {
        search.resource.is_none_or(|named| api.resource.names(named))
            && after.as_ref().is_none_or(|after| api.resource.normalized() > *after)
            && texts(api).any(|text| text.to_lowercase().contains(&wanted))
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items: Vec<Api> = all.iter().filter(fits).take(limit.saturating_add(1)).cloned().collect();
    let more = items.len() > limit;
    items.truncate(limit);
    Ok(Page { items, more })
}

/// What an API is found by.
fn texts(api: &Api) -> impl Iterator<Item = &str> {
    let names = std::iter::once(&api.name).chain(api.names.values());
    let scopes = api
        .scopes
        .iter()
        .flat_map(|scope| [&scope.scope, &scope.description].into_iter().chain(scope.descriptions.values()));
    std::iter::once(api.resource.as_str()).chain(names.chain(scopes).map(String::as_str))
}

/// Every API that is declared: there are few.
pub async fn declared(admin: &Administration, authority: &Authority) -> Result<Apis, Rejected> {
    authority.require(Permission::ReadClients)?;
    Ok(all(admin).await?)
}

/// The one of this id, or of this resource.
pub async fn find(
    admin: &Administration,
    authority: &Authority,
    id_or_resource: &str,
) -> Result<Option<Api>, Rejected> {
    Ok(declared(admin, authority).await?.find(id_or_resource).cloned())
}

/// Declares one.
pub async fn create(admin: &Administration, authority: &ProvenAuthority, new: &ApiResource) -> Result<Api, Rejected> {
    authority.require(Permission::WriteClients)?;
    let known = all(admin).await?;
    if known.len() >= MAX_APIS {
        return Err(Rejected::TooMany(Aggregate::Api, MAX_APIS));
    }
    let resource = new.chosen(&admin.issuer)?;
    if known.named(resource.as_str()).is_some() {
        return Err(Rejected::Taken(Aggregate::Api));
    }
    let now = admin.clock().now();
    let blank = Api {
        id: ApiId::new(now, admin.random()),
        name: definition::name_of(&resource),
        resource,
        names: std::collections::BTreeMap::new(),
        documentation: None,
        scopes: Vec::new(),
        access_token_type: None,
        access_token_lifetime: None,
        managed_by: authority.manager(None),
        created_at: now,
        version: 0,
    };
    let mut found = Vec::new();
    let api = new.apply(blank, &mut found);
    Rejected::unless_valid(found)?;
    let event = about(admin, AuditKind::ApiDeclared, authority, &api);
    let changes = vec![Change::InsertApi(Box::new(api.clone())), Change::Audit(event)];
    admin.commit(authority, Aggregate::Api, changes).await?;
    Ok(api)
}

/// Changes what is said of one. A document of another version than there is now is stale. Where it says nothing new, nothing is written.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    api: impl Into<Target<ApiId>>,
    document: &ApiResource,
) -> Result<Api, Rejected> {
    authority.require(Permission::WriteClients)?;
    let was = load(admin, &api.into()).await?;
    check_version(document.version, was.version, Aggregate::Api)?;
    let mut found = Vec::new();
    document.check_unchanged(&was, &mut found);
    let mut api = document.apply(was.clone(), &mut found);
    Rejected::unless_valid(found)?;
    api.managed_by = authority.manager(api.managed_by);
    if api == was {
        return Ok(was);
    }
    authority.require_to_manage(was.managed_by.as_ref())?;
    let event = about(admin, AuditKind::ApiChanged, authority, &api);
    save(admin, authority, api, event).await
}

/// Gives one back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    api: impl Into<Target<ApiId>>,
) -> Result<Api, Rejected> {
    authority.require(Permission::WriteClients)?;
    let was = load(admin, &api.into()).await?;
    let Some(manager) = &was.managed_by else { return Ok(was) };
    let said = format!("{}: released from {manager}", was.resource.as_str());
    let event = about(admin, AuditKind::ApiChanged, authority, &was).saying(said);
    save(admin, authority, Api { managed_by: None, ..was }, event).await
}

/// Takes one back that no client may ask tokens for any more, so that none is left asking for what nobody knows of.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    api: impl Into<Target<ApiId>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteClients)?;
    let api = load(admin, &api.into()).await?;
    authority.require_to_manage(api.managed_by.as_ref())?;
    match access::count(admin, authority, &api).await? {
        0 => {}
        asking => return Err(Rejected::InUse(asking)),
    }
    let event = about(admin, AuditKind::ApiDeleted, authority, &api);
    admin.commit(authority, Aggregate::Api, vec![Change::DeleteApi(api.id), Change::Audit(event)]).await
}

/// Every API, for the other functions of administration.
async fn all(admin: &Administration) -> StoreResult<Apis> {
    admin.stores().apis.all().await
}

/// The one that is to be changed, in the version that the caller saw.
async fn load(admin: &Administration, target: &Target<ApiId>) -> Result<Api, Rejected> {
    let api = all(admin).await?.get(*target.key()).cloned().ok_or(Rejected::NotFound(Aggregate::Api))?;
    target.check(api.version, Aggregate::Api).map(|()| api)
}

async fn save(
    admin: &Administration,
    authority: &ProvenAuthority,
    api: Api,
    event: AuditEvent,
) -> Result<Api, Rejected> {
    let changes = vec![Change::UpdateApi(Box::new(api.clone())), Change::Audit(event)];
    admin.commit(authority, Aggregate::Api, changes).await?;
    Ok(Api { version: api.version + 1, ..api })
}

fn about(admin: &Administration, kind: AuditKind, authority: &Authority, api: &Api) -> AuditEvent {
    let event = admin.event(kind, authority, admin.clock().now());
    event.to(AuditTarget::Api(api.id)).saying(api.resource.as_str())
}
