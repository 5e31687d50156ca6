//! What a look at the whole log found, as a document.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit_chain::{Damage, Intact, Verdict};

/// Whether the audit log is as it was written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct VerdictView {
    /// Whether every entry is there, as it was sealed.
    pub intact: bool,
    /// The oldest entry, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The newest entry, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// How many entries there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<u64>,
    /// How many of them are from before entries were sealed: they are as they were when they were taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_before_the_chain: Option<u64>,
    /// The end of the chain. Kept elsewhere, the same end stands for the same entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What became of the log, where it is not intact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damage: Option<String>,
}

impl From<&Verdict> for VerdictView {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Intact(Intact { first, last, entries, from_before, head }) => Self {
                intact: true,
                first: first.map(|id| id.to_string()),
                last: last.map(|id| id.to_string()),
                entries: Some(*entries),
                from_before_the_chain: Some(*from_before),
                end: Some(format!("{}:{}", head.seq, head.hash.hex())),
                damage: None,
            },
            Verdict::Damaged(damage) => Self {
                intact: false,
                first: None,
                last: None,
                entries: None,
                from_before_the_chain: None,
                end: None,
                damage: Some(said_of(damage)),
            },
        }
    }
}

/// What became of the log, for who has to find out why.
fn said_of(damage: &Damage) -> String {
    match damage {
        Damage::ForeignSeal => "the audit log is not as this server left it: the end of its chain was rewritten, or the key-encryption key is another \
                                one than it was sealed with"
            .to_owned(),
        Damage::Removed { from, to } if from == to => format!("the audit log is not complete: entry number {from} was removed"),
        Damage::Removed { from, to } => format!("the audit log is not complete: the entries number {from} to {to} were removed"),
        Damage::Changed { seq, id } => {
            format!("the audit log was changed: the entry {id} at place {seq}, or what is before it, is not what was sealed there")
        }
        Damage::Rewritten { seq } => {
            format!("the audit log was rewritten: its entries up to number {seq} lead to another end than the one that was sealed")
        }
        Damage::Inserted { seq, id } => format!("the audit log was changed: the entry {id} at place {seq} was put in, and never sealed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_log_is_said_and_nothing_else() {
        let damaged = |damage| serde_json::to_value(VerdictView::from(&Verdict::Damaged(damage))).unwrap();
        let removed = damaged(Damage::Removed { from: 3, to: 5 });
        let said = "the audit log is not complete: the entries number 3 to 5 were removed";
        assert_eq!(removed, serde_json::json!({ "intact": false, "damage": said }));
        let one = damaged(Damage::Removed { from: 3, to: 3 });
        assert_eq!(one["damage"], "the audit log is not complete: entry number 3 was removed");
    }
}
