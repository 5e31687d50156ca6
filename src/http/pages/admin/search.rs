//! One search for what administrators look for: rooms of the console, whatever has a page there, and single settings. Each finds what they may see.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::day;
use super::apps::path_of as path_of_app;
use super::groups::Sided;
use super::room::Room;
use super::shell::Shell;
use super::{Administrator, apis as api_pages, claims, groups, settings as setting_pages, webhooks as webhook_pages};
use crate::admin::affiliations::{self, Defined, GroupResource, RoleResource};
use crate::admin::apis::{self, ApiSearch};
use crate::admin::clients::{self, ClientSearch};
use crate::admin::settings::{self, Setting};
use crate::admin::{Permission, claim_rules, connections, users, webhooks};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, Texts, keys};
use crate::store::{ClientOrder, UserOrder, UserQuery};

/// How many of a kind are found at most; the rest is in its room.
const MOST: u32 = 8;

#[derive(askama::Template)]
#[template(path = "admin/search.html")]
struct SearchPage {
    frame: Frame,
    shell: Shell,
    groups: Vec<Group>,
}

/// What was found of a kind.
struct Group {
    name: Key,
    found: Vec<Found>,
    /// Where all of them are, where there are more.
    more: Option<String>,
}

/// Something that was found.
struct Found {
    path: String,
    name: String,
    about: String,
}

/// `GET /admin/search`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let text = params.get("q").unwrap_or_default().trim().to_owned();
    let frame = Frame::of(&context, context.locale.0);
    let mut shell = Shell::of(&context, &administrator, Room::Overview)
        .further(Room::Overview.path(), frame.t.get(keys::console::SEARCH));
    let mut groups = vec![rooms(&administrator, &frame, &text)];
    if !text.is_empty() {
        groups.extend(people(&context, &administrator, &text).await?);
        groups.extend(named_sets::<GroupResource>(&context, &administrator, frame.t, &text).await?);
        groups.extend(named_sets::<RoleResource>(&context, &administrator, frame.t, &text).await?);
        groups.extend(rules(&context, &administrator, &text).await?);
        groups.extend(apps(&context, &administrator, &frame, &text).await?);
        groups.extend(declared_apis(&context, &administrator, frame.t, &text).await?);
        groups.extend(providers(&context, &administrator, &text).await?);
        groups.extend(told(&context, &administrator, &text).await?);
        groups.extend(single_settings(&context, &administrator, &text)?);
    }
    groups.retain(|group| !group.found.is_empty());
    shell.searched = text;
    let shown = SearchPage { frame, shell, groups };
    Ok(page(&shown, &shown.frame))
}

/// Whether a text is a part of another, whatever its case.
fn is_in(text: &str, known: &str) -> bool {
    known.to_lowercase().contains(&text.to_lowercase())
}

fn rooms(administrator: &Administrator, frame: &Frame, text: &str) -> Group {
    let open = Room::ALL.iter().filter(|room| room.is_open_to(&administrator.authority));
    let one =
        |room: &Room| Found { path: room.path().to_owned(), name: frame.t.get(room.name()), about: String::new() };
    let found = open.map(one).filter(|room| is_in(text, &room.name)).collect();
    Group { name: keys::console::ROOMS, found, more: None }
}

/// The address of a list that is narrowed down to a text.
fn narrowed(room: Room, text: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    format!("{}?{query}", room.path())
}

async fn people(context: &Context, administrator: &Administrator, text: &str) -> Result<Option<Group>, PageError> {
    if !administrator.authority.allows_somewhere(Permission::ReadUsers) {
        return Ok(None);
    }
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let query = UserQuery::searching(Some(text)).in_order(UserOrder::Newest(None));
    let listed = users::list(admin, authority, &query, MOST).await?;
    // An id that was copied from a token or from the log leads to whose it is.
    let by_id = users::find(admin, authority, text).await?;
    let by_id = by_id.filter(|user| listed.items.iter().all(|listed| listed.id != user.id));
    let found = by_id.iter().chain(&listed.items).map(|user| Found {
        path: format!("{}/{}", Room::People.path(), user.id),
        name: user.display_name().to_owned(),
        about: format!("{} · {}", user.email, day(user.created_at)),
    });
    let found = found.collect();
    let more = listed.more.then(|| narrowed(Room::People, text));
    Ok(Some(Group { name: keys::people::TITLE, found, more }))
}

async fn apps(
    context: &Context,
    administrator: &Administrator,
    frame: &Frame,
    text: &str,
) -> Result<Option<Group>, PageError> {
    if !administrator.authority.allows_somewhere(Permission::ReadClients) {
        return Ok(None);
    }
    let search = ClientSearch { text: Some(text.to_owned()), ..ClientSearch::default() };
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let listed = clients::search(admin, authority, &search, &ClientOrder::default(), MOST).await?;
    let found = listed.items.iter().map(|client| Found {
        path: path_of_app(&client.id),
        name: client.presentation.name_in(frame.t.locale()).to_owned(),
        about: client.id.to_string(),
    });
    let found = found.collect();
    let more = listed.more.then(|| narrowed(Room::Apps, text));
    Ok(Some(Group { name: keys::apps::TITLE, found, more }))
}

