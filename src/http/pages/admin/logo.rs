//! The form by which a picture is uploaded to be a logo, of an app or of the service.
//!
//! Owns what its page shows. Leaves reading the picture to `admin`.

use super::super::context::Context;
use super::Administrator;
use super::done::Done;
use super::wrong::Wrong;
use crate::i18n::{Key, keys};
use crate::model::logo::LogoId;
use crate::protocol::Params;

/// What it is posted to, below the page that it is on.
pub(super) const BELOW: &str = "/logo";
/// What its page says afterwards.
pub(super) const UPLOADED: Done = Done::new("logo", keys::logo::UPLOADED);
pub(super) const REMOVED: Done = Done::new("no-logo", keys::logo::REMOVED);

/// The form as a page shows it.
pub(super) struct LogoForm {
    pub(super) action: String,
    pub(super) csrf: String,
    /// Where the logo is that there is: one of our own paths, without the issuer's.
    pub(super) shown: Option<String>,
    pub(super) hint: Key,
    pub(super) problem: String,
}

impl LogoForm {
    /// The form on the page of this path, for who has this logo.
    pub(super) fn of(
        (context, administrator): (&Context, &Administrator),
        (page, hint): (&str, Key),
        logo: Option<LogoId>,
        wrong: &Wrong,
    ) -> Self {
        let action = format!("{page}{BELOW}");
        Self {
            csrf: administrator.csrf(context, &action),
            action,
            shown: logo.as_ref().map(LogoId::path),
            hint,
            problem: wrong.beside("logo").to_owned(),
        }
    }

    /// Whether the form asks for no logo.
    pub(super) fn removes(params: &Params) -> bool {
        params.names("remove")
    }
}
