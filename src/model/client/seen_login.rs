//! What a client was seen doing in a login, which its registration might then require.

/// Whether an authorization request that was answered with a code had what protects a login (RFC 9700 section 2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenLogin {
    /// It had a code challenge: RFC 7636 section 4.3.
    pub pkce: bool,
    /// It had a nonce: OpenID Connect Core 1.0 section 3.1.2.1.
    pub nonce: bool,
}

impl SeenLogin {
    /// How many of a client's logins are remembered.
    pub const REMEMBERED: usize = 100;

    /// The letter that it is stored as.
    pub const fn letter(self) -> char {
        match (self.pkce, self.nonce) {
            (true, true) => 'b',
            (true, false) => 'p',
            (false, true) => 'n',
            (false, false) => '-',
        }
    }

    /// The login of a letter.
    pub const fn of_letter(letter: char) -> Option<Self> {
        let (pkce, nonce) = match letter {
            'b' => (true, true),
            'p' => (true, false),
            'n' => (false, true),
            '-' => (false, false),
            _ => return None,
        };
        Some(Self { pkce, nonce })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_login_has_a_letter_of_its_own() {
        for (pkce, nonce) in [(false, false), (false, true), (true, false), (true, true)] {
            let login = SeenLogin { pkce, nonce };
            assert_eq!(SeenLogin::of_letter(login.letter()), Some(login));
        }
        assert_eq!(SeenLogin::of_letter('x'), None);
    }
}
