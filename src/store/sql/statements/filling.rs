//! What a database is filled with, as rows: those that the statements of each aggregate write, table by table.

use super::grant::InsertGrant;
use super::{affiliation, audit_chain, client, consent, mail, origin, refusal, user};
use crate::model::NotedRefusal;
use crate::model::client::Client;
use crate::model::consent::Consent;
use crate::model::grant::Grant;
use crate::model::mail::Mail;
use crate::model::user::{PasswordCredential, User};
use crate::store::sql::db::bulk::{BulkRows, BulkTransaction};
use crate::store::{Batch, SealedChain, StoreResult, StoredEntry};

/// The tables that are filled, and those of which a row moves.
pub(crate) const TABLES: [&str; 12] = [
    "users",
    "passwords",
    "affiliated",
    "clients",
    "client_origins",
    "grants",
    "consents",
    "mails",
    "refusals",
    "audit_events",
    "audit_chain",
    "mail_place",
];

/// Whether there is more than who administers the server.
pub(crate) const IS_USED: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE NOT administers) OR EXISTS (SELECT 1 FROM clients) \
                                  OR EXISTS (SELECT 1 FROM grants) OR EXISTS (SELECT 1 FROM webhooks) AS said";

/// The rows of a batch. Those that others refer to come first.
pub(crate) fn rows_of(batch: &Batch) -> StoreResult<Vec<BulkRows>> {
    match batch {
        Batch::Accounts(accounts) => of_accounts(accounts),
        Batch::Clients(clients) => of_clients(clients),
        Batch::Grants(grants) => of_grants(grants),
        Batch::Mails(mails) => Ok(of_mails(mails)),
        Batch::Refusals(refusals) => of_refusals(refusals),
        Batch::Entries(entries) => of_entries(entries),
    }
}

fn of_accounts(accounts: &[(User, Option<PasswordCredential>)]) -> StoreResult<Vec<BulkRows>> {
    let users: Vec<_> =
        accounts.iter().map(|(account, _)| user::model_of(account, account.version)).collect::<StoreResult<_>>()?;
    let passwords = accounts.iter().filter_map(|(_, password)| password.as_ref()).map(user::password_model_of);
    let affiliated = accounts.iter().flat_map(|(account, _)| affiliation::rows_of(account)).collect();
    Ok(vec![
        BulkRows::of("users", users.into_iter()),
        BulkRows::of("passwords", passwords),
        BulkRows { table: "affiliated", columns: affiliation::COLUMNS.to_vec(), rows: affiliated },
    ])
}

fn of_clients(clients: &[Client]) -> StoreResult<Vec<BulkRows>> {
    let rows = clients.iter().map(client::row_of).collect::<StoreResult<_>>()?;
    let origins = clients.iter().flat_map(origin::rows_of).collect();
    Ok(vec![
        BulkRows { table: "clients", columns: client::COLUMNS.to_vec(), rows },
        BulkRows { table: "client_origins", columns: origin::COLUMNS.to_vec(), rows: origins },
    ])
}

fn of_grants(grants: &[(Grant, Option<Consent>)]) -> StoreResult<Vec<BulkRows>> {
    let rows = grants.iter().map(|(grant, _)| InsertGrant::new(grant).map(InsertGrant::into_row));
    let rows = rows.collect::<StoreResult<_>>()?;
    let given = |(grant, consent): &(Grant, Option<Consent>)| {
        consent.as_ref().map(|consent| consent::model_of(consent, grant.epochs.client))
    };
    Ok(vec![
        BulkRows { table: "grants", columns: InsertGrant::columns(), rows },
        BulkRows::of("consents", grants.iter().filter_map(given)),
    ])
}

fn of_mails(mails: &[Mail]) -> Vec<BulkRows> {
    let rows = mails.iter().map(mail::whole_row_of).collect();
    vec![BulkRows { table: "mails", columns: mail::COLUMNS.to_vec(), rows }]
}

fn of_refusals(refusals: &[NotedRefusal]) -> StoreResult<Vec<BulkRows>> {
    let rows = refusals.iter().map(refusal::row_of).collect::<StoreResult<_>>()?;
    Ok(vec![BulkRows { table: "refusals", columns: refusal::COLUMNS.to_vec(), rows }])
}

fn of_entries(entries: &[StoredEntry]) -> StoreResult<Vec<BulkRows>> {
    let rows = entries.iter().map(audit_chain::row_of).collect::<StoreResult<_>>()?;
    Ok(vec![BulkRows { table: "audit_events", columns: audit_chain::columns(), rows }])
}

/// Moves the chain on, where it is as it was, and with it the place up to which people are told by mail: nothing of what was added happened to anybody. Answers whether it was.
pub(crate) async fn advance(db: &mut BulkTransaction, was: &SealedChain, is: &SealedChain) -> StoreResult<bool> {
    let (sql, values) = audit_chain::advancing(was, is);
    if db.run(sql, values).await? != 1 {
        return Ok(false);
    }
    let sql =
        "UPDATE mail_place SET after_seq = (SELECT head_seq FROM audit_chain WHERE audit_chain.id = 1) WHERE id = 1";
    db.run(sql, vec![]).await?;
    Ok(true)
}
