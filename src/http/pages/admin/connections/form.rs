//! The form of a connection: what is in its fields, and what they say.

use std::collections::BTreeMap;

use super::super::wrong::in_words;
use super::texts;
use crate::admin::FieldProblem;
use crate::admin::connections::{ConnectionResource, field_of_setting};
use crate::i18n::{Texts, keys};
use crate::model::Connection;
use crate::model::connection::UpstreamAlgorithm;
use crate::model::upstream_value::UpstreamValue;
use crate::model::user::Role;
use crate::protocol::Params;
use crate::upstream::claims::Field;
use crate::upstream::presets::{Kind, Preset};

/// The fields of the profile that the form asks a place for.
const MAPPED: &[Field] = &[
    Field::Email,
    Field::EmailVerified,
    Field::Name,
    Field::GivenName,
    Field::FamilyName,
    Field::Picture,
    Field::Locale,
];

/// A field that depends on the preset.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) value: String,
    /// What it looks like, or what counts where it is empty.
    pub(super) example: String,
    pub(super) required: bool,
}

/// What is in the form.
#[allow(clippy::struct_excessive_bools, reason = "each is a box of its own")]
pub(super) struct ConnectionForm {
    pub(super) slug: String,
    pub(super) label: String,
    pub(super) client_id: String,
    pub(super) settings: Vec<Entry>,
    pub(super) scopes: String,
    pub(super) usual_scopes: String,
    pub(super) claims: Vec<Entry>,
    pub(super) allowed_domains: String,
    pub(super) routed_domains: String,
    pub(super) two_factors: String,
    pub(super) phishing_resistant: String,
    pub(super) sign_up: bool,
    pub(super) administrators: bool,
    pub(super) trust_email: bool,
    pub(super) keep_tokens: bool,
    pub(super) private_network: bool,
    /// Whether there are ID tokens.
    pub(super) oidc: bool,
    pub(super) algorithms: String,
    pub(super) usual_algorithms: String,
    /// Whether the secret is a key of several lines.
    pub(super) key: bool,
    problems: BTreeMap<String, String>,
}

impl ConnectionForm {
    /// What is suggested for a new connection.
    pub(super) fn new(slug: &str, preset: &Preset, t: &Texts) -> Self {
        let trust_email = preset.email_trust.by_default();
        Self { slug: slug.to_owned(), trust_email, ..Self::blank(preset, t, |_, _| String::new()) }
    }

    /// What a connection has.
    pub(super) fn of(connection: &Connection, preset: &Preset, t: &Texts) -> Self {
        let words = |list: &[String]| list.join(" ");
        let values = |list: &[UpstreamValue]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let algorithms: Vec<&str> = connection.algorithms.iter().map(|one| one.as_str()).collect();
        Self {
            slug: connection.slug.to_string(),
            label: connection.label.clone(),
            client_id: connection.client_id.clone(),
            scopes: words(&connection.scopes),
            allowed_domains: words(&connection.allowed_domains),
            routed_domains: words(&connection.routed_domains),
            two_factors: values(&connection.two_factors),
            phishing_resistant: values(&connection.phishing_resistant),
            sign_up: connection.sign_up,
            administrators: connection.default_roles.contains(&Role::Administrator),
            trust_email: connection.trust_email,
            keep_tokens: connection.keep_tokens,
            private_network: connection.allow_private_network,
            algorithms: algorithms.join(" "),
            ..Self::blank(preset, t, |kind, name| {
                let map = if kind == "setting" { &connection.settings } else { &connection.claim_map };
                map.get(name).cloned().unwrap_or_default()
            })
        }
    }

    /// What was typed.
    pub(super) fn typed(params: &Params, preset: &Preset, t: &Texts) -> Self {
        let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
        let ticked = |name: &str| params.get(name) == Some("yes");
        Self {
            slug: text("slug"),
            label: text("label"),
            client_id: text("client_id"),
            scopes: text("scopes"),
            allowed_domains: text("allowed_domains"),
            routed_domains: text("routed_domains"),
            two_factors: text("two_factors"),
            phishing_resistant: text("phishing_resistant"),
            sign_up: ticked("sign_up"),
            administrators: ticked("administrators"),
            trust_email: ticked("trust_email"),
            keep_tokens: ticked("keep_tokens"),
            private_network: ticked("private_network"),
            algorithms: text("algorithms"),
            ..Self::blank(preset, t, |kind, name| text(&format!("{kind}-{name}")))
        }
    }

