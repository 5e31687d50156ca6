//! The preview of a person's tokens in the words of a page.

use crate::admin::token_preview::{ClaimView, DocumentView, LeftOutView, Missing, Note, Origin, Reason, TokenPreview};
use crate::i18n::{Key, Texts, keys};
use crate::model::claim_rule::SourceKind;

/// The documents that an app would read.
pub(super) struct Documents {
    pub(super) granted: String,
    pub(super) notes: Vec<String>,
    pub(super) all: Vec<Document>,
    pub(super) left_out: Vec<Row>,
}

/// One of them.
pub(super) struct Document {
    pub(super) id: &'static str,
    pub(super) title: String,
    /// Its header; of one that there is not, why not.
    pub(super) about: String,
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Vec<Row>,
}

/// A claim, and why it is told or not.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) why: String,
}

impl Documents {
    pub(super) fn of(t: &Texts, shown: &TokenPreview) -> Self {
        let granted = if shown.scope.is_empty() {
            t.get(keys::claims::PREVIEW_GRANTED_NONE)
        } else {
            t.with(keys::claims::PREVIEW_GRANTED, "scope", &shown.scope)
        };
        let (no_id_token, no_userinfo) = (keys::claims::PREVIEW_NONE_ID_TOKEN, keys::claims::PREVIEW_NONE_USERINFO);
        let access_token = keys::claims::PREVIEW_ACCESS_TOKEN;
        let all = vec![
            Document::of(t, ("access-token", access_token, no_userinfo), Some(&shown.access_token)),
            Document::of(t, ("id-token", keys::claims::PREVIEW_ID_TOKEN, no_id_token), shown.id_token.as_ref()),
            Document::of(t, ("userinfo", keys::claims::PREVIEW_USERINFO, no_userinfo), shown.userinfo.as_ref()),
        ];
        Self {
            granted,
            notes: shown.notes.iter().map(|note| t.get(note_words(*note))).collect(),
            all,
            left_out: shown.left_out.iter().map(|one| left_out(t, one)).collect(),
        }
    }
}

impl Document {
    fn of(t: &Texts, (id, title, none): (&'static str, Key, Key), shown: Option<&DocumentView>) -> Self {
        let header = shown.map(|shown| shown.header.as_ref());
        let about = match header {
            Some(Some(header)) => t.with_two(keys::claims::PREVIEW_HEADER, "typ", &header.typ, "alg", &header.alg),
            Some(None) => String::new(),
            None => t.get(none),
        };
        let claim = |claim: &ClaimView| Row {
            name: claim.name.clone(),
            value: claim.value.as_str().map_or_else(|| claim.value.to_string(), str::to_owned),
            why: why(t, &claim.reason),
        };
        Self {
            id,
            title: t.get(title),
            about,
            rows: shown.map(|shown| shown.claims.iter().map(claim).collect()).unwrap_or_default(),
            left_out: shown
                .map(|shown| shown.left_out.iter().map(|one| left_out(t, one)).collect())
                .unwrap_or_default(),
        }
    }
}

const fn note_words(note: Note) -> Key {
    match note {
        Note::UserDisabled => keys::claims::NOTE_USER_DISABLED,
        Note::ClientDisabled => keys::claims::NOTE_CLIENT_DISABLED,
        Note::NoEndUsers => keys::claims::NOTE_NO_END_USERS,
        Note::NothingGranted => keys::claims::NOTE_NOTHING_GRANTED,
        Note::NoOpenid => keys::claims::NOTE_NO_OPENID,
    }
}

/// Why a claim is there.
fn why(t: &Texts, reason: &Reason) -> String {
    match reason {
        Reason::Protocol { section } => t.with(keys::claims::WHY_PROTOCOL, "section", section),
        Reason::SignIn { section } => t.with(keys::claims::WHY_SIGN_IN, "section", section),
        Reason::Drawn { section } => t.with(keys::claims::WHY_DRAWN, "section", section),
        Reason::Scope { scope, from } => {
            sentence(t.with(keys::claims::WHY_SCOPE, "scope", scope), from.iter().flat_map(|one| origin(t, one, true)))
        }
        Reason::Rule { rule, scope, source, attribute, from } => {
            let source_words = match source {
                SourceKind::Attribute => {
                    t.with(keys::claims::WHY_ATTRIBUTE, "attribute", attribute.as_deref().unwrap_or_default())
                }
                SourceKind::Groups => t.get(keys::claims::WHY_GROUPS),
                SourceKind::Roles => t.get(keys::claims::WHY_ROLES),
                SourceKind::Constant => t.get(keys::claims::WHY_CONSTANT),
            };
            let whole = t.with_two(keys::claims::WHY_RULE, "rule", rule, "scope", scope);
            let of_roles = *source == SourceKind::Roles;
            let origins = from.iter().flat_map(|one| origin(t, one, of_roles));
            sentence(whole, std::iter::once(source_words).chain(origins))
        }
    }
}

fn sentence(whole: String, parts: impl Iterator<Item = String>) -> String {
    std::iter::once(whole).chain(parts).collect::<Vec<_>>().join("; ")
}

/// Where a value comes from, and what it is called for the app.
fn origin(t: &Texts, origin: &Origin, is_role: bool) -> Vec<String> {
    let came = match &origin.group {
        Some(group) => Some(t.with_two(keys::claims::WHY_ROLE_BY, "role", &origin.name, "group", group)),
        None if is_role => Some(t.with(keys::claims::WHY_ROLE, "role", &origin.name)),
        None => None,
    };
    let word = |told: &String| t.with_two(keys::claims::WHY_WORD, "name", &origin.name, "told", told);
    came.into_iter().chain(origin.told.as_ref().map(word)).collect()
}

/// Why something is not told.
fn left_out(t: &Texts, one: &LeftOutView) -> Row {
    let why = match &one.why {
        Missing::ScopeNotRegistered { scope } => t.with(keys::claims::NOT_REGISTERED, "scope", scope),
        Missing::ScopeNotGranted { scope } => t.with(keys::claims::NOT_GRANTED, "scope", scope),
        Missing::NoValue => t.get(keys::claims::NOT_VALUE),
        Missing::OtherApp { client_id } => t.with(keys::claims::NOT_OTHER_APP, "client", client_id),
        Missing::Overridden { by } => t.with(keys::claims::NOT_OVERRIDDEN, "rule", by),
        Missing::NoRoom => t.get(keys::claims::NOT_ROOM),
        Missing::OtherValueWanted => t.get(keys::claims::NOT_WANTED),
        Missing::Minimal => t.get(keys::claims::NOT_MINIMAL),
    };
    let value = one.rule.as_ref().map(|rule| t.with(keys::claims::NOT_BY_RULE, "rule", rule)).unwrap_or_default();
    Row { name: one.name.clone(), value, why }
}
