//! How the pages of end-users present the service, as a document.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::admin::document::{Document, Verdict};
use crate::admin::in_languages::tag_of;
use crate::admin::url::{check_https, url};
use crate::admin::{FieldError, FieldProblem};
use crate::model::branding::{Accent, BrandLinks, Branding, Color, InLanguages, Scheme};
use crate::model::logo::LogoId;
use crate::model::policy::{Policy, PolicySection};
use crate::protocol::issuer::Issuer;
use crate::support::line;

/// The texts, and the most characters that each can have.
const TEXTS: &[(&str, usize)] = &[("product_name", 60), ("headline", 80), ("welcome", 300)];
/// The most languages of a text.
const MAX_LANGUAGES: usize = 40;

/// How the pages of end-users present the service. A member that is not there keeps its value; an empty text takes one away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct BrandingResource {
    /// What the service is called, at most 60 characters; in further languages as `product_name#ko`. Without it it is called as `pages.service_name` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    /// The headline of the page where people sign in, at most 80 characters; in further languages as `headline#ko`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// What is said to who signs in or up, at most 300 characters; in further languages as `welcome#ko`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub welcome: Option<String>,
    /// The colour of buttons and links on light pages, as `#0f766e`. It needs a contrast of 4.5:1 there. Without it, it is the shade of `accent_color_dark`
    /// that can be read there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent_color: Option<String>,
    /// The same on dark pages. Without it, it is the shade of `accent_color` that can be read there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent_color_dark: Option<String>,
    /// The terms of service, linked at the foot of every page: an https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// The privacy policy, linked at the foot of every page: an https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Where people ask for help: an https URL. Without it it is where `pages.support_url` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_uri: Option<String>,
    /// The address of the logo that was uploaded; an empty text takes it away, and nothing else can be said of it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes of the policy. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The texts in further languages, `product_name#ko`: RFC 7591 section 2.2.
    #[serde(flatten, deserialize_with = "in_languages")]
    #[schema(ignore)]
    pub texts: BTreeMap<String, String>,
}

/// Reads what is left of a document once all other fields are taken: texts in languages, and nothing else.
fn in_languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
    match texts.keys().find(|member| text_in_language(member).is_none()) {
        Some(unknown) => Err(D::Error::custom(format!("unknown field `{unknown}`"))),
        None => Ok(texts),
    }
}

/// Which of the texts a member is, and in which language.
fn text_in_language(member: &str) -> Option<(&'static str, &str)> {
    TEXTS.iter().find_map(|(name, _)| Some((*name, tag_of(member, name)?)))
}

impl Document for BrandingResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.iter().copied().filter(|name| *name != "texts").collect()
    }

    fn verdict(member: &str, _value: &serde_json::Value) -> Verdict {
        if Self::members().contains(&member) || text_in_language(member).is_some() {
            Verdict::Known
        } else {
            Verdict::Unknown
        }
    }
}

