//! `private_key_jwt` as libraries in Java make it by default: what they do is in `tests/foreign/java`.

use std::path::Path;
use std::process::Command;

use super::server::Server;
use super::{built, path};
use crate::support::folder::Folder;

const RESOURCE: &str = "https://orders.example";

/// The library that pac4j makes its assertions with, too: at the token endpoint, at introspection and at revocation, the audience is the
/// URL of each.
#[tokio::test(flavor = "multi_thread")]
async fn nimbus() {
    prove("nimbus").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spring_security() {
    prove("spring").await;
}

async fn prove(library: &str) {
    if built("tests/foreign/java/target/assertions.jar").is_none() {
        return;
    }
    let keys = Folder::new();
    let (private, public) = (keys.path().join("private.json"), keys.path().join("public.json"));
    run(java("key", &private).arg(&public));
    let server = Server::start().await;
    let proof = ["--auth", "private_key_jwt", "--jwks", public.to_str().unwrap()];
    let rest = ["--scope", "orders:read", "--resource", RESOURCE, "--serves", RESOURCE];
    let client = server.register(&[&["--kind", "service", "--name", "Nightly"], &proof[..], &rest].concat());
    run(java(library, &private).env("ISSUER", &server.issuer).env("CLIENT_ID", &client.id));
}

fn java(does: &str, key: &Path) -> Command {
    let target = path("tests/foreign/java/target");
    let classes = format!("{0}/assertions.jar:{0}/lib/*", target.display());
    let mut java = Command::new("java");
    java.args(["-Xmx256m", "-cp", &classes, "example.Assertions", does]).arg(key);
    java
}

fn run(java: &mut Command) {
    let output = java.output().unwrap();
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && printed.ends_with("done\n"), "{printed}");
}
