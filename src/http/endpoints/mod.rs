//! One handler per protocol endpoint: reads the request, asks the layers below, writes the answer.

mod api_call;
pub mod authorize;
pub mod cors;
pub mod health;
pub mod introspect;
pub mod jwks;
pub mod logo;
pub mod logout;
pub mod metadata;
pub mod passkeys;
mod rejections;
pub mod resume;
pub mod revoke;
pub mod token;
pub mod upstream_logout;
pub mod userinfo;
