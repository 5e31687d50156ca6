//! How the pages of end-users present the service, as it is decided.

use std::collections::BTreeMap;

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::listing::Choice;
use super::super::logo::LogoForm;
use super::super::release::Managed;
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::preview::{PATH, address, choices};
use super::typed::document;
use super::{DONE, SAVED, managed};
use crate::admin::policy::{self, BrandingResource};
use crate::admin::{Permission, ProvenAuthority};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::page_policy::OwnFrames;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::branding::{Color, Scheme};
use crate::model::policy::PolicySection;
use crate::model::{Locale, Policy};
use crate::protocol::Params;

/// The texts: the member, what it is called, what is said of it, and the most characters.
const TEXTS: &[(&str, Key, Key, usize)] = &[
    ("product_name", keys::branding::PRODUCT_NAME, keys::branding::PRODUCT_NAME_HINT, 60),
    ("headline", keys::branding::HEADLINE, keys::branding::HEADLINE_HINT, 80),
    ("welcome", keys::branding::WELCOME, keys::branding::WELCOME_HINT, 300),
];
/// The colours, each in its scheme.
const COLORS: &[(&str, Key, Scheme)] = &[
    ("accent_color", keys::branding::ACCENT, Scheme::Light),
    ("accent_color_dark", keys::branding::ACCENT_DARK, Scheme::Dark),
];
/// The links.
const LINKS: &[(&str, Key)] = &[
    ("tos_uri", keys::branding::TOS),
    ("policy_uri", keys::branding::POLICY),
    ("support_uri", keys::branding::SUPPORT),
];
/// How wide the preview is.
const WIDTHS: [(&str, Key); 2] = [("phone", keys::branding::WIDTH_PHONE), ("desk", keys::branding::WIDTH_DESK)];
/// The accents of our own style sheet.
const OURS: [&str; 2] = ["#0f766e", "#2fb8a6"];

#[derive(askama::Template)]
#[template(path = "admin/policy/branding.html")]
struct BrandingPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    managed: Option<Managed>,
    texts: Vec<Vec<FieldView>>,
    colors: Vec<FieldView>,
    links: Vec<FieldView>,
    /// The form for the logo, for who may change it.
    logo: Option<LogoForm>,
    version: i64,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
    /// Where the preview is, and what it shows first.
    preview: &'static str,
    shown_first: String,
    pages: Vec<Choice>,
    schemes: Vec<Choice>,
    languages: Vec<Choice>,
    widths: Vec<Choice>,
}

/// A field as the page shows it.
struct FieldView {
    id: String,
    label: String,
    hint: String,
    value: String,
    placeholder: String,
    max: usize,
    /// What the way to pick a colour is called.
    pick: String,
    problem: String,
}

/// What is in the fields, by their names.
type Values = BTreeMap<String, String>;

/// `GET /admin/branding`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let policy = policy::find(&context.app.admin, &administrator.authority).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    Ok(show(&context, &administrator, &policy, (values(&policy), Wrong::default(), None, done)))
}

/// `POST /admin/branding`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    if form.params.names("show") {
        return Ok(context.go(&address(&form.params)));
    }
    let version = version_of(&form.params).ok_or(ProblemKind::BadRequest)?;
    let was = policy::find(&context.app.admin, &form.owner.authority).await?;
    let policy = Policy { version, ..was };
    let wrong = Wrong::default();
    let sent = Sent { context: &context, administrator: &form.owner, params: &form.params, policy, wrong };
    confirmed_form(&context, &form, sent).await
}

