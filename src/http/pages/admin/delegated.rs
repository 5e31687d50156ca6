//! What somebody manages without a role, as the first page lists it: their apps, and the groups whose people they look after.

use super::super::context::Context;
use super::Administrator;
use super::apps::path_of as path_of_app;
use super::groups::path_of as path_of_group;
use crate::admin::affiliations::{self, GroupResource};
use crate::admin::{Permission, Rejected, clients};
use crate::model::Locale;

/// Something that somebody manages.
pub(super) struct Row {
    pub(super) path: String,
    pub(super) name: String,
}

/// What an administrator manages of it. What a role lets them see anyway is not named one by one.
pub(super) async fn rows(
    context: &Context,
    administrator: &Administrator,
    locale: Locale,
) -> Result<Vec<Row>, Rejected> {
    let mut rows = Vec::new();
    if !administrator.may(Permission::ReadClients) {
        rows.extend(apps(context, administrator).await?);
    }
    if !administrator.may(Permission::ReadUsers) {
        rows.extend(groups(context, administrator, locale).await?);
    }
    Ok(rows)
}

async fn apps(context: &Context, administrator: &Administrator) -> Result<Vec<Row>, Rejected> {
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let mut rows = Vec::new();
    for id in authority.apps() {
        if let Some(client) = clients::find(admin, authority, &id).await? {
            rows.push(Row { path: path_of_app(&client.id), name: client.presentation.name });
        }
    }
    Ok(rows)
}

async fn groups(context: &Context, administrator: &Administrator, locale: Locale) -> Result<Vec<Row>, Rejected> {
    let authority = &administrator.authority;
    let own = authority.groups();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let all = affiliations::catalogue(&context.app.admin, authority).await?;
    let there = own.iter().filter_map(|id| all.get(*id));
    Ok(there
        .map(|group| Row { path: path_of_group::<GroupResource>(group.id), name: group.label_in(locale).to_owned() })
        .collect())
}