    fn blank(preset: &Preset, t: &Texts, value: impl Fn(&str, &str) -> String) -> Self {
        let setting = |setting: &crate::upstream::presets::Setting| Entry {
            id: format!("setting-{}", setting.name),
            label: t.get(setting.label),
            value: value("setting", setting.name),
            example: setting.example.to_owned(),
            required: setting.required,
        };
        let own = matches!(preset.kind, Kind::OAuth2 { endpoints: None });
        let fields = own.then_some(Field::Subject).into_iter().chain(MAPPED.iter().copied());
        let claim = |field: Field| Entry {
            id: format!("claim-{}", field.as_str()),
            label: texts::field(t, field),
            value: value("claim", field.as_str()),
            example: texts::usual_place(preset, field),
            required: false,
        };
        Self {
            slug: String::new(),
            label: String::new(),
            client_id: String::new(),
            settings: preset.settings.iter().map(setting).collect(),
            scopes: String::new(),
            usual_scopes: preset.scopes.join(" "),
            claims: fields.map(claim).collect(),
            allowed_domains: String::new(),
            routed_domains: String::new(),
            two_factors: String::new(),
            phishing_resistant: String::new(),
            sign_up: true,
            administrators: false,
            trust_email: false,
            keep_tokens: false,
            private_network: false,
            oidc: matches!(preset.kind, Kind::Oidc { .. }),
            algorithms: String::new(),
            usual_algorithms: preset.algorithms.join(" "),
            key: texts::secret_is_key(preset),
            problems: BTreeMap::new(),
        }
    }

    /// What an administrator asks for with it. An algorithm that is not known is a problem of its own.
    fn document(&self) -> Result<ConnectionResource, String> {
        let words = |text: &str| -> Vec<String> {
            let words = text.split([' ', ',', '\n', '\r', '\t']).filter(|word| !word.is_empty());
            words.map(str::to_owned).collect()
        };
        let named = |entry: &Entry| {
            let name = entry.id.split_once('-').map_or("", |(_, name)| name);
            (name.to_owned(), entry.value.clone())
        };
        let known = |word: &String| UpstreamAlgorithm::parse(word).ok_or_else(|| word.clone());
        let algorithms = words(&self.algorithms).iter().map(known).collect::<Result<Vec<_>, _>>()?;
        let mut document = ConnectionResource {
            label: Some(self.label.clone()),
            client_id: Some(self.client_id.clone()),
            scope: Some(words(&self.scopes).join(" ")),
            claim_map: Some(self.claims.iter().map(named).collect()),
            allowed_domains: Some(words(&self.allowed_domains)),
            routed_domains: Some(words(&self.routed_domains)),
            two_factors: Some(words(&self.two_factors)),
            phishing_resistant: Some(words(&self.phishing_resistant)),
            sign_up: Some(self.sign_up),
            trust_email: Some(self.trust_email),
            keep_tokens: Some(self.keep_tokens),
            default_roles: Some(if self.administrators { vec![Role::Administrator] } else { Vec::new() }),
            allow_private_network: Some(self.private_network),
            id_token_signing_alg_values_supported: Some(algorithms),
            ..ConnectionResource::default()
        };
        for (name, value) in self.settings.iter().map(named) {
            if let Some(field) = document.setting_mut(&name) {
                *field = Some(value);
            }
        }
        Ok(document)
    }

    /// What an administrator asks for with it; `None` where an algorithm is unknown, which is marked then.
    pub(super) fn checked_document(&mut self, t: &Texts) -> Option<ConnectionResource> {
        match self.document() {
            Ok(document) => Some(document),
            Err(word) => {
                let text = t.with(keys::connection::PROBLEM_ALGORITHM, "name", &word);
                self.problems.insert("algorithms".to_owned(), text);
                None
            }
        }
    }

    /// Marks the fields that are wrong.
    pub(super) fn mark(&mut self, invalid: &[FieldProblem], t: &Texts) {
        for found in invalid {
            let id = self.id_of(&found.field);
            self.problems.entry(id).or_insert_with(|| in_words(t, found.error));
        }
    }

    /// The id in the form of what the document calls so.
    fn id_of(&self, field: &str) -> String {
        let says =
            |entry: &&Entry| entry.id.strip_prefix("setting-").is_some_and(|name| field_of_setting(name) == field);
        match (field, field.strip_prefix("claim_map."), self.settings.iter().find(says)) {
            ("scope", ..) => "scopes".to_owned(),
            ("id_token_signing_alg_values_supported", ..) => "algorithms".to_owned(),
            (_, Some(claim), _) => format!("claim-{claim}"),
            (_, _, Some(entry)) => entry.id.clone(),
            _ => field.to_owned(),
        }
    }

    /// What is wrong with a field; empty where nothing is.
    pub(super) fn problem(&self, id: &str) -> &str {
        self.problems.get(id).map_or("", String::as_str)
    }

    /// Whether something is wrong in one of these groups, which must then not be folded.
    pub(super) fn wrong_in(&self, starts: &[&str]) -> bool {
        self.problems.keys().any(|id| starts.iter().any(|start| id.starts_with(start)))
    }
}
