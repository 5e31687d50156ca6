//! Entries of the audit log as a table. Accounts are shown with the address that they have now.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::accounts::found;
use super::entries::said;
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;

pub(super) async fn print_table(desk: &mut Desk, entries: &[Value]) -> Outcome {
    let addresses = addresses(desk, entries).await?;
    let rows: Vec<_> = entries.iter().map(|entry| row(entry, &addresses)).collect();
    desk.output().table(&["WHEN", "WHAT", "WHO", "ACCOUNT", "CLIENT", "ADDRESS", "REQUEST", "DETAIL"], &rows)
}

/// The account that caused an entry.
fn acting(entry: &Value) -> Option<&str> {
    let actor = &entry["actor"];
    said(actor, "id").filter(|_| said(actor, "kind") == Some("user"))
}

/// The addresses of the accounts that entries name, where they are still there: a look-up each.
async fn addresses(desk: &mut Desk, entries: &[Value]) -> Outcome<HashMap<String, String>> {
    let named: HashSet<&str> =
        entries.iter().flat_map(|entry| [acting(entry), said(entry, "user")]).flatten().collect();
    let mut addresses = HashMap::new();
    for id in named {
        if let Some((id, address)) = found(desk, id).await? {
            addresses.insert(id, address);
        }
    }
    Ok(addresses)
}

fn row(entry: &Value, addresses: &HashMap<String, String>) -> Vec<String> {
    let account = |id: &str| match addresses.get(id) {
        Some(address) => format!("{id} {address}"),
        None => id.to_owned(),
    };
    let actor = &entry["actor"];
    let who = match (said(actor, "kind"), said(actor, "id")) {
        (Some("system"), _) => "haechi".to_owned(),
        (Some("user"), Some(id)) => account(id),
        (_, Some(id)) => id.to_owned(),
        (kind, None) => kind.unwrap_or("-").to_owned(),
    };
    let text = |member: &str| said(entry, member).unwrap_or("-").to_owned();
    vec![
        text("at"),
        text("kind"),
        who,
        said(entry, "user").map_or_else(|| "-".to_owned(), account),
        text("client"),
        text("address"),
        text("request"),
        text("detail"),
    ]
}
