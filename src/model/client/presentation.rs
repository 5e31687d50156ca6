//! How a client is presented to end-users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::locale::Locale;
use crate::model::logo::LogoId;

/// What end-users see of a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// The client's name (`client_name`).
    pub name: String,
    /// Its name in further languages, by their BCP 47 tags (`client_name#ko`): RFC 7591 section 2.2.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// The links and the picture beside it.
    pub links: ClientLinks,
}

impl Presentation {
    /// The client's name for readers of a language.
    pub fn name_in(&self, locale: Locale) -> &str {
        locale.text_of(&self.names).unwrap_or(&self.name)
    }
}

/// The links and the picture that end-users see beside a client's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClientLinks {
    /// The client's home page.
    pub client_uri: Option<Url>,
    /// `logo_uri` of RFC 7591 section 2, where the client has its logo elsewhere.
    pub logo_uri: Option<Url>,
    /// The logo that was uploaded, whose address is the client's `logo_uri` then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoId>,
    /// The client's privacy policy.
    pub policy_uri: Option<Url>,
    /// The client's terms of service.
    pub tos_uri: Option<Url>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_in_the_language_of_the_page_and_plain_where_it_has_none() {
        let names = [("ko-KR", "한국 가게"), ("KO", "가게"), ("ja-Jpan-JP", "店")];
        let names = names.map(|(tag, name)| (tag.to_owned(), name.to_owned())).into();
        let shop = Presentation { name: "Shop".to_owned(), names, links: ClientLinks::default() };
        assert_eq!((shop.name_in(Locale::Ko), shop.name_in(Locale::En)), ("가게", "Shop"));
    }
}
