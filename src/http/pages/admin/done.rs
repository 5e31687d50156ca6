//! What was done before a page of the console is shown again: its name goes along in the address, and the page says it in words.

use axum::response::Response;

use super::super::context::Context;
use crate::i18n::{Key, Texts};

/// Something that was done. A room of the console lists those that its pages say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    name: &'static str,
    text: Key,
}

impl Done {
    /// What has this name in addresses, and is said like this.
    pub(super) const fn new(name: &'static str, text: Key) -> Self {
        Self { name, text }
    }

    /// Back to one of our pages, which will say so.
    pub(super) fn go(self, context: &Context, path: &str) -> Response {
        context.go(&format!("{path}?done={}", self.name))
    }

    /// What a page says that was opened with this name.
    pub(super) fn said(of: &[Self], t: &Texts, name: Option<&str>) -> Option<String> {
        of.iter().find(|done| Some(done.name) == name).map(|done| t.get(done.text))
    }
}
