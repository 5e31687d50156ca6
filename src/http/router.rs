//! Every route, one line each.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::endpoints::{
    authorize, cors, health, introspect, jwks, logo, logout, metadata, passkeys, resume, revoke, token,
    upstream_logout, userinfo,
};
use super::middleware;
use super::pages::admin::groups::object::One;
use super::pages::admin::object;
use super::pages::admin::people::object::Account;
use super::pages::{
    account, admin, api_reference, assets, claim, consent, forgot, home, language, login, login_by_mail,
    login_by_passkey, passkey_question, preview, reset, second_step, second_step_by_mail, select_account, signup,
    signup_by_mail, signup_by_passkey, undo_address, upstream, verify_address,
};
use super::{AppState, api};
use crate::admin::affiliations::{GroupResource, RoleResource};
use crate::model::attribute::AttributeDefinition;
use crate::model::{Api, ClaimRule, Client, Connection, Webhook};

/// The whole HTTP surface.
pub fn router(app: &AppState) -> Router {
    let routes = protocol().merge(pages(app)).merge(api::routes(app)).with_state(app.clone());
    let routes = match app.issuer.path() {
        "" => routes,
        path => Router::new().nest(path, routes).merge(inserted_metadata(path).with_state(app.clone())),
    };
    middleware::around(
        routes.fallback(middleware::not_found).method_not_allowed_fallback(middleware::method_not_allowed),
        app,
    )
}

/// What apps and services call.
fn protocol() -> Router<AppState> {
    Router::new()
        .route("/token", post(token::token).options(cors::preflight))
        .route("/userinfo", get(userinfo::userinfo).post(userinfo::userinfo).options(cors::preflight))
        .route("/revoke", post(revoke::revoke).options(cors::preflight))
        .route("/introspect", post(introspect::introspect))
        .route("/jwks", get(jwks::jwks).options(cors::preflight_public))
        .route("/.well-known/openid-configuration", get(metadata::metadata).options(cors::preflight_public))
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata).options(cors::preflight_public))
        .route("/.well-known/webauthn", get(passkeys::related_origins))
        .route("/.well-known/passkey-endpoints", get(passkeys::endpoints))
        .route("/static/{name}", get(assets::serve))
        .route("/logos/{name}", get(logo::get))
        .route("/upstream/{slug}/backchannel-logout", post(upstream_logout::post))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
}

/// Where OAuth clients look for the metadata of an issuer with a path. RFC 8414 section 3.1: "the well-known URI [...] is inserted between
/// the host component and the path component"; OpenID Connect appends it, and finds it among the other routes.
fn inserted_metadata(path: &str) -> Router<AppState> {
    let location = format!("/.well-known/oauth-authorization-server{path}");
    Router::new()
        .route(&location, get(metadata::metadata).options(cors::preflight_public))
        // Browsers ask the host for them, whatever the issuer's path.
        .route("/.well-known/webauthn", get(passkeys::related_origins))
        .route("/.well-known/passkey-endpoints", get(passkeys::endpoints))
}

/// What users open.
fn pages(app: &AppState) -> Router<AppState> {
    Router::new()
        .merge(own_account())
        .merge(console())
        .route("/authorize", get(authorize::get).post(authorize::post))
        .route("/continue", get(resume::get))
        .route("/", get(home::get))
        .route("/login", get(login::get).post(login::post))
        .route("/login/passkey", post(login_by_passkey::post))
        .route("/login/code", get(login_by_mail::code).post(login_by_mail::type_code))
        .route("/login/link", get(login_by_mail::link).post(login_by_mail::use_link))
        .route("/signup", get(signup::get).post(signup::post))
        .route("/signup/passkey", post(signup_by_passkey::post))
        .route("/signup/code", get(signup_by_mail::code).post(signup_by_mail::type_code))
        .route("/signup/link", get(signup_by_mail::link).post(signup_by_mail::use_link))
        .route("/passkeys/question", post(passkey_question::post))
        .route("/second-step", get(second_step::get).post(second_step::post))
        .route("/second-step/code", get(second_step_by_mail::get).post(second_step_by_mail::post))
        .route("/second-step/mail", post(second_step_by_mail::send))
        .route("/select-account", get(select_account::get).post(select_account::post))
        .route("/consent", get(consent::get).post(consent::post))
        .route("/claim", get(claim::get).post(claim::post))
        .route("/forgot", get(forgot::get).post(forgot::post))
        .route("/reset", get(reset::get).post(reset::post))
        .route("/reset/passkey", post(reset::by_passkey))
        .route("/verify-email", get(verify_address::get).post(verify_address::post))
        .route("/verify-email/send", post(verify_address::send))
        .route("/undo-email", get(undo_address::get).post(undo_address::post))
        .route("/language", post(language::post))
        .route("/upstream/{slug}/start", get(upstream::start::get))
        .route("/upstream/{slug}/callback", get(upstream::callback::get).post(upstream::callback::post))
        .route("/upstream/confirm", get(upstream::confirm::get).post(upstream::confirm::post))
        .route("/upstream/email", get(upstream::email::get).post(upstream::email::post))
        .route("/logout", get(logout::get).post(logout::post))
        .route("/signed-out", get(logout::signed_out))
        .route("/api/v1/docs", get(api_reference::get))
        .route_layer(from_fn_with_state(app.clone(), middleware::browser))
}

