//! What a provider may do wrong, by mistake or on purpose. Closed: whatever is listed here, Haechi must survive.

use super::Endpoint;

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    /// The discovery document names another issuer.
    OtherIssuerDiscovered,
    /// The ID token names another issuer.
    WrongIssuer,
    /// The ID token is for another app.
    WrongAudience,
    /// The ID token is for us and for another app, which asked for it.
    WrongAuthorizedParty,
    /// The ID token answers another request.
    WrongNonce,
    /// The ID token does not say which request it answers.
    NoNonce,
    /// The ID token is not signed.
    AlgorithmNone,
    /// The ID token has a MAC under what everybody knows: the public key.
    MacUnderPublicKey,
    /// The ID token has a MAC under the client secret, although the provider has keys.
    MacUnderClientSecret,
    /// The ID token is over.
    Expired,
    /// The ID token was made tomorrow.
    FromTheFuture,
    /// The ID token does not say when it ends.
    NoExpiry,
    /// The ID token is signed by a key that the provider does not publish.
    UnknownKey,
    /// The ID token was changed after it was signed.
    BrokenSignature,
    /// The ID token is about another access token.
    WrongAccessTokenHash,
    /// There is no ID token.
    NoIdToken,
    /// The profile is somebody else's.
    OtherSubjectInProfile,
    /// The person did not agree.
    Refused,
    /// The provider has a bad day, and says so to the browser.
    BadDay,
    /// The browser comes back in the name of another issuer: RFC 9207.
    WrongIssInAnswer,
    /// The browser comes back without the issuer's name, although the provider promised it: RFC 9207 section 2.4.
    NoIssInAnswer,
    /// Something is odd about how an endpoint answers.
    At(Endpoint, Odd),
}

/// What may be odd about an answer, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// It never comes.
    Never,
    /// It comes a byte at a time, without an end.
    Trickling,
    /// It is longer than anybody needs.
    Oversized,
    /// It is deeper than anybody needs.
    Nested,
    /// It is elsewhere, says the status.
    Redirecting,
    /// It is a page for people.
    Html,
    /// It is status 503.
    Unavailable,
}
