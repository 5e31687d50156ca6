//! Calls of the administration API: a method, a path and a document, whatever they are for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::credentials::Store;
use super::http::{Answer, Http};
use super::problem::{self, Challenge};
use super::server::Server;
use super::who::{Service, Who, signed_out};
use crate::cli::failure::{Failure, Outcome};
use crate::protocol::own_api;
use crate::support::percent::as_one_part;

/// The most entries of a page: that of the API.
const PAGE: usize = 200;

/// The administration API of a server, called by somebody.
pub(in crate::cli) struct Api {
    http: Http,
    server: Server,
    who: Who,
}

/// Some of the entries of a list, and whether there are more.
#[derive(Debug)]
pub(in crate::cli) struct Items<T> {
    pub(in crate::cli) items: Vec<T>,
    pub(in crate::cli) more: bool,
}

/// Why something was not done to its end, and what was done before: it may hold secrets, so it cannot be printed.
pub(in crate::cli) struct HalfDone {
    pub(in crate::cli) failure: Failure,
    pub(in crate::cli) done: Vec<Value>,
}

/// What is sent with a request.
#[derive(Clone, Copy)]
enum Body<'b> {
    Json(&'b Value),
    /// A picture, and its media type.
    Picture(&'b [u8], &'static str),
}

/// A page as the API answers it.
#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

/// The path of something below another path.
pub(in crate::cli) fn place(above: &str, name: &str) -> String {
    format!("{above}/{}", as_one_part(name))
}

impl Api {
    /// The API of a server, called by the service account that is named, or by who signed in.
    pub(in crate::cli) fn of(http: Http, server: Server, (store, service): (Store, Option<Service>)) -> Outcome<Self> {
        let who = if let Some(service) = service {
            Who::Service(service)
        } else {
            let entry = store.find(&server)?.ok_or_else(|| signed_out(&server))?;
            Who::Person(store, Box::new(entry))
        };
        Ok(Self { http, server, who })
    }

    /// A document; `None` where there is nothing of this name.
    pub(in crate::cli) async fn find<T: DeserializeOwned>(&mut self, path: &str) -> Outcome<Option<T>> {
        let answer = self.answer((Method::GET, path), &[], None).await?;
        if answer.status == 404 { Ok(None) } else { read(&answer).map(Some) }
    }

    /// A document that there always is.
    pub(in crate::cli) async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Outcome<T> {
        read(&self.answer((Method::GET, path), &[], None).await?)
    }

    /// A list behind the entry of a key, as far as so many entries, page by page.
    pub(in crate::cli) async fn list<T: DeserializeOwned>(
        &mut self,
        path: &str,
        (query, after): (&[(&str, &str)], Option<&str>),
        limit: usize,
    ) -> Outcome<Items<T>> {
        // What the API's own pages name the place behind an entry by.
        let (mut items, mut next) = (Vec::new(), after.map(|key| URL_SAFE_NO_PAD.encode(key)));
        loop {
            let wanted = (limit - items.len()).min(PAGE).to_string();
            let cursor = next.as_deref().map(|cursor| ("cursor", cursor));
            let asked: Vec<_> = query.iter().copied().chain([("limit", wanted.as_str())]).chain(cursor).collect();
            let page: Page<T> = read(&self.answer((Method::GET, path), &asked, None).await?)?;
            items.extend(page.items);
            next = page.next;
            if next.is_none() || items.len() >= limit {
                return Ok(Items { items, more: next.is_some() });
            }
        }
    }

