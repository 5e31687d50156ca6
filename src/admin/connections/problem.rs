//! What is wrong with a connection, field by field.

use crate::admin::FieldProblem;
use crate::support::line::LineRejected;
use crate::upstream::claims::Field;

/// The most entries of a list.
pub(super) const MAX_ENTRIES: usize = 50;

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionProblem {
    /// There is no going without it.
    #[error("must not be empty")]
    Missing,
    /// It has characters that cannot be in it, or too many.
    #[error("must be at most {0} printable ASCII characters without spaces around them")]
    Text(usize),
    /// A line that people read.
    #[error("{0}")]
    Line(LineRejected),
    /// A name in URLs.
    #[error("must be 1 to 40 characters of a-z 0-9 - and not begin or end with -")]
    Slug,
    /// It is another connection's.
    #[error("is the name of another connection")]
    SlugTaken,
    /// A setting that this kind of provider does not have.
    #[error("is not a setting of this preset")]
    NoSuchSetting,
    /// An endpoint or issuer is no absolute URL.
    #[error("must be a URL with a host, without user name and fragment, at most 2000 bytes")]
    NotAUrl,
    /// An address without TLS.
    #[error("must use https")]
    NotHttps,
    /// OpenID Connect Discovery 1.0 section 3: an issuer is a URL "with no query or fragment components".
    #[error("must be a URL without query, as the provider itself writes it")]
    NotAnIssuer,
    /// A tenant is neither an id nor a domain.
    #[error("must be the tenant's id, a UUID in lower case")]
    NotATenant,
    /// An id of Apple's.
    #[error("must be ten letters and digits")]
    NotTenCharacters,
    /// A scope has characters that RFC 6749 section 3.3 does not allow.
    #[error("a scope has printable characters only, without spaces, \" and \\")]
    Scope,
    /// OpenID Connect Core 1.0 section 3.1.2.1: "OpenID Connect requests MUST contain the `openid` scope value."
    #[error("must contain openid")]
    NoOpenid,
    /// There is no such field of a profile.
    #[error("is no field of a profile; there are {}", field_names())]
    NoSuchField,
    /// Neither a claim's name nor a JSON pointer.
    #[error("must be a claim's name or a JSON pointer such as /account/email")]
    NotAPointer,
    /// Whose account it is would be read from something that changes hands.
    #[error("must not be read from an address, or from anything that can change hands")]
    SubjectChangesHands,
    /// OpenID Connect Core 1.0 section 5.7: only `iss` and `sub` together identify somebody.
    #[error("is always `sub` with OpenID Connect")]
    SubjectIsFixed,
    /// A domain is none.
    #[error("must be domains such as example.com")]
    Domain,
    /// People of that domain are sent to another connection already.
    #[error("another connection has one of these domains already")]
    RoutedElsewhere,
    /// Everybody who can make an account at the provider would administer this server.
    #[error(
        "must be empty unless sign-up is limited to allowed_domains and the provider's e-mail verification is trusted"
    )]
    RolesForEverybody,
    /// ID tokens under the client secret beside others.
    #[error("HS256 does not go with other algorithms here")]
    MixedAlgorithms,
    /// Plain OAuth 2 has no ID tokens.
    #[error("must be empty: there are no ID tokens")]
    NoIdTokens,
    /// A list is too long.
    #[error("must have at most {MAX_ENTRIES} entries")]
    TooMany,
    /// A secret is empty or has characters that no provider issues.
    #[error("must be the secret as the provider shows it, in printable ASCII characters")]
    NotASecret,
    /// A key of Apple's.
    #[error("must be the content of the .p8 file with the private key")]
    NotAKey,
    /// Where the connection leads changes, and with it where the secret would go.
    #[error("must be given again when the connection leads elsewhere")]
    SecretAgain,
    /// People are linked, by subjects that could be somebody else's elsewhere.
    #[error("cannot change while accounts are linked: make another connection")]
    PeopleAreLinked,
}

impl ConnectionProblem {
    /// The problem of this field.
    pub(super) fn of(self, field: impl Into<String>) -> FieldProblem {
        FieldProblem { field: field.into(), problem: self.into() }
    }
}

fn field_names() -> String {
    Field::ALL.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ")
}
