//! `haechi recipes`: how software that others wrote is connected to this server.

use clap::{Args, Subcommand};

use super::failure::{Failure, Outcome};
use super::output::{Output, Style};
use super::possible::Offered;
use crate::admin::recipes::{self, Configuration, Evidence, Recipe, RecipeRejected};

#[derive(Args, Debug)]
pub(super) struct Recipes {
    #[command(subcommand)]
    command: Option<RecipesCommand>,
}

#[derive(Debug, Subcommand)]
enum RecipesCommand {
    /// List the software that there is a recipe for: what `recipes` does without a subcommand.
    #[command(after_long_help = "Examples:\n  haechi recipes list\n  haechi recipes list --json")]
    List,
    /// Show what a recipe registers and what the software is configured by.
    #[command(after_long_help = "Examples:\n  haechi recipes show express-openid-connect")]
    Show {
        /// The name of the recipe.
        #[arg(value_parser = Offered(recipes::names), hide_possible_values = true)]
        name: String,
    },
}

impl Recipes {
    /// Does as told.
    pub(super) fn run(self, output: &mut Output) -> Outcome {
        match self.command {
            None | Some(RecipesCommand::List) => list(output),
            Some(RecipesCommand::Show { name }) => show(output, &recipes::find(&name)?),
        }
    }
}

impl From<RecipeRejected> for Failure {
    fn from(rejected: RecipeRejected) -> Self {
        match rejected {
            RecipeRejected::Unknown { .. } => Self::usage(rejected),
            RecipeRejected::Malformed(..) => Self::of(rejected),
        }
    }
}

fn list(output: &mut Output) -> Outcome {
    let mut recipes = recipes::all()?;
    recipes.sort_by(|a, b| (&a.group, a.name).cmp(&(&b.group, b.name)));
    if output.is_json() {
        return output.json(&recipes);
    }
    let row = |recipe: &Recipe| {
        let tried = match recipe.evidence {
            Evidence::Runs(_) => recipe.tried_with.clone(),
            Evidence::NotRun(_) => format!("{} (from its docs, not run)", recipe.tried_with),
        };
        vec![recipe.name.to_owned(), recipe.group.clone(), tried]
    };
    output.table(&["NAME", "GROUP", "TRIED WITH"], &recipes.iter().map(row).collect::<Vec<_>>())
}

fn show(output: &mut Output, recipe: &Recipe) -> Outcome {
    if output.is_json() {
        return output.json(recipe);
    }
    let heading = output.styled(Style::Bold, &recipe.title);
    output.raw(&format!("{heading} ({})\n", recipe.group))?;
    output.line(format!("  tried with  {}", recipe.tried_with))?;
    output.line(format!("  its docs    {}", recipe.docs))?;
    if let Evidence::NotRun(why) = &recipe.evidence {
        output.line(format!("  not run     from its docs: {why}"))?;
    }
    output.line("")?;
    output.line("The command that registers it and prints its configuration filled in:")?;
    output.line("")?;
    output.line(format!("  haechi clients create --for {} --url {}", recipe.name, recipe.default_url))?;
    output.line("")?;
    output.line("What it registers:")?;
    output.line("")?;
    output.json(&recipe.client)?;
    print(output, &recipe.configuration)?;
    match &recipe.notes {
        Some(notes) => output.raw(&format!("\n{}\n", notes.trim())),
        None => Ok(()),
    }
}

/// The files that the software is configured by.
pub(super) fn print(output: &mut Output, configuration: &[Configuration]) -> Outcome {
    for Configuration { file, text, .. } in configuration {
        let heading = output.styled(Style::Bold, file);
        output.raw(&format!("\n{heading}:\n\n{}\n", text.trim_end()))?;
    }
    Ok(())
}
