//! The name of a webhook that nobody named.

use url::Url;

use crate::model::Webhook;
use crate::model::connection::Slug;

/// What stands behind a name that is taken leaves this much of it.
const LONGEST: usize = 36;

/// A name that no other webhook has: the host's, with a number where that is taken. `None` where nothing is left of the host, as of an address in IPv6.
pub(super) fn free(url: &str, others: &[Webhook]) -> Option<Slug> {
    let host = Url::parse(url).ok()?.host_str()?.to_ascii_lowercase();
    let legal = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' };
    let text: String = host.chars().map(legal).take(LONGEST).collect();
    let stem = text.trim_matches('-').to_owned();
    let numbered = (2..=others.len() + 1).map(|n| format!("{stem}-{n}"));
    let candidates = std::iter::once(stem.clone()).chain(numbered).filter_map(|text| Slug::parse(&text).ok());
    candidates.into_iter().find(|name| others.iter().all(|other| other.known_as() != name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::Timestamp;
    use crate::support::id::WebhookId;

    fn named(name: &str) -> Webhook {
        let now = Timestamp::from_seconds(0);
        Webhook {
            id: WebhookId::from_bytes([0; 16]),
            name: Some(Slug::parse(name).unwrap()),
            url: String::new(),
            description: String::new(),
            kinds: Vec::new(),
            enabled: true,
            secrets: Vec::new(),
            managed_by: None,
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    #[test]
    fn a_webhook_is_called_after_its_host() {
        let name = |url: &str, others: &[&str]| {
            let others: Vec<Webhook> = others.iter().map(|name| named(name)).collect();
            free(url, &others).map(|name| name.to_string())
        };
        assert_eq!(name("https://hooks.example.com/a?b", &[]).as_deref(), Some("hooks-example-com"));
        let taken = ["hooks-example-com", "hooks-example-com-2"];
        assert_eq!(name("https://hooks.example.com/", &taken).as_deref(), Some("hooks-example-com-3"));
        let long = format!("https://{}.example/", "a".repeat(60));
        assert_eq!(name(&long, &["a"]).map(|name| name.len()), Some(LONGEST));
        assert_eq!(name("https://[2001:db8::1]/", &[]).as_deref(), Some("2001-db8--1"));
        assert_eq!(name("https://xn--hg3b.example/", &[]).as_deref(), Some("xn--hg3b-example"));
        assert_eq!(name("https://[::]/", &[]), None);
        assert_eq!(name("no address", &[]), None);
    }

    #[test]
    fn one_from_before_there_were_names_is_known_by_what_its_id_makes() {
        let before = Webhook { name: None, ..named("x") };
        assert_eq!(before.known_as(), "whk-00000000000000000000000000000000");
        assert!(Slug::parse(&before.known_as()).is_ok(), "it may be declared");
        let json = serde_json::to_value(&before).unwrap();
        assert!(json.get("name").is_none(), "{json}");
    }
}
