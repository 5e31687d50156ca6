//! `clients create` without options: asks for what a registration needs, one thing after the other.
//!
//! Owns the questions, and the command line that says the same as the answers. Each answer is looked at by the rules of the document that it is put
//! into, at once; leaves to administration whether all of them go together.

use super::Clients;
use super::recipe::ByRecipe;
use crate::admin::clients::{self, ClientResource};
use crate::admin::recipes;
use crate::cli::failure::{Failure, Outcome, note};
use crate::cli::frame::{Kind, Said};
use crate::cli::prompt;
use crate::model::client::ClientKind;

/// A kind of client: its name, what programs are of it, and what its redirect URIs look like.
struct Choice {
    kind: ClientKind,
    name: &'static str,
    what: &'static str,
    redirect_uri: &'static str,
}

const CHOICES: &[Choice] = &[
    Choice {
        kind: ClientKind::Web,
        name: "web",
        what: "an app with a server of its own, which can keep a secret",
        redirect_uri: "https://shop.example/callback",
    },
    Choice {
        kind: ClientKind::Browser,
        name: "browser",
        what: "a single-page app, which runs in the browser: public, with PKCE",
        redirect_uri: "https://shop.example/",
    },
    Choice {
        kind: ClientKind::Native,
        name: "native",
        what: "an app on a phone, a desktop or a command line: public, with PKCE",
        redirect_uri: "com.example.shop:/callback, or http://127.0.0.1/callback for any port",
    },
    Choice {
        kind: ClientKind::Service,
        name: "service",
        what: "a program that acts for itself, without end-users: client credentials",
        redirect_uri: "",
    },
];

/// What a client with end-users asks for, unless something else is said.
const SCOPE: &str = "openid profile email";

/// Where answers come from; `None` at their end.
type Ask<'a> = &'a mut dyn FnMut(&str) -> Outcome<Option<String>>;

/// What is to be registered.
pub(super) enum Wanted {
    /// A client of this document.
    Client(Box<ClientResource>),
    /// What a recipe says.
    Recipe(ByRecipe),
}

/// Asks at the terminal; answers what is wanted. The command that says the same goes to standard error.
pub(super) fn run() -> Outcome<Wanted> {
    let ask = &mut prompt::line;
    if let Some((name, url)) = by_recipe(ask)? {
        note(format!("without questions: haechi clients create --for {name} --url {}", quoted(&url)));
        return Ok(Wanted::Recipe(ByRecipe::of(name, url)));
    }
    let answered = answered(ask)?;
    note(format!("without questions: {}", command(&answered)));
    Ok(Wanted::Client(Box::new(answered)))
}

/// The recipe that is to be followed, and where the software is; `None` for a program that there is no recipe for.
fn by_recipe(ask: Ask<'_>) -> Outcome<Option<(String, String)>> {
    let question = "Recipe of ready-made software (Enter for none, ? for the list): ";
    let recipe = loop {
        match ask(question)?.ok_or_else(stopped)? {
            empty if empty.is_empty() => return Ok(None),
            name if name == "?" => note(format!("there are {}", recipes::names().join(", "))),
            name => match recipes::find(&name) {
                Ok(recipe) => break recipe,
                Err(why) => note(why),
            },
        }
    };
    let question = format!("Where it is (empty for {}): ", recipe.default_url);
    loop {
        let answer = ask(&question)?.ok_or_else(stopped)?;
        match recipe.url(Some(answer.as_str()).filter(|url| !url.is_empty())) {
            Ok(url) => return Ok(Some((recipe.name.to_owned(), url.to_string()))),
            Err(why) => note(format!("it {why}")),
        }
    }
}