    /// A list that the API answers as a whole, or all of its pages.
    pub(in crate::cli) async fn all<T: DeserializeOwned>(
        &mut self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Outcome<Vec<T>> {
        Ok(self.list(path, (query, None), usize::MAX).await?.items)
    }

    /// A list that has no pages.
    pub(in crate::cli) async fn whole<T: DeserializeOwned>(&mut self, path: &str) -> Outcome<Vec<T>> {
        let page: Page<T> = self.get(path).await?;
        Ok(page.items)
    }

    /// Has something done, and reads what it is afterwards.
    pub(in crate::cli) async fn send<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Outcome<T> {
        read(&self.answer((method, path), &[], body.map(Body::Json)).await?)
    }

    /// The same with a query, of what may be done in part.
    pub(in crate::cli) async fn send_with<T: DeserializeOwned>(
        &mut self,
        (method, path): (Method, &str),
        (query, body): (&[(&str, &str)], &Value),
    ) -> Result<T, HalfDone> {
        let asked = self.answer((method, path), query, Some(Body::Json(body))).await;
        let answer = asked.map_err(|failure| HalfDone { failure, done: Vec::new() })?;
        read(&answer).map_err(|failure| HalfDone { failure, done: problem::done(&answer) })
    }

    /// Puts a picture of this media type in its place, and reads what it is of afterwards.
    pub(in crate::cli) async fn send_picture<T: DeserializeOwned>(
        &mut self,
        path: &str,
        (picture, media_type): (&[u8], &'static str),
    ) -> Outcome<T> {
        read(&self.answer((Method::PUT, path), &[], Some(Body::Picture(picture, media_type))).await?)
    }

    /// Has something done that leaves nothing to read; `false` where there is nothing of this name.
    pub(in crate::cli) async fn done(
        &mut self,
        method: Method,
        path: &str,
        (query, body): (&[(&str, &str)], Option<&Value>),
    ) -> Outcome<bool> {
        let answer = self.answer((method, path), query, body.map(Body::Json)).await?;
        match answer.status {
            404 => Ok(false),
            200..=299 => Ok(true),
            _ => Err(problem::failure(&answer)),
        }
    }

    /// Sends a request, with another token where the server asks for one: it has done nothing then.
    async fn answer(
        &mut self,
        (method, path): (Method, &str),
        query: &[(&str, &str)],
        body: Option<Body<'_>>,
    ) -> Outcome<Answer> {
        let url = self.url(path, query)?;
        let mut token = self.who.token(&self.http, &self.server).await?;
        let (mut renewed, mut proven) = (false, false);
        loop {
            let bearer = format!("Bearer {}", token.expose());
            let request = self.http.request(method.clone(), url.as_str()).header(AUTHORIZATION, bearer);
            let request = request.header(ACCEPT, "application/json, application/problem+json");
            let request = match body {
                Some(Body::Json(body)) => request.header(CONTENT_TYPE, "application/json").body(body.to_string()),
                Some(Body::Picture(bytes, media_type)) => request.header(CONTENT_TYPE, media_type).body(bytes.to_vec()),
                None => request,
            };
            let answer = self.http.send(request).await?;
            match Challenge::of(&answer) {
                Some(Challenge::Token) if !renewed => {
                    renewed = true;
                    token = self.who.renewed(&self.http, &self.server).await?;
                }
                Some(Challenge::Proof { max_age, acr_values }) if !proven => {
                    proven = true;
                    self.who.proven(&self.http, &self.server, (max_age, acr_values)).await?;
                    token = self.who.token(&self.http, &self.server).await?;
                }
                _ => return Ok(answer),
            }
        }
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Outcome<Url> {
        let (api, path) = (own_api::resource(self.server.as_str()), as_it_stands(path)?);
        let mut url = Url::parse(&format!("{api}{path}")).map_err(Failure::of)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// What an answer says, where all is well.
fn read<T: DeserializeOwned>(answer: &Answer) -> Outcome<T> {
    if !(200..300).contains(&answer.status) {
        return Err(problem::failure(answer));
    }
    let read = serde_json::from_slice(&answer.body);
    read.map_err(|why| {
        Failure::told("failed", format!("the server answers with what this version of haechi cannot read: {why}"))
    })
}

/// Refuses a path that would be another one by the time it is called: RFC 3986 section 5.2.4 takes `.` and `..` out.
fn as_it_stands(path: &str) -> Outcome<&str> {
    match path.split('/').find(|segment| matches!(*segment, "." | "..")) {
        Some(dots) => Err(Failure::usage(format!("{dots} names nothing: it is a place in a path"))),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_place() {
        for name in [".", ".."] {
            let path = format!("{}/consents", place("/clients", name));
            assert!(as_it_stands(&path).is_err() && as_it_stands(&place("/clients", name)).is_err(), "{path}");
        }
        for name in ["shop", "...", ".well-known", "a/../b", "%2e%2e", "..%2f"] {
            let path = place("/clients", name);
            let url = Url::parse(&format!("https://id.example/api{}", as_it_stands(&path).unwrap())).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            assert_eq!(segments.len(), 3, "{url}");
            assert_eq!(percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap(), name, "{url}");
        }
    }
}
