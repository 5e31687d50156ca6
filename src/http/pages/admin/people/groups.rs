//! The groups of a person, and their roles in apps.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::done::Done;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::LIST;
use super::person::{Tab, head_of, named, path_of, shell};
use crate::admin::{Authority, Permission, affiliations, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::affiliation::Catalogue;
use crate::model::{Affiliation, AffiliationKind, User};
use crate::support::id::AffiliationId;

const ADDED: Done = Done::new("added", keys::groups::ADDED);
const REMOVED: Done = Done::new("removed", keys::groups::REMOVED);
/// What is said here.
const DONE: &[Done] = &[ADDED, REMOVED];

#[derive(askama::Template)]
#[template(path = "admin/people/groups.html")]
struct GroupsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_change: bool,
    cards: [Card; 2],
    csrf: String,
    done: Option<String>,
}

/// What an account has of one kind, and what could be added.
struct Card {
    id: &'static str,
    title: String,
    none: String,
    rows: Vec<Row>,
    /// What they do not have: its id, and what it is called.
    others: Vec<(String, String)>,
}

/// What an account has.
struct Row {
    id: String,
    path: String,
    label: String,
    key: String,
    /// The group that brings it; `None` where it was given itself.
    by: Option<String>,
    /// It may be taken.
    open: bool,
}

impl Card {
    fn of(t: &Texts, (all, authority): (&Catalogue, &Authority), user: &User, kind: AffiliationKind) -> Self {
        let (id, title, none) = match kind {
            AffiliationKind::Group => ("groups", keys::groups::TITLE, keys::groups::PERSON_GROUPS_NONE),
            AffiliationKind::Role => ("roles", keys::groups::ROLES_TITLE, keys::groups::PERSON_ROLES_NONE),
        };
        let row = |one: &Affiliation, by: Option<&Affiliation>| Row {
            id: one.id.to_string(),
            path: format!("/admin/{id}/{}", one.id),
            label: one.label_in(t.locale()).to_owned(),
            key: one.key(),
            by: by.map(|group| group.label_in(t.locale()).to_owned()),
            open: by.is_none() && authority.may_take(one),
        };
        let mut rows: Vec<_> = all.known(kind, &user.affiliations).into_iter().map(|one| row(one, None)).collect();
        for group in all.known(AffiliationKind::Group, &user.affiliations) {
            rows.extend(all.known(kind, group.roles()).into_iter().map(|one| row(one, Some(group))));
        }
        let others = all.of_kind(kind).into_iter();
        let others = others.filter(|one| !user.affiliations.contains(&one.id) && authority.may_give(one));
        let named = |one: &Affiliation| {
            let (label, key) = (one.label_in(t.locale()), one.key());
            (one.id.to_string(), if label == key { key } else { format!("{label} ({key})") })
        };
        Self { id, title: t.get(title), none: t.get(none), rows, others: others.map(named).collect() }
    }
}

/// `GET /admin/people/{id}/groups`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let all = affiliations::catalogue(&context.app.admin, &administrator.authority).await?;
    let frame = Frame::of(&context, context.locale.0);
    let shown = GroupsPage {
        shell: shell(&context, &administrator, &user),
        head: head_of((&context, &administrator), frame.t, &user, Tab::Groups).await?,
        may_change: administrator.authority.may_change(&user),
        cards: [AffiliationKind::Group, AffiliationKind::Role]
            .map(|kind| Card::of(frame.t, (&all, &administrator.authority), &user, kind)),
        csrf: administrator.csrf(&context, &format!("{}/groups", path_of(user.id))),
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/people/{id}/groups`: gives one, or takes it.
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let user = named(&context, &form.owner, &id).await?;
    let admin = &context.app.admin;
    let (of, joins) = match (form.params.get("give"), form.params.get("take")) {
        (Some(given), None) => (given, true),
        (None, Some(taken)) => (taken, false),
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let of: AffiliationId = of.parse().map_err(|_| ProblemKind::BadRequest)?;
    let all = affiliations::catalogue(admin, &form.owner.authority).await?;
    let kind = all.get(of).ok_or(ProblemKind::NotFound)?.kind();
    confirmed(&context, &form, async |authority| {
        let of = (kind, of);
        let (is, done) = if joins {
            (users::join(admin, authority, user.id, of).await?, ADDED)
        } else {
            (users::leave(admin, authority, user.id, of).await?, REMOVED)
        };
        // Whoever left the group by which an administrator saw them is not seen any more.
        if !authority.allows_on_person(Permission::ReadUsers, &is) {
            return Ok(context.go(LIST));
        }
        Ok(done.go(&context, &format!("{}/groups", path_of(user.id))))
    })
    .await
}
