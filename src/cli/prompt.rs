//! What is typed: secrets, from a terminal without echo or from standard input and never from the arguments, which every process of the
//! machine can read; and answers to questions, from a terminal only.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::failure::{Failure, Outcome};
use crate::support::Secret;

/// The longest secret that is read.
const MAX_BYTES: u64 = 4096;

/// A new password: asked for twice on a terminal, otherwise the first line of standard input.
pub(super) fn new_password() -> Outcome<Secret<String>> {
    if !io::stdin().is_terminal() {
        return first_line();
    }
    let first = typed("New password: ")?;
    if first == typed("The same again: ")? { Ok(first) } else { Err(Failure::of("the two passwords differ")) }
}

/// Our secret at a provider: asked for once on a terminal, otherwise the whole of standard input, as it may be a key of many lines.
pub(super) fn upstream_secret() -> Outcome<Secret<String>> {
    if io::stdin().is_terminal() {
        return typed("Client secret: ");
    }
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text)?;
    if text.trim().is_empty() {
        return Err(Failure::usage("no secret came from standard input: echo it in, or run this on a terminal"));
    }
    Ok(Secret::from(text.trim()))
}

fn first_line() -> Outcome<Secret<String>> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().take(MAX_BYTES).read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(Failure::usage("no password came from standard input: echo it in, or run this on a terminal"));
    }
    Ok(Secret::from(password))
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
    let line = first_line();
    tcsetattr(io::stdin(), OptionalActions::Now, &shown).map_err(io::Error::from)?;
    terminal.write_all(b"\n")?;
    line
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
