//! Which groups and which roles in apps an account has.

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Decision, change, edit_of};
use crate::admin::affiliations::{self, named};
use crate::admin::document::Document;
use crate::admin::target::check_version;
use crate::admin::{
    Administration, Aggregate, Authority, FieldError, FieldProblem, Permission, ProvenAuthority, Rejected, Target,
};
use crate::model::User;
use crate::model::affiliation::{AffiliationKind, Catalogue};
use crate::model::audit_event::AuditKind;
use crate::model::user_edit::UserEdit;
use crate::support::id::{AffiliationId, UserId};

/// The most groups and roles that an account is given: its tokens are made of them.
pub const MAX_MEMBERSHIPS: usize = 200;
/// The most of them that an entry of the audit log names.
const MAX_NAMED: usize = 30;

/// The groups and roles that an account was given itself. A list that is not there stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MembershipsResource {
    /// The groups, by their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// The roles that it has besides those that its groups bring: `editor` of every app, `shop:manager` of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Counts the changes of the account. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Document for MembershipsResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.to_vec()
    }
}

impl MembershipsResource {
    pub(in crate::admin) fn of(user: &User, all: &Catalogue) -> Self {
        let keys = |kind| all.known(kind, &user.affiliations).iter().map(|one| one.key()).collect();
        Self {
            groups: Some(keys(AffiliationKind::Group)),
            roles: Some(keys(AffiliationKind::Role)),
            version: Some(user.version),
        }
    }

    /// What it names, kind by kind; `None` for a list that is not there. `place` is where the document is in what was sent.
    fn named_in(&self, all: &Catalogue, place: &str, found: &mut Vec<FieldProblem>) -> [Named; 2] {
        let said = [
            (AffiliationKind::Group, "groups", self.groups.as_deref()),
            (AffiliationKind::Role, "roles", self.roles.as_deref()),
        ];
        said.map(|(kind, list, names)| {
            (kind, names.map(|names| named(kind, &format!("{place}{list}"), names, all, found)))
        })
    }
}

/// What a document names of one kind.
type Named = (AffiliationKind, Option<Vec<AffiliationId>>);

/// What a new account is given, and how the audit log tells of it. `place` is where the document is in what was sent.
pub(super) async fn given_to_new(
    admin: &Administration,
    authority: &Authority,
    document: &MembershipsResource,
    place: &str,
) -> Result<(Vec<AffiliationId>, String), Rejected> {
    let all = affiliations::catalogue(admin, authority).await?;
    let mut found = Vec::new();
    let named = document.named_in(&all, place, &mut found);
    let given: Vec<_> = named.into_iter().filter_map(|(_, ids)| ids).flatten().collect();
    if given.len() > MAX_MEMBERSHIPS {
        found.push(FieldError::TooMany(MAX_MEMBERSHIPS).of(format!("{place}groups")));
    }
    Rejected::unless_valid(found)?;
    // Who manages groups makes nobody whom they do not manage.
    let given_here: Vec<_> = given.iter().filter_map(|id| all.get(*id)).collect();
    let into_own = given_here.iter().any(|one| authority.allows_in_group(Permission::WriteUsers, one.id));
    let of_own = into_own && given_here.iter().all(|one| authority.may_take(one));
    if !authority.allows(Permission::WriteUsers) && !of_own {
        return Err(Rejected::Forbidden(Some(Permission::WriteUsers)));
    }
    let told = told(&all, &given, &[]);
    Ok((given, told))
}

/// What an account was given.
pub async fn memberships(
    admin: &Administration,
    authority: &Authority,
    user: &User,
) -> Result<MembershipsResource, Rejected> {
    authority.require_on_person(Permission::ReadUsers, user)?;
    Ok(MembershipsResource::of(user, &affiliations::catalogue(admin, authority).await?))
}

/// Gives an account what a document says, and takes what it does not: of the lists that are there.
pub async fn set_memberships(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    document: &MembershipsResource,
) -> Result<(User, MembershipsResource), Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let all = affiliations::catalogue(admin, authority).await?;
    let mut found = Vec::new();
    let wanted = document.named_in(&all, "", &mut found);
    Rejected::unless_valid(found)?;
    let user = become_of(admin, authority, &user.into(), (&all, document.version), |user| {
        let kept = |kind| all.known(kind, &user.affiliations).iter().map(|one| one.id).collect();
        wanted.iter().flat_map(|(kind, ids)| ids.clone().unwrap_or_else(|| kept(*kind))).collect()
    })
    .await?;
    let is = MembershipsResource::of(&user, &all);
    Ok((user, is))
}

