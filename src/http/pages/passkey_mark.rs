//! The marks that stand beside passkeys: one for each family of authenticators, drawn by us, and no maker's logo.

use crate::identity::passkeys::Family;

/// The mark of a family; that of a key where the family is not known.
pub(super) fn mark_of(family: Option<Family>) -> String {
    let drawn = match family {
        Some(Family::Key) => {
            r#"<rect x="8" y="9" width="8" height="12" rx="2"/><path d="M10 9V3h4v6"/><circle cx="12" cy="15" r="1.6"/>"#
        }
        Some(Family::Phone) => r#"<rect x="7" y="2.5" width="10" height="19" rx="2.5"/><path d="M11 18.5h2"/>"#,
        Some(Family::Laptop) => {
            r#"<rect x="5" y="4.5" width="14" height="10" rx="1.5"/><path d="M5 14.5 2.5 19h19L19 14.5"/>"#
        }
        Some(Family::Manager) => {
            r#"<rect x="4" y="3.5" width="16" height="16" rx="2.5"/><circle cx="12" cy="11.5" r="3.2"/><path d="M12 8.3V7m0 9v-1.3M7 19.5V21m10-1.5V21"/>"#
        }
        None => r#"<circle cx="8" cy="8.5" r="4.5"/><path d="M11.5 11.5 20 20m-3-3 2-2m-5-1 2-2"/>"#,
    };
    format!(
        r#"<svg class="passkey-mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{drawn}</svg>"#
    )
}
