//! The fields of an app's registration as forms have them: one table, by the names of RFC 7591.
//!
//! Owns how a member of the document is typed and shown. Leaves what it may be to `admin::clients`.

use serde_json::{Map, Value};

use super::super::wrong::Wrong;
use crate::admin::clients::ClientResource;
use crate::i18n::{Key, Texts, keys};
use crate::protocol::Params;

/// How a member is typed.
#[derive(Clone, Copy)]
enum Kind {
    /// A line of text; an empty one takes it away.
    Line,
    /// A list of texts, one a line.
    Lines,
    /// A whole number; nothing leaves it as it is.
    Number,
    /// One of these.
    One(&'static [&'static str]),
    /// Any of these.
    Any(&'static [&'static str]),
    /// Yes or no.
    Tick,
    /// A JSON document.
    Json,
}

/// A member of the document, as a form has it.
struct Field {
    name: &'static str,
    kind: Kind,
    label: Key,
    hint: Key,
}

/// Fields that belong together: a form each, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Presentation,
    Addresses,
    Access,
    Login,
    Tokens,
    Software,
    Authentication,
}

const fn field(name: &'static str, kind: Kind, label: Key, hint: Key) -> Field {
    Field { name, kind, label, hint }
}

/// What people see of it.
const PRESENTATION: &[Field] = &[
    field("client_name", Kind::Line, keys::apps::CLIENT_NAME, keys::apps::CLIENT_NAME_HINT),
    field("client_name#ko", Kind::Line, keys::apps::CLIENT_NAME_KO, keys::apps::CLIENT_NAME_KO_HINT),
    field("client_uri", Kind::Line, keys::apps::CLIENT_URI, keys::apps::CLIENT_URI_HINT),
    field("logo_uri", Kind::Line, keys::apps::LOGO_URI, keys::apps::LOGO_URI_HINT),
    field("policy_uri", Kind::Line, keys::apps::POLICY_URI, keys::apps::POLICY_URI_HINT),
    field("tos_uri", Kind::Line, keys::apps::TOS_URI, keys::apps::TOS_URI_HINT),
];

const SOFTWARE: &[Field] = &[
    field("contacts", Kind::Lines, keys::apps::CONTACTS, keys::apps::CONTACTS_HINT),
    field("software_id", Kind::Line, keys::apps::SOFTWARE_ID, keys::apps::SOFTWARE_ID_HINT),
    field("software_version", Kind::Line, keys::apps::SOFTWARE_VERSION, keys::apps::SOFTWARE_VERSION_HINT),
    field("initiate_login_uri", Kind::Line, keys::apps::INITIATE_LOGIN, keys::apps::INITIATE_LOGIN_HINT),
];

const ROLES: &[&str] = &["owner", "administrator", "people_manager", "app_manager", "auditor"];
const ALGORITHMS: &[&str] = &["ES256", "EdDSA", "RS256", "PS256", "ES384"];

