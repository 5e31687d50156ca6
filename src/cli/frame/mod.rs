//! What the subcommands for accounts, clients and connections have in common: list, show, create, update, enable, disable and delete.
//!
//! Owns the arguments that they share, reading documents, saying what is wrong with one in the words that it was said in, and going through either
//! door: at a [`Desk`] here it calls the functions of `admin`, and of a server elsewhere the operations of its API, which are those functions. Leaves to each
//! [`Kind`] what its documents are, which functions change it, where the API has it, and what is said afterwards.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Read;
use std::path::Path;

use clap::Args;
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::confirmation::Confirmation;
use super::context::{Context, Desk};
use super::failure::{Failure, Outcome};
use super::output::Output;
use super::remote::place;
use crate::admin::document::{self, Document};

mod kind;
mod said;

pub(super) use kind::{Argument, Done, Kind, Made, Switched};
pub(super) use said::Said;

/// The longest document that is read, in bytes.
const MAX_DOCUMENT: u64 = 1 << 20;

/// One of them.
#[derive(Args, Debug)]
pub(super) struct One<K: Kind> {
    #[arg(value_name = K::KEY, help = K::KEY_HELP, value_parser = K::key)]
    key: K::Key,
}

/// One of them as it is shown: its document, and what is known beside.
#[derive(Serialize)]
struct Shown<'a, D> {
    #[serde(flatten)]
    document: &'a D,
    #[serde(flatten)]
    beside: BTreeMap<&'static str, Value>,
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
    /// What it is known by.
    pub(super) const fn key(&self) -> &K::Key {
        &self.key
    }

    /// The one that is meant, on the database.
    pub(super) async fn find(&self, context: &Context) -> Outcome<K::Model> {
        find::<K>(context, &self.key).await
    }

    /// The document of the one that is meant.
    pub(super) async fn document(&self, desk: &mut Desk) -> Outcome<K::Document> {
        document::<K>(desk, &self.key).await
    }

    /// Shows it: a document, for operators and programs alike.
    pub(super) async fn show(&self, desk: &mut Desk) -> Outcome {
        let document = match desk {
            Desk::Here(context) => {
                let model = self.find(context).await?;
                K::shown(context, &model).await?
            }
            Desk::There(_) => {
                let found = self.document(desk).await?;
                K::shown_there(desk, found).await?
            }
        };
        let beside = match K::BESIDE {
            Some((name, _)) => Some((name, K::beside(desk, &document).await?)),
            None => None,
        };
        desk.output().json(&Shown { document: &document, beside: beside.into_iter().collect() })
    }

    /// Says what was done to it; programs get it as it is now.
    pub(super) async fn tell(&self, desk: &mut Desk, sentence: String) -> Outcome {
        if desk.output().is_json() { self.show(desk).await } else { desk.output().line(sentence) }
    }

    /// Changes it by a document from a file, or by what `form` says of the one that there is. What is no longer in its lists is named, as
    /// a list that is said replaces the one before.
    pub(super) async fn update(
        &self,
        desk: &mut Desk,
        file: Option<&Path>,
        form: impl FnOnce(&K::Document) -> Outcome<K::Document>,
    ) -> Outcome {
        let was = self.document(desk).await?;
        let said = match file {
            Some(file) => {
                let (said, beside) = read::<K>(file)?;
                unchanged_beside::<K>(desk, &was, beside).await?;
                said
            }
            None => form(&was)?,
        };
        let made = self.save(desk, Said::of(file), (&was, &said)).await?;
        let output = desk.output();
        if output.is_json() {
            return output.json(&made.json);
        }
        if K::version(&made.document) == K::version(&was) {
            return output.line(format!("{} is unchanged.", self.key));
        }
        K::tell(output, &made, Done::Updated)?;
        let gone = removed(&was, &made.document, K::ARGUMENTS)?;
        gone.iter().try_for_each(|(field, item)| output.line(format!("removed: {item} ({field})")))
    }

    /// Changes it as a document says.
    pub(super) async fn save(
        &self,
        desk: &mut Desk,
        said: Said,
        (was, document): (&K::Document, &K::Document),
    ) -> Outcome<Made<K>> {
        match desk {
            Desk::Here(context) => {
                let model = self.find(context).await?;
                let updated = K::update(context, &model, document).await;
                Made::<K>::here(context, &updated.map_err(|why| said.refused::<K>(why))?)
            }
            Desk::There(there) => {
                let mut patch = body::<K>(document)?;
                take_away::<K>(&mut patch, was)?;
                let updated = there.api.send(Method::PATCH, &path::<K>(was), Some(&patch)).await;
                Made::<K>::there(updated.map_err(|why| said.refused_there::<K>(why))?)
            }
        }
    }
}

impl<K: Switched> One<K> {
    /// Switches it on or off.
    pub(super) async fn set_enabled(&self, desk: &mut Desk, enabled: bool) -> Outcome {
        match desk {
            Desk::Here(context) => {
                let model = self.find(context).await?;
                K::set_enabled(context, &model, enabled).await.map_err(|why| Said::InOptions.refused::<K>(why))?;
            }
            Desk::There(_) => {
                let was = self.document(desk).await?;
                let action = if enabled { "enable" } else { "disable" };
                act_there::<K>(desk, &was, (Method::POST, action, None)).await?;
            }
        }
        let state = if enabled { "switched on" } else { "switched off" };
        self.tell(desk, format!("{} is {state}.", self.key)).await
    }
}

