//! Which page is asked for to see what is not saved, with what, and by whom. Leaves drawing it to [`preview`](super::super::super::preview).

use axum::http::HeaderMap;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, Preview};
use super::super::Administrator;
use super::super::listing::Choice;
use super::super::room::Room;
use super::super::wrong::in_words;
use super::typed::document;
use crate::admin::FieldProblem;
use crate::admin::policy;
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};
use crate::model::branding::{Branding, Scheme};
use crate::model::{Locale, Policy, User};
use crate::protocol::Params;

/// Where it is.
pub(super) const PATH: &str = "/admin/branding/preview";
/// That the parameters are those of the form: all of it is said, and what is empty is nothing.
const TYPED: &str = "typed";
/// A page that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super::super) enum Page {
    #[default]
    Login,
    SignUp,
    Consent,
    Account,
    Error,
    SignedOut,
}

impl Page {
    const ALL: [(Self, &'static str, Key); 6] = [
        (Self::Login, "login", keys::branding::PAGE_LOGIN),
        (Self::SignUp, "signup", keys::branding::PAGE_SIGNUP),
        (Self::Consent, "consent", keys::branding::PAGE_CONSENT),
        (Self::Account, "account", keys::branding::PAGE_ACCOUNT),
        (Self::Error, "error", keys::branding::PAGE_ERROR),
        (Self::SignedOut, "signed-out", keys::branding::PAGE_SIGNED_OUT),
    ];

    /// Every page, by its name.
    pub(super) fn choices(t: &Texts) -> Vec<Choice> {
        Choice::all(t, Self::ALL.map(|(_, name, text)| (name, text)), None)
    }

    fn of(params: &Params) -> Self {
        let said = params.get("page").unwrap_or_default();
        Self::ALL.iter().find(|(_, name, _)| *name == said).map_or_else(Self::default, |(page, ..)| *page)
    }
}

/// Where what was typed is shown: the form's values, without what proves whose form it is.
pub(super) fn address(params: &Params) -> String {
    let said = params.iter().filter(|(name, _)| !["csrf", "version", "show"].contains(name));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    format!("{PATH}?{query}")
}

/// What is asked for.
pub(in super::super::super) struct Asked {
    pub(in super::super::super) page: Page,
    pub(in super::super::super) frame: Frame,
    /// Who asks.
    pub(in super::super::super) user: User,
}

impl Asked {
    /// Reads it; the way to the form where another site leads here: nobody else puts words into pages of ours.
    pub(in super::super::super) async fn of(
        context: &Context,
        administrator: Administrator,
        (headers, params): (&HeaderMap, &Params),
    ) -> Result<Result<Self, Response>, PageError> {
        if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
            return Ok(Err(context.go(Room::Branding.path())));
        }
        let policy = policy::find(&context.app.admin, &administrator.authority).await?;
        let locale = params.get("language").and_then(Locale::of_tag).unwrap_or(context.locale.0);
        let scheme = Scheme::ALL.into_iter().find(|scheme| params.get("scheme") == Some(scheme.as_str()));
        let (branding, found) = typed(&policy, params);
        let t = context.texts(None);
        let refused = found.iter().map(|problem| in_words(t, problem.error)).collect();
        let preview = Preview { scheme: scheme.unwrap_or(Scheme::Light), refused };
        let frame = Frame::preview(&context.app, locale, &branding, preview);
        Ok(Ok(Self { page: Page::of(params), frame, user: administrator.user }))
    }
}

/// What would be decided, and what of it would be refused.
fn typed(policy: &Policy, params: &Params) -> (Branding, Vec<FieldProblem>) {
    let mut found = Vec::new();
    if params.get(TYPED).is_none() {
        return (policy.branding.clone(), found);
    }
    (document(params).apply(&policy.branding, &mut found), found)
}