impl BrandingResource {
    /// The members that there are in languages.
    pub const IN_LANGUAGES: [&'static str; 3] = ["product_name", "headline", "welcome"];

    /// What is decided, as a document.
    pub fn of(policy: &Policy) -> Self {
        let Branding { product_name, headline, welcome, accent: Accent { light, dark }, links, logo } =
            &policy.branding;
        let BrandLinks { tos_uri, policy_uri, support_uri } = links;
        let color = |color: &Option<Color>| color.map(|color| color.to_string());
        let link = |link: &Option<Url>| link.as_ref().map(ToString::to_string);
        let mut document = Self {
            accent_color: color(light),
            accent_color_dark: color(dark),
            tos_uri: link(tos_uri),
            policy_uri: link(policy_uri),
            support_uri: link(support_uri),
            logo_uri: logo.as_ref().map(LogoId::path),
            managed_by: policy.manager(PolicySection::Branding).map(ToString::to_string),
            version: Some(policy.version),
            ..Self::default()
        };
        for (name, texts) in [("product_name", product_name), ("headline", headline), ("welcome", welcome)] {
            for (tag, text) in texts.all() {
                document.say(name, tag, text.to_owned());
            }
        }
        document
    }

    /// What takes all of it away.
    #[must_use]
    pub fn taken_away(self) -> Self {
        let empty = || Some(String::new());
        Self {
            product_name: empty(),
            headline: empty(),
            welcome: empty(),
            accent_color: empty(),
            accent_color_dark: empty(),
            tos_uri: empty(),
            policy_uri: empty(),
            support_uri: empty(),
            logo_uri: empty(),
            managed_by: None,
            version: self.version,
            texts: self.texts.into_keys().map(|member| (member, String::new())).collect(),
        }
    }

    /// The same as others than our own pages read it: the address of the logo is a URL.
    pub fn at(self, issuer: &Issuer) -> Self {
        let logo_uri = self.logo_uri.map(|path| issuer.url(&path));
        Self { logo_uri, ..self }
    }

    /// Says one of the texts in a language; in none where the tag is empty.
    pub fn say(&mut self, name: &str, tag: &str, text: String) {
        match (tag, name) {
            ("", "product_name") => self.product_name = Some(text),
            ("", "headline") => self.headline = Some(text),
            ("", "welcome") => self.welcome = Some(text),
            _ => {
                self.texts.insert(format!("{name}#{tag}"), text);
            }
        }
    }

    /// What is decided with what the document says.
    pub fn apply(&self, was: &Branding, found: &mut Vec<FieldProblem>) -> Branding {
        let color = |field, scheme, said: &Option<String>, was| match said.as_deref() {
            None => Ok(was),
            Some("") => Ok(None),
            Some(text) => read_color(field, scheme, text).map(Some),
        };
        let link = |field, said: &Option<String>, was: &Option<Url>| match said.as_deref() {
            None => Ok(was.clone()),
            Some("") => Ok(None),
            Some(text) => {
                let url = url(field, text)?;
                check_https(field, &url, false).map(|()| Some(url))
            }
        };
        let Accent { light, dark } = was.accent;
        let links = &was.links;
        Branding {
            product_name: self.text("product_name", self.product_name.as_deref(), &was.product_name, found),
            headline: self.text("headline", self.headline.as_deref(), &was.headline, found),
            welcome: self.text("welcome", self.welcome.as_deref(), &was.welcome, found),
            accent: Accent {
                light: or(&light, found, color("accent_color", Scheme::Light, &self.accent_color, light)),
                dark: or(&dark, found, color("accent_color_dark", Scheme::Dark, &self.accent_color_dark, dark)),
            },
            links: BrandLinks {
                tos_uri: or(&links.tos_uri, found, link("tos_uri", &self.tos_uri, &links.tos_uri)),
                policy_uri: or(&links.policy_uri, found, link("policy_uri", &self.policy_uri, &links.policy_uri)),
                support_uri: or(&links.support_uri, found, link("support_uri", &self.support_uri, &links.support_uri)),
            },
            logo: or(&was.logo, found, self.logo(was.logo)),
        }
    }

    /// The logo with what is said of it: its address says that it stays.
    fn logo(&self, was: Option<LogoId>) -> Result<Option<LogoId>, FieldProblem> {
        match self.logo_uri.as_deref() {
            None => Ok(was),
            Some("") => Ok(None),
            Some(said) if was.is_some_and(|logo| logo.is_at(said)) => Ok(was),
            Some(_) => Err(FieldError::ReadOnly.of("logo_uri")),
        }
    }

    /// A text as it is with what is said of it, in whatever language.
    fn text(&self, name: &str, plain: Option<&str>, was: &InLanguages, found: &mut Vec<FieldProblem>) -> InLanguages {
        let max = TEXTS.iter().find(|(known, _)| *known == name).map_or(0, |(_, max)| *max);
        let mut texts = was.clone();
        let plain = plain.into_iter().map(|text| (name.to_owned(), "", text));
        let tagged = self.texts.iter().filter_map(|(member, text)| {
            let (of, tag) = text_in_language(member)?;
            (of == name).then(|| (member.clone(), tag, text.as_str()))
        });
        for (member, tag, said) in plain.chain(tagged) {
            match line::parse(said, max) {
                _ if said.is_empty() => texts.put(tag, None),
                Ok(text) => texts.put(tag, Some(text)),
                Err(why) => found.push(FieldError::Line(why).of(member)),
            }
        }
        if texts.len() > MAX_LANGUAGES {
            found.push(FieldError::TooMany(MAX_LANGUAGES).of(name));
        }
        texts
    }
}

/// What was read; what is refused stays as it was, so that everything that is wrong is found at once.
fn or<T: Clone>(was: &T, found: &mut Vec<FieldProblem>, read: Result<T, FieldProblem>) -> T {
    read.unwrap_or_else(|problem| {
        found.push(problem);
        was.clone()
    })
}

/// A colour that can be read where it is to be.
fn read_color(field: &str, scheme: Scheme, text: &str) -> Result<Color, FieldProblem> {
    let color = Color::parse(text).map_err(|why| FieldError::Color(why).of(field))?;
    if scheme.reads(color) { Ok(color) } else { Err(FieldError::contrast(color, scheme).of(field)) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::admin::document;

    fn applied(said: &Value) -> Result<Branding, Vec<String>> {
        let document: BrandingResource = document::read(&said.to_string()).map_err(|why| vec![why.to_string()])?;
        let mut found = Vec::new();
        let branding = document.apply(&Branding::default(), &mut found);
        let named = |problem: FieldProblem| format!("{} {}", problem.field, problem.error.code());
        if found.is_empty() { Ok(branding) } else { Err(found.into_iter().map(named).collect()) }
    }

    #[test]
    fn what_is_shown_can_be_said_again_and_taken_away() {
        let said = json!({
            "product_name": "Books", "product_name#ko": "책방", "welcome#en-GB": "Mind the gap", "accent_color": "#123a7a",
            "tos_uri": "https://books.example/terms",
        });
        let policy = Policy { branding: applied(&said).unwrap(), version: 7, ..Policy::default() };
        let shown = BrandingResource::of(&policy);
        let mut expected = said;
        expected["version"] = 7.into();
        assert_eq!(serde_json::to_value(&shown).unwrap(), expected);
        let mut found = Vec::new();
        assert_eq!(shown.apply(&Branding::default(), &mut found), policy.branding);
        assert_eq!(BrandingResource::of(&policy).taken_away().apply(&policy.branding, &mut found), Branding::default());
        assert_eq!(found, []);
    }

    #[test]
    fn what_could_not_be_shown_is_refused_by_name() {
        for (said, expected) in [
            (json!({ "accent_color": "red" }), vec!["accent_color not_a_color"]),
            (json!({ "accent_color": "#0f766e;}*{display:none" }), vec!["accent_color not_a_color"]),
            (json!({ "accent_color": "#fee500" }), vec!["accent_color low_contrast"]),
            (json!({ "accent_color_dark": "#123a7a" }), vec!["accent_color_dark low_contrast"]),
            (json!({ "tos_uri": "javascript:alert(1)" }), vec!["tos_uri not_a_url"]),
            (json!({ "policy_uri": "http://books.example/" }), vec!["policy_uri not_https"]),
            (json!({ "support_uri": "data:text/html,<script>" }), vec!["support_uri not_a_url"]),
            (json!({ "product_name": "x".repeat(61) }), vec!["product_name too_long"]),
            (json!({ "headline#ko": "가".repeat(81) }), vec!["headline#ko too_long"]),
            (json!({ "welcome": "two\nlines" }), vec!["welcome illegal_character"]),
            (json!({ "headline": "a\u{202e}b" }), vec!["headline illegal_character"]),
            (json!({ "headline": " " }), vec!["headline missing"]),
        ] {
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(applied(&said), Err(expected), "{said}");
        }
        for unknown in [json!({ "logo_color": "#000000" }), json!({ "headline#k": "x" }), json!({ "tos_uri#ko": "x" })]
        {
            assert!(applied(&unknown).unwrap_err()[0].contains("there is no"), "{unknown}");
        }
    }
}
