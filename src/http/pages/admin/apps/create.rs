//! A new app: by its kind, or as a recipe for known software says. What it needs to know is shown once it is registered: its secret, and the files
//! that the software is configured by.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::apis::offered::{Offered, offered};
use super::super::room::Room;
use super::super::setup::{Place, Way};
use super::super::shell::Shell;
use super::super::wrong::{Wrong, app_url};
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::app::path_of;
use super::{KINDS, LIST, kind_named, name_of, words_of};
use crate::admin::clients::{self, ClientResource, WithSecret};
use crate::admin::recipes::{self, AppUrl, Configuration, Installation, Recipe};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::Locale;
use crate::model::client::ClientKind;
use crate::protocol::Params;

/// Where the choice is, and what is chosen below it.
const PATH: &str = "/admin/apps/new";

#[derive(askama::Template)]
#[template(path = "admin/apps/choose.html")]
struct ChoosePage {
    frame: Frame,
    shell: Shell,
    way: Option<Way>,
    kinds: Vec<KindCard>,
    groups: Vec<(String, Vec<RecipeCard>)>,
}

struct KindCard {
    name: &'static str,
    title: String,
    text: String,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RecipeCard {
    name: &'static str,
    title: String,
}

#[derive(askama::Template)]
#[template(path = "admin/apps/create.html")]
struct CreatePage {
    frame: Frame,
    shell: Shell,
    /// What the form goes to.
    action: String,
    title: String,
    text: String,
    docs: Option<String>,
    by_recipe: bool,
    /// The kind, where it is made by one.
    kind: &'static str,
    has_users: bool,
    client_id: String,
    client_name: String,
    redirect_uris: String,
    scope: String,
    resources: String,
    serves: String,
    offered: Vec<Offered>,
    url: String,
    wrong: Wrong,
    csrf: String,
    problems: FieldTexts,
}

#[derive(askama::Template)]
#[template(path = "admin/apps/created.html")]
struct CreatedPage {
    frame: Frame,
    shell: Shell,
    way: Option<Way>,
    may_be_tried: bool,
    path: String,
    name: String,
    client_id: String,
    secret: Option<String>,
    issuer: String,
    discovery: String,
    configuration: Vec<Configuration>,
    notes: Option<String>,
}

/// What a new app is made by.
enum By {
    Kind(ClientKind),
    Recipe(Box<Recipe>),
}

impl By {
    fn named(name: &str) -> Option<Self> {
        let recipe = || recipes::find(name).ok().map(Box::new).map(Self::Recipe);
        kind_named(name).map(Self::Kind).or_else(recipe)
    }

    /// The name of the kind; empty where a recipe says what it is.
    fn kind(&self) -> &'static str {
        match self {
            Self::Kind(kind) => name_of(*kind),
            Self::Recipe(_) => "",
        }
    }

    const fn has_users(&self) -> bool {
        !matches!(self, Self::Kind(ClientKind::Service))
    }
}

/// `GET /admin/apps/new`
pub async fn choose(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteClients)?;
    let frame = Frame::of(&context, context.locale.0);
    let kind = |(name, kind): &(&'static str, ClientKind)| {
        let (title, text) = words_of(*kind);
        KindCard { name, title: frame.t.get(title), text: frame.t.get(text) }
    };
    let shown = ChoosePage {
        way: Way::at(&context, &administrator, Place::App).await?,
        shell: Shell::of(&context, &administrator, Room::Apps).further(LIST, frame.t.get(keys::apps::ADD)),
        kinds: KINDS.iter().map(kind).collect(),
        groups: grouped(frame.t, recipes::all().map_err(|error| PageError::internal(&error))?),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// Recipes by what they are listed under.
fn grouped(t: &Texts, all: Vec<Recipe>) -> Vec<(String, Vec<RecipeCard>)> {
    let mut groups: Vec<(String, Vec<RecipeCard>)> = Vec::new();
    for Recipe { name, title, group, .. } in all {
        let (card, group) = (RecipeCard { name, title }, group_in(t, &group));
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, cards)) => cards.push(card),
            None => groups.push((group, vec![card])),
        }
    }
    groups.sort();
    groups
}

