//! How strictly an app is held, what it was seen doing, and what to press to be stricter.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::done::Done;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::app::{Tab, head_of, named, path_of, shell};
use super::{DONE, SAVED};
use crate::admin::Permission;
use crate::admin::clients::{self, AuthenticationMethod, ClientResource, Pkce, RecentLogins};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::client::{AssertionAudience, Client, NoncePolicy};

#[derive(askama::Template)]
#[template(path = "admin/apps/security.html")]
struct SecurityPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_change: bool,
    rungs: Vec<Rung>,
    steps: Vec<Step>,
    /// What the last logins had; nothing where there was none.
    seen: Vec<Seen>,
    logins: u64,
    csrf: String,
    done: Option<String>,
}

/// How strictly an app is held, from what most software can to what banks ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// Whatever the specifications allow.
    Compatible,
    /// What RFC 9700 recommends to every app.
    Baseline,
    /// Its own key in place of a secret that it shares with the server.
    OwnKey,
    /// Tokens that are worth nothing to whoever steals them: RFC 9449, RFC 8705.
    SenderConstrained,
    /// The FAPI 2.0 Security Profile.
    Fapi,
}

impl Grade {
    const ALL: &[Self] = &[Self::Compatible, Self::Baseline, Self::OwnKey, Self::SenderConstrained, Self::Fapi];

    /// Of what it does without.
    fn of(findings: &[&str]) -> Self {
        let does_without = |names: &[&str]| findings.iter().any(|finding| names.contains(finding));
        if does_without(&["pkce_when_sent", "secret_method_not_pinned", "localhost_redirect"]) {
            Self::Compatible
        } else if does_without(&["shared_secret", "endpoint_as_audience"]) {
            Self::Baseline
        } else {
            Self::OwnKey
        }
    }

    const fn words(self) -> (Key, Key) {
        match self {
            Self::Compatible => (keys::security::COMPATIBLE, keys::security::COMPATIBLE_HINT),
            Self::Baseline => (keys::security::BASELINE, keys::security::BASELINE_HINT),
            Self::OwnKey => (keys::security::OWN_KEY, keys::security::OWN_KEY_HINT),
            Self::SenderConstrained => (keys::security::CONSTRAINED, keys::security::CONSTRAINED_HINT),
            Self::Fapi => (keys::security::FAPI, keys::security::FAPI_HINT),
        }
    }

    /// Whether this server can hold an app to it.
    const fn is_offered(self) -> bool {
        !matches!(self, Self::SenderConstrained | Self::Fapi)
    }
}

/// A grade as the page shows it.
struct Rung {
    name: String,
    hint: String,
    here: bool,
    reached: bool,
    offered: bool,
}

/// Something that an app does without, and what to press.
struct Step {
    id: String,
    title: String,
    /// What the last logins say about pressing it.
    advice: String,
    /// What is sent; nothing where the app has to be changed first.
    press: Option<(&'static str, String)>,
}

/// How many of the last logins had something.
struct Seen {
    what: String,
    count: usize,
    of: usize,
}

/// What can be pressed.
#[derive(Clone, Copy)]
enum Press {
    Pkce,
    Nonce,
    Pin(AuthenticationMethod),
    Audience,
}

impl Press {
    fn parse(text: Option<&str>) -> Option<Self> {
        Some(match text? {
            "pkce" => Self::Pkce,
            "nonce" => Self::Nonce,
            "pin-basic" => Self::Pin(AuthenticationMethod::ClientSecretBasic),
            "pin-post" => Self::Pin(AuthenticationMethod::ClientSecretPost),
            "audience" => Self::Audience,
            _ => return None,
        })
    }

