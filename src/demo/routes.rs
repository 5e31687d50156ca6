//! The addresses of the shop.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::pages::{self, Frame};
use super::provider::{Login, TokenSet, name_of};
use super::shopper::Shopper;
use super::texts::Texts;
use super::{Shop, products, tokens};
use crate::model::Locale;
use crate::support::random;

const COOKIE: &str = "moonjar";
const LANGUAGE_COOKIE: &str = "moonjar-language";

/// Every address.
pub(super) fn router(shop: Arc<Shop>) -> Router {
    Router::new()
        .route("/", get(storefront))
        .route("/sign-in", get(sign_in))
        .route("/sign-up", get(sign_up))
        .route("/callback", get(callback))
        .route("/account", get(account))
        .route("/refresh", post(refresh))
        .route("/sign-out", post(sign_out))
        .route("/buy/{product}", get(buy))
        .route("/language/{tag}", get(language))
        .route("/demo.css", get(stylesheet))
        .fallback(nothing)
        .with_state(shop)
}

/// Who asks, and in which language.
struct Visit {
    cookie: Option<String>,
    shopper: Shopper,
    locale: Locale,
    query: Vec<(String, String)>,
}

impl Visit {
    fn of(shop: &Shop, headers: &HeaderMap, uri: &Uri) -> Self {
        let cookie = cookie(headers, COOKIE).map(str::to_owned);
        let shopper = cookie.as_deref().and_then(|cookie| shop.shoppers.get(cookie)).unwrap_or_default();
        let preferred = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let locale = self::cookie(headers, LANGUAGE_COOKIE)
            .and_then(Locale::of_tag)
            .or_else(|| Locale::of_accept_language(preferred))
            .unwrap_or_default();
        let query = uri.query().unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { cookie, shopper, locale, query }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn frame<'a>(&'a self, shop: &'a Shop) -> Frame<'a> {
        let name = self.shopper.tokens.as_ref().map(|_| self.shopper.name.as_str());
        Frame { t: Texts::of(self.locale), locale: self.locale, issuer: shop.provider.issuer(), name }
    }

    fn problem(&self, shop: &Shop, status: StatusCode, message: &'static str, detail: String) -> Response {
        let page = pages::ErrorPage { frame: self.frame(shop), message, detail };
        (status, pages::html(shop, &page)).into_response()
    }

    fn unreachable(&self, shop: &Shop, error: &impl std::fmt::Display) -> Response {
        self.problem(shop, StatusCode::BAD_GATEWAY, Texts::of(self.locale).no_login_here, error.to_string())
    }
}

/// The first value of a cookie; what stands beside it may be in any bytes.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut values = pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    values.next().and_then(|value| std::str::from_utf8(value).ok())
}

/// A new random text, not to be guessed.
fn fresh(shop: &Shop) -> String {
    random::text(shop.random.as_ref())
}