/// What a group of the catalogue is called; that of a programming language by its own name.
fn group_in(t: &Texts, group: &str) -> String {
    use keys::apps as text;
    t.get(match group {
        "Infrastructure" => text::RECIPES_INFRASTRUCTURE,
        "Native apps" => text::RECIPES_NATIVE,
        "Proxies" => text::RECIPES_PROXIES,
        "Self-hosted software" => text::RECIPES_SELF_HOSTED,
        "Single-page apps" => text::RECIPES_SINGLE_PAGE,
        language => return language.to_owned(),
    })
}

/// `GET /admin/apps/new/{by}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteClients)?;
    let by = By::named(&name).ok_or(ProblemKind::NotFound)?;
    // Drawn with the form, and sent with it: sent again it registers no second app.
    let id = clients::proposed_id(&context.app.admin)?.to_string();
    let typed = Params::from_pairs([("client_id", id)]).unwrap_or_default();
    show(&context, &administrator, (&name, &by), &typed, (Wrong::default(), None)).await
}

/// `POST /admin/apps/new/{by}`
pub async fn post(
    context: Context,
    Path(name): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    form.owner.must(Permission::WriteClients)?;
    let by = By::named(&name).ok_or(ProblemKind::NotFound)?;
    let sent =
        Sent { context: &context, administrator: &form.owner, name, by, params: &form.params, wrong: Wrong::default() };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    name: String,
    by: By,
    params: &'a Params,
    wrong: Wrong,
}

