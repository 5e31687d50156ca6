//! The administration API, beside what its document says: schemathesis sends what the document allows, and what it does not, with an owner's token.

use std::time::Duration;

use super::python;
use super::server::Server;
use crate::support::folder::Folder;

/// What is not sent: it would take everybody's tokens away, the caller's among them, or the keys that sign them. What is sent to clients does not meet the
/// caller, whose id is drawn by the server and stands in no document.
const LEFT_OUT: &[&str] = &["endEverySession", "revokeKey"];
/// That the server broke, or answered what is not described.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_breaks_and_nothing_is_answered_that_is_not_described() {
    let Some(mut python) = python() else { return };
    let server = Server::start_with(&[("HAECHI_THROTTLING__API_CALLS_PER_CALLER", "1000000")]).await;
    let owner = ["--kind", "service", "--role", "owner", "--scope", "haechi:read haechi:write"];
    let client = server.register(&[&["--name", "Fuzzer", "--access-token-seconds", "3600"], &owner[..]].concat());
    let resource = format!("{}/api/v1", server.issuer);
    let token = server.token(&client, &resource, "haechi:read haechi:write").await;

    // It leaves what it found in the folder that it is run in.
    let folder = Folder::new();
    python.current_dir(folder.path());
    python.args(["-m", "schemathesis.cli", "run"]).arg(format!("{resource}/openapi.json"));
    python.arg("--header").arg(format!("Authorization: Bearer {token}"));
    python.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--no-shrink"]);
    python.args(["--seed", "1", "--max-time", "90", "--workers", "1", "--no-color", "--continue-on-failure"]);
    for id in LEFT_OUT {
        python.args(["--exclude-operation-id", id]);
    }
    let output = tokio::task::spawn_blocking(move || python.output().unwrap());
    let output = tokio::time::timeout(Duration::from_secs(180), output).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}
