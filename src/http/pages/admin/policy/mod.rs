//! What is decided for the whole server, each section on a page of its own.

use super::done::Done;
use crate::i18n::keys;

pub mod branding;
pub mod preview;
pub mod sign_in;
mod typed;

/// What was decided, as pages say it afterwards.
const SAVED: Done = Done::new("saved", keys::policy::SAVED);
