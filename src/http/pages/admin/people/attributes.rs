//! The custom attributes of accounts: which there are, and what each is.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::head::{Head, Tab};
use super::super::listing::{self, Choice};
use super::super::release::{Managed, RELEASED};
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::LIST as PEOPLE;
use crate::admin::attributes::{self, AttributeResource};
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, ProvenAuthority, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::Locale;
use crate::model::attribute::{AttributeDefinition, AttributeType, EndUserAccess};
use crate::protocol::Params;

/// Where the list is.
pub(super) const LIST: &str = "/admin/people/attributes";

const DECLARED: Done = Done::new("declared", keys::attributes::DONE_DECLARED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const DELETED: Done = Done::new("deleted", keys::attributes::DONE_DELETED);
const DONE: &[Done] = &[DECLARED, SAVED, RELEASED, DELETED];

#[derive(askama::Template)]
#[template(path = "admin/people/attributes.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    /// What the list is narrowed down to; empty for all.
    q: String,
    rows: Vec<Row>,
    form: Form,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

#[derive(askama::Template)]
#[template(path = "admin/people/attribute.html")]
struct OnePage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    managed: Option<Managed>,
    head: Head,
    name: String,
    version: i64,
    form: Form,
    wrong: Wrong,
    csrf: String,
    problems: FieldTexts,
}

/// An attribute in the list.
struct Row {
    name: String,
    label: String,
    of_type: String,
    access: String,
}

impl Row {
    /// Whether a text is a part of what the attribute is called.
    fn is_about(&self, text: &str) -> bool {
        listing::contains(text, [self.name.as_str(), &self.label])
    }
}

/// What is filled in of one.
struct Form {
    name: String,
    label: String,
    /// The label in each language of our pages: its field, the language's name, and what it is.
    labels: Vec<(String, &'static str, String)>,
    types: Vec<Choice>,
    accesses: Vec<Choice>,
}

const fn type_words(value_type: AttributeType) -> Key {
    match value_type {
        AttributeType::Text => keys::attributes::TYPE_TEXT,
        AttributeType::Number => keys::attributes::TYPE_NUMBER,
        AttributeType::Boolean => keys::attributes::TYPE_BOOLEAN,
        AttributeType::Texts => keys::attributes::TYPE_TEXTS,
    }
}

const fn access_words(access: EndUserAccess) -> Key {
    match access {
        EndUserAccess::None => keys::attributes::ACCESS_NONE,
        EndUserAccess::Read => keys::attributes::ACCESS_READ,
        EndUserAccess::Write => keys::attributes::ACCESS_WRITE,
    }
}

/// The field of a label in a language.
fn label_id(locale: Locale) -> String {
    format!("label-{}", locale.as_str())
}

impl Form {
    /// What is there, with what was typed.
    fn of(t: &Texts, definition: Option<&AttributeDefinition>, typed: &Params) -> Self {
        let or = |name: &str, stored: Option<&str>| {
            typed.get(name).or(stored.filter(|_| !typed.names(name))).unwrap_or_default().to_owned()
        };
        let label = |&locale: &Locale| {
            let id = label_id(locale);
            let stored = definition.and_then(|one| one.labels.get(locale.as_str()));
            let value = or(&id, stored.map(String::as_str));
            (id, locale.own_name(), value)
        };
        let value_type = definition.map(|one| one.value_type.as_str());
        let access = definition.map_or(EndUserAccess::None, |one| one.end_user_access).as_str();
        let types = AttributeType::ALL.iter().map(|one| (one.as_str(), type_words(*one)));
        let accesses = EndUserAccess::ALL.iter().map(|one| (one.as_str(), access_words(*one)));
        Self {
            name: or("name", definition.map(|one| one.name.as_str())),
            label: or("label", definition.map(|one| one.label.as_str())),
            labels: Locale::ALL.iter().map(label).collect(),
            types: Choice::all(t, types, typed.get("value_type").or(value_type)),
            accesses: Choice::all(t, accesses, typed.get("end_user_access").or(Some(access))),
        }
    }

    /// The document that a form says.
    fn document(params: &Params) -> AttributeResource {
        let label = |&locale: &Locale| {
            let id = label_id(locale);
            let said = params.names(&id).then(|| params.get(&id).unwrap_or_default().to_owned());
            said.map(|text| (format!("label#{}", locale.as_str()), text))
        };
        let known = |id: &str| AttributeType::ALL.iter().copied().find(|one| one.as_str() == id);
        let access = |id: &str| EndUserAccess::ALL.iter().copied().find(|one| one.as_str() == id);
        AttributeResource {
            name: params.get("name").map(|name| name.trim().to_owned()),
            label: params.get("label").map(str::to_owned).filter(|label| !label.trim().is_empty()),
            value_type: params.get("value_type").and_then(known),
            end_user_access: params.get("end_user_access").and_then(access),
            version: version_of(params),
            labels: Locale::ALL.iter().filter_map(label).collect(),
            ..AttributeResource::default()
        }
    }
}

/// `GET /admin/people/attributes`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must(Permission::ReadUsers)?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    let listed = Listed { done, q: listing::searched(&params) };
    list(&context, &administrator, &Params::default(), (Wrong::default(), None, listed)).await
}