/// What end-users open of their own.
fn own_account() -> Router<AppState> {
    Router::new()
        .route("/account", get(account::overview::get))
        .route("/account/profile", get(account::profile::get).post(account::profile::post))
        .route("/account/security", get(account::security::get))
        .route("/account/password", post(account::password::post))
        .route("/account/two-step", post(account::two_step::post))
        .route("/account/links", post(account::links::post))
        .route("/account/passkeys", post(account::passkeys::add))
        .route("/account/passkeys/new", post(account::passkeys::ask))
        .route("/account/passkeys/offer", get(account::passkey_offer::get).post(account::passkey_offer::post))
        .route("/account/passkeys/change", post(account::passkeys::change))
        .route("/account/email", post(account::email::post))
        .route("/account/email/verify", post(account::email::verify))
        .route("/account/sessions", get(account::sessions::get).post(account::sessions::post))
        .route("/account/apps", get(account::apps::get).post(account::apps::post))
        .route("/account/preferences", get(account::language::get))
        .route("/account/language", post(account::language::post))
        .route("/account/data", get(account::data::get))
        .route("/account/data/download", post(account::data::post))
        .route("/account/delete", get(account::delete::get).post(account::delete::post))
        .route("/account/claim", post(account::claim::post))
        .route("/account/confirm", post(account::confirm::post))
        .route("/account/second-step", post(account::adding::post))
        .route("/account/switch", post(account::switch::post))
}

/// What administrators open.
fn console() -> Router<AppState> {
    Router::new()
        .route("/admin", get(admin::home::get))
        .route("/admin/search", get(admin::search::get))
        .route("/admin/setup", get(admin::setup::get))
        .route("/admin/setup/production", get(admin::setup::production::get))
        .route("/admin/setup/production/{file}", get(admin::setup::production::file))
        .merge(people())
        .merge(apps())
        .merge(apis())
        .merge(connections())
        .merge(audit())
        .merge(keys_and_settings())
}

/// People and their accounts.
fn people() -> Router<AppState> {
    use admin::people::{self, access, apps, attributes, bulk, delete, groups, new, preview, profile, sessions};
    Router::new()
        .route("/admin/people", get(people::get))
        .route("/admin/people/several", post(people::several))
        .route("/admin/people/new", get(new::get).post(new::post))
        .route("/admin/people/invite", get(new::get_invitation).post(new::post_invitation))
        .route("/admin/people/import", get(bulk::get).post(bulk::post))
        .route("/admin/people/export", post(bulk::export))
        .route("/admin/people/attributes", get(attributes::get).post(attributes::post))
        .route("/admin/people/attributes/{name}", get(attributes::one).post(attributes::change))
        .route("/admin/people/attributes/{name}/history", get(object::history::<AttributeDefinition>))
        .route("/admin/people/attributes/{name}/document", get(object::document::<AttributeDefinition>))
        .route("/admin/people/{id}", get(profile::get).post(profile::post))
        .route("/admin/people/{id}/access", get(access::get).post(access::post))
        .route("/admin/people/{id}/groups", get(groups::get).post(groups::post))
        .route("/admin/people/{id}/sessions", get(sessions::get).post(sessions::post))
        .route("/admin/people/{id}/apps", get(apps::get).post(apps::post))
        .route("/admin/people/{id}/preview", get(preview::get))
        .route("/admin/people/{id}/history", get(object::history::<Account>))
        .route("/admin/people/{id}/document", get(object::document::<Account>))
        .route("/admin/people/{id}/delete", get(delete::get).post(delete::post))
}

