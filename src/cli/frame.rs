//! What the subcommands for accounts, clients and connections have in common: list, show, create, update, enable, disable and delete.
//!
//! Owns the arguments that they share, reading documents, and asking before something is gone. Leaves to each [`Kind`] what its documents
//! are, which functions of `admin` change it, and what is said afterwards.

use std::fmt::{Debug, Display};
use std::io::Read;
use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::prompt;
use crate::admin::Rejected;
use crate::admin::document::{self, Document};
use crate::support::escape::escaped;

/// The longest document that is read, in bytes.
const MAX_DOCUMENT: u64 = 1 << 20;

/// A kind of thing that is administered: what the shared subcommands need to know of it.
pub(super) trait Kind: Debug + Clone + Send + Sync + 'static {
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

    /// Reads a key.
    fn key(text: &str) -> Result<Self::Key, String>;
    /// The document of one of them.
    fn document(context: &Context, model: &Self::Model) -> Self::Document;
    /// The same with what is known of it besides, where one is shown alone.
    async fn shown(context: &Context, model: &Self::Model) -> Result<Self::Document, Rejected> {
        Ok(Self::document(context, model))
    }
    /// Its line in the table.
    fn row(model: &Self::Model) -> Vec<String>;
    /// Counts its changes.
    fn version(model: &Self::Model) -> i64;
    /// What was made or changed, without what is shown this once.
    fn changed(changed: &Self::Changed) -> &Self::Model;
    /// What was made or changed, as JSON.
    fn json(context: &Context, changed: &Self::Changed) -> Outcome<Value> {
        serde_json::to_value(Self::document(context, Self::changed(changed))).map_err(Failure::of)
    }
    /// The option that says a field of the document, for errors.
    fn option(_field: &str) -> Option<&'static str> {
        None
    }
    /// Says what was made or changed.
    fn tell(context: &mut Context, changed: &Self::Changed, what: Done) -> Outcome;

    /// The one of this key.
    async fn find(context: &Context, key: &Self::Key) -> Result<Option<Self::Model>, Rejected>;
    /// Makes one.
    async fn create(context: &Context, document: Self::Document) -> Result<Self::Changed, Rejected>;
    /// Changes one.
    async fn update(context: &Context, was: &Self::Model, document: &Self::Document)
    -> Result<Self::Changed, Rejected>;
    /// Switches one on or off.
    async fn set_enabled(context: &Context, model: &Self::Model, enabled: bool) -> Result<(), Rejected>;
}

/// What was done to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Created,
    Updated,
}

/// One of them.
#[derive(Args, Debug)]
pub(super) struct One<K: Kind> {
    #[arg(value_name = K::KEY, help = K::KEY_HELP, value_parser = K::key)]
    key: K::Key,
}

/// One of them, to be shown.
#[derive(Args, Debug)]
pub(super) struct Show<K: Kind> {
    #[command(flatten)]
    one: One<K>,
    /// As JSON, which is how it is shown anyway.
    #[arg(long)]
    json: bool,
}

/// One of them, to be deleted.
#[derive(Args, Debug)]
pub(super) struct Delete<K: Kind> {
    #[command(flatten)]
    pub(super) one: One<K>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    /// Print what was deleted as JSON.
    #[arg(long)]
    json: bool,
}

/// How a list is printed.
#[derive(Args, Debug)]
pub(super) struct Listing {
    /// As JSON: a list of documents.
    #[arg(long)]
    json: bool,
}

impl<K: Kind> One<K> {
    /// The one that is meant.
    pub(super) async fn find(&self, context: &Context) -> Outcome<K::Model> {
        find::<K>(context, &self.key).await
    }

    /// Switches it on or off.
    pub(super) async fn set_enabled(&self, context: &mut Context, enabled: bool) -> Outcome {
        let model = self.find(context).await?;
        K::set_enabled(context, &model, enabled).await?;
        context.output.line(format!("{} is {}.", self.key, if enabled { "switched on" } else { "switched off" }))
    }

