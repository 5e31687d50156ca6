//! Who I am here, what deserves attention, and where things are.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::day;
use super::super::providers::label;
use super::super::section::Section;
use super::super::view::named_roles;
use super::AccountOwner;
use super::shell::{Shell, frame};
use crate::http::error::PageError;
use crate::i18n::{Texts, keys};
use crate::model::user::LastOf;
use crate::store::StoreResult;

#[derive(askama::Template)]
#[template(path = "account/overview.html")]
struct OverviewPage {
    frame: Frame,
    shell: Shell,
    verified: bool,
    /// What the account may do to this server; empty where that is nothing.
    roles: String,
    since: String,
    attention: Vec<Note>,
    places: Vec<Place>,
    logout: String,
}

/// Something that deserves attention.
struct Note {
    id: &'static str,
    text: String,
    action: Option<(String, String)>,
}

/// Where something is.
struct Place {
    href: String,
    name: String,
    what: String,
}

/// `GET /account`
pub async fn get(context: Context) -> Result<Response, PageError> {
    let owner = match AccountOwner::at(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    drawn(&context, &owner, frame(&context, Section::Overview)).await
}

async fn drawn(context: &Context, owner: &AccountOwner, frame: Frame) -> Result<Response, PageError> {
    let facts = Facts::of(context, owner, frame.t).await?;
    let shown = OverviewPage {
        shell: Shell::of(context, owner, Section::Overview, frame.t),
        verified: owner.user.email_verified,
        roles: named_roles(frame.t, &owner.user.roles),
        since: day(owner.user.created_at),
        attention: attention(&facts).into_iter().map(|one| one.note(context, frame.t)).collect(),
        places: places(context, &facts, frame.t),
        logout: context.csrf_of(&owner.sign_in, "/logout"),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// What is known of an account at a glance.
#[derive(Debug, Default)]
struct Facts {
    has_password: bool,
    /// How many of the accounts elsewhere can sign in to it.
    ways: usize,
    /// The providers of those that cannot, as an administrator switched them off.
    off: Vec<String>,
    /// Whether the server could not do without it.
    last: Option<LastOf>,
    sessions: usize,
    apps: usize,
}

impl Facts {
    async fn of(context: &Context, owner: &AccountOwner, t: &Texts) -> Result<Self, PageError> {
        let stores = &context.app.stores;
        let (connections, links) =
            (stores.connections.all().await?, stores.upstream_links.of_user(owner.user.id).await?);
        let through = |enabled: bool| {
            let linked =
                links.iter().filter_map(|link| connections.iter().find(|one| one.id == link.identity.connection));
            linked.filter(move |connection| connection.enabled == enabled)
        };
        Ok(Self {
            has_password: stores.users.password(owner.user.id).await?.is_some(),
            ways: through(true).count(),
            off: through(false).map(|connection| label(connection, t)).collect(),
            last: last(context, owner).await?,
            sessions: context.app.flow.sessions.of_user(owner.user.id).await?.len(),
            apps: context.app.accounts.apps_with_access(owner.user.id).await?.len(),
        })
    }
}

async fn last(context: &Context, owner: &AccountOwner) -> StoreResult<Option<LastOf>> {
    context.app.accounts.indispensable(&owner.user).await
}

/// What deserves attention.
#[derive(Debug, PartialEq, Eq)]
enum Attention {
    /// The account has one way in, which is in the hands of a provider.
    OneProvider,
    /// A provider that signed in to it is switched off here.
    ProviderOff(String),
    /// Nobody else administers the server, or could name another owner.
    OnlyOne(LastOf),
}

/// What deserves attention, the most pressing first.
fn attention(facts: &Facts) -> Vec<Attention> {
    let mut found = Vec::new();
    if !facts.has_password && facts.ways <= 1 {
        found.push(Attention::OneProvider);
    }
    found.extend(facts.off.iter().cloned().map(Attention::ProviderOff));
    found.extend(facts.last.map(Attention::OnlyOne));
    found
}

impl Attention {
    fn note(&self, context: &Context, t: &Texts) -> Note {
        let action = |path: &str, text| Some((context.app.issuer.local(path), t.get(text)));
        match self {
            Self::OneProvider => Note {
                id: "one-provider",
                text: t.get(keys::account::PASSWORD_NONE),
                action: action(Section::Security.path(), keys::account::PASSWORD_SET),
            },
            Self::ProviderOff(provider) => Note {
                id: "provider-off",
                text: t.with(keys::account::PROVIDER_OFF, "provider", provider),
                action: None,
            },
            Self::OnlyOne(LastOf::Administrators) => Note {
                id: "only-administrator",
                text: t.get(keys::account::ONLY_ADMINISTRATOR),
                action: action("/admin", keys::console::TITLE),
            },
            Self::OnlyOne(LastOf::Owners) => Note {
                id: "only-owner",
                text: t.get(keys::account::ONLY_OWNER),
                action: action("/admin", keys::console::TITLE),
            },
        }
    }
}

/// The sections, each with what is in it.
fn places(context: &Context, facts: &Facts, t: &Texts) -> Vec<Place> {
    use keys::account as text;
    let counted = |key, n: usize| t.counted(key, "n", n as u64);
    let place = |section: &Section| {
        let what = match section {
            Section::Overview => return None,
            Section::Profile => t.get(text::PROFILE_WHAT),
            Section::Security => t.get(text::SECURITY_WHAT),
            Section::Sessions => counted(text::SESSIONS_WHAT, facts.sessions),
            Section::Apps => counted(text::APPS_WHAT, facts.apps),
            Section::Preferences => t.locale().own_name().to_owned(),
            Section::Data => t.get(text::DATA_WHAT),
        };
        Some(Place { href: context.app.issuer.local(section.path()), name: t.get(section.title()), what })
    };
    Section::ALL.iter().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_lock_somebody_out_deserves_attention() {
        let fine = Facts { has_password: true, ..Facts::default() };
        assert_eq!(attention(&fine), []);
        assert_eq!(attention(&Facts { ways: 2, ..Facts::default() }), []);
        assert_eq!(attention(&Facts { ways: 1, ..Facts::default() }), [Attention::OneProvider]);
        let off = Facts { off: vec!["Work".to_owned()], last: Some(LastOf::Owners), ..fine };
        assert_eq!(attention(&off), [Attention::ProviderOff("Work".to_owned()), Attention::OnlyOne(LastOf::Owners)]);
    }
}
