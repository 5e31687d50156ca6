//! `haechi completions` and `haechi man`: what shells and `man` know of the command line, made from what parses it.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use serde_json::json;

use super::failure::{Failure, Outcome};
use super::output::Output;

/// Print the completions of a shell: what it offers when Tab is pressed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi completions bash > /etc/bash_completion.d/haechi
  haechi completions zsh > /usr/share/zsh/site-functions/_haechi
  haechi completions fish > ~/.config/fish/completions/haechi.fish")]
pub(super) struct Completions {
    /// For which shell.
    shell: Shell,
}

impl Completions {
    /// Prints them.
    pub(super) fn run(&self, mut command: Command, output: &mut Output) -> Outcome {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command, "haechi", &mut text);
        output.raw(&String::from_utf8(text).map_err(Failure::of)?)
    }
}

/// Print the manual page, or write a page for each subcommand into a folder.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi man | man -l -
  haechi man /usr/local/share/man/man1")]
pub(super) struct ManPages {
    /// Where to write haechi.1, haechi-users.1, haechi-users-create.1 and so on; it is made where it is missing.
    folder: Option<PathBuf>,
}

impl ManPages {
    /// Prints or writes them.
    pub(super) fn run(&self, command: Command, output: &mut Output) -> Outcome {
        let Some(folder) = &self.folder else {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            return output.raw(&String::from_utf8(page).map_err(Failure::of)?);
        };
        let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
        written.map_err(|error| Failure::of(format!("cannot write to {}: {error}", folder.display())))?;
        output.tell(format!("The pages are in {}.", folder.display()), &json!({ "folder": folder }))
    }
}
