//! What a client was seen doing in a login, which its registration might then require.

use super::ClientAuthentication;

/// Whether a login, a code that was issued and redeemed, had what protects it (RFC 9700 section 2.1.1), and how the client sent its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenLogin {
    /// It had a code challenge: RFC 7636 section 4.3.
    pub pkce: bool,
    /// It had a nonce: OpenID Connect Core 1.0 section 3.1.2.1.
    pub nonce: bool,
    /// Where the client's secret was; `None` where it sent none, or where that was not noted.
    pub secret: Option<SecretPlace>,
}

/// One of the two places in which a request carries a secret: RFC 6749 section 2.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// The `Authorization` header.
    Basic,
    /// The request's body.
    Post,
}

impl SecretPlace {
    /// The place that a method has its secret in; `None` for a method without one.
    pub fn of_method(method: &str) -> Option<Self> {
        [Self::Basic, Self::Post].into_iter().find(|place| place.method() == method)
    }

    /// The method that has its secret there.
    pub fn method(self) -> &'static str {
        match self {
            Self::Basic => ClientAuthentication::ClientSecretBasic.as_str(),
            Self::Post => ClientAuthentication::ClientSecretPost.as_str(),
        }
    }
}

impl SeenLogin {
    /// How many of a client's logins are remembered.
    pub const REMEMBERED: usize = 100;

    /// Every login that there can be.
    fn all() -> impl Iterator<Item = Self> {
        let secrets = [None, Some(SecretPlace::Basic), Some(SecretPlace::Post)];
        let with = |secret| {
            [(true, true), (true, false), (false, true), (false, false)].map(|(pkce, nonce)| Self {
                pkce,
                nonce,
                secret,
            })
        };
        secrets.into_iter().flat_map(with)
    }

    /// The letter that it is stored as.
    pub const fn letter(self) -> char {
        let [both, pkce, nonce, neither] = match self.secret {
            None => ['b', 'p', 'n', '-'],
            Some(SecretPlace::Basic) => ['B', 'P', 'N', '='],
            Some(SecretPlace::Post) => ['c', 'q', 'o', '+'],
        };
        match (self.pkce, self.nonce) {
            (true, true) => both,
            (true, false) => pkce,
            (false, true) => nonce,
            (false, false) => neither,
        }
    }

    /// The login of a letter.
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::all().find(|login| login.letter() == letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_login_has_a_letter_of_its_own() {
        assert_eq!(SeenLogin::all().count(), 12);
        for login in SeenLogin::all() {
            assert_eq!(SeenLogin::of_letter(login.letter()), Some(login));
        }
        assert_eq!(SeenLogin::of_letter('x'), None);
    }

    #[test]
    fn the_places_are_those_of_the_methods_with_a_secret() {
        assert_eq!(SecretPlace::of_method("client_secret_basic"), Some(SecretPlace::Basic));
        assert_eq!(SecretPlace::of_method("client_secret_post"), Some(SecretPlace::Post));
        assert_eq!(SecretPlace::of_method("none"), None);
    }
}