impl<K: Kind> Delete<K> {
    /// Refuses unless it was said, or is answered now, that this may be done.
    pub(super) fn confirm(&self, question: &str) -> Outcome {
        self.confirmation.given(question, "nothing was deleted")
    }
}

/// Where the API has one.
pub(super) fn path<K: Kind>(document: &K::Document) -> String {
    place(K::PATH, K::name(document))
}

/// A document as it is sent: with the secrets that it never shows.
fn body<K: Kind>(document: &K::Document) -> Outcome<Value> {
    let mut body = members(document)?;
    for (name, secret) in K::secrets(document) {
        body[name] = secret.expose().as_str().into();
    }
    Ok(body)
}

/// Says of the objects that are said as a whole what is not in them any more.
fn take_away<K: Kind>(patch: &mut Value, was: &K::Document) -> Outcome {
    let was = members(was)?;
    for name in K::WHOLE {
        let (Some(said), Some(had)) = (patch.get_mut(*name).and_then(Value::as_object_mut), was[*name].as_object())
        else {
            continue;
        };
        for gone in had.keys() {
            said.entry(gone.as_str()).or_insert(Value::Null);
        }
    }
    Ok(())
}

/// Has the API of a server elsewhere do something to one, which is a path below its own.
pub(super) async fn act_there<K: Kind>(
    desk: &mut Desk,
    document: &K::Document,
    (method, action, body): (Method, &str, Option<&Value>),
) -> Outcome<Made<K>> {
    let Desk::There(there) = desk else { return Err(Failure::of("nothing was asked of a server elsewhere")) };
    let sent = there.api.send(method, &format!("{}/{action}", path::<K>(document)), body).await;
    Made::<K>::there(sent.map_err(|why| Said::InOptions.refused_there::<K>(why))?)
}

/// Deletes one of a server elsewhere.
pub(super) async fn delete_there<K: Kind>(desk: &mut Desk, document: &K::Document, query: &[(&str, &str)]) -> Outcome {
    let Desk::There(there) = desk else { return Err(Failure::of("nothing was asked of a server elsewhere")) };
    if there.api.done(Method::DELETE, &path::<K>(document), (query, None)).await? {
        return Ok(());
    }
    Err(missing::<K>(K::name(document), None))
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
pub(super) fn tell_deleted(output: &mut Output, key: impl Display, sentence: String) -> Outcome {
    output.tell(sentence, &json!({ "deleted": key.to_string() }))
}

/// The documents of some.
pub(super) fn documents<K: Kind>(context: &Context, found: &[K::Model]) -> Vec<K::Document> {
    found.iter().map(|one| K::document(context, one)).collect()
}

/// Prints what was found: a table, or a list of documents.
pub(super) fn list<K: Kind>(output: &mut Output, found: &[K::Document]) -> Outcome {
    if output.is_json() {
        return output.json(&found);
    }
    output.table(K::HEAD, &found.iter().map(K::row).collect::<Vec<_>>())
}

/// The document of the one of this key.
pub(super) async fn document<K: Kind>(desk: &mut Desk, key: &K::Key) -> Outcome<K::Document> {
    if let Desk::Here(context) = desk {
        let model = find::<K>(context, key).await?;
        return Ok(K::document(context, &model));
    }
    let found = K::find_there(desk, key).await?;
    found.ok_or_else(|| missing::<K>(&key.to_string(), None))
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
    // What was meant may be what a server elsewhere calls something.
    let problem = format!("there is no {} {key}{meant} `haechi {} list` shows them all", K::NAME, K::COMMAND);
    Failure::told("failed", problem)
}

/// Makes one of a document from a file, or of what `form` says.
pub(super) async fn create<K: Kind>(
    desk: &mut Desk,
    file: Option<&Path>,
    form: impl FnOnce() -> Outcome<K::Document>,
) -> Outcome {
    let (document, said) = (file.map_or_else(form, |file| Ok(read::<K>(file)?.0))?, Said::of(file));
    let made: Made<K> = match desk {
        Desk::Here(context) => {
            let created = K::create(context, document).await;
            Made::<K>::here(context, &created.map_err(|why| said.refused::<K>(why))?)?
        }
        Desk::There(there) => {
            let created = there.api.send(Method::POST, K::PATH, Some(&body::<K>(&document)?)).await;
            Made::<K>::there(created.map_err(|why| said.refused_there::<K>(why))?)?
        }
    };
    made.print(desk.output(), Done::Created)
}

/// Reads a document from a file, or from standard input, and what it says beside. It may hold secrets.
fn read<K: Kind>(file: &Path) -> Outcome<(K::Document, Option<Value>)> {
    let (mut text, name) = text_of(file)?;
    let mut beside = None;
    if let (Some((member, _)), Ok(Value::Object(mut members))) = (K::BESIDE, serde_json::from_str(&text)) {
        beside = members.remove(member);
        if beside.is_some() {
            text = Zeroizing::new(Value::Object(members).to_string());
        }
    }
    let wrong = |why: document::DocumentRejected| Failure::usage(format!("{name} is no {} in JSON: {why}", K::NAME));
    Ok((document::read(&text).map_err(wrong)?, beside))
}

/// Refuses what a file says beside a document where something else is so: nothing would come of it.
async fn unchanged_beside<K: Kind>(desk: &mut Desk, was: &K::Document, said: Option<Value>) -> Outcome {
    let (Some((member, changed_by)), Some(said)) = (K::BESIDE, said) else { return Ok(()) };
    if said == K::beside(desk, was).await? {
        return Ok(());
    }
    Err(Failure::usage(format!("{member}: no file changes them; {changed_by}")))
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
