//! Asking before what cannot be taken back.
//!
//! Owns the argument `--yes`, the question at a terminal, and the refusal where it was not confirmed. Leaves to each subcommand what it would end.

use clap::Args;

use super::failure::{Failure, Outcome};
use super::prompt::{self, Answer};
use crate::support::escape::escaped;

/// Why it cannot be confirmed without a terminal.
const NOBODY_ASKED: &str =
    "this cannot be taken back, and without a terminal nobody can be asked; --yes does it without asking";

/// Whether the operator has agreed already.
#[derive(Args, Debug)]
pub(super) struct Confirmation {
    /// Do not ask. Without a terminal, where nobody can be asked, nothing is done unless this is given.
    #[arg(long, short)]
    yes: bool,
}

impl Confirmation {
    /// Refuses unless it was said, or is answered now, that this may be done. `undone` says what did not happen otherwise.
    pub(super) fn given(&self, question: &str, undone: &str) -> Outcome {
        self.given_knowing("", question, undone)
    }

    /// The same where the operator should know first what else ends: `consequences`, in lines of Haechi's own.
    pub(super) fn given_knowing(&self, consequences: &str, question: &str, undone: &str) -> Outcome {
        if self.yes {
            return Ok(());
        }
        let question = escaped(question);
        let before = if consequences.is_empty() { String::new() } else { format!("{consequences}\n") };
        match prompt::agreed(&format!("{before}{question}"))? {
            Answer::Yes => Ok(()),
            Answer::No => Err(Failure::unconfirmed(undone)),
            Answer::NobodyAsked => {
                let after = if consequences.is_empty() { String::new() } else { format!("\n{consequences}") };
                Err(Failure::unconfirmed(format!("{undone}: {NOBODY_ASKED}. {question}{after}")))
            }
        }
    }
}