/// Gives an account a group or a role.
pub async fn join(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    of: (AffiliationKind, AffiliationId),
) -> Result<User, Rejected> {
    move_one(admin, authority, &user.into(), (of, true)).await
}

/// Takes a group or a role from an account.
pub async fn leave(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    of: (AffiliationKind, AffiliationId),
) -> Result<User, Rejected> {
    move_one(admin, authority, &user.into(), (of, false)).await
}

async fn move_one(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: &Target<UserId>,
    ((kind, of), joins): ((AffiliationKind, AffiliationId), bool),
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let all = affiliations::catalogue(admin, authority).await?;
    if all.get(of).is_none_or(|one| one.kind() != kind) {
        return Err(Rejected::NotFound(affiliations::aggregate(kind)));
    }
    become_of(admin, authority, user, (&all, None), |user| {
        let mut ids: Vec<_> =
            user.affiliations.iter().copied().filter(|id| *id != of && all.get(*id).is_some()).collect();
        ids.extend(joins.then_some(of));
        ids
    })
    .await
}

/// Makes an account have what `wanted` says of it. What is gone meanwhile goes from its document with that.
async fn become_of(
    admin: &Administration,
    authority: &ProvenAuthority,
    target: &Target<UserId>,
    (all, seen): (&Catalogue, Option<i64>),
    wanted: impl Fn(&User) -> Vec<AffiliationId>,
) -> Result<User, Rejected> {
    change(admin, (authority, Permission::WriteUsers), target, |user, now| {
        check_version(seen, user.version, Aggregate::User)?;
        let mut wanted = wanted(&user);
        // What the authority does not know of stays.
        let unknown = |id: &&AffiliationId| !authority.allows(Permission::WriteUsers) && all.get(**id).is_none();
        wanted.extend(user.affiliations.iter().filter(unknown));
        if wanted.len() > MAX_MEMBERSHIPS {
            return Err(FieldError::TooMany(MAX_MEMBERSHIPS).of("groups").into());
        }
        let joins: Vec<_> = wanted.iter().copied().filter(|id| !user.affiliations.contains(id)).collect();
        let leaves: Vec<_> = user.affiliations.iter().copied().filter(|id| !wanted.contains(id)).collect();
        require_to_move(authority, all, (&joins, &leaves))?;
        let told = told(all, &joins, &leaves);
        if told.is_empty() {
            return Ok(None);
        }
        let event = admin.event(AuditKind::MembershipsChanged, authority, now).saying(told);
        let edit = UserEdit { joins, leaves, ..edit_of(target, &user, now) };
        Ok(Some(Decision::edited(&user, edit, event)))
    })
    .await
}

/// Refuses to give or take what the authority has no say in.
fn require_to_move(
    authority: &Authority,
    all: &Catalogue,
    (joins, leaves): (&[AffiliationId], &[AffiliationId]),
) -> Result<(), Rejected> {
    let given = joins.iter().filter_map(|id| all.get(*id)).all(|one| authority.may_give(one));
    let taken = leaves.iter().filter_map(|id| all.get(*id)).all(|one| authority.may_take(one));
    if given && taken { Ok(()) } else { Err(Rejected::Forbidden(Some(Permission::WriteUsers))) }
}

/// What changes, in a few words: `+staff -shop:manager`. What there is no more is none.
pub(super) fn told(all: &Catalogue, joins: &[AffiliationId], leaves: &[AffiliationId]) -> String {
    let key = |sign: char, id: &AffiliationId| all.get(*id).map(|one| format!("{sign}{}", one.key()));
    let given = joins.iter().filter_map(|id| key('+', id));
    let words: Vec<_> = given.chain(leaves.iter().filter_map(|id| key('-', id))).collect();
    let more = words.len().saturating_sub(MAX_NAMED);
    let shown = words[..words.len().min(MAX_NAMED)].join(" ");
    if more > 0 { format!("{shown} … {more}") } else { shown }
}
