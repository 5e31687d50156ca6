//! Documents as they were stored by each schema version are read, and written so that their reader understands them still.
//!
//! See the README beside this file for what the folders hold and how one is added.

use std::path::Path;

use haechi::model::ClaimRule;
use haechi::model::attribute::{AttributeDefinition, AttributeType, AttributeValue};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{ClientAuthentication, ClientKind};
use haechi::model::grant::GrantTerms;
use haechi::model::user::Role;
use haechi::model::{
    Affiliation, Api, AuditEvent, Authorization, Client, Connection, NotedRefusal, Policy, Session, User, Webhook,
};
use haechi::protocol::confirmation::Confirmation;
use haechi::upstream::provider_tokens::TokenResponseReceived;
use haechi::upstream::{LoginState, PendingLink};
use haechi_migrations::Migrator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The last migration of the schema version that the newest folder is of. Every migration gets a folder of its own.
const NEWEST: &str = "m0041";
/// The types that are stored as documents, as files are named after them.
const TYPES: &[&str] = &[
    "client",
    "user",
    "attribute",
    "affiliation",
    "api",
    "claim_rule",
    "connection",
    "grant_terms",
    "audit_event",
    "session",
    "authorization",
    "login_state",
    "pending_link",
    "provider_tokens",
    "refusal",
    "policy",
    "webhook",
];

/// Every golden document: its file's name and its content.
fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/store/golden");
    let versions = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = versions.flat_map(|version| std::fs::read_dir(version).unwrap().map(|entry| entry.unwrap().path()));
    files.map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect()
}

/// The document of a schema version that is called so.
fn stored<T: DeserializeOwned>(version: &str, name: &str) -> T {
    let end = format!("{version}/{name}.json");
    let (_, text) = documents().into_iter().find(|(file, _)| file.ends_with(&end)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What the current code writes after it has read a document.
fn written_again<T: DeserializeOwned + Serialize>(text: &str) -> serde_json::Result<Value> {
    serde_json::to_value(serde_json::from_str::<T>(text)?)
}

/// [`written_again`] for the type that a file's name begins with.
fn written_again_as(file: &str, text: &str) -> serde_json::Result<Value> {
    let name = Path::new(file).file_stem().unwrap().to_str().unwrap();
    match name.split_once('-').unwrap().0 {
        "client" => written_again::<Client>(text),
        "user" => written_again::<User>(text),
        "attribute" => written_again::<AttributeDefinition>(text),
        "api" => written_again::<Api>(text),
        "affiliation" => written_again::<Affiliation>(text),
        "claim_rule" => written_again::<ClaimRule>(text),
        "connection" => written_again::<Connection>(text),
        "grant_terms" => written_again::<GrantTerms>(text),
        "audit_event" => written_again::<AuditEvent>(text),
        "session" => written_again::<Session>(text),
        "authorization" => written_again::<Authorization>(text),
        "login_state" => written_again::<LoginState>(text),
        "pending_link" => written_again::<PendingLink>(text),
        "provider_tokens" => written_again::<TokenResponseReceived>(text),
        "refusal" => written_again::<NotedRefusal>(text),
        "policy" => written_again::<Policy>(text),
        "webhook" => written_again::<Webhook>(text),
        other => panic!("{file}: nothing reads a document of type {other}"),
    }
}

/// The path of the first member of `was` that `is` lacks, or has with another value. Members that only `is` has do no harm: readers
/// pass over members that they do not know.
fn lost(was: &Value, is: &Value, path: &str) -> Option<String> {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => was.iter().find_map(|(name, value)| {
            let path = format!("{path}/{name}");
            match is.get(name) {
                Some(now) => lost(value, now, &path),
                None => Some(path),
            }
        }),
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
            was.iter().zip(is).enumerate().find_map(|(at, (was, is))| lost(was, is, &format!("{path}/{at}")))
        }
        _ => (was != is).then(|| path.to_owned()),
    }
}

#[test]
fn every_golden_document_is_read_and_what_is_written_again_has_all_of_it() {
    let documents = documents();
    assert!(documents.len() >= 20, "{} documents", documents.len());
    for (file, text) in documents {
        let again = written_again_as(&file, &text).unwrap_or_else(|error| panic!("{file} cannot be read: {error}"));
        let was: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(lost(&was, &again, ""), None, "{file}: a reader of that version would miss this");
    }
}

/// So a new field of any of them without `#[serde(default)]` makes a test here fail: the golden documents lack it.
#[test]
fn each_kind_of_document_has_a_golden_one_in_the_newest_folder() {
    let newest: Vec<String> =
        documents().into_iter().map(|(file, _)| file).filter(|file| file.contains(&format!("/{NEWEST}/"))).collect();
    for kind in TYPES {
        assert!(newest.iter().any(|file| file.contains(&format!("/{kind}-"))), "{NEWEST} has no {kind}");
    }
}

#[test]
fn the_newest_folder_is_of_the_newest_migration() {
    let newest = Migrator::names().pop().unwrap();
    assert_eq!(newest.split('_').next(), Some(NEWEST), "see the README of the golden documents");
}

/// So a new member is in the newest folder, too, and not only its absence in those before.
#[test]
fn the_newest_folder_holds_what_this_code_writes() {
    let update = std::env::var_os("HAECHI_GOLDEN").is_some_and(|value| value == "write");
    for (file, text) in documents().into_iter().filter(|(file, _)| file.contains(&format!("/{NEWEST}/"))) {
        let written = written_again_as(&file, &text).unwrap();
        if update {
            std::fs::write(&file, format!("{written:#}\n")).unwrap();
        } else {
            let is: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(is, written, "{file}: HAECHI_GOLDEN=write writes it anew");
        }
    }
}

