//! Which client was probably meant by a text that is no client's id.

use crate::model::Client;
use crate::support::typo;

/// The most clients of one name that are told.
const MOST: usize = 3;

/// What is remembered of the clients that were looked at.
pub(super) struct Meant<'a> {
    text: &'a str,
    called_so: Vec<String>,
    nearest: Option<(usize, String)>,
}

impl<'a> Meant<'a> {
    pub(super) const fn by(text: &'a str) -> Self {
        Self { text, called_so: Vec::new(), nearest: None }
    }

    /// Looks at one more client.
    pub(super) fn look_at(&mut self, client: &Client) {
        let name = client.presentation.name.to_lowercase();
        if name == self.text.to_lowercase() && self.called_so.len() < MOST {
            self.called_so.push(client.id.to_string());
        }
        let Some(distance) = typo::distance(self.text, client.id.as_str()) else { return };
        if self.nearest.as_ref().is_none_or(|(nearest, _)| distance < *nearest) {
            self.nearest = Some((distance, client.id.to_string()));
        }
    }

    /// The ids of those that were meant, in words.
    pub(super) fn ids(self) -> Option<String> {
        let by_name = (!self.called_so.is_empty()).then(|| self.called_so.join(" or "));
        by_name.or_else(|| self.nearest.map(|(_, id)| id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::{ClientId, ClientKind};
    use crate::support::Timestamp;

    fn meant(text: &str) -> Option<String> {
        let mut meant = Meant::by(text);
        for (id, name) in [("cli_abcdefgh", "Shop"), ("notes", "Notes"), ("notes2", "Shop"), ("nodes", "Graph")] {
            let id = ClientId::parse(id).unwrap();
            meant.look_at(&Client::new(id, name.to_owned(), ClientKind::Web, Timestamp::from_seconds(0)));
        }
        meant.ids()
    }

    #[test]
    fn a_name_stands_for_its_clients_and_a_typo_for_the_nearest_id() {
        assert_eq!(meant("shop").as_deref(), Some("cli_abcdefgh or notes2"));
        assert_eq!(meant("note").as_deref(), Some("notes"));
        assert_eq!(meant("nodse").as_deref(), Some("nodes"));
        assert_eq!(meant("something-else"), None);
    }
}