fn see_other(to: &str, cookie: Option<String>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    if let Some(Ok(cookie)) = cookie.map(HeaderValue::try_from) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn set_cookie(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax")
}

async fn storefront(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let just_left = visit.parameter("state") == Some("signed-out") && visit.shopper.tokens.is_none();
    pages::html(&shop, &pages::Storefront { frame: visit.frame(&shop), products: products::PRODUCTS, just_left })
}

async fn sign_in(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let then = visit.parameter("then").filter(|then| is_own_path(then)).unwrap_or("/account").to_owned();
    begin(&shop, visit, then, false).await
}

async fn sign_up(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    begin(&shop, Visit::of(&shop, &headers, &uri), "/account".to_owned(), true).await
}

/// Sends the browser to Haechi, and remembers what must come back.
async fn begin(shop: &Shop, mut visit: Visit, then: String, sign_up: bool) -> Response {
    let login = Login { state: fresh(shop), nonce: fresh(shop), verifier: fresh(shop), then };
    match shop.provider.login_url(&login, visit.locale.as_str(), sign_up).await {
        Ok(url) => {
            let cookie = visit.cookie.unwrap_or_else(|| fresh(shop));
            visit.shopper.begin(login);
            shop.shoppers.put(&cookie, visit.shopper);
            see_other(url.as_str(), Some(set_cookie(COOKIE, &cookie)))
        }
        Err(error) => visit.unreachable(shop, &error),
    }
}

/// Where Haechi sends the browser back to.
async fn callback(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let mut visit = Visit::of(&shop, &headers, &uri);
    let texts = Texts::of(visit.locale);
    // The state ties the answer to this browser (RFC 6749 section 10.12), `iss` to this server (RFC 9207 section 2.4).
    let state = visit.parameter("state").unwrap_or_default().to_owned();
    let login = visit.shopper.take(&state);
    let ours = visit.parameter("iss") == Some(shop.provider.issuer());
    let Some(login) = login.filter(|_| ours) else {
        return visit.problem(&shop, StatusCode::BAD_REQUEST, texts.lost_login, String::new());
    };
    if let Some(error) = visit.parameter("error") {
        let detail = [Some(error), visit.parameter("error_description")].into_iter().flatten().collect::<Vec<_>>();
        return visit.problem(&shop, StatusCode::OK, texts.refused, detail.join(": "));
    }
    let code = visit.parameter("code").unwrap_or_default().to_owned();
    match shop.provider.exchange(code, &login).await {
        Ok(tokens) => {
            // A new cookie with every login, so that one planted before it is worth nothing.
            if let Some(old) = &visit.cookie {
                shop.shoppers.forget(old);
            }
            // The ID token says who; the name and the address are at UserInfo (OpenID Connect Core 1.0 section 5.4).
            let user = shop.provider.user_info(&tokens).await;
            let name = user.map_or_else(|_| tokens.claims.subject().to_string(), |user| name_of(&user));
            let cookie = fresh(&shop);
            let logins = visit.shopper.logins;
            shop.shoppers.put(&cookie, Shopper { logins, tokens: Some(tokens), name, refreshed: 0 });
            see_other(&login.then, Some(set_cookie(COOKIE, &cookie)))
        }
        Err(error) => visit.unreachable(&shop, &error),
    }
}

async fn account(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let Some(held) = &visit.shopper.tokens else { return see_other("/sign-in", None) };
    let user_info = match shop.provider.user_info(held).await {
        Ok(user) => serde_json::to_string_pretty(&user).unwrap_or_default(),
        Err(error) => error.to_string(),
    };
    let id_token = serde_json::to_value(&held.id).ok().and_then(|id| id.as_str().map(str::to_owned));
    let page = pages::Account {
        frame: visit.frame(&shop),
        id_token: id_token.and_then(|id| tokens::show(&id, &held.keys)),
        access_token: tokens::show(&held.access, &held.keys),
        user_info,
        can_refresh: held.refresh.is_some(),
        refreshed: visit.shopper.refreshed,
    };
    pages::html(&shop, &page)
}

async fn refresh(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let Some((cookie, held)) = signed_in(&visit, &shop, &headers) else { return see_other("/", None) };
    match shop.provider.refresh(held).await {
        Ok(tokens) => {
            let refreshed = visit.shopper.refreshed.saturating_add(1);
            shop.shoppers.put(cookie, Shopper { tokens: Some(tokens), refreshed, ..visit.shopper.clone() });
            see_other("/account", None)
        }
        Err(error) => visit.unreachable(&shop, &error),
    }
}

async fn sign_out(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let Some((cookie, held)) = signed_in(&visit, &shop, &headers) else { return see_other("/", None) };
    shop.shoppers.forget(cookie);
    match shop.provider.logout_url(held, visit.locale.as_str()).await {
        Ok(url) => see_other(url.as_str(), None),
        Err(error) => visit.unreachable(&shop, &error),
    }
}

/// The cookie and the tokens of a browser that is signed in, and that sent a form of this shop.
fn signed_in<'a>(visit: &'a Visit, shop: &Shop, headers: &HeaderMap) -> Option<(&'a str, &'a TokenSet)> {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let foreign = origin.is_some_and(|origin| origin != shop.provider.own());
    visit.cookie.as_deref().zip(visit.shopper.tokens.as_ref()).filter(|_| !foreign)
}

async fn buy(State(shop): State<Arc<Shop>>, Path(product): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let Some(product) = products::find(&product) else { return nothing(State(shop), headers, uri).await };
    if visit.shopper.tokens.is_none() {
        return begin(&shop, visit, format!("/buy/{}", product.id), false).await;
    }
    pages::html(&shop, &pages::Ordered { frame: visit.frame(&shop), product })
}

async fn language(State(shop): State<Arc<Shop>>, Path(tag): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    let locale = Locale::of_tag(&tag).unwrap_or(visit.locale);
    let back = headers.get(header::REFERER).and_then(|referer| referer.to_str().ok());
    let path = back.and_then(|referer| referer.strip_prefix(shop.provider.own())).filter(|path| is_own_path(path));
    see_other(path.unwrap_or("/"), Some(set_cookie(LANGUAGE_COOKIE, locale.as_str())))
}

/// Whether a text is a path of this shop: nothing that a browser would take for another host.
fn is_own_path(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

async fn stylesheet() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=60")];
    (headers, include_str!("../../static/demo.css")).into_response()
}

async fn nothing(State(shop): State<Arc<Shop>>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(&shop, &headers, &uri);
    visit.problem(&shop, StatusCode::NOT_FOUND, Texts::of(visit.locale).not_found, String::new())
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn only_a_path_of_the_shop_is_returned_to() {
        assert!(is_own_path("/buy/tea?x=1"));
        for foreign in
            ["", "buy", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nX: y", "/\t/evil"]
        {
            assert!(!is_own_path(foreign), "{foreign:?}");
        }
    }
}
