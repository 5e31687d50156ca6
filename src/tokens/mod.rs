//! Tokens: what they are made of, minting them, and what becomes of them afterwards.
//!
//! Owns the texts of codes and refresh tokens, the claims of access tokens and ID tokens, introspection, revocation and
//! UserInfo. Leaves who may have a token to `grants`, and signing to `keys`.

pub mod code;
pub mod jti;
