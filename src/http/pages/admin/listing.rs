//! What the lists of the console have in common: a list is narrowed down in its address, and goes on where a page of it ended.

use crate::i18n::{Key, Texts, keys};
use crate::protocol::Params;

/// The entries of a page of a list.
pub(super) const PAGE: u32 = 50;
/// The parameter of the place after which a page begins.
pub(super) const AFTER: &str = "after";

/// What a list that has no pages is narrowed down to by its address; empty for all.
pub(super) fn searched(params: &Params) -> String {
    params.get("q").unwrap_or_default().trim().to_owned()
}

/// Whether a text is a part of one of those that something is known by, whatever its case.
pub(super) fn contains<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> bool {
    let text = text.to_lowercase();
    known.into_iter().any(|known| known.to_lowercase().contains(&text))
}

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

/// How a list of few things is ordered: as they come, by name, or the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Key,
    Name,
    Newest,
}

/// What something in such a list is ordered by: what programs know it by, what people do, and its id, which says when it was made.
pub(super) struct Place {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) id: String,
}

impl Order {
    /// What a list's address asks for.
    pub(super) fn asked(params: &Params) -> Self {
        match params.get("sort") {
            Some("name") => Self::Name,
            Some("newest") => Self::Newest,
            _ => Self::Key,
        }
    }

    /// What can be chosen.
    pub(super) fn choices(t: &Texts, params: &Params) -> Vec<Choice> {
        let all =
            [("", keys::console::SORT_KEY), ("name", keys::console::SORT_NAME), ("newest", keys::console::SORT_NEWEST)];
        Choice::all(t, all, params.get("sort"))
    }

    /// The page behind what has the key `after`, and the key that the next one begins behind.
    pub(super) fn page<T>(
        self,
        mut all: Vec<T>,
        place: impl Fn(&T) -> Place,
        after: Option<&str>,
    ) -> (Vec<T>, Option<String>) {
        match self {
            Self::Key => {}
            Self::Name => all.sort_by_cached_key(|one| place(one).name.to_lowercase()),
            Self::Newest => all.sort_by_cached_key(|one| std::cmp::Reverse(place(one).id)),
        }
        // What the page before ended with may be gone by now: then the list begins anew.
        let last = after.and_then(|after| all.iter().position(|one| place(one).key == after));
        let mut rest = all.split_off(last.map_or(0, |at| at + 1));
        let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = rest.len() > most;
        rest.truncate(most);
        let next = rest.last().filter(|_| more).map(|one| place(one).key);
        (rest, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_few_goes_on_in_its_order() {
        let place = |one: &usize| Place {
            key: format!("{one:03}"),
            name: format!("{:03}", 999 - one),
            id: format!("{one:03}"),
        };
        let all: Vec<usize> = (0..120).collect();
        for (order, first, second) in [(Order::Key, 0, 50), (Order::Name, 119, 69), (Order::Newest, 119, 69)] {
            let (page, next) = order.page(all.clone(), place, None);
            assert_eq!((page.len(), page[0]), (50, first), "{order:?}");
            let (page, next) = order.page(all.clone(), place, next.as_deref());
            assert_eq!((page.len(), page[0]), (50, second), "{order:?}");
            let (page, next) = order.page(all.clone(), place, next.as_deref());
            assert_eq!((page.len(), next), (20, None), "{order:?}");
        }
    }

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
