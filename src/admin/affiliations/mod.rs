//! Groups, and roles in apps: what people belong to and may do elsewhere.
//!
//! Owns their definitions. Which of them an end-user has is part of the account: see [`users`](super::users). None of them lets anybody do
//! anything to Haechi itself.

use super::target::check_version;
use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target};
use crate::model::affiliation::{Affiliation, AffiliationKind, Catalogue};
use crate::model::audit_event::{AuditEvent, AuditKind, AuditTarget};
use crate::model::{ClientId, User};
use crate::store::{Change, MAX_AFFILIATIONS, Page, StoreResult};
use crate::support::id::{AffiliationId, UserId};

mod definition;
mod resource;

pub use definition::Definition;
pub(super) use definition::named;
pub use resource::{GroupResource, RoleResource};

/// A group or a role, with the keys of the roles that it brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Defined {
    /// It.
    pub affiliation: Affiliation,
    /// What the roles that it brings are called.
    pub roles: Vec<String>,
}

impl Defined {
    fn of(affiliation: &Affiliation, all: &Catalogue) -> Self {
        let roles = all.known(AffiliationKind::Role, affiliation.roles());
        Self { roles: roles.iter().map(|role| role.key()).collect(), affiliation: affiliation.clone() }
    }
}

/// Those whose key, label or description contains a text, in the order of their keys, after one of them.
pub async fn list<D: Definition>(
    admin: &Administration,
    authority: &Authority,
    (search, after): (Option<&str>, Option<&str>),
    limit: u32,
) -> Result<Page<Defined>, Rejected> {
    let all = catalogue(admin, authority).await?;
    let wanted = search.map(str::to_lowercase).unwrap_or_default();
    let contains = |one: &&Affiliation| {
        let texts = [one.key(), one.label.to_lowercase(), one.description.to_lowercase()];
        let in_languages = one.labels.values().map(|label| label.to_lowercase());
        texts.into_iter().chain(in_languages).any(|text| text.contains(&wanted))
    };
    let found = all.of_kind(D::KIND).into_iter().filter(|one| after.is_none_or(|after| one.key().as_str() > after));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items: Vec<_> =
        found.filter(contains).take(limit.saturating_add(1)).map(|one| Defined::of(one, &all)).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    Ok(Page { items, more })
}

/// Every group and every role that the authority may see: there are few.
pub async fn catalogue(admin: &Administration, authority: &Authority) -> Result<Catalogue, Rejected> {
    authority.require_somewhere(Permission::ReadUsers)?;
    Ok(all(admin).await?.only(|one| authority.sees(one)))
}

/// The one of this id or this key.
pub async fn find<D: Definition>(
    admin: &Administration,
    authority: &Authority,
    id_or_key: &str,
) -> Result<Option<Defined>, Rejected> {
    let all = catalogue(admin, authority).await?;
    Ok(all.find(D::KIND, id_or_key).map(|one| Defined::of(one, &all)))
}

/// Those who were given it themselves, in the order in which their accounts were made, as far as the authority may see them.
pub async fn members(
    admin: &Administration,
    authority: &Authority,
    of: AffiliationId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Page<User>, Rejected> {
    let page = if authority.allows(Permission::ReadUsers) {
        admin.stores().affiliations.members(of, after, limit).await?
    } else {
        seen_members(admin, authority, (of, after), limit).await?
    };
    let declared = super::attributes::declared(admin).await?;
    let known = |user: User| User { attributes: declared.known(user.attributes.clone()), ..user };
    Ok(Page { items: page.items.into_iter().map(known).collect(), more: page.more })
}

/// Those of them whom it manages. Of what it does not see it sees no members.
async fn seen_members(
    admin: &Administration,
    authority: &Authority,
    (of, mut after): (AffiliationId, Option<UserId>),
    limit: u32,
) -> Result<Page<User>, Rejected> {
    if catalogue(admin, authority).await?.get(of).is_none() {
        return Ok(Page { items: Vec::new(), more: false });
    }
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    loop {
        let page = admin.stores().affiliations.members(of, after, limit).await?;
        after = page.items.last().filter(|_| page.more).map(|last| last.id);
        items.extend(page.items.into_iter().filter(|user| authority.allows_on_person(Permission::ReadUsers, user)));
        if items.len() > wanted || after.is_none() {
            let more = items.len() > wanted;
            items.truncate(wanted);
            return Ok(Page { items, more });
        }
    }
}

/// Makes one.
pub async fn create<D: Definition>(
    admin: &Administration,
    authority: &ProvenAuthority,
    new: &D,
) -> Result<Defined, Rejected> {
    authority.require(Permission::WriteGroups)?;
    let catalogue = all(admin).await?;
    if catalogue.of_kind(D::KIND).len() >= MAX_AFFILIATIONS {
        return Err(Rejected::TooMany(aggregate(D::KIND), MAX_AFFILIATIONS));
    }
    let now = admin.clock().now();
    let mut found = Vec::new();
    let blank = new.said().blank(AffiliationId::new(now, admin.random()), now, &mut found);
    require_client(admin, blank.client()).await?;
    let mut one = new.said().applied_to(blank, &catalogue, &mut found);
    Rejected::unless_valid(found)?;
    one.managed_by = authority.manager(None);
    let kind = of_kind(D::KIND, AuditKind::GroupCreated, AuditKind::RoleCreated);
    let changes = vec![Change::InsertAffiliation(one.clone()), Change::Audit(about(admin, kind, authority, &one))];
    admin.commit(authority, aggregate(D::KIND), changes).await?;
    Ok(Defined::of(&one, &catalogue))
}

/// Changes what is said of one. A document of another version than there is now is stale. Where it says nothing new, nothing is written.
pub async fn update<D: Definition>(
    admin: &Administration,
    authority: &ProvenAuthority,
    target: impl Into<Target<AffiliationId>>,
    document: &D,
) -> Result<Defined, Rejected> {
    authority.require(Permission::WriteGroups)?;
    let catalogue = all(admin).await?;
    let was = in_version::<D>(&catalogue, &target.into())?;
    check_version(document.said().version, was.version, aggregate(D::KIND))?;
    let mut found = Vec::new();
    let mut one = document.said().applied_to(was.clone(), &catalogue, &mut found);
    Rejected::unless_valid(found)?;
    one.managed_by = authority.manager(one.managed_by);
    if one == was {
        return Ok(Defined::of(&was, &catalogue));
    }
    authority.require_to_manage(was.managed_by.as_ref())?;
    let event = about(admin, changed::<D>(), authority, &one);
    save::<D>(admin, authority, (one, event), &catalogue).await
}

/// Gives one back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release<D: Definition>(
    admin: &Administration,
    authority: &ProvenAuthority,
    target: impl Into<Target<AffiliationId>>,
) -> Result<Defined, Rejected> {
    authority.require(Permission::WriteGroups)?;
    let catalogue = all(admin).await?;
    let was = in_version::<D>(&catalogue, &target.into())?;
    let Some(manager) = &was.managed_by else { return Ok(Defined::of(&was, &catalogue)) };
    let said = format!("{}: released from {manager}", was.key());
    let event = about(admin, changed::<D>(), authority, &was).saying(said);
    save::<D>(admin, authority, (Affiliation { managed_by: None, ..was }, event), &catalogue).await
}

