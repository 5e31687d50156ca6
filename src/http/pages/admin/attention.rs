//! What needs attention, as the overview lists it: a sentence each, which leads to where it is mended.

use super::super::context::Context;
use super::Administrator;
use super::apps::path_of as path_of_app;
use super::room::Room;
use crate::admin::attention::{self, Attention, Matter};
use crate::admin::{Permission, Rejected};
use crate::i18n::{Gap, Key, Texts, keys};
use crate::model::client::ClientId;

/// Something that needs attention.
pub(super) struct Row {
    pub(super) path: String,
    pub(super) text: String,
}

/// What an administrator may see of it.
pub(super) async fn rows(context: &Context, administrator: &Administrator, t: &Texts) -> Result<Vec<Row>, Rejected> {
    let app = &context.app;
    let found = attention::list(&app.admin, &administrator.authority, &app.config).await?;
    let theirs = found.iter().filter(|one| concerns(administrator, one.about));
    Ok(theirs.map(|one| Row { path: path(one), text: text(one, t) }).collect())
}

/// Whether something is theirs to mend, or to oversee: app managers see the keys, and can do nothing for them.
const fn concerns(administrator: &Administrator, about: Matter) -> bool {
    match about {
        Matter::KeyOverdue => administrator.may(Permission::RotateKeys) || administrator.may(Permission::ReadSettings),
        _ => true,
    }
}

/// Where it is mended.
fn path(one: &Attention) -> String {
    let id = one.id.as_deref().unwrap_or_default();
    let of_app = |tab: &str| {
        ClientId::parse(id).map_or_else(|_| Room::Apps.path().to_owned(), |id| format!("{}/{tab}", path_of_app(&id)))
    };
    match one.about {
        Matter::MailFailed => format!("{}?state=failed", Room::Mail.path()),
        Matter::InvitationsOpen => format!("{}?state=invited&sort=oldest", Room::People.path()),
        Matter::AppRefused => of_app("problems"),
        Matter::SecretsOverlap => of_app("credentials"),
        Matter::WebhookOff => format!("{}/{id}", Room::Webhooks.path()),
        Matter::KeyOverdue => Room::Keys.path().to_owned(),
        Matter::OneOwner => format!("{}?state=administrators", Room::People.path()),
        Matter::NotForProduction => "/admin/setup/production".to_owned(),
        Matter::NoMail => "/admin/setup".to_owned(),
    }
}

/// What is said of it.
fn text(one: &Attention, t: &Texts) -> String {
    let name = Gap::Text(one.name.clone().unwrap_or_default());
    let count = Gap::Number(one.count.unwrap_or_default());
    t.filled(words(one.about), [("name", name), ("n", count)])
}

const fn words(about: Matter) -> Key {
    use keys::overview as text;
    match about {
        Matter::MailFailed => text::NEEDS_MAIL,
        Matter::InvitationsOpen => text::NEEDS_ANSWERS,
        Matter::AppRefused => text::NEEDS_APP,
        Matter::SecretsOverlap => text::NEEDS_SECRET,
        Matter::WebhookOff => text::NEEDS_WEBHOOK,
        Matter::KeyOverdue => text::NEEDS_KEY,
        Matter::OneOwner => text::NEEDS_OWNER,
        Matter::NotForProduction => text::NEEDS_PRODUCTION,
        Matter::NoMail => text::NEEDS_SENDING,
    }
}