fn answered(ask: Ask<'_>) -> Outcome<ClientResource> {
    let choice = kind(ask)?;
    let mut said = ClientResource { kind: Some(choice.kind), ..ClientResource::default() };
    said = needed(ask, &said, "Name that end-users see: ", |said, text| said.client_name = Some(text))?;
    if choice.kind == ClientKind::Service {
        let resource = "Resource that it asks tokens for, such as https://api.example (empty for none): ";
        said = optional(ask, &said, resource, |said, text| said.resources = Some(vec![text]))?;
        return optional(ask, &said, "Scopes, separated by spaces, such as orders:read (empty for none): ", set_scope);
    }
    let redirect = format!("Redirect URI, where answers go, such as {}: ", choice.redirect_uri);
    said = needed(ask, &said, &redirect, add_redirect_uri)?;
    loop {
        let more = optional(ask, &said, "Another redirect URI (empty for no more): ", add_redirect_uri)?;
        if more == said {
            break;
        }
        said = more;
    }
    let logout = "Where to go after signing out, such as https://shop.example/ (empty for nowhere): ";
    said = optional(ask, &said, logout, |said, text| said.post_logout_redirect_uris = Some(vec![text]))?;
    let scope = format!("Scopes, separated by spaces (empty for {SCOPE}): ");
    let scoped = optional(ask, &said, &scope, set_scope)?;
    Ok(ClientResource { scope: scoped.scope.or_else(|| Some(SCOPE.to_owned())), ..said })
}

fn add_redirect_uri(said: &mut ClientResource, text: String) {
    said.redirect_uris.get_or_insert_default().push(text);
}

fn set_scope(said: &mut ClientResource, text: String) {
    said.scope = Some(text);
}