/// Registered clients.
fn apps() -> Router<AppState> {
    use admin::apps::{
        self, consents, create, credentials, delete, logo, managers, preview, problems, redirect_uri, security,
        settings, trial,
    };
    Router::new()
        .route("/admin/apps", get(apps::get))
        .route("/admin/apps/redirect-uri", get(redirect_uri::get))
        .route("/admin/apps/several", post(apps::several))
        .route("/admin/apps/new", get(create::choose))
        .route("/admin/apps/new/{by}", get(create::get).post(create::post))
        .route("/admin/apps/{id}", get(settings::get).post(settings::post))
        .route("/admin/apps/{id}/state", post(settings::state))
        .route("/admin/apps/{id}/logo", post(logo::post))
        .route("/admin/apps/{id}/credentials", get(credentials::get).post(credentials::post))
        .route("/admin/apps/{id}/security", get(security::get).post(security::post))
        .route("/admin/apps/{id}/try", get(trial::get).post(trial::post))
        .route("/admin/apps/{id}/try/{trial}", get(trial::result))
        .route("/admin/apps/{id}/preview", get(preview::get))
        .route("/admin/apps/{id}/problems", get(problems::get))
        .route("/admin/apps/{id}/consents", get(consents::get).post(consents::post))
        .route("/admin/apps/{id}/consents/withdraw", get(consents::ask).post(consents::withdraw_all))
        .route("/admin/apps/{id}/managers", get(managers::get).post(managers::post))
        .route("/admin/apps/{id}/history", get(object::history::<Client>))
        .route("/admin/apps/{id}/document", get(object::document::<Client>))
        .route("/admin/apps/{id}/delete", get(delete::get).post(delete::post))
}

/// What tokens are for.
fn apis() -> Router<AppState> {
    use admin::apis::{self, apps, create, definition, delete, scopes};
    Router::new()
        .route("/admin/apis", get(apis::get))
        .route("/admin/apis/several", post(apis::several))
        .route("/admin/apis/new", get(create::get).post(create::post))
        .route("/admin/apis/{id}", get(definition::get).post(definition::post))
        .route("/admin/apis/{id}/scopes", get(scopes::get).post(scopes::post))
        .route("/admin/apis/{id}/apps", get(apps::get).post(apps::post))
        .route("/admin/apis/{id}/history", get(object::history::<Api>))
        .route("/admin/apis/{id}/document", get(object::document::<Api>))
        .route("/admin/apis/{id}/delete", get(delete::get).post(delete::post))
}

/// The audit log.
fn audit() -> Router<AppState> {
    use admin::audit::{self, export, follow};
    Router::new()
        .route("/admin/audit", get(audit::get))
        .route("/admin/audit/export", get(export::get))
        .route("/admin/audit/events", get(follow::get))
        .route("/admin/audit/{id}", get(audit::entry))
}

/// What apps are told of people.
fn claims() -> Router<AppState> {
    use admin::claims::{self, create, delete, one};
    Router::new()
        .route("/admin/claims", get(claims::get))
        .route("/admin/claims/new", get(create::get).post(create::post))
        .route("/admin/claims/rules/{name}", get(one::get).post(one::post))
        .route("/admin/claims/rules/{name}/history", get(object::history::<ClaimRule>))
        .route("/admin/claims/rules/{name}/document", get(object::document::<ClaimRule>))
        .route("/admin/claims/rules/{name}/delete", get(delete::get).post(delete::post))
}

