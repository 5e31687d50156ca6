//! What may be done with an API: its scopes, a line each.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::head::Head;
use super::super::release::Managed;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::one::{Tab, head_of, managed, may_change, named, shell, tab_of};
use super::{DONE, SAVED};
use crate::admin::apis::{self, ApiResource, ScopeResource};
use crate::admin::{ProvenAuthority, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::api::ApiScope;
use crate::model::{Api, Locale};
use crate::protocol::Params;

/// The field of the scopes, and what those of their descriptions in languages begin with.
const FIELD: &str = "scopes";

#[derive(askama::Template)]
#[template(path = "admin/apis/scopes.html")]
struct ScopesPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    /// What is said of it may be changed here.
    may_change: bool,
    managed: Option<Managed>,
    form: Form,
    version: i64,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// What is filled in.
struct Form {
    scopes: String,
    /// What they allow in each language of our pages: its field, the language's name, and what it is.
    in_languages: Vec<(String, &'static str, String)>,
    wrong: Wrong,
}

impl Form {
    /// What is there, with what was typed.
    fn of(api: &Api, typed: &Params) -> Self {
        let or = |name: &str, stored: String| {
            if typed.names(name) { typed.get(name).unwrap_or_default().to_owned() } else { stored }
        };
        let text = |&locale: &Locale| {
            let described = |scope: &ApiScope| Some(line(&scope.scope, scope.descriptions.get(locale.as_str())?));
            let lines: Vec<String> = api.scopes.iter().filter_map(described).collect();
            (field_in(locale), locale.own_name(), or(&field_in(locale), lines.join("\n")))
        };
        let lines: Vec<String> = api.scopes.iter().map(|scope| line(&scope.scope, &scope.description)).collect();
        Self {
            scopes: or(FIELD, lines.join("\n")),
            in_languages: Locale::ALL.iter().map(text).collect(),
            wrong: Wrong::default(),
        }
    }
}

fn field_in(locale: Locale) -> String {
    format!("{FIELD}-{}", locale.as_str())
}

/// A scope as a line has it.
fn line(scope: &str, description: &str) -> String {
    if description.is_empty() { scope.to_owned() } else { format!("{scope} = {description}") }
}

/// The scopes of some lines, each with what is said of it. A scope has no space in it, and may have a `=`.
fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let (scope, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim_start();
        (scope, rest.strip_prefix('=').unwrap_or(rest).trim())
    })
}

/// The scopes that a form says. What is said of one in a language that the form does not have stays.
fn typed(api: &Api, params: &Params) -> Vec<ScopeResource> {
    let scope = |(scope, description): (&str, &str)| {
        let known = api.scope(scope).map(ScopeResource::from).unwrap_or_default();
        let mut descriptions = known.descriptions;
        for locale in Locale::ALL {
            let member = format!("description#{}", locale.as_str());
            let said = params.get(&field_in(*locale)).unwrap_or_default();
            descriptions.remove(&member);
            if let Some((_, said)) = lines(said).find(|(of, _)| *of == scope) {
                descriptions.insert(member, said.to_owned());
            }
        }
        ScopeResource { scope: scope.to_owned(), description: description.to_owned(), descriptions }
    };
    lines(params.get(FIELD).unwrap_or_default()).map(scope).collect()
}

/// What is described in a language and is none of the scopes, by the field that it is in.
fn strays(params: &Params) -> Vec<(String, String)> {
    let scopes: Vec<&str> = lines(params.get(FIELD).unwrap_or_default()).map(|(scope, _)| scope).collect();
    let of = |locale: &Locale| {
        let field = field_in(*locale);
        let said = params.get(&field).unwrap_or_default();
        let strays = lines(said).filter(|(scope, _)| !scopes.contains(scope));
        strays.map(|(scope, _)| (field.clone(), scope.to_owned())).collect::<Vec<_>>()
    };
    Locale::ALL.iter().flat_map(of).collect()
}

/// `GET /admin/apis/{id}/scopes`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let api = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    Ok(show(&context, &administrator, &api, (Form::of(&api, &Params::default()), done, None)))
}

/// `POST /admin/apis/{id}/scopes`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let api = named(&context, &form.owner, &id).await?;
    let version = version_of(&form.params).unwrap_or(api.version);
    let (scopes, strays) = (typed(&api, &form.params), strays(&form.params));
    let filled = Form::of(&api, &form.params);
    let sent = Sent { context: &context, administrator: &form.owner, api, version, scopes, strays, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    api: Api,
    /// The version that the form was drawn of.
    version: i64,
    scopes: Vec<ScopeResource>,
    /// What is described and is no scope, by its field.
    strays: Vec<(String, String)>,
    form: Form,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let t = self.context.texts(None);
        if !self.strays.is_empty() {
            for (field, scope) in &self.strays {
                let problem = t.get(keys::apis::PROBLEM_UNKNOWN_SCOPE);
                let text = t.with_two(keys::field::OF_VALUE, "value", scope, "problem", &problem);
                self.form.wrong.add(field, text);
            }
            return Ok(Err(Shown::marked(t)));
        }
        let document = ApiResource { scopes: Some(self.scopes.clone()), ..ApiResource::default() };
        let target = Target::at(self.api.id, self.version);
        match apis::update(&self.context.app.admin, authority, target, &document).await {
            Ok(api) => Ok(Ok(SAVED.go(self.context, &tab_of(api.id, Tab::Scopes)))),
            Err(rejected) => {
                let shown = self.form.wrong.refuse(t, rejected)?;
                self.form.wrong.gather(FIELD);
                Ok(Err(shown))
            }
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.api, (self.form, None, Some(problem))))
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    api: &Api,
    (form, done, problem): (Form, Option<String>, Option<Shown>),
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let head = head_of(frame.t, administrator, api, Tab::Scopes);
    let shown = ScopesPage {
        shell: shell(context, administrator, &head.name),
        csrf: administrator.csrf(context, &tab_of(api.id, Tab::Scopes)),
        may_change: may_change(administrator, api),
        managed: managed(administrator, api),
        version: api.version,
        head,
        form,
        done,
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_scope_and_what_it_allows() {
        let text = " orders:read = See your orders \n\norders:write\r\nplain words without a sign\nodd=scope =x = y\n";
        let read: Vec<_> = lines(text).collect();
        assert_eq!(
            read,
            [
                ("orders:read", "See your orders"),
                ("orders:write", ""),
                ("plain", "words without a sign"),
                ("odd=scope", "x = y"),
            ]
        );
        for (scope, description) in read {
            assert_eq!(lines(&line(scope, description)).next(), Some((scope, description)));
        }
    }
}
