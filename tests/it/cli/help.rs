//! What the command line says of itself: help, completions, man pages.

use clap::Command;

use crate::support::binary::Haechi;

/// Every command that does something.
fn leaves(command: &Command) -> Vec<Command> {
    if command.has_subcommands() { command.get_subcommands().flat_map(leaves).collect() } else { vec![command.clone()] }
}

fn built() -> Command {
    let mut root = haechi::cli::command().disable_help_subcommand(true);
    root.build();
    root
}

/// The words of a command as a shell reads them: what stands between apostrophes is one.
pub(super) fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate().flat_map(|(at, part)| match at % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    });
    parts.collect()
}

/// What `haechi` itself gets of a line of a shell.
fn own_part(line: &str) -> &str {
    [" > ", " < ", " | "].iter().fold(line, |line, mark| line.split(mark).next().unwrap())
}

#[test]
fn every_command_has_examples_and_each_is_read_by_the_command_line() {
    for leaf in leaves(&built()) {
        let name = leaf.get_bin_name().unwrap().to_owned();
        let help = leaf.get_after_long_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<&str> = help.lines().skip_while(|line| *line != "Examples:").skip(1).map(str::trim).collect();
        assert!(!examples.is_empty(), "{name} has no examples");
        for example in examples {
            assert!(own_part(example).starts_with(&name), "{name}: {example}");
            let read = haechi::cli::command().try_get_matches_from(words(own_part(example)));
            assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
        }
    }
}

#[test]
fn commands_that_overlap_name_each_other() {
    let haechi = Haechi::new();
    for (command, others) in [
        (&["users", "revoke-sessions"][..], &["haechi sessions revoke", "haechi sessions end-all"][..]),
        (&["sessions", "revoke"], &["haechi users revoke-sessions", "haechi sessions end-all"]),
        (&["sessions", "end-all"], &["haechi users revoke-sessions"]),
        (&["keys", "rotate"], &["haechi keys revoke"]),
    ] {
        let help = haechi.out(&[command, &["--help"]].concat());
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for other in others {
            assert!(help.contains(other), "{command:?} does not name {other}: {help}");
        }
    }
}

#[test]
fn exit_statuses_and_the_form_of_json_are_in_the_help() {
    let help = Haechi::new().out(&["--help"]);
    for word in ["Exit status: 0 done", "3 too early", "RFC 3339", "exit_status"] {
        assert!(help.contains(word), "{word} is not in {help}");
    }
}

#[test]
fn shells_complete_every_command() {
    let haechi = Haechi::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = haechi.out(&["completions", shell]);
        for word in ["rotate-secret", "end-all", "redirect-uri"] {
            assert!(script.contains(word), "{word} is not completed in {shell}");
        }
    }
    let unknown = haechi.run(&["completions", "csh"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("bash"), "{unknown:?}");
    assert_eq!(std::fs::read_dir(haechi.folder.path()).unwrap().count(), 0, "it needs no server");
}

#[test]
fn there_is_a_man_page_for_every_command() {
    let haechi = Haechi::new();
    assert!(haechi.out(&["man"]).contains(".TH haechi 1"));
    haechi.out(&["man", "share/man1"]);
    let folder = haechi.folder.path().join("share/man1");
    for leaf in leaves(&built()) {
        let name = format!("{}.1", leaf.get_bin_name().unwrap().replace(' ', "-"));
        let page = std::fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.contains("Examples:"), "{name} has no examples");
    }
}

/// What is one of a few words is offered by Tab, and so are the names of recipes and presets, of which another one is answered with the nearest.
#[test]
fn tab_offers_the_words_of_closed_sets() {
    let haechi = Haechi::new();
    let bash = haechi.out(&["completions", "bash"]);
    for words in [
        "web browser native service",
        "required when_sent",
        "at+jwt JWT",
        "minimal profile",
        "none client_secret_basic",
    ] {
        assert!(bash.contains(&format!("compgen -W \"{words}")), "{words} are not offered");
    }
    for name in ["express-openid-connect", "oidc-client-ts", "kakao"] {
        assert!(bash.contains(name), "{name} is not offered");
    }
    let typo = haechi.run(&["clients", "create", "--kind", "webb"]);
    assert!(typo.code == Some(2) && typo.err.contains("'web'"), "{typo:?}");
    let typo = haechi.run(&["recipes", "show", "expres-openid-connect"]);
    assert!(typo.code == Some(2) && typo.err.contains("did you mean express-openid-connect? If not,"), "{typo:?}");
}
