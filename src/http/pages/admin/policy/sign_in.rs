//! How end-users sign up and in, as it is decided.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::listing::Choice;
use super::super::release::Managed;
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::{DONE, SAVED, managed};
use crate::admin::policy::{self, SignInResource};
use crate::admin::{FieldError, FieldProblem, Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::model::Policy;
use crate::model::policy::{FactorPolicy, PolicySection, SignUpMode, Verification};
use crate::policy::SignInBounds;
use crate::protocol::Params;

/// The fields of numbers: where each is, what it is called and what is said of it.
const NUMBERS: &[(&str, Key, Key)] = &[
    ("password_min_chars", keys::policy::MIN_CHARS, keys::policy::MIN_CHARS_HINT),
    ("session_idle_hours", keys::policy::IDLE, keys::policy::HOURS_HINT),
    ("session_absolute_hours", keys::policy::ABSOLUTE, keys::policy::HOURS_HINT),
    ("sessions_per_account", keys::policy::SESSIONS, keys::policy::SESSIONS_HINT),
];

/// The field that says that passkeys are switched off although accounts have nothing else.
const CONFIRMED: &str = "passkey_only_confirmed";
/// The field of the days that a browser may be trusted for.
const TRUST: &str = "trust_browser_days";

#[derive(askama::Template)]
#[template(path = "admin/policy/sign_in.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct SignInPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    managed: Option<Managed>,
    form: SignInForm,
    /// The operator closed sign-up, whatever is chosen here.
    closed: bool,
    /// Mail leaves this server.
    mails: bool,
    /// Browsers have passkeys for the issuer.
    passkeys_possible: bool,
    /// How many accounts have nothing but a passkey; empty where none.
    only_passkeys: String,
    numbers: Vec<Number>,
    version: i64,
    wrong: Wrong,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// What is in the fields.
#[allow(clippy::struct_excessive_bools, reason = "each is a box of its own")]
struct SignInForm {
    modes: Vec<Choice>,
    /// What holds for everybody, and for administrators.
    factors: Vec<Choice>,
    administrators: Vec<Choice>,
    trust: String,
    domains: String,
    passwords: bool,
    passkeys: bool,
    remember: bool,
    by_mail: bool,
    mailed_codes: bool,
    verifications: Vec<Choice>,
    /// In the order of [`NUMBERS`]; empty where it is as configured.
    numbers: Vec<String>,
}

struct Number {
    id: &'static str,
    label: String,
    value: String,
    /// What holds where it is left empty.
    configured: String,
    hint: String,
    problem: String,
}

/// `GET /admin/sign-in`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let policy = policy::find(&context.app.admin, &administrator.authority).await?;
    let form = SignInForm::of(&context, &policy);
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    let managed = managed(&administrator, &policy, PolicySection::SignIn);
    show(&context, &administrator, (form, policy.version, managed), (Wrong::default(), None, done)).await
}

