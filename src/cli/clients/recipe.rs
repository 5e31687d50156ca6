//! `clients create --for`: registers a client as a recipe says, and gives out what the software is configured by.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Clients;
use crate::admin::clients::{self, ClientResource, WithSecret};
use crate::admin::document;
use crate::admin::recipes::{self, AppUrl, Configuration, Installation, Recipe};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{Done, Kind};
use crate::cli::recipes::print;

/// The arguments that go with a recipe.
#[derive(Args, Debug)]
pub(super) struct ByRecipe {
    /// Register it as this software wants it, and print its configuration; `haechi recipes` lists the names.
    #[arg(long = "for", value_name = "RECIPE", conflicts_with = "file")]
    recipe: Option<String>,
    /// Where the app is, such as https://app.example.com.
    #[arg(long, value_name = "URL", requires = "recipe")]
    url: Option<String>,
    /// Write the configuration into this folder, readable by you alone, instead of printing it.
    #[arg(long, value_name = "FOLDER", requires = "recipe")]
    write: Option<PathBuf>,
    /// Write over files that are there.
    #[arg(long, requires = "write")]
    force: bool,
}

impl ByRecipe {
    /// The recipe of this name, for software that is there.
    pub(super) const fn of(name: String, url: String) -> Self {
        Self { recipe: Some(name), url: Some(url), write: None, force: false }
    }

    /// Whether a recipe was named.
    pub(super) const fn is_named(&self) -> bool {
        self.recipe.is_some()
    }

    /// Registers the client; what `form` says goes before what the recipe says.
    pub(super) async fn run(self, context: &mut Context, form: ClientResource) -> Outcome {
        let recipe = recipes::find(self.recipe.as_deref().unwrap_or_default())?;
        let url = recipe.url(self.url.as_deref()).map_err(|why| Failure::usage(format!("--url {why}")))?;
        let client = recipe.client(&url).map_err(Failure::of)?;
        let client = document::overridden(&client, &form).map_err(Failure::of)?;
        // Asked before anything is registered: its secret is given out once.
        let files = self.write.as_deref().map(|folder| Files::new(folder, &recipe, self.force)).transpose()?;
        let created = clients::create(&context.app.admin, &context.authority, client).await?;
        let configuration = configuration(context, &recipe, &created, &url)?;
        if let Some(files) = &files {
            files.write(&configuration)?;
        }
        if context.output.is_json() {
            return print_json(context, &created, &configuration);
        }
        Clients::tell(context, &created, Done::Created)?;
        match &files {
            None => print(&mut context.output, &configuration)?,
            Some(files) => files.tell(context, &configuration)?,
        }
        match &recipe.notes {
            Some(notes) => context.output.raw(&format!("\n{}\n", notes.trim())),
            None => Ok(()),
        }
    }
}

fn configuration(
    context: &Context,
    recipe: &Recipe,
    created: &WithSecret,
    url: &AppUrl,
) -> Outcome<Vec<Configuration>> {
    let installation = Installation {
        issuer: &context.app.issuer,
        client_id: created.client.id.as_str(),
        client_secret: created.secret.as_ref(),
        url,
        random: &*context.app.random,
    };
    recipe.configuration(&installation).map_err(Failure::of)
}

fn print_json(context: &mut Context, created: &WithSecret, configuration: &[Configuration]) -> Outcome {
    let mut shown = Clients::json(context, created)?;
    shown["configuration"] = json!(configuration);
    context.output.json(&shown)
}

/// Where the files of a recipe are written.
struct Files<'a> {
    folder: &'a Path,
    force: bool,
}

impl<'a> Files<'a> {
    /// Refuses files that are there, unless they may be written over.
    fn new(folder: &'a Path, recipe: &Recipe, force: bool) -> Outcome<Self> {
        let mut paths = recipe.configuration.iter().map(|file| folder.join(&file.file));
        match paths.find(|path| !force && path.symlink_metadata().is_ok()) {
            Some(path) => Err(Failure::of(format!(
                "{} is there already, and nothing was registered; --force writes over it",
                path.display()
            ))),
            None => Ok(Self { folder, force }),
        }
    }

    fn write(&self, configuration: &[Configuration]) -> Outcome {
        for file in configuration {
            let path = self.folder.join(&file.file);
            self.write_one(&path, &file.text)
                .map_err(|error| Failure::of(format!("cannot write {}: {error}", path.display())))?;
        }
        Ok(())
    }

    /// There are secrets in it: it is made anew, for its owner alone.
    fn write_one(&self, path: &Path, text: &str) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if self.force && path.symlink_metadata().is_ok() {
            fs::remove_file(path)?;
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    }

    fn tell(&self, context: &mut Context, configuration: &[Configuration]) -> Outcome {
        for file in configuration {
            context.output.line(format!("  written        {}", self.folder.join(&file.file).display()))?;
        }
        Ok(())
    }
}
