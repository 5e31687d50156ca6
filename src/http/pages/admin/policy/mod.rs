//! What is decided for the whole server, each section on a page of its own.

use super::Administrator;
use super::done::Done;
use super::logo::{REMOVED, UPLOADED};
use super::release::{Managed, RELEASED};
use crate::admin::declared::DeclaredKind;
use crate::i18n::keys;
use crate::model::Policy;
use crate::model::policy::PolicySection;

pub mod branding;
pub mod logo;
pub mod preview;
pub mod sign_in;
mod typed;

/// What was decided, as pages say it afterwards.
const SAVED: Done = Done::new("saved", keys::policy::SAVED);
/// What is said of them.
const DONE: &[Done] = &[SAVED, RELEASED, UPLOADED, REMOVED];

/// Whose files manage a section, as its page says it.
fn managed(administrator: &Administrator, policy: &Policy, section: PolicySection) -> Option<Managed> {
    Managed::of(administrator, policy.manager(section), (DeclaredKind::Policy, section.as_str()))
}