/// `POST /admin/sign-in`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let version = version_of(&form.params).ok_or(ProblemKind::BadRequest)?;
    let sent =
        Sent { context: &context, administrator: &form.owner, params: &form.params, version, wrong: Wrong::default() };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    params: &'a Params,
    version: i64,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let decided = match document(self.params, self.version) {
            Ok(document) => policy::set_sign_in(&context.app.admin, authority, (), &document).await,
            Err(found) => Err(Rejected::Invalid(found)),
        };
        match decided {
            Ok(_) => Ok(Ok(SAVED.go(context, Room::SignIn.path()))),
            Err(rejected) => Ok(Err(self.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let form = SignInForm::typed(self.context, self.params);
        let is = policy::find(&self.context.app.admin, &self.administrator.authority).await?;
        let managed = managed(self.administrator, &is, PolicySection::SignIn);
        show(self.context, self.administrator, (form, self.version, managed), (self.wrong, Some(problem), None)).await
    }
}

/// What an administrator asks for with it. A number that is left empty is as configured.
fn document(params: &Params, version: i64) -> Result<SignInResource, Vec<FieldProblem>> {
    let text = |name: &str| params.get(name).unwrap_or_default().trim();
    let mut found = Vec::new();
    let mut number = |name: &'static str| match text(name) {
        "" => 0,
        "0" if name == TRUST => 0,
        digits => digits.parse::<u32>().ok().filter(|number| *number > 0).unwrap_or_else(|| {
            found.push(FieldProblem {
                field: name.to_owned(),
                value: None,
                error: FieldError::Between(1, u16::MAX.into()),
            });
            0
        }),
    };
    let small = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    let mode = SignUpMode::ALL.iter().copied().find(|mode| mode.as_str() == text("sign_up"));
    let domains = || text("sign_up_domains").split([' ', ',', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let document = SignInResource {
        sign_up: mode,
        // Of what is not limited to domains the field says nothing.
        sign_up_domains: (mode == Some(SignUpMode::Domains)).then(|| domains().map(str::to_owned).collect()),
        password_sign_in: Some(params.names("password_sign_in")),
        passkey_sign_in: Some(params.names("passkey_sign_in")),
        passkey_only_confirmed: params.names(CONFIRMED).then_some(true),
        password_min_chars: Some(small(number("password_min_chars"))),
        session_idle_hours: Some(number("session_idle_hours")),
        session_absolute_hours: Some(number("session_absolute_hours")),
        remember_me: Some(params.names("remember_me")),
        sessions_per_account: Some(small(number("sessions_per_account"))),
        second_factor: FactorPolicy::named(text("second_factor")),
        administrators_second_factor: FactorPolicy::named(text("administrators_second_factor")),
        // An empty field is none.
        trust_browser_days: params.names(TRUST).then(|| small(number(TRUST))),
        email_sign_in: Some(params.names("email_sign_in")),
        email_code: Some(params.names("email_code")),
        email_verification: Verification::ALL.iter().copied().find(|when| when.as_str() == text("email_verification")),
        managed_by: None,
        version: Some(version),
    };
    if found.is_empty() { Ok(document) } else { Err(found) }
}

impl SignInForm {
    /// What is decided.
    fn of(context: &Context, policy: &Policy) -> Self {
        let decided = &policy.sign_in;
        let said = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            modes: modes(context, decided.sign_up.mode().as_str()),
            factors: factors(context, decided.second_factor.as_str()),
            administrators: factors(context, least(context, decided.administrators_second_factor).as_str()),
            trust: decided.trust_browser_days.to_string(),
            domains: decided.sign_up.domains().collect::<Vec<_>>().join("\n"),
            passwords: decided.passwords,
            passkeys: decided.passkeys,
            remember: decided.remember_me,
            by_mail: decided.by_mail,
            mailed_codes: decided.mailed_codes,
            verifications: verifications(context, decided.verification.as_str()),
            numbers: vec![
                said(decided.password_min_chars.map(u32::from)),
                said(decided.idle_hours),
                said(decided.absolute_hours),
                said(decided.most_sessions.map(u32::from)),
            ],
        }
    }

    /// What was typed.
    fn typed(context: &Context, params: &Params) -> Self {
        let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
        Self {
            modes: modes(context, params.get("sign_up").unwrap_or_default()),
            factors: factors(context, &text("second_factor")),
            administrators: factors(context, &text("administrators_second_factor")),
            trust: text(TRUST),
            domains: text("sign_up_domains"),
            passwords: params.names("password_sign_in"),
            passkeys: params.names("passkey_sign_in"),
            remember: params.names("remember_me"),
            by_mail: params.names("email_sign_in"),
            mailed_codes: params.names("email_code"),
            verifications: verifications(context, params.get("email_verification").unwrap_or_default()),
            numbers: NUMBERS.iter().map(|(name, ..)| text(name)).collect(),
        }
    }
}

fn verifications(context: &Context, chosen: &str) -> Vec<Choice> {
    let named = [
        (Verification::NotAsked.as_str(), keys::policy::VERIFICATION_NOT_ASKED),
        (Verification::WhenAskedFor.as_str(), keys::policy::VERIFICATION_WHEN_ASKED_FOR),
        (Verification::BeforeLogin.as_str(), keys::policy::VERIFICATION_BEFORE_LOGIN),
    ];
    Choice::all(context.texts(None), named, Some(chosen))
}

fn modes(context: &Context, chosen: &str) -> Vec<Choice> {
    let named = [
        (SignUpMode::Open.as_str(), keys::policy::SIGN_UP_OPEN),
        (SignUpMode::Domains.as_str(), keys::policy::SIGN_UP_DOMAINS),
        (SignUpMode::Closed.as_str(), keys::policy::SIGN_UP_CLOSED),
    ];
    Choice::all(context.texts(None), named, Some(chosen))
}

/// What holds for administrators by itself: no less than is configured.
fn least(context: &Context, decided: Option<FactorPolicy>) -> FactorPolicy {
    let configured = context.app.policies.bounds().administrators_second_factor;
    decided.map_or(configured, |decided| decided.max(configured))
}

fn factors(context: &Context, chosen: &str) -> Vec<Choice> {
    let named = [
        (FactorPolicy::Off.as_str(), keys::policy::FACTOR_OFF),
        (FactorPolicy::Offered.as_str(), keys::policy::FACTOR_OFFERED),
        (FactorPolicy::Required.as_str(), keys::policy::FACTOR_REQUIRED),
    ];
    Choice::all(context.texts(None), named, Some(chosen))
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    (form, version, managed): (SignInForm, i64, Option<Managed>),
    (wrong, problem, done): (Wrong, Option<Shown>, Option<String>),
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::at(context, context.locale.0, Room::SignIn.path().to_owned());
    let t = frame.t;
    let only_passkeys = policy::only_by_passkey(&context.app.admin, &administrator.authority).await?;
    let SignInBounds { sign_up, password_min_chars, idle_hours, absolute_hours, mail, passkeys, .. } =
        context.app.policies.bounds();
    let configured = [u32::from(*password_min_chars), *idle_hours, *absolute_hours, 0];
    let number = |((&(id, label, hint), value), configured): ((&(&'static str, Key, Key), &String), u32)| Number {
        id,
        label: t.get(label),
        value: value.clone(),
        configured: if configured == 0 { String::new() } else { configured.to_string() },
        hint: t.with(hint, "n", &configured.to_string()),
        problem: wrong.beside(id).to_owned(),
    };
    let shown = SignInPage {
        shell: Shell::of(context, administrator, Room::SignIn),
        may_change: administrator.may(Permission::WriteSettings) && managed.is_none(),
        managed,
        closed: !sign_up,
        mails: *mail,
        passkeys_possible: *passkeys,
        only_passkeys: if only_passkeys == 0 {
            String::new()
        } else {
            t.counted(keys::policy::ONLY_PASSKEYS, "n", only_passkeys)
        },
        numbers: NUMBERS.iter().zip(&form.numbers).zip(configured).map(number).collect(),
        form,
        version,
        wrong,
        csrf: administrator.csrf(context, Room::SignIn.path()),
        done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
