//! What is printed when the server is ready: where it is, how to make the first administrator, what to try next.

use std::fmt::Write;

use super::claim::ClaimLink;
use super::failure::Outcome;
use super::output::{Output, Style};
use crate::config::Config;

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
    say("try", &format!("{}   a shop that signs its people in here", output.styled(Style::Bold, "haechi demo")));
    say("", &format!("{} what could be better about this setup", output.styled(Style::Bold, "haechi doctor")));
    say("", &format!("{} register your app", output.styled(Style::Bold, "haechi clients create --help")));
    if output.is_styled() { format!("\n{text}\n") } else { text }
}
