//! The pages of the shop.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::Shop;
use super::products::Product;
use super::texts::Texts;
use super::tokens::Shown;
use crate::model::Locale;

/// What every page shows.
pub(super) struct Frame<'a> {
    pub(super) t: &'static Texts,
    pub(super) locale: Locale,
    /// Where users sign in.
    pub(super) issuer: &'a str,
    /// Who is signed in.
    pub(super) name: Option<&'a str>,
}

impl Frame<'_> {
    /// The language, by value, as the templates want it.
    const fn locale(&self) -> Locale {
        self.locale
    }

    /// A text with the user's name in it.
    fn addressed(&self, text: &str) -> String {
        text.replace("{name}", self.name.unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "demo/storefront.html")]
pub(super) struct Storefront<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) products: &'static [Product],
    /// The user has just signed out.
    pub(super) just_left: bool,
}

#[derive(Template)]
#[template(path = "demo/account.html")]
pub(super) struct Account<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) id_token: Option<Shown>,
    pub(super) access_token: Option<Shown>,
    pub(super) user_info: String,
    pub(super) can_refresh: bool,
    pub(super) refreshed: u32,
}

#[derive(Template)]
#[template(path = "demo/ordered.html")]
pub(super) struct Ordered<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) product: &'static Product,
}

#[derive(Template)]
#[template(path = "demo/problem.html")]
pub(super) struct ErrorPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) message: &'static str,
    pub(super) detail: String,
}

/// A page as an answer, with the headers that every page has.
pub(super) fn html(shop: &Shop, page: &impl Template) -> Response {
    let Ok(text) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = Html(text).into_response();
    // A form that is sent to the shop may lead on to the server (sign out), which counts for form-action too.
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {}; base-uri 'none'; \
         frame-ancestors 'none'",
        shop.server
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_offers_every_language_in_its_own_words() {
        let locale = Locale::Ko;
        let frame = Frame { t: Texts::of(locale), locale, issuer: "http://localhost:8080", name: None };
        let html = Storefront { frame, products: super::super::products::PRODUCTS, just_left: false }.render().unwrap();
        let menu = "  <nav>\n    <a id=\"lang-en\" href=\"/language/en\" lang=\"en\" hreflang=\"en\">English</a>\n    \
                    <a id=\"lang-ko\" href=\"/language/ko\" lang=\"ko\" hreflang=\"ko\">한국어</a>\n    \n    <a id=\"sign-in\"";
        assert!(html.contains("<html lang=\"ko\">") && html.contains("<h2>달항아리</h2>"), "{html}");
        assert!(html.contains(menu), "{html}");
    }
}
