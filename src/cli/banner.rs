//! What is printed when the server is ready: where it is, how to make the first administrator, what to try next.

use std::fmt::Write;

use serde_json::json;

use super::claim::ClaimLink;
use super::failure::Outcome;
use super::output::{Output, Style};
use crate::config::Config;

/// What to try next.
const NEXT: &[(&str, &str)] = &[
    ("demo", "a shop that signs its users in here"),
    ("doctor", "whether this setup is in order"),
    ("clients create", "register an app of your own (--help shows how)"),
];

/// Prints the banner, with a link that makes the first administrator, and with what is said where nothing answers at the issuer.
pub(super) fn print(
    output: &mut Output,
    config: &Config,
    (claim, elsewhere): (Option<&ClaimLink>, Option<&str>),
) -> Outcome {
    if output.is_json() {
        let claim = claim.map(|claim| json!({ "url": claim.url, "expires_at": claim.expires_at.to_string() }));
        let (version, issuer) = (env!("CARGO_PKG_VERSION"), &config.server.issuer);
        return output.json_line(&json!({ "ready": true, "version": version, "issuer": issuer, "claim": claim }));
    }
    let text = banner(output, config, (claim, elsewhere));
    output.raw(&text)
}

fn banner(output: &Output, config: &Config, (claim, elsewhere): (Option<&ClaimLink>, Option<&str>)) -> String {
    let mut text = String::new();
    let mut say = |label: &str, value: &str| {
        let label = output.styled(Style::Dim, &format!("{label:<10}"));
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {label} {value}");
    };
    let link = |url: &str| output.styled(Style::Link, url);
    say("Haechi", &format!("{} is ready", env!("CARGO_PKG_VERSION")));
    say("address", &link(&config.server.issuer));
    if let Some(elsewhere) = elsewhere {
        say("warning", &output.styled(Style::Warning, elsewhere));
    }
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
    let program = program(std::env::args_os().next());
    let commands: Vec<_> = NEXT.iter().map(|(command, what)| (format!("{program} {command}"), what)).collect();
    let wide = commands.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let mut next = "try";
    for (command, what) in commands {
        // Padded before it is styled: the marks of a style take no room.
        say(next, &format!("{}  {what}", output.styled(Style::Bold, &format!("{command:<wide$}"))));
        next = "";
    }
    if output.is_styled() { format!("\n{text}\n") } else { text }
}

/// What to type for this program: run as `target/release/haechi` there is no `haechi` on the path.
fn program(called: Option<std::ffi::OsString>) -> String {
    let fit = |name: &String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && !b"'\"$`\\&;|<>()*?".contains(&b))
    };
    called.and_then(|name| name.into_string().ok()).filter(fit).unwrap_or_else(|| "haechi".to_owned())
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn what_is_shown_can_be_typed() {
        assert_eq!(program(Some("target/release/haechi".into())), "target/release/haechi");
        for name in [None, Some("".into()), Some("/home/kim's things/haechi".into()), Some("\u{1b}[2J".into())] {
            assert_eq!(program(name), "haechi");
        }
    }
}
