//! `haechi clients logo`: the picture beside a client's name.

use clap::Args;

use super::Clients;
use crate::admin::clients;
use crate::cli::context::{Context, Desk};
use crate::cli::failure::Outcome;
use crate::cli::frame::{self, One};
use crate::cli::picture::Picture;

/// Give a client a logo, which this server serves, or take it away.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi clients logo shop logo.png\n  haechi clients logo shop --remove")]
pub(in crate::cli) struct Logo {
    #[command(flatten)]
    one: One<Clients>,
    #[command(flatten)]
    picture: Picture,
}

impl Logo {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let has_one = match desk {
            Desk::Here(context) => self.set(context).await?,
            Desk::There(_) => {
                let path = format!("{}/logo", frame::path::<Clients>(&self.one.document(desk).await?));
                let Desk::There(there) = desk else { return Ok(()) };
                self.picture.put(there, &path).await?
            }
        };
        let id = self.one.key();
        let sentence =
            if has_one { format!("{id} has a new logo.") } else { format!("{id} has no logo that was uploaded.") };
        self.one.tell(desk, sentence).await
    }

    /// Changes it on the database. `false` where it is taken away.
    async fn set(&self, context: &Context) -> Outcome<bool> {
        let picture = self.picture.read()?;
        let id = self.one.find(context).await?.id;
        let (admin, authority) = (&context.app.admin, &context.authority);
        if let Some(picture) = picture {
            clients::set_logo(admin, authority, &id, &picture).await?;
            return Ok(true);
        }
        clients::remove_logo(admin, authority, &id).await?;
        Ok(false)
    }
}
