//! OpenID Connect Core 1.0.

mod authorization;
mod id_token;
mod userinfo;
