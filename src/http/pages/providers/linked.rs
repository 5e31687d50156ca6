//! An account at a provider that an end-user can sign in with, as the pages that list them show it.

use super::{label, mark};
use crate::http::pages::moments::day;
use crate::i18n::Texts;
use crate::model::Connection;
use crate::model::upstream_link::UpstreamLink;
use crate::upstream::presets;

/// A link.
pub(in super::super) struct LinkRow {
    pub(in super::super) brand: &'static str,
    pub(in super::super) mark: &'static str,
    pub(in super::super) provider: String,
    pub(in super::super) label: String,
    pub(in super::super) connection: String,
    pub(in super::super) subject: String,
    pub(in super::super) used: String,
    /// Whether its page offers to remove it.
    pub(in super::super) removable: bool,
}

impl LinkRow {
    /// A link, and the connection that it is through.
    pub(in super::super) fn of(t: &Texts, link: &UpstreamLink, connection: &Connection, removable: bool) -> Self {
        let brand = presets::find(&connection.preset).map_or("oidc", |preset| preset.brand.name);
        Self {
            brand,
            mark: mark(brand),
            provider: label(connection, t),
            label: link.label.clone(),
            connection: link.identity.connection.to_string(),
            subject: link.identity.subject.to_string(),
            used: day(link.last_used_at),
            removable,
        }
    }
}