    fn document(self) -> ClientResource {
        let none = ClientResource::default();
        match self {
            Self::Pkce => ClientResource { pkce: Some(Pkce::Required), ..none },
            Self::Nonce => ClientResource { nonce: Some(NoncePolicy::Required), ..none },
            Self::Pin(method) => ClientResource {
                token_endpoint_auth_method: Some(method),
                token_endpoint_auth_method_pinned: Some(true),
                ..none
            },
            Self::Audience => ClientResource { client_assertion_audience: Some(AssertionAudience::Issuer), ..none },
        }
    }
}

/// `GET /admin/apps/{id}/security`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let recent = clients::recent_logins(&context.app.admin, &administrator.authority, &client).await?;
    let frame = Frame::of(&context, context.locale.0);
    let document = ClientResource::from(&client);
    let findings: Vec<&str> = document.security.iter().flatten().map(|one| one.finding.as_str()).collect();
    let grade = Grade::of(&findings);
    let rung = |rung: &Grade| Rung {
        name: frame.t.get(rung.words().0),
        hint: frame.t.get(rung.words().1),
        here: *rung == grade,
        reached: *rung <= grade,
        offered: rung.is_offered(),
    };
    let shown = SecurityPage {
        shell: shell(&context, &administrator, &client),
        head: head_of(frame.t, &administrator, &client, Tab::Security),
        may_change: administrator.may_in_app(Permission::WriteClients, &client.id),
        rungs: Grade::ALL.iter().map(rung).collect(),
        steps: steps(frame.t, &client, &findings, recent.as_ref()),
        seen: recent.as_ref().map(|recent| seen(frame.t, &client, recent)).unwrap_or_default(),
        logins: recent.as_ref().map_or(0, |recent| recent.count as u64),
        csrf: administrator.csrf(&context, &format!("{}/security", path_of(&client.id))),
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/apps/{id}/security`: holds the app to more.
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let client = named(&context, &form.owner, &id).await?;
    let press = Press::parse(form.params.get("require")).ok_or(ProblemKind::BadRequest)?;
    confirmed(&context, &form, async |authority| {
        clients::update(&context.app.admin, authority, &client.id, &press.document()).await?;
        Ok(SAVED.go(&context, &format!("{}/security", path_of(&client.id))))
    })
    .await
}

/// What the app does without, each with what to do about it.
fn steps(t: &Texts, client: &Client, findings: &[&str], recent: Option<&RecentLogins>) -> Vec<Step> {
    let mut steps: Vec<Step> = findings.iter().map(|finding| step(t, finding, recent)).collect();
    if client.policy.nonce == NoncePolicy::WhenSent && !client.redirects.uris.is_empty() {
        let advice = advice(t, recent, |recent| recent.with_nonce);
        let press = Some(("nonce", t.get(keys::security::NONCE_PRESS)));
        steps.push(Step { id: "nonce".to_owned(), title: t.get(keys::security::NONCE), advice, press });
    }
    steps
}

fn step(t: &Texts, finding: &str, recent: Option<&RecentLogins>) -> Step {
    let named = |title: Key, advice: String, press: Option<(&'static str, Key)>| Step {
        id: finding.replace('_', "-"),
        title: t.get(title),
        advice,
        press: press.map(|(name, text)| (name, t.get(text))),
    };
    match finding {
        "pkce_when_sent" => {
            let advice = advice(t, recent, |recent| recent.with_pkce);
            named(keys::security::PKCE, advice, Some(("pkce", keys::security::PKCE_PRESS)))
        }
        "secret_method_not_pinned" => pin(t, recent, &named),
        "shared_secret" => named(keys::security::SHARED, t.get(keys::security::SHARED_HINT), None),
        "endpoint_as_audience" => {
            let press = Some(("audience", keys::security::AUDIENCE_PRESS));
            named(keys::security::AUDIENCE, t.get(keys::security::AUDIENCE_HINT), press)
        }
        _ => named(keys::security::LOCALHOST, t.get(keys::security::LOCALHOST_HINT), None),
    }
}

/// Pinning an app to the method that it uses. Which that is its logins say; until then nothing is offered that would lock it out.
fn pin(
    t: &Texts,
    recent: Option<&RecentLogins>,
    named: &impl Fn(Key, String, Option<(&'static str, Key)>) -> Step,
) -> Step {
    let (basic, post) =
        recent.map_or((0, 0), |recent| (recent.with_client_secret_basic, recent.with_client_secret_post));
    let all = recent.map_or(0, |recent| recent.count);
    let press = match (basic, post) {
        (seen, 0) if seen > 0 && seen == all => Some(("pin-basic", keys::security::PIN_BASIC_PRESS)),
        (0, seen) if seen > 0 && seen == all => Some(("pin-post", keys::security::PIN_POST_PRESS)),
        _ => None,
    };
    let hint = if press.is_some() { keys::security::PIN_HINT } else { keys::security::PIN_UNKNOWN };
    named(keys::security::PIN, t.get(hint), press)
}

/// What the last logins say about requiring what some of them had.
fn advice(t: &Texts, recent: Option<&RecentLogins>, with: impl Fn(&RecentLogins) -> usize) -> String {
    match recent.map(|recent| (recent, recent.count - with(recent).min(recent.count))) {
        None => t.get(keys::security::NOT_SEEN),
        Some((recent, 0)) => t.counted(keys::security::ALL_HAD, "n", recent.count as u64),
        Some((_, without)) => t.counted(keys::security::SOME_HAD_NOT, "n", without as u64),
    }
}

fn seen(t: &Texts, client: &Client, recent: &RecentLogins) -> Vec<Seen> {
    let one = |what: String, count: usize| Seen { what, count, of: recent.count };
    let mut seen = vec![
        one(t.get(keys::security::SEEN_PKCE), recent.with_pkce),
        one(t.get(keys::security::SEEN_NONCE), recent.with_nonce),
    ];
    if client.authentication.method.uses_secret() {
        seen.push(one("client_secret_basic".to_owned(), recent.with_client_secret_basic));
        seen.push(one("client_secret_post".to_owned(), recent.with_client_secret_post));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grade_is_that_of_the_weakest_thing_an_app_does() {
        assert_eq!(Grade::of(&["pkce_when_sent", "shared_secret"]), Grade::Compatible);
        assert_eq!(Grade::of(&["shared_secret"]), Grade::Baseline);
        assert_eq!(Grade::of(&["endpoint_as_audience"]), Grade::Baseline);
        assert_eq!(Grade::of(&[]), Grade::OwnKey);
        assert!(Grade::ALL.is_sorted());
    }
}
