//! Which page or mail is asked for to see what is not saved, with what, and by whom. Leaves drawing it to [`preview`](super::super::super::preview).

use axum::http::HeaderMap;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::previewed::{Preview, Previewed};
use super::super::super::section::Section;
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
/// The parameter that asks for a page or a mail. No mail has the name of a page.
const PAGE: &str = "page";

/// A page that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super::super) enum Page {
    #[default]
    Login,
    LoginCode,
    LoginLink,
    SignUp,
    SignUpCode,
    SignUpLink,
    SignUpAgain,
    SelectAccount,
    Consent,
    SecondStep,
    SecondStepByMail,
    AddFactor,
    NoPasskey,
    RecoveryCodes,
    RecoveryUsed,
    VerifyAddress,
    ProveAddress,
    UndoAddress,
    Forgot,
    Reset,
    ProviderAddress,
    ProviderConfirm,
    StepUp,
    OtherSignIn,
    Of(Section),
    Delete,
    Unlink,
    SignOut,
    SignedOut,
    Error,
}

impl Page {
    /// Every page, by its name and what it is called: that of a section is the section's.
    #[rustfmt::skip]
    const ALL: &[(Self, &'static str, Key)] = &[
        (Self::Login, "login", keys::branding::PAGE_LOGIN),
        (Self::LoginCode, "login-code", keys::branding::PAGE_LOGIN_CODE),
        (Self::LoginLink, "login-link", keys::branding::PAGE_LOGIN_LINK),
        (Self::SignUp, "signup", keys::branding::PAGE_SIGNUP),
        (Self::SignUpCode, "signup-code", keys::branding::PAGE_SIGNUP_CODE),
        (Self::SignUpLink, "signup-link", keys::branding::PAGE_SIGNUP_LINK),
        (Self::SignUpAgain, "signup-again", keys::branding::PAGE_SIGNUP_AGAIN),
        (Self::SelectAccount, "select-account", keys::branding::PAGE_SELECT_ACCOUNT),
        (Self::Consent, "consent", keys::branding::PAGE_CONSENT),
        (Self::SecondStep, "second-step", keys::branding::PAGE_SECOND_STEP),
        (Self::SecondStepByMail, "second-step-by-mail", keys::branding::PAGE_SECOND_STEP_BY_MAIL),
        (Self::AddFactor, "add-factor", keys::branding::PAGE_ADD_FACTOR),
        (Self::NoPasskey, "no-passkey", keys::branding::PAGE_NO_PASSKEY),
        (Self::RecoveryCodes, "recovery-codes", keys::branding::PAGE_RECOVERY_CODES),
        (Self::RecoveryUsed, "recovery-used", keys::branding::PAGE_RECOVERY_USED),
        (Self::VerifyAddress, "verify-address", keys::branding::PAGE_VERIFY_ADDRESS),
        (Self::ProveAddress, "prove-address", keys::branding::PAGE_PROVE_ADDRESS),
        (Self::UndoAddress, "undo-address", keys::branding::PAGE_UNDO_ADDRESS),
        (Self::Forgot, "forgot", keys::branding::PAGE_FORGOT),
        (Self::Reset, "reset", keys::branding::PAGE_RESET),
        (Self::ProviderAddress, "provider-address", keys::branding::PAGE_PROVIDER_ADDRESS),
        (Self::ProviderConfirm, "provider-confirm", keys::branding::PAGE_PROVIDER_CONFIRM),
        (Self::StepUp, "step-up", keys::branding::PAGE_STEP_UP),
        (Self::OtherSignIn, "other-sign-in", keys::branding::PAGE_OTHER_SIGN_IN),
        (Self::Of(Section::Overview), "account", keys::branding::PAGE_ACCOUNT),
        (Self::Of(Section::Profile), "account-profile", Section::Profile.title()),
        (Self::Of(Section::Security), "account-security", Section::Security.title()),
        (Self::Of(Section::Sessions), "account-sessions", Section::Sessions.title()),
        (Self::Of(Section::Apps), "account-apps", Section::Apps.title()),
        (Self::Of(Section::Preferences), "account-preferences", Section::Preferences.title()),
        (Self::Of(Section::Data), "account-data", Section::Data.title()),
        (Self::Delete, "account-delete", keys::branding::PAGE_DELETE),
        (Self::Unlink, "account-unlink", keys::branding::PAGE_UNLINK),
        (Self::SignOut, "sign-out", keys::branding::PAGE_SIGN_OUT),
        (Self::SignedOut, "signed-out", keys::branding::PAGE_SIGNED_OUT),
        (Self::Error, "error", keys::branding::PAGE_ERROR),
    ];

    /// What it is called in the list.
    fn called(self, t: &Texts, key: Key) -> String {
        match self {
            Self::Of(section) if section != Section::Overview => {
                t.with(keys::branding::PAGE_OF_ACCOUNT, "section", &t.get(key))
            }
            _ => t.get(key),
        }
    }
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super::super) enum Shown {
    Page(Page),
    /// The mail of this name.
    Mail(&'static str),
}

impl Shown {
    /// What is asked for; the first page where that is nothing that there is.
    fn of(context: &Context, params: &Params, branding: &Branding) -> Self {
        let said = params.get(PAGE).unwrap_or_default();
        if let Some((page, ..)) = Page::ALL.iter().find(|(_, name, _)| *name == said) {
            return Self::Page(*page);
        }
        let mails = context.app.mailer.samples(context.locale.0, branding);
        let mail = mails.into_iter().find(|(name, _)| *name == said);
        mail.map_or_else(|| Self::Page(Page::default()), |(name, _)| Self::Mail(name))
    }
}

/// Every page and every mail, by the name that it is asked for by.
pub(super) fn choices(context: &Context, t: &Texts, branding: &Branding) -> Vec<Choice> {
    let choice = |value: &'static str, text: String| Choice { value, text, chosen: false };
    let pages = Page::ALL.iter().map(|(page, name, key)| choice(name, page.called(t, *key)));
    let mails = context.app.mailer.samples(t.locale(), branding).into_iter();
    let mails = mails.map(|(name, subject)| choice(name, t.with(keys::branding::PAGE_MAIL, "subject", &subject)));
    pages.chain(mails).collect()
}

/// Where what was typed is shown: the form's values, without what proves whose form it is.
pub(super) fn address(params: &Params) -> String {
    let said = params.iter().filter(|(name, _)| !["csrf", "version", "show"].contains(name));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    format!("{PATH}?{query}")
}

/// What is asked for.
pub(in super::super::super) struct Asked {
    pub(in super::super::super) shown: Shown,
    pub(in super::super::super) locale: Locale,
    pub(in super::super::super) previewed: Previewed,
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
        let shown = Shown::of(context, params, &branding);
        let previewed = Previewed { branding, preview };
        Ok(Ok(Self { shown, locale, previewed, user: administrator.user }))
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
