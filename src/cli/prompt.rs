//! Secrets that are typed: from a terminal without echo, or from standard input. Never from the arguments, which every process
//! of the machine can read.

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

/// Whether the operator at the terminal agrees; without a terminal there is no agreement.
pub(super) fn agreed(question: &str) -> Outcome<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    let mut terminal = io::stderr();
    terminal.write_all(format!("{question} [y/N] ").as_bytes())?;
    terminal.flush()?;
    let mut answer = String::new();
    io::stdin().lock().take(16).read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}