async fn providers(context: &Context, administrator: &Administrator, text: &str) -> Result<Option<Group>, PageError> {
    if !administrator.may(Permission::ReadConnections) {
        return Ok(None);
    }
    let all = connections::list(&context.app.admin, &administrator.authority).await?;
    let fits =
        all.iter().filter(|one| [one.slug.as_str(), &one.label, &one.preset].iter().any(|known| is_in(text, known)));
    let found = fits.map(|one| Found {
        path: format!("{}/{}", Room::Connections.path(), one.slug),
        name: if one.label.is_empty() { one.slug.to_string() } else { one.label.clone() },
        about: one.preset.clone(),
    });
    Ok(Some(Group { name: keys::connections::TITLE, found: found.collect(), more: None }))
}

/// Groups, or roles in apps.
async fn named_sets<D: Sided>(
    context: &Context,
    administrator: &Administrator,
    t: &Texts,
    text: &str,
) -> Result<Option<Group>, PageError> {
    if !administrator.authority.allows_somewhere(Permission::ReadUsers) {
        return Ok(None);
    }
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let listed = affiliations::list::<D>(admin, authority, (Some(text), None), MOST).await?;
    let found = listed.items.iter().map(|Defined { affiliation, .. }| Found {
        path: groups::path_of::<D>(affiliation.id),
        name: affiliation.label_in(t.locale()).to_owned(),
        about: affiliation.key(),
    });
    let found = found.collect();
    let more = listed.more.then(|| narrowed(D::SIDE.room, text));
    Ok(Some(Group { name: D::SIDE.title, found, more }))
}

async fn rules(context: &Context, administrator: &Administrator, text: &str) -> Result<Option<Group>, PageError> {
    if !administrator.may(Permission::ReadUsers) {
        return Ok(None);
    }
    let all = claim_rules::list(&context.app.admin, &administrator.authority).await?;
    let fits = all.iter().filter(|rule| claims::is_about(rule, text));
    let found = fits.map(|rule| Found {
        path: claims::path_of(rule.name.as_str()),
        name: rule.name.to_string(),
        about: rule.claim.to_string(),
    });
    Ok(Some(few(keys::claims::TITLE, Room::Claims, text, found)))
}

async fn declared_apis(
    context: &Context,
    administrator: &Administrator,
    t: &Texts,
    text: &str,
) -> Result<Option<Group>, PageError> {
    if !administrator.may(Permission::ReadClients) {
        return Ok(None);
    }
    let search = ApiSearch { text: Some(text), resource: None };
    let listed = apis::list(&context.app.admin, &administrator.authority, (search, None), MOST).await?;
    let found = listed.items.iter().map(|api| Found {
        path: api_pages::path_of(api.id),
        name: api.name_in(t.locale()).to_owned(),
        about: api.resource.as_str().to_owned(),
    });
    let found = found.collect();
    let more = listed.more.then(|| narrowed(Room::Apis, text));
    Ok(Some(Group { name: keys::apis::TITLE, found, more }))
}

async fn told(context: &Context, administrator: &Administrator, text: &str) -> Result<Option<Group>, PageError> {
    if !administrator.may(Permission::ReadWebhooks) {
        return Ok(None);
    }
    let all = webhooks::list(&context.app.admin, &administrator.authority).await?;
    let fits = all.iter().filter(|webhook| webhook_pages::is_about(webhook, text));
    let found = fits.map(|webhook| Found {
        path: webhook_pages::path_of(webhook.id),
        name: webhook.url.clone(),
        about: webhook.description.clone(),
    });
    Ok(Some(few(keys::webhooks::TITLE, Room::Webhooks, text, found)))
}

/// Single settings: each leads to its place on their page.
fn single_settings(context: &Context, administrator: &Administrator, text: &str) -> Result<Option<Group>, PageError> {
    if !administrator.may(Permission::ReadSettings) {
        return Ok(None);
    }
    let app = &context.app;
    let t = context.texts(None);
    let sections = settings::list(&administrator.authority, &app.config, app.origins())?;
    let all = sections.iter().flat_map(|section| &section.settings);
    let found = all.filter(|setting| setting_pages::is_about(t, setting, text)).map(|setting: &Setting| Found {
        path: format!("{}#{}", Room::Settings.path(), setting_pages::place_of(setting)),
        name: setting.path.clone(),
        about: t.setting(&setting.path),
    });
    Ok(Some(few(keys::settings::TITLE, Room::Settings, text, found)))
}

/// The first of what was found among few things.
fn few(name: Key, room: Room, text: &str, found: impl Iterator<Item = Found>) -> Group {
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let mut found: Vec<Found> = found.take(most + 1).collect();
    let more = (found.len() > most).then(|| narrowed(room, text));
    found.truncate(most);
    Group { name, found, more }
}