    /// Changes it by a document from a file, or by what `form` says.
    pub(super) async fn update(
        &self,
        context: &mut Context,
        file: Option<&Path>,
        form: impl FnOnce() -> Outcome<K::Document>,
        json: bool,
    ) -> Outcome {
        let was = self.find(context).await?;
        let document = file.map_or_else(form, read::<K>)?;
        let changed = K::update(context, &was, &document).await.map_err(|why| refused::<K>(why, file))?;
        if json {
            let shown = K::json(context, &changed)?;
            return context.output.json(&shown);
        }
        if K::version(K::changed(&changed)) == K::version(&was) {
            return context.output.line(format!("{} is unchanged.", self.key));
        }
        K::tell(context, &changed, Done::Updated)
    }
}

impl<K: Kind> Show<K> {
    pub(super) async fn run(&self, context: &mut Context) -> Outcome {
        let Self { one, json: _ } = self;
        let model = one.find(context).await?;
        let document = K::shown(context, &model).await?;
        context.output.json(&document)
    }
}

impl<K: Kind> Delete<K> {
    /// Refuses unless it was said, or is answered now, that this may be done.
    pub(super) fn confirm(&self, question: &str) -> Outcome {
        if self.yes || prompt::agreed(&escaped(question))? {
            Ok(())
        } else {
            Err(Failure::of("nothing was deleted; --yes deletes without asking"))
        }
    }

    /// Says what is gone.
    pub(super) fn tell(&self, context: &mut Context, key: impl Display, sentence: String) -> Outcome {
        if self.json {
            return context.output.json(&json!({ "deleted": key.to_string() }));
        }
        context.output.line(sentence)
    }
}

impl Listing {
    /// Prints what was found.
    pub(super) fn print<K: Kind>(&self, context: &mut Context, found: &[K::Model]) -> Outcome {
        if self.json {
            let documents: Vec<_> = found.iter().map(|one| K::document(context, one)).collect();
            return context.output.json(&documents);
        }
        context.output.table(K::HEAD, &found.iter().map(K::row).collect::<Vec<_>>())
    }

    /// Whether it is printed as JSON.
    pub(super) const fn is_json(&self) -> bool {
        self.json
    }
}

/// The one of this key.
pub(super) async fn find<K: Kind>(context: &Context, key: &K::Key) -> Outcome<K::Model> {
    let missing = || format!("there is no {} {key}; `haechi {} list` shows them all", K::NAME, K::COMMAND);
    K::find(context, key).await?.ok_or_else(|| Failure::of(missing()))
}

/// Makes one of a document from a file, or of what `form` says.
pub(super) async fn create<K: Kind>(
    context: &mut Context,
    file: Option<&Path>,
    form: impl FnOnce() -> Outcome<K::Document>,
    json: bool,
) -> Outcome {
    let document = file.map_or_else(form, read::<K>)?;
    let created = K::create(context, document).await.map_err(|why| refused::<K>(why, file))?;
    if json {
        let shown = K::json(context, &created)?;
        return context.output.json(&shown);
    }
    K::tell(context, &created, Done::Created)
}

/// Says what is wrong in the words of the caller: of options by their names, of a file by its members.
fn refused<K: Kind>(why: Rejected, file: Option<&Path>) -> Failure {
    match why {
        Rejected::Invalid(mut found) if file.is_none() => {
            for problem in &mut found {
                if let Some(option) = K::option(&problem.field) {
                    problem.field = format!("{option} ({})", problem.field);
                }
            }
            Rejected::Invalid(found).into()
        }
        other => other.into(),
    }
}

/// Reads a document from a file, or from standard input. It may hold secrets.
fn read<K: Kind>(file: &Path) -> Outcome<K::Document> {
    let (text, name) = text_of(file)?;
    document::read(&text).map_err(|why| Failure::usage(format!("{name} is no {} in JSON: {why}", K::NAME)))
}

/// What is in a file, or comes from standard input where it is called `-`, and what the source is called.
pub(super) fn text_of(file: &Path) -> Outcome<(Zeroizing<String>, String)> {
    let mut text = Zeroizing::new(String::new());
    if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_DOCUMENT).read_to_string(&mut text)?;
        return Ok((text, "standard input".to_owned()));
    }
    let name = file.display().to_string();
    let opened = std::fs::File::open(file).and_then(|file| file.take(MAX_DOCUMENT).read_to_string(&mut text));
    opened.map_err(|error| Failure::of(format!("cannot read {name}: {error}")))?;
    Ok((text, name))
}
