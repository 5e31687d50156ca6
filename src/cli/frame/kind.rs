//! What the shared subcommands need to know of a kind of thing.

use std::fmt::{Debug, Display};

use serde_json::Value;

use crate::admin::Rejected;
use crate::admin::document::Document;
use crate::cli::context::{Context, Desk};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::remote::place;
use crate::support::Secret;

/// A kind of thing that is administered: what the shared subcommands need to know of it.
pub(in crate::cli) trait Kind: Debug + Clone + Send + Sync + 'static {
    /// What tells two of them apart.
    type Key: Debug + Display + Clone + Send + Sync + 'static;
    /// One of them.
    type Model;
    /// What is shown of it, and said of it.
    type Document: Document;
    /// One that was made or changed, with what is shown this once.
    type Changed;

    /// What one of them is called: `client`.
    const NAME: &'static str;
    /// The subcommand of `haechi`: `clients`.
    const COMMAND: &'static str;
    /// What stands for the key in usage texts.
    const KEY: &'static str;
    /// What the key is, for `--help`.
    const KEY_HELP: &'static str;
    /// The head of the table.
    const HEAD: &'static [&'static str];
    /// The arguments that fill in its document.
    const ARGUMENTS: &'static [Argument];
    /// Where the API has them: `/clients`.
    const PATH: &'static str;
    /// What a document calls the secret that is shown once.
    const SHOWN_ONCE: &'static str = "client_secret";
    /// The members that are objects and are said as a whole: a merge patch (RFC 7396) would keep what is not named of them.
    const WHOLE: &'static [&'static str] = &[];

    /// The member that is shown beside the document of one, and what changes it. A file may say it as long as it says what is so; for a new one it is
    /// passed over.
    const BESIDE: Option<(&'static str, &'static str)> = None;

    /// Reads a key.
    fn key(text: &str) -> Result<Self::Key, String>;
    /// The document of one of them.
    fn document(context: &Context, model: &Self::Model) -> Self::Document;
    /// The same with what is known of it besides, where one is shown alone.
    async fn shown(context: &Context, model: &Self::Model) -> Result<Self::Document, Rejected> {
        Ok(Self::document(context, model))
    }
    /// What the API knows it by.
    fn name(document: &Self::Document) -> &str;
    /// The same of a server elsewhere.
    async fn shown_there(_: &mut Desk, document: Self::Document) -> Outcome<Self::Document> {
        Ok(document)
    }
    /// What that member says.
    async fn beside(_: &mut Desk, _: &Self::Document) -> Outcome<Value> {
        Ok(Value::Null)
    }
    /// Its line in the table.
    fn row(document: &Self::Document) -> Vec<String>;
    /// Counts its changes.
    fn version(document: &Self::Document) -> Option<i64>;
    /// What a document says that it never shows.
    fn secrets(_: &Self::Document) -> Vec<(&'static str, &Secret<String>)> {
        Vec::new()
    }
    /// What was made or changed, without what is shown this once.
    fn made(context: &Context, changed: &Self::Changed) -> Self::Document;
    /// The secret that is shown this once.
    fn shown_once(_: &Self::Changed) -> Option<Secret<String>> {
        None
    }
    /// Puts that secret into the document that programs get.
    fn issue(document: &mut Value, secret: &Secret<String>) {
        document[Self::SHOWN_ONCE] = secret.expose().as_str().into();
    }
    /// Says what was made or changed.
    fn tell(output: &mut Output, made: &Made<Self>, what: Done) -> Outcome;

    /// The one of this key, of a server elsewhere.
    async fn find_there(desk: &mut Desk, key: &Self::Key) -> Outcome<Option<Self::Document>> {
        let path = place(Self::PATH, &key.to_string());
        match desk {
            Desk::There(there) => there.api.find(&path).await,
            Desk::Here(_) => Ok(None),
        }
    }
    /// The one of this key.
    async fn find(context: &Context, key: &Self::Key) -> Result<Option<Self::Model>, Rejected>;
    /// The keys that were probably meant by one that there is not.
    async fn meant(_: &Context, _: &str) -> Result<Option<String>, Rejected> {
        Ok(None)
    }
    /// Makes one.
    async fn create(context: &Context, document: Self::Document) -> Result<Self::Changed, Rejected>;
    /// Changes one.
    async fn update(context: &Context, was: &Self::Model, document: &Self::Document)
    -> Result<Self::Changed, Rejected>;
}

/// A kind of thing that is on or off.
pub(in crate::cli) trait Switched: Kind {
    /// Switches one on or off.
    async fn set_enabled(context: &Context, model: &Self::Model, enabled: bool) -> Result<(), Rejected>;
}

/// What was made or changed, at either door.
pub(in crate::cli) struct Made<K: Kind> {
    pub(in crate::cli) document: K::Document,
    /// What is shown this once.
    pub(in crate::cli) secret: Option<Secret<String>>,
    /// All of it, for programs.
    pub(in crate::cli) json: Value,
}

impl<K: Kind> Made<K> {
    /// That of a change on the database.
    pub(in crate::cli) fn here(context: &Context, changed: &K::Changed) -> Outcome<Self> {
        Self::of(K::made(context, changed), K::shown_once(changed))
    }

    /// That of a change elsewhere, as the API answers it.
    pub(in crate::cli) fn there(mut answer: Value) -> Outcome<Self> {
        let secret = answer.as_object_mut().and_then(|members| members.remove(K::SHOWN_ONCE));
        let secret = secret.as_ref().and_then(Value::as_str).map(Secret::<String>::from);
        Self::of(serde_json::from_value(answer).map_err(Failure::of)?, secret)
    }

    fn of(document: K::Document, secret: Option<Secret<String>>) -> Outcome<Self> {
        let mut json = serde_json::to_value(&document).map_err(Failure::of)?;
        if let Some(secret) = &secret {
            K::issue(&mut json, secret);
        }
        Ok(Self { document, secret, json })
    }

    /// Prints it.
    pub(in crate::cli) fn print(&self, output: &mut Output, what: Done) -> Outcome {
        if output.is_json() { output.json(&self.json) } else { K::tell(output, self, what) }
    }
}

/// An argument that fills in a field of a document: the field, the option, and what would be right for both.
pub(in crate::cli) type Argument = (&'static str, &'static str, &'static str);

/// What was done to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Done {
    Created,
    Updated,
}
