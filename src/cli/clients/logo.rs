//! `haechi clients logo`: the picture beside a client's name.

use clap::Args;

use super::Clients;
use crate::admin::clients;
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;
use crate::cli::frame::One;
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
        let context = desk.here()?;
        let picture = self.picture.read()?;
        let id = self.one.find(context).await?.id;
        let (admin, authority) = (&context.app.admin, &context.authority);
        let sentence = if let Some(picture) = picture {
            clients::set_logo(admin, authority, &id, &picture).await?;
            format!("{id} has a new logo.")
        } else {
            clients::remove_logo(admin, authority, &id).await?;
            format!("{id} has no logo that was uploaded.")
        };
        self.one.tell(desk, sentence).await
    }
}
