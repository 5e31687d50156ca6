//! What users say about themselves: the claims of OpenID Connect Core 1.0 section 5.1, those that most fill in and the rest under "More about you".

use axum::response::Response;
use serde_json::Value;

use super::super::attributes::{self, AttributeField, Input};
use super::super::context::Context;
use super::super::frame::Frame;
use super::super::own_form::OwnForm;
use super::super::problems::{self, FieldTexts, Shown};
use super::super::section::Section;
use super::shell::{Shell, frame};
use super::{AccountOwner, Done};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, Texts, keys};
use crate::identity::accounts::{AttributeRejected, ChangeProfileRejected, ClaimRejected, PostalAddress, ProfileDraft};
use crate::model::user::{Profile, User};
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    frame: Frame,
    shell: Shell,
    profile: ProfileForm,
    attributes: Vec<AttributeField>,
    csrf: String,
    problems: FieldTexts,
}

/// A field of the form.
#[derive(Debug)]
pub(in super::super) struct ProfileField {
    /// The name of the claim, or of the part of `address`.
    pub(in super::super) name: &'static str,
    pub(in super::super) kind: &'static str,
    /// What browsers fill in by themselves: the autofill field of HTML.
    pub(in super::super) autocomplete: &'static str,
    pub(in super::super) label: String,
    pub(in super::super) hint: String,
    pub(in super::super) value: String,
    pub(in super::super) problem: String,
}

/// The fields of the form.
#[derive(Debug)]
pub(in super::super) struct ProfileForm {
    /// Those that most fill in.
    pub(in super::super) first: Vec<ProfileField>,
    /// Those under the disclosure.
    pub(in super::super) more: Vec<ProfileField>,
    /// Whether the disclosure is open: something in it is wrong.
    pub(in super::super) open: bool,
}

/// What was typed, and what is wrong with it.
#[derive(Debug, Default)]
pub(in super::super) struct Typed {
    pub(in super::super) params: Params,
    pub(in super::super) rejected: Vec<(&'static str, ClaimRejected)>,
    pub(in super::super) attributes: Vec<(String, AttributeRejected)>,
}

/// A field as it is laid out: its name, its kind, how browsers fill it in, its label and its hint.
type Layout = (&'static str, &'static str, &'static str, Key, Option<Key>);

/// What most fill in.
const FIRST: &[Layout] = &[
    ("name", "text", "name", keys::form::NAME, Some(keys::form::NAME_HINT)),
    ("preferred_username", "text", "off", keys::profile::USERNAME, Some(keys::profile::USERNAME_HINT)),
    ("picture", "url", "photo", keys::profile::PICTURE, Some(keys::profile::PICTURE_HINT)),
];
/// The rest: the claims, then the parts of `address`.
const MORE: &[Layout] = &[
    ("given_name", "text", "given-name", keys::profile::GIVEN_NAME, None),
    ("middle_name", "text", "additional-name", keys::profile::MIDDLE_NAME, None),
    ("family_name", "text", "family-name", keys::profile::FAMILY_NAME, None),
    ("nickname", "text", "nickname", keys::profile::NICKNAME, None),
    ("phone_number", "tel", "tel", keys::profile::PHONE_NUMBER, Some(keys::profile::PHONE_NUMBER_HINT)),
    ("birthdate", "text", "bday", keys::profile::BIRTHDATE, Some(keys::profile::BIRTHDATE_HINT)),
    ("gender", "text", "sex", keys::profile::GENDER, None),
    ("website", "url", "url", keys::profile::WEBSITE, None),
    ("profile", "url", "off", keys::profile::PAGE, Some(keys::profile::PAGE_HINT)),
    ("zoneinfo", "text", "off", keys::profile::ZONE, Some(keys::profile::ZONE_HINT)),
    ("street_address", "text", "address-line1", keys::profile::STREET, None),
    ("locality", "text", "address-level2", keys::profile::LOCALITY, None),
    ("region", "text", "address-level1", keys::profile::REGION, None),
    ("postal_code", "text", "postal-code", keys::profile::POSTAL_CODE, None),
    ("country", "text", "country-name", keys::profile::COUNTRY, None),
];
/// The parts of `address` that the form has.
const ADDRESS: &[&str] = &["street_address", "locality", "region", "postal_code", "country"];

impl ProfileForm {
    /// The form of an account, with what was typed where that was no good.
    pub(in super::super) fn of(t: &Texts, user: &User, typed: &Typed) -> Self {
        let field = |&(name, kind, autocomplete, label, hint): &Layout| ProfileField {
            name,
            kind,
            autocomplete,
            label: t.get(label),
            hint: hint.map(|hint| t.get(hint)).unwrap_or_default(),
            value: typed.value(name).map_or_else(|| stored(&user.profile, name), str::to_owned),
            problem: typed.problem(t, name),
        };
        let mut more: Vec<ProfileField> = MORE.iter().map(field).collect();
        if t.locale().puts_family_name_first() {
            let names = more.iter().take_while(|field| field.name != "nickname").count();
            more[..names].reverse();
        }
        Self {
            first: FIRST.iter().map(field).collect(),
            open: more.iter().any(|field| !field.problem.is_empty()),
            more,
        }
    }

    /// The claims that have a field of their own; the parts of `address` are none.
    pub(in super::super) fn claims() -> impl Iterator<Item = &'static str> {
        FIRST.iter().chain(MORE).map(|layout| layout.0).filter(|name| !ADDRESS.contains(name))
    }

    /// The same form with what is said beside the field of each claim; the parts of `address` are marked together.
    pub(in super::super) fn marked(mut self, beside: impl Fn(&str) -> String) -> Self {
        for field in self.first.iter_mut().chain(&mut self.more) {
            // Hints speak to whom the profile is about.
            field.hint = if field.kind == "text" { String::new() } else { std::mem::take(&mut field.hint) };
            field.problem = beside(if ADDRESS.contains(&field.name) { "address" } else { field.name });
        }
        self.open = self.more.iter().any(|field| !field.problem.is_empty());
        self
    }
}

impl Typed {
    /// What was typed into a field; `None` where it was not sent.
    fn value(&self, name: &str) -> Option<&str> {
        self.params.names(name).then(|| self.params.get(name).unwrap_or_default())
    }