#[test]
fn documents_of_what_came_since_mean_what_they_meant() {
    for (version, link) in [("m0012", None), ("m0013", Some("lnk_01a0c450744b7b1c9bdbee55db8d22e7"))] {
        let session: Session = stored(version, "session-two_accounts");
        assert_eq!(session.sign_ins[0].epochs().server.count(), 0, "{version}");
        let there = session.sign_ins[1].upstream.as_ref().and_then(|there| there.link);
        assert_eq!(there.map(|link| link.to_string()).as_deref(), link, "{version}");
        let moved: AuditEvent = stored(version, "audit_event-issuer");
        assert_eq!(moved.kind, AuditKind::IssuerChanged);
    }
    let session: Session = stored("m0015", "session-two_accounts");
    assert_eq!(session.sign_ins.iter().map(|sign_in| sign_in.epochs().server.count()).collect::<Vec<_>>(), [2, 2]);
    let pending: PendingLink = stored("m0015", "pending_link-full");
    assert_eq!(pending.account.identity.subject.as_sent(), "4242");
    let gone: User = stored("m0015", "user-deleted");
    assert!(!gone.is_active() && gone.profile.is_empty());
    let deleted: AuditEvent = stored("m0015", "audit_event-deleted");
    assert_eq!((deleted.kind, deleted.user), (AuditKind::UserDeleted, Some(gone.id)));
}

#[test]
fn documents_with_epochs_mean_what_they_meant() {
    let access: ClaimRule = stored("m0026", "claim_rule-groups");
    assert_eq!((access.claim.as_str(), access.values["직원"].as_str()), ("https://shop.example/access", "admin"));
    let with_attributes: User = stored("m0020", "user-managers");
    assert_eq!(with_attributes.attributes["badge"], AttributeValue::Text("B-7".to_owned()));
    assert_eq!(stored::<AttributeDefinition>("m0020", "attribute-texts").value_type, AttributeType::Texts);
    let user: User = stored("m0011", "user-managers");
    assert_eq!((user.epoch.count(), user.roles), (5, vec![Role::PeopleManager, Role::Auditor]));
    let session: Session = stored("m0011", "session-two_accounts");
    assert_eq!(session.sign_ins[0].epoch, user.epoch);
    let corp: Connection = stored("m0011", "connection-full");
    assert_eq!(session.sign_ins[1].upstream.as_ref().map(|there| there.epoch), Some(corp.epoch));
    let client: Client = stored("m0011", "client-web");
    assert_eq!(client.epoch.count(), 2);
    let terms: GrantTerms = stored("m0011", "grant_terms-full");
    assert!(matches!(terms.cnf, Some(Confirmation::JwkThumbprint(_))) && terms.authorization_details.len() == 1);
    let pending: PendingLink = stored("m0011", "pending_link-full");
    assert_eq!((pending.account.identity.subject.as_str(), pending.email_verified), ("248289761001", true));
    let tokens: TokenResponseReceived = stored("m0011", "provider_tokens-full");
    assert_eq!(tokens.answer["refresh_token"], "rt");
}

#[test]
fn golden_documents_mean_what_they_meant() {
    let web: Client = stored("m0009", "client-web");
    assert_eq!((web.id.as_str(), web.kind, web.version), ("shop", ClientKind::Web, 7));
    assert_eq!(web.tokens.lifetimes.refresh_token_idle.as_secs(), 3600);
    assert_eq!(web.redirects.uris[0].as_str(), "https://shop.example/cb");
    assert_eq!(
        web.authentication.secrets[1].expires_at.map(haechi::support::Timestamp::millis),
        Some(1_790_090_000_123)
    );
    let weekly: Client = stored("m0009", "client-service-jwks");
    assert!(matches!(weekly.authentication.method, ClientAuthentication::PrivateKeyJwt { .. }));
    let user: User = stored("m0009", "user-administrator");
    assert!(user.is_administrator() && user.is_active() && user.email_verified);
    assert_eq!((user.email.as_str(), user.name()), ("Kim@example.com", Some("김민지")));
    let corp: Connection = stored("m0009", "connection-full");
    assert_eq!((corp.slug.as_str(), corp.secrets[0].sealed.len(), corp.position), ("corp-2", 6, 20));
    let terms: GrantTerms = stored("m0009", "grant_terms-full");
    assert!(terms.scope.contains("offline_access") && terms.claims.userinfo.contains_key("name"));
    assert_eq!((terms.nonce.as_deref(), terms.amr), (Some("n-0S6"), vec!["pwd".to_owned()]));
    let event: AuditEvent = stored("m0009", "audit_event-user");
    assert_eq!(event.address.as_deref(), Some("192.0.2.7"));
    let session: Session = stored("m0009", "session-two_accounts");
    assert_eq!(session.sign_ins[1].upstream.as_ref().and_then(|there| there.sid.as_deref()), Some("s-1"));
    let waiting: Authorization = stored("m0009", "authorization-under_way");
    assert_eq!(waiting.request.max_age.map(|age| age.as_secs()), Some(60));
    assert_eq!(waiting.progress.account, Some(session.sign_ins[0].id));
}
