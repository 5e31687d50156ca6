//! A browser without a screen: keeps cookies, follows redirects at home, fills in forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use haechi::http::server::Peer;
use haechi::sessions::{BrowserSecret, SessionSecret, Visitor};
use http_body_util::BodyExt;
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt;
use url::Url;

use super::app::PEER;

/// A browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    issuer: Url,
    cookies: BTreeMap<String, String>,
    /// Further headers of every request.
    pub headers: Vec<(&'static str, String)>,
}

/// What a request was answered with.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(router: Router, issuer: &str) -> Self {
        Self { router, issuer: issuer.parse().unwrap(), cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Goes on at another node.
    pub fn turn_to(&mut self, node: &Router) {
        self.router = node.clone();
    }

    /// Opens a path or URL and follows redirects as long as they stay at home.
    pub async fn get(&mut self, target: &str) -> Page {
        let page = self.get_once(target).await;
        self.follow(page).await
    }

    /// Opens a path or URL and goes nowhere from there.
    pub async fn get_once(&mut self, target: &str) -> Page {
        self.send(Method::GET, target, &[], None).await
    }

    /// Posts a form that another site made: without the cookies that stay at home (`SameSite=Lax`).
    pub async fn post_from_elsewhere(&mut self, target: &str, fields: &[(&str, &str)]) -> Page {
        let cookies = std::mem::take(&mut self.cookies);
        let elsewhere = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        let page = self.send(Method::POST, target, &elsewhere, Some(encode(fields))).await;
        let planted = std::mem::replace(&mut self.cookies, cookies);
        self.cookies.extend(planted);
        page
    }

    /// Posts fields as one of our own pages would, and goes nowhere from there.
    pub async fn post_once(&mut self, target: &str, fields: &[(&str, &str)]) -> Page {
        // Under `Referrer-Policy: no-referrer` a browser's own posts say `Origin: null`.
        let home = [("origin", "null"), ("sec-fetch-site", "same-origin")];
        self.send(Method::POST, target, &home, Some(encode(fields))).await
    }

    /// Fills in the form of this id and submits it, as the button of id `button` would, and follows the answer.
    pub async fn submit(&mut self, page: &Page, form: &str, filled: &[(&str, &str)]) -> Page {
        let page = self.submit_once(page, form, filled).await;
        self.follow(page).await
    }

    /// The same, without following the answer.
    pub async fn submit_once(&mut self, page: &Page, form: &str, filled: &[(&str, &str)]) -> Page {
        self.send_form(page, page.form(form), filled).await
    }

    /// Fills in a form of a page and sends it.
    pub async fn send_form(&mut self, page: &Page, form: Form, filled: &[(&str, &str)]) -> Page {
        let mut fields = form.fields;
        for (name, value) in filled {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let target = page.url.join(&form.action).unwrap();
        self.post_once(target.as_str(), &pairs).await
    }

    /// Follows redirects, and pages that lead on by themselves, as long as they stay at home.
    pub async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(next) = page.location().or_else(|| page.refresh()) else { return page };
            let next = page.url.join(&next).unwrap();
            if next.origin() != self.issuer.origin() {
                return page;
            }
            page = self.get_once(next.as_str()).await;
        }
        panic!("redirects without end at {}", page.url);
    }

    /// Sends anything.
    pub async fn send(&mut self, method: Method, target: &str, headers: &[(&str, &str)], form: Option<String>) -> Page {
        let url = self.issuer.join(target).unwrap();
        let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        let kind = form.is_some().then_some("application/x-www-form-urlencoded");
        self.transmit(
            url,
            Request::builder().method(method).uri(path),
            headers,
            (kind, form.unwrap_or_default().into_bytes()),
        )
        .await
    }

    /// Opens exactly this path, which a browser might have tidied up.
    pub async fn send_raw(&mut self, path: &str) -> Page {
        let request = Request::builder().method(Method::GET).uri(path);
        self.transmit(self.issuer.clone(), request, &[], (None, Vec::new())).await
    }

    /// Sends a body of some kind.
    pub async fn send_as(&mut self, method: Method, path: &str, kind: &str, body: &str) -> Page {
        let request = Request::builder().method(method).uri(path);
        self.transmit(self.issuer.join(path).unwrap(), request, &[], (Some(kind), body.as_bytes().to_vec())).await
    }

    /// Uploads a picture by the form of this id, as browsers do without a script (RFC 7578), and follows the answer. It has a name and is said to be of a type.
    pub async fn upload(&mut self, page: &Page, form: &str, (name, kind, picture): (&str, &str, &[u8])) -> Page {
        const BOUNDARY: &str = "----a-boundary-of-ours";
        let form = page.form(form);
        let mut body = Vec::new();
        for (field, value) in form.fields.iter().filter(|(field, _)| field != "picture") {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(picture);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let url = page.url.join(&form.action).unwrap();
        let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        let request = Request::builder().method(Method::POST).uri(path);
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let page = self.transmit(url, request, &[], (Some(&kind), body)).await;
        self.follow(page).await
    }

    async fn transmit(
        &mut self,
        url: Url,
        request: axum::http::request::Builder,
        headers: &[(&str, &str)],
        (kind, body): (Option<&str>, Vec<u8>),
    ) -> Page {
        let mut request = request.header(header::ACCEPT, "text/html");
        request = request.header(header::HOST, &self.issuer[url::Position::BeforeHost..url::Position::AfterPort]);
        for (name, value) in self.headers.iter().map(|(n, v)| (*n, v.as_str())).chain(headers.iter().copied()) {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(Peer(PEER));
        let response = self.router.clone().oneshot(request).await.unwrap();
        self.keep_cookies(&response);
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Page { url, status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    fn keep_cookies(&mut self, response: &Response) {
        for line in response.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Gets the cookie that every browser has after its first page.
    pub async fn ensure_cookie(&mut self) {
        if self.cookie(self.browser_cookie_name()).is_none() {
            self.get_once("/signed-out").await;
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub fn browser_cookie_name(&self) -> &'static str {
        if self.issuer.scheme() == "https" { "__Host-haechi-browser" } else { "haechi-browser" }
    }

    pub fn session_cookie_name(&self) -> &'static str {
        if self.issuer.scheme() == "https" { "__Host-haechi-session" } else { "haechi-session" }
    }

    pub fn console_cookie_name(&self) -> &'static str {
        if self.issuer.scheme() == "https" { "__Host-haechi-console" } else { "haechi-console" }
    }

    /// The browser as the flow sees it.
    pub fn visitor(&self) -> Visitor {
        Visitor {
            browser: BrowserSecret::parse(self.cookie(self.browser_cookie_name()).unwrap()).unwrap(),
            session: self.cookie(self.session_cookie_name()).and_then(SessionSecret::parse),
            address: PEER.ip(),
            agent: String::new(),
            remember: false,
            makes_passkeys: false,
        }
    }
}

/// A form of a page.
pub struct Form {
    pub action: String,
    pub method: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Page {
    /// Where the answer sends the browser.
    pub fn location(&self) -> Option<String> {
        self.status.is_redirection().then(|| self.header("location").unwrap().to_owned())
    }

    /// Where the page leads by itself, as soon as it is read.
    pub fn refresh(&self) -> Option<String> {
        if !self.body.contains("http-equiv=\"refresh\"") {
            return None;
        }
        let html = self.html();
        let element = html.select(&Selector::parse("meta[http-equiv=refresh]").unwrap()).next()?;
        element.value().attr("content")?.strip_prefix("0; url=").map(str::to_owned)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The parameters of an answer that travelled in the query.
    pub fn answer(&self) -> BTreeMap<String, String> {
        let location = self.location().unwrap_or_else(|| panic!("no redirect but {} {}", self.status, self.body));
        Url::parse(&location).unwrap().query_pairs().into_owned().collect()
    }

    /// The `error` of an answer.
    pub fn error(&self) -> String {
        self.answer().remove("error").unwrap_or_else(|| panic!("no error in {:?}", self.location()))
    }

    /// The `data-error` of an error page.
    pub fn problem(&self) -> String {
        let html = self.html();
        let error = html.select(&Selector::parse("#error").unwrap()).next();
        let element = error.unwrap_or_else(|| panic!("no error page but {} {}", self.status, self.body));
        element.value().attr("data-error").unwrap().to_owned()
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// Whether the page has an element of this id.
    pub fn has(&self, id: &str) -> bool {
        self.html().select(&Selector::parse(&format!("#{id}")).unwrap()).next().is_some()
    }

    /// The text of the element of this id.
    pub fn text(&self, id: &str) -> String {
        let html = self.html();
        let found = html.select(&Selector::parse(&format!("#{id}")).unwrap()).next();
        found.unwrap_or_else(|| panic!("no #{id} at {}: {}", self.url, self.body)).text().collect()
    }

    /// Where the link of this id leads.
    pub fn link(&self, id: &str) -> String {
        let html = self.html();
        let selector = Selector::parse(&format!("a#{id}")).unwrap();
        let link =
            html.select(&selector).next().unwrap_or_else(|| panic!("no link {id} at {}: {}", self.url, self.body));
        link.value().attr("href").unwrap().to_owned()
    }

    /// The token of the first form that posts there.
    pub fn csrf_of(&self, action: &str) -> String {
        let html = self.html();
        let selector = Selector::parse(&format!("form[action$='{action}'] input[name=csrf]")).unwrap();
        let input = html.select(&selector).next();
        input.unwrap_or_else(|| panic!("no form for {action}: {}", self.body)).attr("value").unwrap().to_owned()
    }

    /// The form of this id.
    pub fn form(&self, id: &str) -> Form {
        self.form_at(&format!("form#{id}"))
    }

    /// The first form that posts to this path.
    pub fn form_to(&self, path: &str) -> Form {
        self.form_at(&format!("form[action=\"{path}\"]"))
    }

    fn form_at(&self, css: &str) -> Form {
        let html = self.html();
        let selector = Selector::parse(css).unwrap();
        let form = html.select(&selector).next().unwrap_or_else(|| panic!("no {css} at {}: {}", self.url, self.body));
        let attribute = |name| form.value().attr(name).unwrap_or_default().to_owned();
        Form { action: attribute("action"), method: attribute("method"), fields: fields(form) }
    }
}

/// The fields that a browser would send without anybody touching them.
fn fields(form: ElementRef<'_>) -> Vec<(String, String)> {
    let inputs = form.select(&Selector::parse("input[name]").unwrap()).collect::<Vec<_>>();
    let sent = inputs.into_iter().filter(|input| {
        let kind = input.value().attr("type").unwrap_or("text");
        !matches!(kind, "submit" | "button")
            && (!matches!(kind, "checkbox" | "radio") || input.value().attr("checked").is_some())
    });
    sent.map(|input| {
        let attribute = |name| input.value().attr(name).unwrap_or_default().to_owned();
        (attribute("name"), attribute("value"))
    })
    .collect()
}

fn encode(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
