//! `clients create --for`: registers a client as a recipe says, and gives out what the software is configured by.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Clients;
use super::reserved::{Reserved, Unwritten};
use crate::admin::clients::{self, ClientResource};
use crate::admin::document;
use crate::admin::recipes::{self, AppUrl, Configuration, Installation, Recipe};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{Done, Kind, Made};
use crate::cli::possible::Offered;
use crate::cli::recipes::print;
use crate::model::Client;
use crate::support::Secret;

/// The arguments that go with a recipe.
#[derive(Args, Debug)]
pub(super) struct ByRecipe {
    /// Register it as this software wants it, and print its configuration; `haechi recipes` lists the names.
    #[arg(
        long = "for",
        value_name = "RECIPE",
        conflicts_with = "file",
        value_parser = Offered(recipes::names),
        hide_possible_values = true
    )]
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
        // All that can fail does before anything is registered: its secret is given out once.
        rehearse(context, &recipe, &clients::draft(&context.app.admin, &context.authority, &client)?, &url)?;
        let names = recipe.configuration.iter().map(|file| file.file.as_str());
        let files = self.write.as_deref().map(|folder| Reserved::take(folder, names, self.force)).transpose()?;
        let created = clients::create(&context.app.admin, &context.authority, client).await?;
        let configuration = configuration(context, &recipe, (&created.client, created.secret.as_ref()), &url)?;
        let created = Made::<Clients>::here(context, &created)?;
        let written = files.map(|files| files.write(&configuration));
        tell(context, &created, &configuration, written.as_ref())?;
        match (written, &recipe.notes) {
            (Some(Err(why)), _) => Err(registered_all_the_same(&created, &why)),
            (_, Some(notes)) if !context.output.is_json() => context.output.raw(&format!("\n{}\n", notes.trim())),
            _ => Ok(()),
        }
    }
}

/// What was registered, and the configuration where it is in no file: neither is told again.
fn tell(
    context: &mut Context,
    created: &Made<Clients>,
    configuration: &[Configuration],
    written: Option<&Result<Vec<PathBuf>, Unwritten>>,
) -> Outcome {
    if context.output.is_json() {
        return print_json(context, created, configuration);
    }
    Clients::tell(&mut context.output, created, Done::Created)?;
    match written {
        Some(Ok(paths)) => {
            paths.iter().try_for_each(|path| context.output.line(format!("  written        {}", path.display())))
        }
        Some(Err(_)) | None => print(&mut context.output, configuration),
    }
}

/// The client is there, with the secret that was just printed.
fn registered_all_the_same(created: &Made<Clients>, why: &Unwritten) -> Failure {
    let id = Clients::name(&created.document);
    let again = match &created.secret {
        Some(_) => format!(", or have a new secret: haechi clients rotate-secret {id}"),
        None => String::new(),
    };
    Failure::of(format!(
        "{id} is registered, but {why}. Put the configuration that is printed above there yourself{again}; \
         haechi clients delete {id} takes the registration back"
    ))
}

/// Fills the configuration in for a client as it would be registered, with a secret that is none.
fn rehearse(context: &Context, recipe: &Recipe, client: &Client, url: &AppUrl) -> Outcome {
    let secret = client.authentication.method.uses_secret().then(|| Secret::from("secret"));
    configuration(context, recipe, (client, secret.as_ref()), url).map(drop)
}

fn configuration(
    context: &Context,
    recipe: &Recipe,
    (client, secret): (&Client, Option<&Secret<String>>),
    url: &AppUrl,
) -> Outcome<Vec<Configuration>> {
    let installation = Installation {
        issuer: &context.app.issuer,
        client_id: client.id.as_str(),
        client_secret: secret,
        url,
        random: &*context.app.random,
    };
    recipe.configuration(&installation).map_err(Failure::of)
}

fn print_json(context: &mut Context, created: &Made<Clients>, configuration: &[Configuration]) -> Outcome {
    let mut shown = created.json.clone();
    shown["configuration"] = json!(configuration);
    context.output.json(&shown)
}