impl Group {
    /// The groups of the page of settings.
    pub(super) const SETTINGS: &[Self] =
        &[Self::Presentation, Self::Addresses, Self::Access, Self::Login, Self::Tokens, Self::Software];

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Presentation => "presentation",
            Self::Addresses => "addresses",
            Self::Access => "access",
            Self::Login => "login",
            Self::Tokens => "tokens",
            Self::Software => "software",
            Self::Authentication => "authentication",
        }
    }

    pub(super) const fn name(self) -> Key {
        match self {
            Self::Presentation => keys::apps::GROUP_PRESENTATION,
            Self::Addresses => keys::apps::GROUP_ADDRESSES,
            Self::Access => keys::apps::GROUP_ACCESS,
            Self::Login => keys::apps::GROUP_LOGIN,
            Self::Tokens => keys::apps::GROUP_TOKENS,
            Self::Software => keys::apps::GROUP_SOFTWARE,
            Self::Authentication => keys::apps::GROUP_AUTHENTICATION,
        }
    }

    const fn fields(self) -> &'static [Field] {
        use Kind::{Any, Json, Line, Lines, Number, One, Tick};
        use keys::apps as text;
        const ADDRESSES: &[Field] = &[
            field("redirect_uris", Lines, text::REDIRECT_URIS, text::REDIRECT_URIS_HINT),
            field("post_logout_redirect_uris", Lines, text::POST_LOGOUT, text::POST_LOGOUT_HINT),
        ];
        const ACCESS: &[Field] = &[
            field(
                "grant_types",
                Any(&["authorization_code", "refresh_token", "client_credentials"]),
                text::GRANT_TYPES,
                text::GRANT_TYPES_HINT,
            ),
            field("scope", Line, text::SCOPE, text::SCOPE_HINT),
            field("resources", Lines, text::RESOURCES, text::RESOURCES_HINT),
            field("serves", Lines, text::SERVES, text::SERVES_HINT),
            field("consent", One(&["ask", "first_party"]), text::CONSENT, text::CONSENT_HINT),
            field("roles", Any(ROLES), text::ROLES, text::ROLES_HINT),
        ];
        const LOGIN: &[Field] = &[
            field("pkce", One(&["required", "when_sent"]), text::PKCE, text::PKCE_HINT),
            field("nonce", One(&["required", "when_sent"]), text::NONCE, text::NONCE_HINT),
            field("default_max_age", Number, text::MAX_AGE, text::MAX_AGE_HINT),
            field("default_acr_values", Lines, text::ACR_VALUES, text::ACR_VALUES_HINT),
            field("require_second_factor", Tick, text::SECOND_FACTOR, text::SECOND_FACTOR_HINT),
        ];
        const TOKENS: &[Field] = &[
            field("id_token_claims", One(&["minimal", "profile"]), text::ID_TOKEN_CLAIMS, text::ID_TOKEN_CLAIMS_HINT),
            field("id_token_signed_response_alg", One(ALGORITHMS), text::ID_TOKEN_ALG, text::ID_TOKEN_ALG_HINT),
            field("access_token_type", One(&["at+jwt", "JWT"]), text::ACCESS_TYPE, text::ACCESS_TYPE_HINT),
            field("access_token_signed_response_alg", One(ALGORITHMS), text::ACCESS_ALG, text::ACCESS_ALG_HINT),
            field("access_token_lifetime", Number, text::ACCESS_LIFETIME, text::SECONDS_HINT),
            field("refresh_token_idle_lifetime", Number, text::IDLE_LIFETIME, text::IDLE_LIFETIME_HINT),
            field("refresh_token_lifetime", Number, text::REFRESH_LIFETIME, text::REFRESH_LIFETIME_HINT),
        ];
        const AUTHENTICATION: &[Field] = &[
            field(
                "token_endpoint_auth_method",
                One(&["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]),
                text::METHOD,
                text::METHOD_HINT,
            ),
            field("token_endpoint_auth_method_pinned", Tick, text::PINNED, text::PINNED_HINT),
            field("jwks_uri", Line, text::JWKS_URI, text::JWKS_URI_HINT),
            field("jwks", Json, text::JWKS, text::JWKS_HINT),
            field("token_endpoint_auth_signing_alg", One(ALGORITHMS), text::ASSERTION_ALG, text::ASSERTION_ALG_HINT),
            field(
                "client_assertion_audience",
                One(&["issuer_or_endpoint", "issuer"]),
                text::AUDIENCE,
                text::AUDIENCE_HINT,
            ),
        ];
        match self {
            Self::Presentation => PRESENTATION,
            Self::Addresses => ADDRESSES,
            Self::Access => ACCESS,
            Self::Login => LOGIN,
            Self::Tokens => TOKENS,
            Self::Software => SOFTWARE,
            Self::Authentication => AUTHENTICATION,
        }
    }
}

/// A group as a page shows it.
pub(super) struct GroupView {
    pub(super) id: &'static str,
    pub(super) name: Key,
    pub(super) fields: Vec<FieldView>,
}

/// A field as a page shows it.
pub(super) struct FieldView {
    /// The name of its field, and its id.
    pub(super) id: String,
    /// The registered name of the member.
    pub(super) member: &'static str,
    pub(super) label: Key,
    pub(super) hint: Key,
    pub(super) input: Input,
    pub(super) problem: String,
}

