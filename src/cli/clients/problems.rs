//! `haechi clients problems`: what was refused lately, and what mends it.

use clap::Args;

use super::Clients;
use crate::admin::problems::{self, Problem};
use crate::cli::context::Context;
use crate::cli::failure::Outcome;
use crate::cli::frame::{self, Kind};
use crate::cli::output::Style;
use crate::support::escape::escaped;

/// Show what was refused lately, in plain words, with the command that mends it.
///
/// The latest comes first, and last what the client's registration would not refuse any more. What says the same is shown once, with how often it came; of refusals that differ in what was sent only, the last five, so
/// that nobody who knows an app's client id pushes its other problems out. Each of them is a line of the server's log too, under the id that
/// the end-user's page or the app's answer showed (X-Request-Id).
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi clients problems\n  haechi clients problems shop --json")]
pub(in crate::cli) struct Problems {
    /// Only those of this client id, which need not be a registered one.
    #[arg(value_name = "CLIENT_ID")]
    client: Option<String>,
}

impl Problems {
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let problems = problems::list(&context.app.admin, &context.authority, self.client.as_deref()).await?;
        if let Some(client) = self.client.as_deref().filter(|_| problems.is_empty()) {
            must_be_registered(context, client).await?;
        }
        if context.output.is_json() {
            return context.output.json(&problems);
        }
        if problems.is_empty() {
            let of = self.client.map_or_else(String::new, |client| format!(" of {client}"));
            return context.output.line(format!("Nothing{of} was refused in the last 30 days."));
        }
        problems.iter().try_for_each(|problem| print(context, problem))
    }
}

/// Nothing was refused of a client that there is not: what was typed is a name, or wrong.
async fn must_be_registered(context: &Context, text: &str) -> Outcome {
    let registered = match Clients::key(text) {
        Ok(id) => Clients::find(context, &id).await?,
        Err(_) => None,
    };
    match registered {
        Some(_) => Ok(()),
        None => Err(frame::missing::<Clients>(text, Clients::meant(context, text).await?.as_deref())),
    }
}

fn print(context: &mut Context, problem: &Problem) -> Outcome {
    let output = &mut context.output;
    let whose = match (&problem.refusal.client, &problem.refusal.connection) {
        (Some(client), _) if problem.registered => client.clone(),
        (Some(client), _) => format!("{client} (not registered)"),
        (None, Some(connection)) => format!("connection {connection}"),
        (None, None) => "no client".to_owned(),
    };
    let head = output.styled(Style::Bold, &escaped(&whose));
    output.raw(&format!("{head}  {}  {}\n", problem.refusal.reason.code(), escaped(&problem.endpoint)))?;
    output.line(format!("  {}", problem.text))?;
    if problem.mended {
        output.line("  mended since: as the client is registered now, this is not refused any more")?;
    }
    if let Some(mend) = &problem.mend {
        output.line(format!("  → {mend}"))?;
    }
    let times = if problem.count == 1 { "once".to_owned() } else { format!("{} times", problem.count) };
    output.line(format!("  {times}, last {} (request {})", problem.last_at, problem.last_request_id))
}
