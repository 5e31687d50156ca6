//! What the subcommands for accounts, clients and connections have in common: list, show, create, update, enable, disable and delete.
//!
//! Owns the arguments that they share, reading documents, and saying what is wrong with one in the words that it was said in. Leaves to each
//! [`Kind`] what its documents are, which functions of `admin` change it, and what is said afterwards.

use std::fmt::{Debug, Display};
use std::io::Read;
use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome, Problem};
use crate::admin::document::{self, Document};
use crate::admin::{FieldError, FieldProblem, Rejected};

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
    /// The arguments that fill in its document.
    const ARGUMENTS: &'static [Argument];

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
    /// Says what was made or changed.
    fn tell(context: &mut Context, changed: &Self::Changed, what: Done) -> Outcome;

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
pub(super) trait Switched: Kind {
    /// Switches one on or off.
    async fn set_enabled(context: &Context, model: &Self::Model, enabled: bool) -> Result<(), Rejected>;
}

/// An argument that fills in a field of a document: the field, the option, and what would be right for both.
pub(super) type Argument = (&'static str, &'static str, &'static str);

/// What a document was said in, which is what its problems are named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    InOptions,
    InADocument,
}

impl Said {
    const fn of(file: Option<&Path>) -> Self {
        if file.is_some() { Self::InADocument } else { Self::InOptions }
    }

    /// The failure that a refusal is, in the operator's own words.
    pub(super) fn refused<K: Kind>(self, rejected: Rejected) -> Failure {
        match rejected {
            Rejected::Invalid(problems) => {
                Failure::invalid(problems.iter().map(|problem| self.problem::<K>(problem)).collect())
            }
            other => other.into(),
        }
    }

    fn problem<K: Kind>(self, problem: &FieldProblem) -> Problem {
        let FieldProblem { field, value, error } = problem;
        let whole = field.split_inclusive('#').next().and_then(|it| it.split('.').next()).unwrap_or(field);
        let argument = K::ARGUMENTS.iter().find(|(name, ..)| *name == whole);
        let example = argument.map(|(_, _, example)| *example).filter(|_| is_of_shape(error));
        let option = argument.map(|(_, option, _)| *option).filter(|_| self == Self::InOptions);
        let name = match option {
            Some(option) if whole == field => option.to_owned(),
            Some(option) => format!("{option} ({field})"),
            None => field.clone(),
        };
        let example_text = example.map_or_else(String::new, |example| format!("; for example {example}"));
        let value = value.as_ref().map_or_else(String::new, |value| format!("{value:?} "));
        let detail = format!("{name}: {value}{error}{example_text}");
        Problem { option, detail, example, ..Problem::from(problem) }
    }
}

