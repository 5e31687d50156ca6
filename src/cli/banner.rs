//! What is printed when the server is ready: where it is, how to make the first administrator, what to try next.

use std::fmt::Write;

use super::claim::ClaimLink;
use super::failure::Outcome;
use super::output::{Output, Style};
use crate::config::Config;

/// What to try next.
const NEXT: &[(&str, &str)] = &[
    ("haechi demo", "a shop that signs its people in here"),
    ("haechi doctor", "whether this setup is in order"),
    ("haechi clients create", "register an app of your own (--help shows how)"),
];

/// Prints the banner.
pub(super) fn print(output: &mut Output, config: &Config, claim: Option<&ClaimLink>) -> Outcome {
    let text = banner(output, config, claim);
    output.raw(&text)
}

fn banner(output: &Output, config: &Config, claim: Option<&ClaimLink>) -> String {
    let mut text = String::new();
    let mut say = |label: &str, value: &str| {
        let label = output.styled(Style::Dim, &format!("{label:<10}"));
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {label} {value}");
    };
    let link = |url: &str| output.styled(Style::Link, url);
    say("Haechi", &format!("{} is ready", env!("CARGO_PKG_VERSION")));
    say("address", &link(&config.server.issuer));
    if let Some(claim) = claim {
        say("claim", &link(&claim.url));
        say(
            "",
            &output.styled(
                Style::Dim,
                "makes you its administrator; works once, within an hour (`haechi claim` prints another)",
            ),
        );
    }
    let mut next = "try";
    for (command, what) in NEXT {
        // Padded before it is styled: the marks of a style take no room.
        say(next, &format!("{} {what}", output.styled(Style::Bold, &format!("{command:<22}"))));
        next = "";
    }
    if output.is_styled() { format!("\n{text}\n") } else { text }
}