    fn is_wrong(&self) -> bool {
        !self.rejected.is_empty() || !self.attributes.is_empty()
    }

    /// What is wrong with an attribute.
    fn beside(&self, t: &Texts, name: &str) -> String {
        let wrong = self.attributes.iter().find(|(known, _)| known == name);
        wrong.map(|(_, why)| attributes::problem(t, *why)).unwrap_or_default()
    }

    fn problem(&self, t: &Texts, name: &str) -> String {
        let claim = if ADDRESS.contains(&name) { "address" } else { name };
        let wrong = self.rejected.iter().find(|(known, _)| *known == claim);
        let Some((_, why)) = wrong.filter(|_| self.params.get(name).is_some()) else { return String::new() };
        problems::claim(t, *why)
    }
}

/// What the profile has for a field.
fn stored(profile: &Profile, name: &str) -> String {
    let holder = if ADDRESS.contains(&name) {
        profile.get("address").and_then(|address| address.get(name))
    } else {
        profile.get(name)
    };
    holder.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// `GET /account/profile`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    match AccountOwner::at(&context).await {
        Ok(owner) => show(&context, &owner, &params, &Typed::default()).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /account/profile`. A claim whose field is not in the form, or stays as it was, stays as it is, as does all else in the profile.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let declared = context.app.accounts.attributes().await?;
    let changed = attributes::changed(&declared, &owner.user, &params);
    let attributes = changed.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let draft = ProfileDraft { attributes, ..draft(&owner.user.profile, &params) };
    match context.app.accounts.set_profile(owner.user.id, &draft).await {
        Ok(_) => Ok(Done::ProfileSaved.go(&context)),
        Err(ChangeProfileRejected::Claims(rejected)) => {
            show(&context, &owner, &Params::default(), &Typed { params, rejected, ..Typed::default() }).await
        }
        Err(ChangeProfileRejected::Attributes(attributes)) => {
            show(&context, &owner, &Params::default(), &Typed { params, attributes, ..Typed::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn show(context: &Context, owner: &AccountOwner, params: &Params, typed: &Typed) -> Result<Response, PageError> {
    let frame = frame(context, Section::Profile);
    let (problems, manner) = Shown::parts(typed.is_wrong().then(|| Shown::marked(frame.t)));
    let declared = context.app.accounts.attributes().await?;
    let shown = ProfilePage {
        shell: Shell::of(context, owner, Section::Profile, frame.t).after(frame.t, Section::Profile, params),
        profile: ProfileForm::of(frame.t, &owner.user, typed),
        attributes: AttributeField::own(frame.t, (&declared, &owner.user), &typed.params, |name| {
            typed.beside(frame.t, name)
        }),
        csrf: context.csrf_of(&owner.sign_in, Section::Profile.path()),
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// What the form says anew. What it shows and leaves as it is, is not said: it may be older than a rule that it breaks by now.
fn draft(profile: &Profile, params: &Params) -> ProfileDraft {
    let said = |name: &str| {
        let said = params.names(name).then(|| params.get(name).unwrap_or_default());
        said.filter(|said| *said != stored(profile, name)).map(str::to_owned)
    };
    ProfileDraft {
        name: said("name"),
        given_name: said("given_name"),
        family_name: said("family_name"),
        middle_name: said("middle_name"),
        nickname: said("nickname"),
        preferred_username: said("preferred_username"),
        profile: said("profile"),
        picture: said("picture"),
        website: said("website"),
        gender: said("gender"),
        birthdate: said("birthdate"),
        zoneinfo: said("zoneinfo"),
        phone_number: said("phone_number"),
        address: names_address(params).then(|| address(profile, params)),
        ..ProfileDraft::default()
    }
}

/// Whether a form has any part of the address.
pub(in super::super) fn names_address(params: &Params) -> bool {
    ADDRESS.iter().any(|name| params.names(name))
}

/// The address that the form says. Lines of the street that a field of one line cannot show stay while the field stays as it was shown, and so
/// does the address as it is written on a letter, which no field has, while no part of it changes.
pub(in super::super) fn address(profile: &Profile, params: &Params) -> PostalAddress {
    let was = profile.get("address").and_then(|known| serde_json::from_value::<PostalAddress>(known.clone()).ok());
    let was = was.unwrap_or_default();
    let part = |name: &str| {
        let before = stored(profile, name);
        let said = params.names(name).then(|| params.get(name).unwrap_or_default());
        // Browsers leave line breaks out of a field of one line.
        let unchanged = said.is_none_or(|said| said == before.replace(['\r', '\n'], ""));
        let now = if unchanged { before } else { said.unwrap_or_default().to_owned() };
        (!now.is_empty()).then_some(now)
    };
    let parts = PostalAddress {
        formatted: None,
        street_address: part("street_address"),
        locality: part("locality"),
        region: part("region"),
        postal_code: part("postal_code"),
        country: part("country"),
    };
    let unchanged = parts == PostalAddress { formatted: None, ..was.clone() };
    PostalAddress { formatted: was.formatted.filter(|_| unchanged), ..parts }
}
