//! What is typed: secrets, from a terminal without echo or from standard input and never from the arguments, which every process of the
//! machine can read; and answers to questions, from a terminal only.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::failure::{Failure, Outcome, note};
use crate::support::Secret;

/// The longest secret that is read.
const MAX_BYTES: u64 = 4096;
/// How often a new password is asked for before it is given up.
const TRIES: usize = 5;

/// A new password: asked for twice on a terminal, where `rules` say first what it must be and `check` says at once what is wrong with it; otherwise the
/// first line of standard input.
pub(super) fn new_password(
    rules: &str,
    check: impl Fn(&Secret<String>) -> Result<(), String>,
) -> Outcome<Secret<String>> {
    if !is_at_terminal() {
        return first_line();
    }
    note(rules);
    right_one(&mut typed, check)
}

/// Asks until the password is right and was typed alike twice, a few times.
fn right_one(
    ask: &mut dyn FnMut(&str) -> Outcome<Secret<String>>,
    check: impl Fn(&Secret<String>) -> Result<(), String>,
) -> Outcome<Secret<String>> {
    let mut left = TRIES;
    loop {
        let first = ask("New password: ")?;
        let problem = match check(&first) {
            Err(why) => why,
            Ok(()) if first == ask("The same again: ")? => return Ok(first),
            Ok(()) => "the two passwords differ".to_owned(),
        };
        left -= 1;
        if left == 0 {
            return Err(Failure::of(problem));
        }
        note(format!("{problem}; try again"));
    }
}

/// Our secret at a provider: asked for once on a terminal, otherwise the whole of standard input, as it may be a key of many lines.
pub(super) fn upstream_secret() -> Outcome<Secret<String>> {
    if io::stdin().is_terminal() {
        let secret = typed("Client secret: ")?;
        return if secret.expose().is_empty() { Err(Failure::usage("no secret was typed")) } else { Ok(secret) };
    }
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text)?;
    if text.trim().is_empty() {
        return Err(Failure::usage("no secret came from standard input: echo it in, or run this on a terminal"));
    }
    Ok(Secret::from(text.trim()))
}

/// The first line of standard input, where nobody is asked for it.
pub(super) fn first_line() -> Outcome<Secret<String>> {
    let line = read_line()?.filter(|password| !password.expose().is_empty());
    line.ok_or_else(|| Failure::usage("no password came from standard input: echo it in, or run this on a terminal"))
}

/// The next line of standard input; `None` at its end.
fn read_line() -> Outcome<Option<Secret<String>>> {
    let mut line = Zeroizing::new(String::new());
    let read = io::stdin().lock().take(MAX_BYTES).read_line(&mut line)?;
    Ok((read > 0).then(|| Secret::from(line.trim_end_matches(['\n', '\r']))))
}

/// Asks on the terminal, which shows nothing of what is typed.
fn typed(question: &str) -> Outcome<Secret<String>> {
    let mut terminal = io::stderr();
    terminal.write_all(question.as_bytes())?;
    terminal.flush()?;
    let shown = tcgetattr(io::stdin()).map_err(io::Error::from)?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(io::stdin(), OptionalActions::Flush, &hidden).map_err(io::Error::from)?;
    let line = read_line();
    tcsetattr(io::stdin(), OptionalActions::Now, &shown).map_err(io::Error::from)?;
    terminal.write_all(b"\n")?;
    line?.ok_or_else(|| Failure::of("nothing was typed, and nothing was changed"))
}

/// What the operator answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// There is no terminal.
    NobodyAsked,
}

/// Whether there is a terminal, at which the operator can be asked.
pub(super) fn is_at_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Asks the operator at the terminal to agree.
pub(super) fn agreed(question: &str) -> Outcome<Answer> {
    if !is_at_terminal() {
        return Ok(Answer::NobodyAsked);
    }
    let answer = line(&format!("{question} [y/N] "))?.unwrap_or_default();
    let is_yes = ["y", "yes"].contains(&answer.to_ascii_lowercase().as_str());
    Ok(if is_yes { Answer::Yes } else { Answer::No })
}

/// Asks on standard error, so that standard output stays what the command prints; `None` at the end of input.
pub(super) fn line(question: &str) -> Outcome<Option<String>> {
    let mut terminal = io::stderr();
    terminal.write_all(question.as_bytes())?;
    terminal.flush()?;
    let mut answer = String::new();
    let read = io::stdin().lock().take(MAX_BYTES).read_line(&mut answer)?;
    Ok((read > 0).then(|| answer.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: &[&str]) -> (Outcome<Secret<String>>, usize) {
        let mut left = answers.iter();
        let right = right_one(&mut |_| Ok(Secret::from(*left.next().unwrap())), |password| {
            if password.expose().len() < 10 { Err("must have at least 10 characters".to_owned()) } else { Ok(()) }
        });
        (right, answers.len() - left.len())
    }

    #[test]
    fn a_password_that_is_wrong_or_typed_differently_is_asked_for_again() {
        let (right, questions) = asked(&[
            "short",
            "",
            "tall bridge over water",
            "tall bridge",
            "tall bridge over water",
            "tall bridge over water",
        ]);
        assert_eq!(right.unwrap().expose(), "tall bridge over water");
        assert_eq!(questions, 6, "one that breaks a rule is not asked for twice");
    }

    #[test]
    fn it_is_given_up_after_a_few() {
        let (given_up, questions) = asked(&["short"; 20]);
        assert!(given_up.is_err());
        assert_eq!(questions, TRIES);
    }
}
