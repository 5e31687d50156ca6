//! The fields of an account as arguments.

use clap::Args;

use crate::admin::users::UserResource;

/// What most accounts need. A JSON file can say everything. An empty text takes a value away.
#[derive(Args, Debug)]
#[group(id = "Form", multiple = true)]
pub(super) struct Form {
    /// What to call the end-user.
    #[arg(long)]
    name: Option<String>,
    /// The language of pages: en or ko.
    #[arg(long)]
    locale: Option<String>,
    /// The address is known to be the end-user's.
    #[arg(long)]
    verified: bool,
}

impl Form {
    /// The document: what was named, and nothing else.
    pub(super) fn read(self) -> UserResource {
        let Self { name, locale, verified } = self;
        UserResource { name, locale, email_verified: verified.then_some(true), ..UserResource::default() }
    }
}