fn kind(ask: Ask<'_>) -> Outcome<&'static Choice> {
    let lines =
        CHOICES.iter().enumerate().map(|(at, choice)| format!("  {}  {:<8} {}\n", at + 1, choice.name, choice.what));
    let short = format!("Kind (1 to {}): ", CHOICES.len());
    let mut question = format!("What kind of program is it?\n{}{short}", lines.collect::<String>());
    loop {
        let answer = ask(&question)?.ok_or_else(stopped)?;
        let is_meant = |(at, choice): &(usize, &Choice)| answer == choice.name || answer == (at + 1).to_string();
        if let Some((_, choice)) = CHOICES.iter().enumerate().find(is_meant) {
            return Ok(choice);
        }
        let names = CHOICES.iter().map(|choice| choice.name).collect::<Vec<_>>().join(", ");
        note(format!("a number from 1 to {} is expected, or one of {names}", CHOICES.len()));
        question.clone_from(&short);
    }
}

/// Asks until the answer is right.
fn needed(
    ask: Ask<'_>,
    said: &ClientResource,
    question: &str,
    put: impl Fn(&mut ClientResource, String),
) -> Outcome<ClientResource> {
    loop {
        let answer = ask(question)?.ok_or_else(stopped)?;
        if let Some(right) = looked_at(said, answer, &put) {
            return Ok(right);
        }
    }
}

/// Asks until the answer is right or empty.
fn optional(
    ask: Ask<'_>,
    said: &ClientResource,
    question: &str,
    put: impl Fn(&mut ClientResource, String),
) -> Outcome<ClientResource> {
    loop {
        let answer = ask(question)?.ok_or_else(stopped)?;
        if answer.is_empty() {
            return Ok(said.clone());
        }
        if let Some(right) = looked_at(said, answer, &put) {
            return Ok(right);
        }
    }
}

/// What was said with the answer in it; where the answer is wrong, it is told why.
fn looked_at(
    said: &ClientResource,
    answer: String,
    put: impl Fn(&mut ClientResource, String),
) -> Option<ClientResource> {
    let mut with = said.clone();
    put(&mut with, answer);
    match clients::look_through(&with) {
        Ok(()) => Some(with),
        Err(problem) => {
            Said::InOptions.refused::<Clients>(problem.into()).print(false);
            None
        }
    }
}

fn stopped() -> Failure {
    Failure::of("nothing was registered")
}

/// The command that registers the same.
fn command(said: &ClientResource) -> String {
    let kind = CHOICES.iter().find(|choice| Some(choice.kind) == said.kind).map(|choice| choice.name);
    let mut words = vec!["haechi clients create".to_owned()];
    let mut option = |field: &str, value: &str| {
        if let Some((_, option, _)) = Clients::ARGUMENTS.iter().find(|(name, ..)| *name == field) {
            words.push(format!("{option} {}", quoted(value)));
        }
    };
    if let Some(kind) = kind {
        option("kind", kind);
    }
    if let Some(name) = &said.client_name {
        option("client_name", name);
    }
    for (field, values) in [
        ("redirect_uris", &said.redirect_uris),
        ("post_logout_redirect_uris", &said.post_logout_redirect_uris),
        ("resources", &said.resources),
    ] {
        for value in values.iter().flatten() {
            option(field, value);
        }
    }
    if let Some(scope) = &said.scope {
        option("scope", scope);
    }
    words.join(" ")
}

/// The word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(answers: &[&str]) -> (Outcome<ClientResource>, Vec<String>) {
        let mut left = answers.iter();
        let mut asked = Vec::new();
        let said = answered(&mut |question| {
            asked.push(question.to_owned());
            Ok(left.next().map(|answer| (*answer).to_owned()))
        });
        (said, asked)
    }

    #[test]
    fn a_wrong_answer_is_asked_for_again_and_an_example_fits_the_kind() {
        let (said, asked) =
            say(&["7", "native", "", "Shop", "http://shop.example/cb", "com.example.shop:/cb", "", "", ""]);
        let said = said.unwrap();
        assert_eq!(said.kind, Some(ClientKind::Native));
        assert_eq!(said.redirect_uris, Some(vec!["com.example.shop:/cb".to_owned()]));
        assert_eq!(asked.iter().filter(|question| question.contains("com.example.shop:/callback")).count(), 2);
        assert_eq!(asked.iter().filter(|question| question.starts_with("Name")).count(), 2);
        assert_eq!(
            asked.iter().filter(|question| question.starts_with("What kind")).count(),
            1,
            "the list is shown once"
        );
        assert_eq!(asked.iter().filter(|question| question.ends_with("Kind (1 to 4): ")).count(), 2);
    }

    #[test]
    fn the_command_says_what_was_answered() {
        let (said, _) =
            say(&["1", "Kim's Shop", "https://a.example/cb", "https://b.example/cb", "", "https://a.example/", ""]);
        assert_eq!(
            command(&said.unwrap()),
            "haechi clients create --kind web --name 'Kim'\\''s Shop' --redirect-uri https://a.example/cb \
             --redirect-uri https://b.example/cb --post-logout-redirect-uri https://a.example/ --scope 'openid profile email'"
        );
        let (said, asked) = say(&["service", "Nightly", "https://api.example", "orders:read"]);
        assert_eq!(
            command(&said.unwrap()),
            "haechi clients create --kind service --name Nightly --resource https://api.example --scope orders:read"
        );
        assert_eq!(asked.len(), 4, "a service has no redirect URI: {asked:?}");
    }

    #[test]
    fn a_recipe_is_asked_for_by_its_name_and_where_its_software_is() {
        let name = recipes::all().unwrap()[0].name;
        let default = recipes::find(name).unwrap().default_url;
        let answered = |answers: &[&str]| {
            let mut left = answers.iter();
            by_recipe(&mut |_| Ok(left.next().map(ToString::to_string))).map(Option::unwrap_or_default)
        };
        let there = |url: &str| (name.to_owned(), url.to_owned());
        assert_eq!(
            answered(&["no such software", "?", name, "nowhere", "https://app.example"]).unwrap(),
            there("https://app.example")
        );
        assert_eq!(answered(&[name, ""]).unwrap(), there(&default));
        assert_eq!(answered(&[""]).unwrap(), Default::default());
        assert!(answered(&[name]).is_err());
    }

    #[test]
    fn the_end_of_the_answers_registers_nothing() {
        assert!(say(&["web", "Shop"]).0.is_err());
    }
}