/// The page again, with what is wrong with a form of it that is not its own.
pub(super) async fn refusing(
    context: &Context,
    administrator: &Administrator,
    (wrong, problem): (Wrong, Shown),
) -> Result<Response, PageError> {
    let policy = policy::find(&context.app.admin, &administrator.authority).await?;
    Ok(show(context, administrator, &policy, (values(&policy), wrong, Some(problem), None)))
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    params: &'a Params,
    /// What is decided, in the version that the form was drawn for.
    policy: Policy,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let document = BrandingResource { version: Some(self.policy.version), ..document(self.params) };
        match policy::set_branding(&self.context.app.admin, authority, (), &document).await {
            Ok(_) => Ok(Ok(SAVED.go(self.context, Room::Branding.path()))),
            Err(rejected) => Ok(Err(self.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let value = |id: &str| self.params.get(id).unwrap_or_default().to_owned();
        let typed = ids().map(|id| (id.clone(), value(&id)));
        Ok(show(self.context, self.administrator, &self.policy, (typed.collect(), self.wrong, Some(problem), None)))
    }
}

/// The fields that the form has: of a text one for each language, and one for every other.
fn ids() -> impl Iterator<Item = String> {
    let texts = TEXTS.iter().flat_map(|(name, ..)| {
        let tagged = Locale::ALL.iter().map(move |locale| format!("{name}-{}", locale.as_str()));
        std::iter::once((*name).to_owned()).chain(tagged)
    });
    let plain = COLORS.iter().map(|(name, ..)| *name).chain(LINKS.iter().map(|(name, _)| *name));
    texts.chain(plain.map(str::to_owned))
}

/// The id of a member's field, and its name.
fn id_of(member: &str) -> String {
    member.replace('#', "-")
}

/// What is decided, by the names of the fields.
fn values(policy: &Policy) -> Values {
    let shown = serde_json::to_value(BrandingResource::of(policy)).unwrap_or_default();
    let members = shown.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((id_of(name), value.as_str()?.to_owned()))).collect()
}

fn show(
    context: &Context,
    administrator: &Administrator,
    policy: &Policy,
    (values, wrong, problem, done): (Values, Wrong, Option<Shown>, Option<String>),
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::at(context, context.locale.0, Room::Branding.path().to_owned());
    let t = frame.t;
    let field = |member: &str, label: String, hint: String, placeholder: String, max: usize| FieldView {
        value: values.get(&id_of(member)).cloned().unwrap_or_default(),
        problem: wrong.beside(member).to_owned(),
        pick: t.with(keys::branding::PICK, "what", &label),
        id: id_of(member),
        label,
        hint,
        placeholder,
        max,
    };
    let configured = &context.app.config.pages.service_name;
    let text = |&(name, label, hint, max): &(&str, Key, Key, usize)| {
        let plain = field(name, t.get(label), t.with(hint, "n", configured), String::new(), max);
        let tagged = Locale::ALL.iter().map(|locale| {
            let label = t.with_two(keys::branding::IN, "what", &t.get(label), "language", locale.own_name());
            field(&format!("{name}#{}", locale.as_str()), label, t.get(keys::branding::IN_HINT), String::new(), max)
        });
        std::iter::once(plain).chain(tagged).collect()
    };
    let managed = managed(administrator, policy, PolicySection::Branding);
    let derived =
        policy.branding.accent.of_both().map_or(OURS.map(str::to_owned), |both| both.map(|one: Color| one.to_string()));
    let color = |((name, label, _), derived): (&(&str, Key, Scheme), String)| {
        field(name, t.get(*label), t.get(keys::branding::ACCENT_HINT), derived, 7)
    };
    let link =
        |(name, label): &(&str, Key)| field(name, t.get(*label), t.get(keys::branding::LINK_HINT), String::new(), 2000);
    let shown = BrandingPage {
        shell: Shell::of(context, administrator, Room::Branding),
        may_change: administrator.may(Permission::WriteSettings) && managed.is_none(),
        managed,
        texts: TEXTS.iter().map(text).collect(),
        colors: COLORS.iter().zip(derived).map(color).collect(),
        links: LINKS.iter().map(link).collect(),
        logo: logo_form((context, administrator), policy, &wrong),
        version: policy.version,
        csrf: administrator.csrf(context, Room::Branding.path()),
        done,
        problems,
        preview: PATH,
        shown_first: format!("{PATH}?language={}", t.locale().as_str()),
        pages: choices(context, t, &policy.branding),
        schemes: schemes(t),
        languages: languages(t),
        widths: Choice::all(t, WIDTHS, None),
        frame,
    };
    let mut response = manner.answer(&shown, &shown.frame);
    response.extensions_mut().insert(OwnFrames);
    response
}

/// No file declares the logo: it is changed here also where files manage the rest.
fn logo_form((context, administrator): (&Context, &Administrator), policy: &Policy, wrong: &Wrong) -> Option<LogoForm> {
    let at = (Room::Branding.path(), keys::logo::HINT_SERVICE);
    let form = || LogoForm::of((context, administrator), at, policy.branding.logo, wrong);
    administrator.may(Permission::WriteSettings).then(form)
}

fn schemes(t: &Texts) -> Vec<Choice> {
    let named =
        [(Scheme::Light.as_str(), keys::branding::SCHEME_LIGHT), (Scheme::Dark.as_str(), keys::branding::SCHEME_DARK)];
    Choice::all(t, named, None)
}

fn languages(t: &Texts) -> Vec<Choice> {
    let choice = |locale: &Locale| Choice {
        value: locale.as_str(),
        text: locale.own_name().to_owned(),
        chosen: *locale == t.locale(),
    };
    Locale::ALL.iter().map(choice).collect()
}
