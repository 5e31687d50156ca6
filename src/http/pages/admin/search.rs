//! One search for what administrators look for: rooms of the console, people, apps and sign-in providers. Each finds what they may see.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::day;
use super::Administrator;
use super::apps::path_of as path_of_app;
use super::room::Room;
use super::shell::Shell;
use crate::admin::clients::{self, ClientSearch};
use crate::admin::{Permission, connections, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, keys};
use crate::store::{UserOrder, UserQuery};

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
        groups.extend(apps(&context, &administrator, &frame, &text).await?);
        groups.extend(providers(&context, &administrator, &text).await?);
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
    if !administrator.may(Permission::ReadUsers) {
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
    if !administrator.may(Permission::ReadClients) {
        return Ok(None);
    }
    let search = ClientSearch { text: Some(text.to_owned()), ..ClientSearch::default() };
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let listed = clients::search(admin, authority, &search, None, MOST).await?;
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
