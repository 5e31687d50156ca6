//! OpenID Connect Core 1.0.

mod id_token;
mod userinfo;