/// The programs that are told what happens.
fn groups() -> Router<AppState> {
    use admin::groups::{self, create, delete, managers, one};
    Router::new()
        .route("/admin/groups", get(groups::get::<GroupResource>))
        .route("/admin/groups/several", post(groups::several::<GroupResource>))
        .route("/admin/groups/new", get(create::get::<GroupResource>).post(create::post::<GroupResource>))
        .route("/admin/groups/{id}", get(one::get::<GroupResource>).post(one::post::<GroupResource>))
        .route("/admin/groups/{id}/managers", get(managers::get).post(managers::post))
        .route("/admin/groups/{id}/history", get(object::history::<One<GroupResource>>))
        .route("/admin/groups/{id}/document", get(object::document::<One<GroupResource>>))
        .route("/admin/groups/{id}/delete", get(delete::get::<GroupResource>).post(delete::post::<GroupResource>))
        .route("/admin/roles", get(groups::get::<RoleResource>))
        .route("/admin/roles/several", post(groups::several::<RoleResource>))
        .route("/admin/roles/new", get(create::get::<RoleResource>).post(create::post::<RoleResource>))
        .route("/admin/roles/{id}", get(one::get::<RoleResource>).post(one::post::<RoleResource>))
        .route("/admin/roles/{id}/history", get(object::history::<One<RoleResource>>))
        .route("/admin/roles/{id}/document", get(object::document::<One<RoleResource>>))
        .route("/admin/roles/{id}/delete", get(delete::get::<RoleResource>).post(delete::post::<RoleResource>))
}

fn webhooks() -> Router<AppState> {
    use admin::webhooks::{self, create, delete, edit};
    Router::new()
        .route("/admin/webhooks", get(webhooks::get))
        .route("/admin/webhooks/several", post(webhooks::several))
        .route("/admin/webhooks/new", get(create::get).post(create::post))
        .route("/admin/webhooks/{id}", get(edit::get).post(edit::post))
        .route("/admin/webhooks/{id}/press", post(webhooks::press))
        .route("/admin/webhooks/{id}/history", get(object::history::<Webhook>))
        .route("/admin/webhooks/{id}/document", get(object::document::<Webhook>))
        .route("/admin/webhooks/{id}/delete", get(delete::get).post(delete::post))
}

/// The outbox.
fn mail() -> Router<AppState> {
    use admin::mail::{self, one};
    Router::new()
        .route("/admin/mail", get(mail::get))
        .route("/admin/mail/test", post(mail::test))
        .route("/admin/mail/several", post(mail::several))
        .route("/admin/mail/{id}", get(one::get).post(one::post))
}

/// The signing keys and the settings, as administrators see them.
fn keys_and_settings() -> Router<AppState> {
    use admin::release;
    use admin::signing_keys::{self, algorithms, history, import, revoke as revocation};
    Router::new()
        .merge(groups())
        .merge(claims())
        .merge(webhooks())
        .merge(mail())
        .route("/admin/release/{kind}/{name}", get(release::get).post(release::post))
        .route("/admin/keys", get(signing_keys::get))
        .route("/admin/keys/import", get(import::get).post(import::post))
        .route("/admin/keys/algorithms", post(algorithms::post))
        .route("/admin/keys/rotate", post(signing_keys::rotate))
        .route("/admin/keys/{kid}/revoke", get(revocation::get).post(revocation::post))
        .route("/admin/keys/history", get(history::get))
        .route("/admin/settings", get(admin::settings::get))
        .route("/admin/design", get(admin::design::get))
        .route("/admin/sign-in", get(admin::policy::sign_in::get).post(admin::policy::sign_in::post))
        .route("/admin/branding", get(admin::policy::branding::get).post(admin::policy::branding::post))
        .route("/admin/branding/logo", post(admin::policy::logo::post))
        .route("/admin/branding/preview", get(preview::get))
}

/// Connections to upstream providers.
fn connections() -> Router<AppState> {
    use admin::connections::{self, create, delete, edit, secret};
    Router::new()
        .route("/admin/connections", get(connections::get).post(connections::several))
        .route("/admin/connections/{slug}", get(edit::get).post(edit::post))
        .route("/admin/connections/{slug}/state", post(connections::state))
        .route("/admin/connections/{slug}/move", post(connections::shift))
        .route("/admin/connections/{slug}/secret", get(secret::get).post(secret::post))
        .route("/admin/connections/{slug}/history", get(object::history::<Connection>))
        .route("/admin/connections/{slug}/document", get(object::document::<Connection>))
        .route("/admin/connections/{slug}/delete", get(delete::get).post(delete::post))
        .route("/admin/presets", get(create::choose))
        .route("/admin/presets/{preset}", get(create::get).post(create::post))
}