/// Deletes one: from the commit on no account has it, and one that is made under its name is another.
pub async fn delete<D: Definition>(
    admin: &Administration,
    authority: &ProvenAuthority,
    target: impl Into<Target<AffiliationId>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteGroups)?;
    let one = in_version::<D>(&all(admin).await?, &target.into())?;
    authority.require_to_manage(one.managed_by.as_ref())?;
    let kind = of_kind(D::KIND, AuditKind::GroupDeleted, AuditKind::RoleDeleted);
    let changes = vec![Change::DeleteAffiliation(one.id), Change::Audit(about(admin, kind, authority, &one))];
    admin.commit(authority, aggregate(D::KIND), changes).await
}

/// Every group and every role, for the other functions of administration.
pub(super) async fn all(admin: &Administration) -> StoreResult<Catalogue> {
    admin.stores().affiliations.catalogue().await
}

/// What a refusal of one calls it.
pub(super) const fn aggregate(kind: AffiliationKind) -> Aggregate {
    match kind {
        AffiliationKind::Group => Aggregate::Group,
        AffiliationKind::Role => Aggregate::AppRole,
    }
}

/// One of two, by the kind.
pub(super) const fn of_kind<T: Copy>(kind: AffiliationKind, group: T, role: T) -> T {
    match kind {
        AffiliationKind::Group => group,
        AffiliationKind::Role => role,
    }
}

/// A role of a client that there is not would be in no app.
async fn require_client(admin: &Administration, client: Option<&ClientId>) -> Result<(), Rejected> {
    let Some(client) = client else { return Ok(()) };
    match admin.stores().clients.find(client).await? {
        Some(_) => Ok(()),
        None => Err(super::FieldError::NoSuchClient.of("client_id").into()),
    }
}

/// The one that is to be changed, in the version that the caller saw.
fn in_version<D: Definition>(all: &Catalogue, target: &Target<AffiliationId>) -> Result<Affiliation, Rejected> {
    let found = all.get(*target.key()).filter(|one| one.kind() == D::KIND);
    let one = found.ok_or(Rejected::NotFound(aggregate(D::KIND)))?;
    target.check(one.version, aggregate(D::KIND)).map(|()| one.clone())
}

/// Commits what became of one.
async fn save<D: Definition>(
    admin: &Administration,
    authority: &ProvenAuthority,
    (one, event): (Affiliation, AuditEvent),
    all: &Catalogue,
) -> Result<Defined, Rejected> {
    let changes = vec![Change::UpdateAffiliation(one.clone()), Change::Audit(event)];
    admin.commit(authority, aggregate(D::KIND), changes).await?;
    Ok(Defined::of(&Affiliation { version: one.version + 1, ..one }, all))
}

/// What the audit log calls a change of one.
const fn changed<D: Definition>() -> AuditKind {
    of_kind(D::KIND, AuditKind::GroupChanged, AuditKind::RoleChanged)
}

fn about(admin: &Administration, kind: AuditKind, authority: &Authority, one: &Affiliation) -> AuditEvent {
    let event = admin.event(kind, authority, admin.clock().now());
    let event = event.to(AuditTarget::Affiliation(one.id)).saying(one.key());
    match one.client() {
        Some(client) => event.to_client(client.clone()),
        None => event,
    }
}
