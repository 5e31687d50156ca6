//! The form of a webhook: where it leads, what it is for, and what it is told of.

use super::super::audit::words_of;
use super::super::wrong::Wrong;
use crate::admin::webhooks::WebhookResource;
use crate::i18n::Texts;
use crate::model::Webhook;
use crate::model::audit_event::AuditKind;
use crate::protocol::Params;

/// The form as it is shown.
pub(super) struct WebhookForm {
    pub(super) url: String,
    pub(super) description: String,
    pub(super) kinds: Vec<Choice>,
    pub(super) wrong: Wrong,
}

/// A kind of entries that it may be told of.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) text: String,
    pub(super) ticked: bool,
}

impl WebhookForm {
    /// An empty one.
    pub(super) fn empty(t: &Texts) -> Self {
        Self::with(t, (String::new(), String::new()), |_| false)
    }

    /// That of a webhook.
    pub(super) fn of(t: &Texts, webhook: &Webhook) -> Self {
        Self::with(t, (webhook.url.clone(), webhook.description.clone()), |kind| webhook.kinds.contains(&kind))
    }

    /// As it was sent.
    pub(super) fn typed(t: &Texts, params: &Params) -> Self {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        Self::with(t, (text("url"), text("description")), |kind| params.names(&id_of(kind)))
    }

    fn with(t: &Texts, (url, description): (String, String), ticked: impl Fn(AuditKind) -> bool) -> Self {
        let choice = |kind: &AuditKind| Choice {
            id: id_of(*kind),
            name: kind.as_str(),
            text: t.get(words_of(*kind)),
            ticked: ticked(*kind),
        };
        Self { url, description, kinds: AuditKind::ALL.iter().map(choice).collect(), wrong: Wrong::default() }
    }

    /// Whether it is told of some kinds only.
    pub(super) fn chooses(&self) -> bool {
        self.kinds.iter().any(|choice| choice.ticked)
    }

    /// What it says.
    pub(super) fn document(&self) -> WebhookResource {
        let ticked = AuditKind::ALL.iter().zip(&self.kinds).filter(|(_, choice)| choice.ticked);
        WebhookResource {
            url: Some(self.url.clone()),
            description: Some(self.description.clone()),
            kinds: Some(ticked.map(|(kind, _)| *kind).collect()),
            ..WebhookResource::default()
        }
    }
}

fn id_of(kind: AuditKind) -> String {
    format!("kind-{}", kind.as_str())
}