/// `POST /admin/people/attributes`: declares one.
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let asked = Asked::Declare(Form::document(&form.params));
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        asked,
        was: None,
        params: &form.params,
        wrong: Wrong::default(),
    };
    confirmed_form(&context, &form, sent).await
}

/// `GET /admin/people/attributes/{name}`
pub async fn one(
    context: Context,
    administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let definition = named(&context, &administrator, &name).await?;
    Ok(show(&context, &administrator, &definition, &Params::default(), (Wrong::default(), None)))
}

/// `POST /admin/people/attributes/{name}`: changes it, or takes it back.
pub async fn change(
    context: Context,
    Path(name): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let was = named(&context, &form.owner, &name).await?;
    let asked = match form.params.get("do") {
        Some("delete") => Asked::Delete,
        _ => Asked::Change(Form::document(&form.params)),
    };
    let sent = Sent {
        context: &context,
        administrator: &form.owner,
        asked,
        was: Some(was),
        params: &form.params,
        wrong: Wrong::default(),
    };
    confirmed_form(&context, &form, sent).await
}

/// The page of the attribute of this name: what a name is made of stands for itself in a path.
pub(super) fn path_of(name: &str) -> String {
    format!("{LIST}/{name}")
}

/// What stands above the pages of an attribute.
pub(super) fn head_of(t: &Texts, administrator: &Administrator, definition: &AttributeDefinition, here: Tab) -> Head {
    let (path, label) = (path_of(&definition.name), definition.label_in(t.locale()).to_owned());
    Head {
        known_as: definition.name.clone(),
        about: t.get(type_words(definition.value_type)),
        ..Head::of(administrator, (path, label), [Tab::SETTINGS], here)
    }
}

/// The attribute that a path names.
pub(super) async fn named(
    context: &Context,
    administrator: &Administrator,
    name: &str,
) -> Result<AttributeDefinition, PageError> {
    administrator.must(Permission::ReadUsers)?;
    let found = attributes::find(&context.app.admin, &administrator.authority, name).await?;
    Ok(found.ok_or(ProblemKind::NotFound)?)
}

/// What is asked for.
enum Asked {
    Declare(AttributeResource),
    Change(AttributeResource),
    Delete,
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    asked: Asked,
    was: Option<AttributeDefinition>,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let admin = &self.context.app.admin;
        let target = Target::from(self.was.as_ref().map(|was| was.name.clone()).unwrap_or_default());
        let (done, made) = match &self.asked {
            Asked::Declare(new) => (DECLARED, attributes::create(admin, authority, new.clone()).await.map(drop)),
            Asked::Change(said) => (SAVED, attributes::update(admin, authority, target, said).await.map(drop)),
            Asked::Delete => (DELETED, attributes::delete(admin, authority, target).await),
        };
        match made {
            Ok(()) => Ok(Ok(done.go(self.context, LIST))),
            Err(rejected) => Ok(Err(self.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let problem = Some(problem);
        match &self.was {
            Some(was) => Ok(show(self.context, self.administrator, was, self.params, (self.wrong, problem))),
            None => list(self.context, self.administrator, self.params, (self.wrong, problem, Listed::default())).await,
        }
    }
}

/// What a list says, and what it is narrowed down to.
#[derive(Default)]
struct Listed {
    done: Option<String>,
    q: String,
}

async fn list(
    context: &Context,
    administrator: &Administrator,
    typed: &Params,
    (wrong, problem, listed): (Wrong, Option<Shown>, Listed),
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let declared = attributes::list(&context.app.admin, &administrator.authority).await?;
    let frame = Frame::of(context, context.locale.0);
    let row = |one: &AttributeDefinition| Row {
        name: one.name.clone(),
        label: one.label_in(frame.t.locale()).to_owned(),
        of_type: frame.t.get(type_words(one.value_type)),
        access: frame.t.get(access_words(one.end_user_access)),
    };
    let shown = ListPage {
        shell: Shell::of(context, administrator, Room::People).further(PEOPLE, frame.t.get(keys::attributes::TITLE)),
        may_change: administrator.may(Permission::WriteAttributes),
        rows: declared.iter().map(row).filter(|row| row.is_about(&listed.q)).collect(),
        q: listed.q,
        form: Form::of(frame.t, None, typed),
        wrong,
        csrf: administrator.csrf(context, LIST),
        done: listed.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

fn show(
    context: &Context,
    administrator: &Administrator,
    definition: &AttributeDefinition,
    typed: &Params,
    (wrong, problem): (Wrong, Option<Shown>),
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let (path, label) = (path_of(&definition.name), definition.label_in(frame.t.locale()));
    let shown = OnePage {
        shell: Shell::of(context, administrator, Room::People)
            .further(PEOPLE, frame.t.get(keys::attributes::TITLE))
            .further(LIST, label),
        may_change: administrator.may(Permission::WriteAttributes) && definition.managed_by.is_none(),
        managed: Managed::of(
            administrator,
            definition.managed_by.as_ref(),
            (DeclaredKind::Attribute, &definition.name),
        ),
        head: head_of(frame.t, administrator, definition, Tab::SETTINGS),
        name: definition.name.clone(),
        version: definition.version,
        form: Form::of(frame.t, Some(definition), typed),
        wrong,
        csrf: administrator.csrf(context, &path),
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
