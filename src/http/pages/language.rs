//! Switching the language, on every page.

use axum::http::header;
use axum::response::Response;

use super::context::Context;
use super::section;
use crate::admin::declared::DeclaredKind;
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::http::problem::ProblemKind;
use crate::http::redirect;
use crate::model::Locale;
use crate::model::attribute::is_name;
use crate::model::client::ClientId;
use crate::model::connection::Slug;
use crate::protocol::Params;
use crate::support::id::{AffiliationId, ApiId, AuditEventId, KeyId, MailId, UserId, WebhookId};

/// The pages that the switch returns to, besides those of the account and of the console. The path must be one of these, so it never leads anywhere else.
const PAGES: &[&str] = &[
    "/login",
    "/login/code",
    "/login/link",
    "/signup",
    "/signup/code",
    "/signup/link",
    "/second-step",
    "/second-step/code",
    "/consent",
    "/select-account",
    "/admin",
    "/claim",
    "/forgot",
    "/reset",
    "/undo-email",
    "/verify-email",
    "/logout",
    "/signed-out",
    "/upstream/confirm",
    "/upstream/email",
];

/// `POST /language`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let locale = params.get("locale").and_then(Locale::of_tag).ok_or(ProblemKind::BadRequest)?;
    let (path, query) = back(params.get("here").unwrap_or_default());
    let pairs: Vec<(&str, &str)> = query.iter().collect();
    let target = context.app.issuer.local(path);
    let mut response =
        if pairs.is_empty() { redirect::see_other(&target) } else { redirect::local_with(&target, &pairs)? };
    let cookie = Cookie::Locale.set(locale.as_str(), &context.app.issuer);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The page to return to and its parameters; the start page where it is none of ours.
fn back(here: &str) -> (&str, Params) {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    match Params::parse(query.as_bytes()) {
        Ok(query) if PAGES.contains(&path) || section::is_page(path) || is_of_console(path) => (path, query),
        _ => ("/", Params::default()),
    }
}

/// Whether it is a page of the console that is opened by its address: a list, or one thing by its id.
fn is_of_console(path: &str) -> bool {
    let parts: Vec<&str> = path.strip_prefix("/admin/").map(|rest| rest.split('/').collect()).unwrap_or_default();
    match parts[..] {
        [
            "people" | "groups" | "roles" | "claims" | "apps" | "apis" | "connections" | "presets" | "webhooks"
            | "mail" | "keys" | "settings" | "design" | "sign-in" | "branding" | "audit" | "search" | "setup",
        ]
        | ["people" | "groups" | "roles" | "claims" | "apps" | "apis" | "webhooks", "new"]
        | ["people", "attributes" | "import" | "invite"]
        | ["keys", "history" | "import"]
        | ["setup", "production"] => true,
        ["people", "attributes", name] | ["people", "attributes", name, "history" | "document"] => is_name(name),
        ["mail", id] => id.parse::<MailId>().is_ok(),
        ["release", kind, name] => {
            DeclaredKind::named(kind).is_some() && (is_name(name) || ClientId::parse(name).is_ok())
        }
        ["people", id]
        | ["people", id, "access" | "groups" | "sessions" | "apps" | "preview" | "history" | "document" | "delete"] => {
            id.parse::<UserId>().is_ok()
        }
        ["groups" | "roles", id]
        | ["groups" | "roles", id, "history" | "document" | "delete"]
        | ["groups", id, "managers"] => id.parse::<AffiliationId>().is_ok(),
        ["apps", id]
        | [
            "apps",
            id,
            "credentials" | "security" | "try" | "preview" | "problems" | "consents" | "managers" | "history"
            | "document" | "delete",
        ]
        | ["apps", id, "consents", "withdraw"] => ClientId::parse(id).is_ok(),
        ["apis", id] | ["apis", id, "scopes" | "apps" | "history" | "document" | "delete"] => {
            id.parse::<ApiId>().is_ok()
        }
        ["webhooks", id] | ["webhooks", id, "history" | "document" | "delete"] => id.parse::<WebhookId>().is_ok(),
        ["audit", id] => id.parse::<AuditEventId>().is_ok(),
        ["keys", kid, "revoke"] => kid.parse::<KeyId>().is_ok(),
        ["connections" | "presets", slug]
        | ["apps", "new", slug]
        | ["claims", "rules", slug]
        | ["claims", "rules", slug, "history" | "document" | "delete"]
        | ["connections", slug, "secret" | "history" | "document" | "delete"] => Slug::parse(slug).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_always_one_of_our_pages() {
        for page in [
            "/login",
            "/account",
            "/account/delete",
            "/admin/presets/oidc",
            "/admin/connections/work/secret",
            "/admin/keys",
            "/admin/settings",
            "/admin/people",
            "/admin/people/new",
            "/admin/people/attributes/employee_number",
            "/admin/people/attributes/employee_number/history",
            "/admin/keys/import",
            "/admin/release/client/shop",
            "/admin/people/usr_01a227655039737f8584afc808a47b3d/access",
            "/admin/apps/new/spring",
            "/admin/apps/shop/credentials",
            "/admin/audit",
        ] {
            assert_eq!(back(&format!("{page}?flow=azn_1")).0, page);
        }
        for evil in [
            "/account/password",
            "/account//evil.example",
            "/admin//evil.example",
            "/admin/connections/../../evil",
            "/admin/connections/work/state",
            "/admin/people/several",
            "/admin/apps/shop/state",
            "/admin/apps/../evil",
            "/admin/presets/work/secret",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/login",
            "/login/../..//evil.example",
            "javascript:alert(1)",
            "/%09/evil.example",
            "",
        ] {
            assert_eq!(back(evil).0, "/", "{evil}");
        }
    }
}