impl FieldView {
    /// Whether one of the values is chosen.
    pub(super) fn is_chosen(&self) -> bool {
        matches!(&self.input, Input::One(options) if options.iter().any(|option| option.chosen))
    }

    /// How many lines a field of several lines shows.
    pub(super) fn rows(&self) -> usize {
        match &self.input {
            Input::Lines(text) => text.lines().count().clamp(2, 12),
            _ => 1,
        }
    }
}

/// What is typed into a field.
pub(super) enum Input {
    Line(String),
    Lines(String),
    Number(String),
    One(Vec<OneOf>),
    Any(Vec<OneOf>),
    Tick(bool),
}

/// One of the values that a field can have.
pub(super) struct OneOf {
    pub(super) id: String,
    pub(super) value: &'static str,
    pub(super) chosen: bool,
    /// It can be ticked and unticked.
    pub(super) open: bool,
}

impl GroupView {
    /// The same where some of a member's values are shown as they are, and cannot be ticked or unticked.
    #[must_use]
    pub(super) fn closing(mut self, member: &str, closed: &[&str], is_so: impl Fn(&str) -> bool) -> Self {
        for field in self.fields.iter_mut().filter(|field| field.member == member) {
            if let Input::Any(options) = &mut field.input {
                for option in options.iter_mut().filter(|option| closed.contains(&option.value)) {
                    (option.open, option.chosen) = (false, is_so(option.value));
                }
            }
        }
        self
    }

    /// The group with what a document has, or with what was typed where a form is shown again.
    pub(super) fn of(group: Group, document: &Value, typed: Option<&Params>, wrong: &Wrong) -> Self {
        let view = |field: &Field| FieldView {
            id: id_of(field.name),
            member: field.name,
            label: field.label,
            hint: field.hint,
            input: match typed {
                Some(params) => field.typed(params),
                None => field.stored(document.get(field.name).unwrap_or(&Value::Null)),
            },
            problem: wrong.beside(field.name).to_owned(),
        };
        Self { id: group.id(), name: group.name(), fields: group.fields().iter().map(view).collect() }
    }
}

/// The id of a field: a member's name, with the mark of a language replaced.
fn id_of(name: &str) -> String {
    name.replace('#', "-")
}

impl Field {
    fn options(&self, values: &'static [&'static str], chosen: impl Fn(&str) -> bool) -> Vec<OneOf> {
        let option = |value: &&'static str| OneOf {
            id: format!("{}-{value}", id_of(self.name)),
            value,
            chosen: chosen(value),
            open: true,
        };
        values.iter().map(option).collect()
    }

    fn stored(&self, value: &Value) -> Input {
        let text = || value.as_str().unwrap_or_default().to_owned();
        let texts = || value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str);
        match self.kind {
            Kind::Line => Input::Line(text()),
            Kind::Lines => Input::Lines(texts().collect::<Vec<_>>().join("\n")),
            Kind::Number => Input::Number(value.as_u64().map(|number| number.to_string()).unwrap_or_default()),
            Kind::One(values) => Input::One(self.options(values, |known| value.as_str() == Some(known))),
            Kind::Any(values) => Input::Any(self.options(values, |known| texts().any(|text| text == known))),
            Kind::Tick => Input::Tick(value.as_bool().unwrap_or_default()),
            Kind::Json if value.is_null() => Input::Lines(String::new()),
            Kind::Json => Input::Lines(serde_json::to_string_pretty(value).unwrap_or_default()),
        }
    }

    fn typed(&self, params: &Params) -> Input {
        let id = id_of(self.name);
        let text = || params.get(&id).unwrap_or_default().to_owned();
        match self.kind {
            Kind::Line => Input::Line(text()),
            Kind::Lines | Kind::Json => Input::Lines(text()),
            Kind::Number => Input::Number(text()),
            Kind::One(values) => Input::One(self.options(values, |known| params.get(&id) == Some(known))),
            Kind::Any(values) => Input::Any(self.options(values, |known| params.names(&format!("{id}-{known}")))),
            Kind::Tick => Input::Tick(params.names(&id)),
        }
    }

    /// The member that a form says; `None` where it says nothing of it, and the member's name where it is nothing that could be one.
    fn said(&self, params: &Params) -> Result<Option<Value>, &'static str> {
        let id = id_of(self.name);
        let text = params.names(&id).then(|| params.get(&id).unwrap_or_default().trim());
        Ok(match self.kind {
            Kind::Line => text.map(Value::from),
            Kind::Lines => {
                text.map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().into())
            }
            Kind::Number => match text.filter(|text| !text.is_empty()) {
                Some(text) => Some(text.parse::<u64>().map_err(|_| self.name)?.into()),
                None => None,
            },
            Kind::One(_) => text.filter(|text| !text.is_empty()).map(Value::from),
            Kind::Any(values) => {
                let ticked = |value: &&&str| params.names(&format!("{id}-{value}"));
                Some(values.iter().filter(ticked).copied().collect::<Vec<_>>().into())
            }
            Kind::Tick => Some(params.names(&id).into()),
            Kind::Json => match text.filter(|text| !text.is_empty()) {
                Some(text) => Some(serde_json::from_str(text).map_err(|_| self.name)?),
                None => None,
            },
        })
    }
}

