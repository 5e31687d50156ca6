//! What the lists of the console have in common: a list is narrowed down in its address, and goes on where a page of it ended.

use crate::i18n::{Key, Texts};
use crate::protocol::Params;

/// The entries of a page of a list.
pub(super) const PAGE: u32 = 50;
/// The parameter of the place after which a page begins.
pub(super) const AFTER: &str = "after";

/// The ways from a page of a list: without the place, and from where it ended on. What the list was narrowed down by stays.
pub(super) struct Ways {
    /// To the first page, where this is another.
    pub(super) first: Option<String>,
    /// To the next page, where there is one.
    pub(super) next: Option<String>,
    /// The list is narrowed down.
    pub(super) narrowed: bool,
}

impl Ways {
    /// The ways from the page of `path` that these parameters led to. `kept` are those that narrow the list down or order it; it goes on after
    /// `next`.
    pub(super) fn of(path: &str, params: &Params, kept: &[&str], next: Option<&str>) -> Self {
        let address = |after: Option<&str>| {
            let said = kept.iter().filter_map(|name| Some((*name, params.get(name)?)));
            let pairs = said.chain(after.map(|after| (AFTER, after)));
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
        };
        Self {
            first: params.get(AFTER).map(|_| address(None)),
            next: next.map(|next| address(Some(next))),
            narrowed: kept.iter().any(|name| params.get(name).is_some()),
        }
    }
}

/// What can be chosen of a few, as a list's filter or a form has it.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) text: String,
    pub(super) chosen: bool,
}

impl Choice {
    /// Each value with what it is called; the one that is chosen, where none is the empty one.
    pub(super) fn all(t: &Texts, of: impl IntoIterator<Item = (&'static str, Key)>, chosen: Option<&str>) -> Vec<Self> {
        let chosen = chosen.unwrap_or_default();
        of.into_iter().map(|(value, text)| Self { value, text: t.get(text), chosen: chosen == value }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_keeps_what_the_list_was_narrowed_down_by() {
        let params = Params::from_pairs([("q", "kim & co"), ("after", "x"), ("done", "saved")]).unwrap();
        let ways = Ways::of("/admin/people", &params, &["q", "state"], Some("y/z"));
        assert_eq!(ways.first.as_deref(), Some("/admin/people?q=kim+%26+co"));
        assert_eq!(ways.next.as_deref(), Some("/admin/people?q=kim+%26+co&after=y%2Fz"));
        assert!(ways.narrowed);
        let plain = Ways::of("/admin/people", &Params::default(), &["q"], None);
        assert_eq!((plain.first, plain.next, plain.narrowed), (None, None, false));
    }
}