/// Whether another text in its place would be right, so that an example helps.
const fn is_of_shape(error: &FieldError) -> bool {
    use FieldError::{
        Domain, Email, Line, Locale, Missing, NotATenant, NotAUrl, NotAnIssuer, NotHttps, RedirectUri, Resource, Scope,
        Slug,
    };
    matches!(
        error,
        Domain
            | Email
            | Line(_)
            | Locale
            | Missing
            | NotATenant
            | NotAUrl
            | NotAnIssuer
            | NotHttps
            | RedirectUri(..)
            | Resource(_)
            | Scope(_)
            | Slug
    )
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

/// One of them, to be deleted.
#[derive(Args, Debug)]
pub(super) struct Delete<K: Kind> {
    #[command(flatten)]
    pub(super) one: One<K>,
    #[command(flatten)]
    confirmation: Confirmation,
}

impl<K: Kind> One<K> {
    /// The one that is meant.
    pub(super) async fn find(&self, context: &Context) -> Outcome<K::Model> {
        find::<K>(context, &self.key).await
    }

    /// Shows it: a document, for operators and programs alike.
    pub(super) async fn show(&self, context: &mut Context) -> Outcome {
        let model = self.find(context).await?;
        let document = K::shown(context, &model).await?;
        context.output.json(&document)
    }

    /// Says what was done to it; programs get it as it is now.
    pub(super) async fn tell(&self, context: &mut Context, sentence: String) -> Outcome {
        if context.output.is_json() { self.show(context).await } else { context.output.line(sentence) }
    }

    /// Changes it by a document from a file, or by what `form` says of the one that there is. What is no longer in its lists is named, as
    /// a list that is said replaces the one before.
    pub(super) async fn update(
        &self,
        context: &mut Context,
        file: Option<&Path>,
        form: impl FnOnce(&K::Model) -> Outcome<K::Document>,
    ) -> Outcome {
        let was = self.find(context).await?;
        let document = file.map_or_else(|| form(&was), read::<K>)?;
        let updated = K::update(context, &was, &document).await;
        let changed = updated.map_err(|why| Said::of(file).refused::<K>(why))?;
        if context.output.is_json() {
            let shown = K::json(context, &changed)?;
            return context.output.json(&shown);
        }
        if K::version(K::changed(&changed)) == K::version(&was) {
            return context.output.line(format!("{} is unchanged.", self.key));
        }
        K::tell(context, &changed, Done::Updated)?;
        let before = K::document(context, &was);
        let gone = removed(&before, &K::document(context, K::changed(&changed)), K::ARGUMENTS)?;
        gone.iter().try_for_each(|(field, item)| context.output.line(format!("removed: {item} ({field})")))
    }
}

impl<K: Switched> One<K> {
    /// Switches it on or off.
    pub(super) async fn set_enabled(&self, context: &mut Context, enabled: bool) -> Outcome {
        let model = self.find(context).await?;
        K::set_enabled(context, &model, enabled).await.map_err(|why| Said::InOptions.refused::<K>(why))?;
        let state = if enabled { "switched on" } else { "switched off" };
        self.tell(context, format!("{} is {state}.", self.key)).await
    }
}

impl<K: Kind> Delete<K> {
    /// Refuses unless it was said, or is answered now, that this may be done.
    pub(super) fn confirm(&self, question: &str) -> Outcome {
        self.confirmation.given(question, "nothing was deleted")
    }
}

/// What the lists of a document had before and have no more, each with its field. Only lists that an operator says are looked at, and not what
/// follows from them.
fn removed<D: Document>(before: &D, after: &D, said: &[Argument]) -> Outcome<Vec<(&'static str, String)>> {
    let (before, after) = (members(before)?, members(after)?);
    let of = |(field, ..): &Argument| {
        let kept = items(field, &after[*field]);
        let gone = items(field, &before[*field]).into_iter().filter(move |item| !kept.contains(item));
        gone.map(|item| (*field, item)).collect::<Vec<_>>()
    };
    Ok(said.iter().flat_map(of).collect())
}

fn members(document: &impl Document) -> Outcome<Value> {
    serde_json::to_value(document).map_err(Failure::of)
}

/// What is in a list: RFC 7591 section 2 has `scope` as one text, "a space-separated list of scope values".
fn items(field: &str, list: &Value) -> Vec<String> {
    match list {
        Value::Array(items) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::String(text) if field == "scope" => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Says what is gone.
pub(super) fn tell_deleted(context: &mut Context, key: impl Display, sentence: String) -> Outcome {
    context.output.tell(sentence, &json!({ "deleted": key.to_string() }))
}

/// Prints what was found: a table, or a list of documents.
pub(super) fn list<K: Kind>(context: &mut Context, found: &[K::Model]) -> Outcome {
    if context.output.is_json() {
        let documents: Vec<_> = found.iter().map(|one| K::document(context, one)).collect();
        return context.output.json(&documents);
    }
    context.output.table(K::HEAD, &found.iter().map(K::row).collect::<Vec<_>>())
}

/// The one of this key.
pub(super) async fn find<K: Kind>(context: &Context, key: &K::Key) -> Outcome<K::Model> {
    match K::find(context, key).await? {
        Some(found) => Ok(found),
        None => Err(missing::<K>(&key.to_string(), K::meant(context, &key.to_string()).await?.as_deref())),
    }
}

/// There is nothing of this key; what was probably meant.
pub(super) fn missing<K: Kind>(key: &str, meant: Option<&str>) -> Failure {
    let meant = meant.map_or_else(|| ";".to_owned(), |meant| format!("; did you mean {meant}? If not,"));
    Failure::of(format!("there is no {} {key}{meant} `haechi {} list` shows them all", K::NAME, K::COMMAND))
}

/// Makes one of a document from a file, or of what `form` says.
pub(super) async fn create<K: Kind>(
    context: &mut Context,
    file: Option<&Path>,
    form: impl FnOnce() -> Outcome<K::Document>,
) -> Outcome {
    let document = file.map_or_else(form, read::<K>)?;
    let created = K::create(context, document).await.map_err(|why| Said::of(file).refused::<K>(why))?;
    if context.output.is_json() {
        let shown = K::json(context, &created)?;
        return context.output.json(&shown);
    }
    K::tell(context, &created, Done::Created)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::clients::ClientResource;

    #[test]
    fn what_is_no_longer_in_a_list_is_named_and_what_follows_from_one_is_not() {
        let before: ClientResource = serde_json::from_value(json!({
            "redirect_uris": ["https://a.example/", "https://b.example/"],
            "scope": "openid read write",
            "response_types": ["code"],
        }))
        .unwrap();
        let after: ClientResource =
            serde_json::from_value(json!({ "redirect_uris": ["https://b.example/"], "scope": "openid write" }))
                .unwrap();
        let said = [("redirect_uris", "--redirect-uri", ""), ("scope", "--scope", "")];
        let gone = removed(&before, &after, &said).unwrap();
        assert_eq!(gone, [("redirect_uris", "https://a.example/".to_owned()), ("scope", "read".to_owned())]);
        assert!(removed(&after, &after, &said).unwrap().is_empty());
    }
}
