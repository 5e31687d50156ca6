//! The fields of an account as arguments.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::Value;

use crate::admin::users::UserResource;
use crate::cli::attributes::{pair, said};
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;
use crate::cli::frame::Argument;

/// The fields of the document, the arguments that fill them in, and what would be right.
pub(super) const ARGUMENTS: &[Argument] = &[
    ("email", "--email", "kim@example.com"),
    ("name", "--name", "'Kim Minji'"),
    ("locale", "--locale", "ko"),
    ("preferred_username", "--preferred-username", "minji"),
    ("given_name", "--given-name", "Minji"),
    ("family_name", "--family-name", "Kim"),
    ("nickname", "--nickname", "MJ"),
    ("picture", "--picture", "https://example.com/kim.png"),
    ("phone_number", "--phone-number", "+821012345678"),
    ("zoneinfo", "--zoneinfo", "Asia/Seoul"),
    ("email_verified", "--verified", "true"),
    ("attributes", "--attribute", "employee_number=1234"),
    ("roles", "--role", "auditor"),
];

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
    /// The short name that the end-user wishes to be known by in apps.
    #[arg(long, value_name = "NAME")]
    preferred_username: Option<String>,
    /// The given name.
    #[arg(long, value_name = "NAME")]
    given_name: Option<String>,
    /// The family name.
    #[arg(long, value_name = "NAME")]
    family_name: Option<String>,
    /// A casual name.
    #[arg(long, value_name = "NAME")]
    nickname: Option<String>,
    /// The URL of a picture.
    #[arg(long, value_name = "URL")]
    picture: Option<String>,
    /// The telephone number, with its country code.
    #[arg(long, value_name = "NUMBER")]
    phone_number: Option<String>,
    /// The time zone, such as Asia/Seoul.
    #[arg(long, value_name = "ZONE")]
    zoneinfo: Option<String>,
    /// A custom attribute, as `haechi attributes list` names it. Can be repeated; the texts of a list are separated by semicolons, and an empty
    /// value takes it away.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(super) attribute: Vec<(String, String)>,
    /// The address is known to be the end-user's, as `haechi users verify` says of one that is there.
    #[arg(long)]
    verified: bool,
}

impl Form {
    /// The document: what was named, and nothing else. Attributes need their types besides: [`Form::attributes`].
    pub(super) fn read(self) -> UserResource {
        let Self {
            name,
            locale,
            preferred_username,
            given_name,
            family_name,
            nickname,
            picture,
            phone_number,
            zoneinfo,
            attribute: _,
            verified,
        } = self;
        UserResource {
            name,
            locale,
            preferred_username,
            given_name,
            family_name,
            nickname,
            picture,
            phone_number,
            zoneinfo,
            email_verified: verified.then_some(true),
            ..UserResource::default()
        }
    }

    /// What was named of custom attributes, in the types that these have; `None` where nothing was.
    pub(super) async fn attributes(&self, desk: &mut Desk) -> Outcome<Option<BTreeMap<String, Value>>> {
        if self.attribute.is_empty() { Ok(None) } else { said(desk, &self.attribute).await.map(Some) }
    }
}