/// The app that the form asks for, and where it is if a recipe wants to know.
fn document(t: &Texts, by: &By, params: &Params) -> Result<(ClientResource, Option<AppUrl>), Wrong> {
    let text = |name: &str| params.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let lines = |name: &str| {
        let lines = params.get(name).unwrap_or_default().lines().map(str::trim);
        Some(lines.filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()).filter(|all| !all.is_empty())
    };
    match by {
        By::Kind(kind) => {
            let new = ClientResource {
                client_id: text("client_id"),
                client_name: text("client_name"),
                kind: Some(*kind),
                redirect_uris: lines("redirect_uris"),
                scope: text("scope"),
                resources: lines("resources"),
                serves: lines("serves"),
                ..ClientResource::default()
            };
            Ok((new, None))
        }
        By::Recipe(recipe) => {
            let unreadable = |text: String| {
                let mut wrong = Wrong::default();
                wrong.add("url", text);
                wrong
            };
            let url = recipe.url(params.get("url")).map_err(|why| unreadable(app_url(t, why)))?;
            let not_filled = |why: String| unreadable(t.with(keys::apps::PROBLEM_URL, "why", &why));
            let new = recipe.client(&url).map_err(|why| not_filled(why.to_string()))?;
            let client_name = text("client_name").or_else(|| new.client_name.clone());
            Ok((ClientResource { client_id: text("client_id"), client_name, ..new }, Some(url)))
        }
    }
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let (new, url) = match document(t, &self.by, self.params) {
            Ok(read) => read,
            Err(wrong) => {
                self.wrong = wrong;
                return Ok(Err(Shown::marked(t)));
            }
        };
        match clients::create(&context.app.admin, authority, new).await {
            Ok(made) => self.created(&made, url.as_ref()).await.map(Ok),
            Err(rejected) => Ok(Err(self.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let by = (self.name.as_str(), &self.by);
        show(self.context, self.administrator, by, self.params, (self.wrong, Some(problem))).await
    }
}

impl Sent<'_> {
    /// The page that says once what the app needs to know.
    async fn created(&self, made: &WithSecret, url: Option<&AppUrl>) -> Result<Response, PageError> {
        let context = self.context;
        let mut frame = Frame::of(context, context.locale.0);
        let path = path_of(&made.client.id);
        // What answered a form is not opened by its address: the language switch leads to the app.
        frame.here.clone_from(&path);
        let secret = made.secret.as_ref().map(|secret| secret.expose().clone());
        let (configuration, notes) = match (&self.by, url) {
            (By::Recipe(recipe), Some(url)) => {
                let installation = Installation {
                    issuer: &context.app.issuer,
                    client_id: made.client.id.as_str(),
                    client_secret: made.secret.as_ref(),
                    url,
                    random: context.app.random.as_ref(),
                };
                let files = recipe.configuration(&installation).map_err(|error| PageError::internal(&error))?;
                (files, notes(recipe, frame.t.locale()))
            }
            // By its type: no software is known, so it is told what every library asks for.
            _ => (vec![Configuration::of_client(&context.app.issuer, &made.client, secret.as_deref())], None),
        };
        let name = made.client.presentation.name_in(frame.t.locale()).to_owned();
        let shown = CreatedPage {
            way: Way::at(context, self.administrator, Place::Login).await?,
            may_be_tried: made.client.enabled && !made.client.policy.grant_types.is_empty(),
            shell: Shell::of(context, self.administrator, Room::Apps).further(LIST, name.clone()),
            path,
            name,
            client_id: made.client.id.to_string(),
            secret,
            issuer: context.app.issuer.as_str().to_owned(),
            discovery: context.app.issuer.url("/.well-known/openid-configuration"),
            configuration,
            notes,
            frame,
        };
        Ok(page(&shown, &shown.frame))
    }
}

/// What else there is to know of a software, in a language.
fn notes(recipe: &Recipe, locale: Locale) -> Option<String> {
    let korean = recipe.notes_ko.as_ref().filter(|_| locale == Locale::Ko);
    korean.or(recipe.notes.as_ref()).map(|notes| notes.trim().to_owned())
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    (name, by): (&str, &By),
    typed: &Params,
    (wrong, problem): (Wrong, Option<Shown>),
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let text = |name: &str| typed.get(name).unwrap_or_default().to_owned();
    let (title, words, docs, url) = match by {
        By::Kind(kind) => {
            let (title, words) = words_of(*kind);
            (frame.t.get(title), frame.t.get(words), None, String::new())
        }
        By::Recipe(recipe) => {
            let words = frame.t.with(keys::apps::RECIPE_TRIED, "with", &recipe.tried_with);
            (recipe.title.clone(), words, Some(recipe.docs.clone()), recipe.default_url.clone())
        }
    };
    let action = format!("{PATH}/{name}");
    let all = Shell::of(context, administrator, Room::Apps).further(LIST, frame.t.get(keys::apps::ADD));
    let shown = CreatePage {
        shell: all.further(PATH, title.clone()),
        csrf: administrator.csrf(context, &action),
        action,
        title,
        text: words,
        docs,
        by_recipe: matches!(by, By::Recipe(_)),
        kind: by.kind(),
        has_users: by.has_users(),
        client_id: text("client_id"),
        client_name: text("client_name"),
        redirect_uris: text("redirect_uris"),
        scope: text("scope"),
        resources: text("resources"),
        serves: text("serves"),
        url: typed.get("url").map_or(url, str::to_owned),
        offered: offered(context, administrator, frame.t.locale()).await?,
        wrong,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_of_recipes_is_named_in_the_language_of_the_page() {
        for Recipe { group, .. } in recipes::all().unwrap() {
            let is_language = ["Go", "Java", "Node", "Python", "Rust"].contains(&group.as_str());
            assert_eq!(group_in(Texts::of(Locale::Ko), &group) == group, is_language, "{group}");
            assert_eq!(group_in(Texts::of(Locale::En), &group), group);
        }
    }
}
