//! What handlers take from a request: parameters, addresses, cookies, languages.
//!
//! axum's own `Query` and `Form` are not used: they accept duplicates and have no bounds of ours.

mod address;
mod input;
mod locale;
mod upload;
mod visitor;

pub use super::browser::{Browser, SessionCookie};
pub use address::ClientAddress;
pub use input::{ApiForm, MAX_BYTES, OpenForm, PageForm, PageQuery};
pub(in crate::http) use input::{Brings, PostedForm, query, read};
pub use locale::{PageLocale, negotiate};
pub(in crate::http) use upload::picture;
