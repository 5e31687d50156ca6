//! Listing clients.

use clap::Args;

use super::super::context::{Context, Desk};
use super::super::failure::Outcome;
use super::super::frame::{self, Kind};
use super::super::remote::Items;
use super::Clients;
use crate::admin::clients::{self, ClientResource};
use crate::model::client::ClientId;

#[derive(Args, Debug)]
pub(in super::super) struct List {
    /// Only clients whose id comes after this one.
    #[arg(long, value_name = "CLIENT_ID", value_parser = ClientId::parse)]
    after: Option<ClientId>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl List {
    /// Prints what was found: a table, or a list of documents.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let Items { items, more } = match desk {
            Desk::Here(context) => self.here(context).await?,
            Desk::There(there) => {
                let after = self.after.as_ref().map(ClientId::as_str);
                there.api.list(Clients::PATH, (&[], after), self.limit as usize).await?
            }
        };
        let output = desk.output();
        frame::list::<Clients>(output, &items)?;
        let goes_on = more && !output.is_json();
        output.more(items.last().filter(|_| goes_on).map(Clients::name))
    }

    /// Those on the database.
    async fn here(&self, context: &Context) -> Outcome<Items<ClientResource>> {
        let page = clients::list(&context.app.admin, &context.authority, self.after.as_ref(), self.limit).await?;
        Ok(Items { items: frame::documents::<Clients>(context, &page.items), more: page.more })
    }
}
