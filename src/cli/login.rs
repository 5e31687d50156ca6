//! `haechi login` and `haechi logout`: being somebody at a server elsewhere.

use clap::Args;
use serde_json::json;

use super::context::runtime;
use super::failure::Outcome;
use super::output::Output;
use super::remote::{Asked, CLIENT_ID, Endpoints, Entry, Http, Server, Store, end, sign_in};
use crate::config::load::Sources;

/// Sign in to a server elsewhere, in the browser. The commands that have `--server` act as you then.
///
/// The server knows this program as a client, haechi-cli, which an owner registers once:
///
/// haechi clients create --client-id haechi-cli --kind native --name 'Haechi on the command line' --redirect-uri http://127.0.0.1/callback --scope 'openid haechi:read haechi:write offline_access' --id-token-algorithm ES256
///
/// What it gets is kept in haechi/credentials.json below $XDG_CONFIG_HOME or ~/.config, for you alone, until `haechi logout`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi login --server https://id.example.com
  haechi login --server https://id.example.com --no-browser")]
pub(super) struct Login {
    /// The client that this program is to the server.
    #[arg(long, value_name = "CLIENT_ID", default_value = CLIENT_ID)]
    client: String,
    /// Only print the URL: to be opened elsewhere on this machine, or through a port that is forwarded to it.
    #[arg(long)]
    no_browser: bool,
}

/// Sign out of a server elsewhere: what `haechi login` got counts no more, and is deleted.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi logout --server https://id.example.com")]
pub(super) struct Logout {}

impl Login {
    /// Signs in, and keeps what the server gave. The sign-in that it takes the place of is over.
    pub(super) fn run(self, (sources, server): (&Sources, &Server), output: &mut Output) -> Outcome {
        let (store, http) = (Store::of_user(sources)?, Http::new(&sources.load()?.network)?);
        // A file that others may read is refused before anything is put into it.
        store.find(server)?;
        let asked = Asked::of(self.client, !self.no_browser);
        runtime()?.block_on(async {
            let endpoints = Endpoints::of(&http, server).await?;
            let granted = sign_in(&http, server, &endpoints, &asked).await?;
            if let Some(replaced) = store.put(server, Entry::of(&endpoints, &asked, granted))? {
                end(&http, &replaced).await;
            }
            Outcome::Ok(())
        })?;
        output.tell(format!("You are signed in to {server}."), &json!({ "signed_in": server.as_str() }))
    }
}

impl Logout {
    /// Has the server end the grant, and forgets it. It is forgotten where the server is away, too, which is said.
    pub(super) fn run((sources, server): (&Sources, &Server), output: &mut Output) -> Outcome {
        let store = Store::of_user(sources)?;
        let Some(entry) = store.find(server)? else {
            return output.tell(format!("Nobody is signed in to {server}."), &json!({ "signed_out": server.as_str() }));
        };
        store.forget(server)?;
        let http = Http::new(&sources.load()?.network)?;
        runtime()?.block_on(end(&http, &entry));
        output.tell(format!("You are signed out of {server}."), &json!({ "signed_out": server.as_str() }))
    }
}
