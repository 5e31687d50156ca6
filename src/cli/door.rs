//! Which door a subcommand goes through: the database of the settings here, or a server elsewhere.
//!
//! Owns the arguments and variables that say so. Where they name a server, nothing is done here instead.

use std::path::PathBuf;

use clap::Args;

use super::context::{Context, Desk, Instead, There, here_only};
use super::failure::{Failure, Outcome};
use super::frame::text_of;
use super::output::Output;
use super::remote::{Api, Http, Server, Service, Store};
use crate::config::load::Sources;
use crate::support::Secret;

/// Where something is done, and as whom.
#[derive(Args, Debug)]
pub(super) struct DoorArguments {
    /// Administer the server of this issuer by its API, and not the database here; HAECHI_SERVER says the same.
    ///
    /// `haechi login` signs in to it first.
    #[arg(long, global = true, value_name = "ISSUER", value_parser = Server::parse, display_order = 902)]
    server: Option<Server>,
    /// With --server: act as this service account, and not as who signed in; HAECHI_CLIENT_ID says the same.
    #[arg(long = "as", global = true, value_name = "CLIENT_ID", display_order = 903)]
    as_client: Option<String>,
    /// With --as: the file that has its secret. HAECHI_CLIENT_SECRET is the secret itself.
    #[arg(long, global = true, value_name = "FILE", display_order = 904)]
    client_secret_file: Option<PathBuf>,
}

/// A door.
pub(super) struct Door<'s> {
    sources: &'s Sources,
    there: Option<Server>,
    service: Option<Service>,
}

impl<'s> Door<'s> {
    /// The door that is asked for.
    pub(super) fn of(said: DoorArguments, sources: &'s Sources) -> Outcome<Self> {
        let DoorArguments { server, as_client, client_secret_file } = said;
        let there = match (server, sources.variable("HAECHI_SERVER")) {
            (Some(server), _) => Some(server),
            (None, Some(text)) => {
                Some(Server::parse(text).map_err(|why| Failure::usage(format!("HAECHI_SERVER: {why}")))?)
            }
            (None, None) => None,
        };
        if there.is_none() && (as_client.is_some() || client_secret_file.is_some()) {
            return Err(Failure::usage("--as and --client-secret-file go with --server"));
        }
        let client = as_client.or_else(|| sources.variable("HAECHI_CLIENT_ID").map(str::to_owned));
        let service = match client.filter(|_| there.is_some()) {
            Some(client) => Some(Service::new(client, secret(client_secret_file, sources)?)),
            None => None,
        };
        Ok(Self { sources, there, service })
    }

    /// The server elsewhere that is named.
    pub(super) fn server(&self) -> Outcome<&Server> {
        self.there.as_ref().ok_or_else(|| {
            Failure::usage("--server is missing: the issuer of the server, such as https://id.example.com")
        })
    }

    /// Refuses a server elsewhere: what is to be done is done on this machine.
    pub(super) fn must_be_here(&self) -> Outcome {
        if self.there.is_some() { Err(here_only(Instead::OnTheMachine)) } else { Ok(()) }
    }

    /// Runs a subcommand that has this door alone: the database.
    pub(super) fn here(self, output: Output, run: impl AsyncFnOnce(&mut Context) -> Outcome) -> Outcome {
        self.must_be_here()?;
        Context::within(self.sources.load()?, output, run)
    }

    /// Runs a subcommand that has both.
    pub(super) fn either(self, output: Output, run: impl AsyncFnOnce(&mut Desk) -> Outcome) -> Outcome {
        let config = self.sources.load()?;
        let Some(server) = self.there else { return Context::at_desk(config, output, run) };
        let store = Store::of_user(self.sources)?;
        let api = Api::of(Http::new(&config.network)?, server, (store, self.service))?;
        There::within(api, output, run)
    }
}

/// The secret of a service account. It is no argument: every process of the machine can read those.
fn secret(file: Option<PathBuf>, sources: &Sources) -> Outcome<Secret<String>> {
    if let Some(file) = file {
        let (text, name) = text_of(&file)?;
        let secret = text.trim();
        return if secret.is_empty() { Err(Failure::usage(format!("{name} is empty"))) } else { Ok(secret.into()) };
    }
    let set = sources.variable("HAECHI_CLIENT_SECRET");
    set.map(Secret::<String>::from).ok_or_else(|| {
        Failure::usage("the secret of the service account is missing: --client-secret-file, or HAECHI_CLIENT_SECRET")
    })
}