/// What a form says of these groups, as the document of a registration; what is wrong with a field that cannot be read is said beside it.
pub(super) fn document(t: &Texts, groups: &[Group], params: &Params) -> Result<ClientResource, Wrong> {
    let (mut members, mut wrong) = (Map::new(), Wrong::default());
    for field in groups.iter().flat_map(|group| group.fields()) {
        match field.said(params) {
            Ok(Some(value)) => {
                members.insert(field.name.to_owned(), value);
            }
            Ok(None) => {}
            Err(name) => wrong.add(name, t.get(keys::apps::PROBLEM_UNREADABLE)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    serde_json::from_value(Value::Object(members)).map_err(|error| {
        let mut wrong = Wrong::default();
        wrong.add("", error.to_string());
        wrong
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::document::Document as _;
    use crate::model::Locale;

    /// What an administrator can say of a client and no form of these pages has: what is chosen once, and what has a page of its own.
    const ELSEWHERE: &[&str] = &[
        "client_id",
        "client_id_issued_at",
        "client_secret",
        "kind",
        "application_type",
        "enabled",
        "secrets",
        "response_types",
        "security",
        "recent_logins",
        "managed_by",
        "updated_at",
        "version",
    ];

    #[test]
    fn every_member_of_the_document_has_a_field_or_a_reason_to_have_none() {
        let groups = [Group::SETTINGS, &[Group::Authentication]].concat();
        let fields: Vec<&str> = groups.iter().flat_map(|group| group.fields()).map(|field| field.name).collect();
        for member in ClientResource::members() {
            assert!(fields.contains(&member) != ELSEWHERE.contains(&member), "{member}");
        }
    }

    #[test]
    fn what_is_typed_is_read_as_the_document_has_it() {
        let params = Params::from_pairs([
            ("client_name", " Shop "),
            ("client_name-ko", "가게"),
            ("redirect_uris", "https://a.example/cb\r\n\r\n https://b.example/cb "),
            ("grant_types-authorization_code", "yes"),
            ("default_max_age", "60"),
        ])
        .unwrap();
        let said = document(Texts::of(Locale::En), Group::SETTINGS, &params).unwrap();
        assert_eq!(said.client_name.as_deref(), Some("Shop"));
        assert_eq!(said.names["client_name#ko"], "가게");
        assert_eq!(said.redirect_uris.unwrap(), ["https://a.example/cb", "https://b.example/cb"]);
        assert_eq!((said.grant_types.unwrap().len(), said.default_max_age), (1, Some(60)));
        assert_eq!((said.scope, said.pkce), (None, None), "what the form does not have stays");
        let bad = Params::from_pairs([("default_max_age", "soon")]).unwrap();
        assert!(
            !document(Texts::of(Locale::En), &[Group::Login], &bad).unwrap_err().beside("default_max_age").is_empty()
        );
    }
}
