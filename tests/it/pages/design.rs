//! The page that shows every component: what the style sheets have is on it.

use std::collections::BTreeSet;

use haechi::admin::{Authority, users};
use haechi::model::user::Role;
use scraper::Selector;

use crate::support::app::TestApp;

const STYLES: [&str; 2] = [include_str!("../../../static/haechi.css"), include_str!("../../../static/console.css")];
/// What is no component: the surroundings of pages that are no console's, a page that is wider than others, what scripts make, and what they show.
const ELSEWHERE: &[&str] = &["top", "links", "unclaimed", "broad", "ask", "palette", "results", "passkey"];

/// The style sheets without comments and what is between braces.
fn selectors() -> String {
    let mut found = String::new();
    for style in STYLES {
        let mut plain = String::new();
        for (at, part) in style.split("/*").enumerate() {
            plain.push_str(if at == 0 { part } else { part.split_once("*/").unwrap().1 });
        }
        for part in plain.split('}') {
            // Of a rule within a condition it is what stands before the last brace.
            found.push_str(part.rsplit_once('{').map_or("", |(before, _)| before));
            found.push(' ');
        }
    }
    found
}

/// The words that begin with a sign, without it.
fn named_after<'a>(text: &'a str, sign: &str) -> BTreeSet<&'a str> {
    let word = |rest: &'a str| {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        &rest[..end.unwrap_or(rest.len())]
    };
    let begins = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
    text.split(sign).skip(1).map(word).filter(begins).collect()
}

#[tokio::test]
async fn every_component_of_the_style_sheets_is_on_the_page() {
    let app = TestApp::new().await;
    let auditor = app.user("auditor@example.com").await;
    users::set_roles(&app.app.admin, &Authority::operator(), auditor.id, vec![Role::Auditor]).await.unwrap();
    let page = app.signed_in(&auditor).await.get("/admin/design").await;
    let html = page.html();
    let with_classes = Selector::parse("[class]").unwrap();
    let shown: BTreeSet<&str> = html.select(&with_classes).flat_map(|element| element.value().classes()).collect();
    let selectors = selectors();
    let known = named_after(&selectors, ".");
    assert!(known.len() > 120 && known.contains("button") && known.contains("line-of-time"), "{known:?}");
    let missing: Vec<_> = known.iter().filter(|name| !shown.contains(*name) && !ELSEWHERE.contains(name)).collect();
    assert!(missing.is_empty(), "/admin/design does not show {missing:?}");
    let needless: Vec<_> = ELSEWHERE.iter().filter(|name| !known.contains(*name)).collect();
    assert!(needless.is_empty(), "no style sheet has {needless:?}");

    let tokens = STYLES[0].split_once(":root {").unwrap().1.split_once('}').unwrap().0;
    let tokens: BTreeSet<&str> =
        tokens.split("--").skip(1).filter_map(|token| Some(token.split_once(':')?.0)).collect();
    assert!(tokens.len() > 15, "{tokens:?}");
    for token in tokens {
        assert!(page.body.contains(&format!("<code>--{token}</code>")), "--{token}");
    }
}
