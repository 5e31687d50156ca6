//! What the address of the list asks for.

use crate::admin::{Administration, Authority, Rejected, users};
use crate::model::audit_event::{Actor, AuditKind, AuditOutcome};
use crate::model::audit_filter::AuditFilter;
use crate::model::client::ClientId;
use crate::protocol::Params;
use crate::support::id::UserId;

/// What narrows the list down.
pub(super) const KEPT: &[&str] = &["user", "kind", "outcome", "actor", "client", "target", "request", "since", "until"];

/// What was asked for: as it was typed, and as the log is asked.
pub(super) struct Asked {
    pub(super) user: String,
    pub(super) actor: String,
    pub(super) client: String,
    pub(super) target: String,
    pub(super) request: String,
    pub(super) since: String,
    pub(super) until: String,
    /// The filter; or what was typed that nothing is called.
    pub(super) filter: Result<AuditFilter, String>,
}

impl Asked {
    pub(super) async fn of(admin: &Administration, authority: &Authority, params: &Params) -> Result<Self, Rejected> {
        let said = |name: &str| params.get(name).unwrap_or_default().trim().to_owned();
        let [user, actor, client, target, request, since, until] =
            ["user", "actor", "client", "target", "request", "since", "until"].map(said);
        let mut asked = Self { user, actor, client, target, request, since, until, filter: Ok(AuditFilter::default()) };
        asked.filter = asked.read(admin, authority, &said("kind"), &said("outcome")).await?;
        Ok(asked)
    }

    /// Whether more than the first few filters are used.
    pub(super) fn says_more(&self) -> bool {
        let more = [&self.actor, &self.client, &self.target, &self.request, &self.since, &self.until];
        more.iter().any(|said| !said.is_empty())
    }

    async fn read(
        &self,
        admin: &Administration,
        authority: &Authority,
        kind: &str,
        outcome: &str,
    ) -> Result<Result<AuditFilter, String>, Rejected> {
        let user = account(admin, authority, &self.user).await?;
        let actor = if self.actor.contains('@') {
            account(admin, authority, &self.actor).await?.map(|id| id.map(Actor::User))
        } else {
            read(&self.actor, |text| text.parse::<Actor>().ok())
        };
        Ok(self.put_together((user, actor), kind, outcome))
    }

    fn put_together(
        &self,
        (user, actor): (Result<Option<UserId>, String>, Result<Option<Actor>, String>),
        kind: &str,
        outcome: &str,
    ) -> Result<AuditFilter, String> {
        let outcome_of = |outcome: &str| match outcome {
            "succeeded" => Some(AuditOutcome::Succeeded),
            "refused" => Some(AuditOutcome::Refused),
            _ => None,
        };
        Ok(AuditFilter {
            kinds: read(kind, AuditKind::named)?.into_iter().collect(),
            outcome: read(outcome, outcome_of)?,
            actor: actor?,
            user: user?,
            client: read(&self.client, |text| ClientId::parse(text).ok())?,
            target: read(&self.target, |text| text.parse().ok())?,
            request: Some(self.request.clone()).filter(|request| !request.is_empty()),
            since: read(&self.since, |text| text.parse().ok())?,
            until: read(&self.until, |text| text.parse().ok())?,
        })
    }
}

/// What a text stands for; nothing where there is none, and the text itself where it stands for nothing.
fn read<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or_else(|| text.to_owned()) }
}

/// The account of an id, also where it is gone, or of an address.
async fn account(
    admin: &Administration,
    authority: &Authority,
    text: &str,
) -> Result<Result<Option<UserId>, String>, Rejected> {
    if text.is_empty() {
        return Ok(Ok(None));
    }
    if let Ok(id) = text.parse() {
        return Ok(Ok(Some(id)));
    }
    let user = users::find(admin, authority, text).await?;
    Ok(user.map(|user| Some(user.id)).ok_or_else(|| text.to_owned()))
}

/// What the list was narrowed down by, for an address beside it.
pub(super) fn query(params: &Params) -> String {
    let said = KEPT.iter().filter_map(|name| Some((*name, params.get(name)?))).filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
}
