//! `prompt` and `display`: OpenID Connect Core 1.0 section 3.1.2.1.

use serde::{Deserialize, Serialize};

use super::error::OAuthError;

/// What the app wants its user to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "independent wishes, as the specification has them")]
pub struct Prompt {
    /// Ask nothing; fail where something would have to be asked.
    pub none: bool,
    /// `login`: authenticate the end-user again, even if one is signed in.
    pub login: bool,
    /// Ask for consent again.
    pub consent: bool,
    /// Let the user choose an account.
    pub select_account: bool,
    /// Let the user make an account: Initiating User Registration via OpenID Connect 1.0 section 4.
    #[serde(default)]
    pub create: bool,
}

impl Prompt {
    /// Reads the space-delimited values. "If this parameter contains none with any other value, an error is returned."
    /// A value that Haechi does not know is refused, as asking nothing where something was wanted is the worse surprise.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut prompt = Self::default();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            match value {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                "create" => prompt.create = true,
                _ => return Err(OAuthError::invalid_request("prompt has a value that is not supported")),
            }
        }
        if prompt.none && (prompt.login || prompt.consent || prompt.select_account || prompt.create) {
            return Err(OAuthError::invalid_request("prompt=none goes with no other value"));
        }
        Ok(prompt)
    }

    /// The values that [`Prompt::parse`] understands.
    pub const SUPPORTED: &[&str] = &["none", "login", "consent", "select_account", "create"];
}

/// How the app wants the pages shown. Haechi's pages fit every size, so a value only has to be legal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Display {
    /// `page`: the full window.
    #[default]
    Page,
    /// `popup`: a small window.
    Popup,
    /// `touch`: a device with a touch screen.
    Touch,
    /// `wap`: a feature phone.
    Wap,
}

impl Display {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        match text {
            "page" => Ok(Self::Page),
            "popup" => Ok(Self::Popup),
            "touch" => Ok(Self::Touch),
            "wap" => Ok(Self::Wap),
            _ => Err(OAuthError::invalid_request("display has a value that is not supported")),
        }
    }

    /// The values that [`Display::parse`] understands.
    pub const SUPPORTED: &[&str] = &["page", "popup", "touch", "wap"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_goes_with_no_other_value() {
        assert!(Prompt::parse("none login").is_err());
        assert!(Prompt::parse("none").unwrap().none);
    }

    #[test]
    fn values_combine() {
        let prompt = Prompt::parse("login consent").unwrap();
        assert!(prompt.login && prompt.consent && !prompt.select_account);
    }
}
