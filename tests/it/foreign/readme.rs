//! The README, word by word: its blocks are taken out of the text and run as they are printed, against a server. Only what its reader would
//! put in is put in here: addresses, ids, secrets and tokens.

use std::path::Path;
use std::process::Command;

use super::server::{Registered, Server};
use super::{PASSWORD, node, path, python};
use crate::documentation::pages::{self, Block};
use crate::support::servers;
use crate::support::shell::{prints, succeeded};

const ENGLISH: &str = "README.md";
const KOREAN: &str = "README.ko.md";
const EMAIL: &str = "kim@example.com";
/// What this text and the examples call the service.
const AUDIENCE: &str = "https://orders.example";

/// The one block of a language that has these words.
#[track_caller]
fn block(language: &str, words: &str) -> String {
    pages::block(ENGLISH, language, words).code
}

/// The code where the issuer and the reader's app are on the ports of this test.
fn here(code: &str, server: &Server, port: u16) -> String {
    code.replace("http://localhost:8080", &server.issuer)
        .replace("localhost:4000", &format!("localhost:{port}"))
        .replace(".listen(4000,", &format!(".listen({port},"))
}

/// What a shell prints that runs a block.
#[track_caller]
fn run(server: &Server, script: &str, input: &str) -> String {
    prints(&mut server.shell(script), input)
}

/// The client that a block registers, read as a person reads it.
fn registered(printed: &str) -> Registered {
    let after = |label: &str| {
        let (_, rest) = printed.split_once(label).unwrap_or_else(|| panic!("no {label} in {printed}"));
        rest.split_whitespace().next().unwrap().to_owned()
    };
    Registered { id: after("client id"), secret: Some(after("client secret")) }
}

/// A program of the README in a folder where the packages of `modules` are found.
fn program(name: &str, code: &str, modules: &Path) -> std::path::PathBuf {
    let folder = servers::folder("readme");
    std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();
    std::fs::write(folder.join(name), code).unwrap();
    folder.join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_of_the_readme_signs_people_in() {
    let Some(mut node) = node("tests/foreign/node") else { return };
    let server = Server::start().await;
    server.sign_up(EMAIL);
    let port = servers::free_port();
    let client = registered(&run(&server, &here(&block("sh", "--kind web"), &server, port), ""));
    let code = here(&block("js", "'openid-client'"), &server, port);
    let script = program("app.mjs", &code, &path("tests/foreign/node/node_modules"));
    node.arg(&script).env("CLIENT_ID", &client.id).env("CLIENT_SECRET", client.secret.unwrap()).env("NO_PROXY", "*");
    let folder = script.parent().unwrap();
    let app = servers::kept("KILL", folder, &node);
    servers::await_listener(port, folder);

    let header = |answer: &reqwest::Response, name| answer.headers()[name].to_str().unwrap().to_owned();
    let set = |answer: &reqwest::Response| header(answer, "set-cookie").split(';').next().unwrap().to_owned();
    let get = async |path: &str, cookies: &str| {
        server.http.get(format!("http://127.0.0.1:{port}{path}")).header("cookie", cookies).send().await.unwrap()
    };
    let home = get("/", "").await;
    let (authorize, begun) = (header(&home, "location"), set(&home));
    // A browser asks for it by itself, and that must not begin another login.
    let icon = get("/favicon.ico", &begun).await;
    assert!(icon.status() == 404 && !icon.headers().contains_key("set-cookie"), "{icon:?}");
    let mut browser = server.browser();
    let login = browser.get(&authorize).await;
    let consent = browser.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let left = browser.submit(&consent, "consent", &[("decision", "allow")]).await.location().unwrap();
    let back = left.strip_prefix(&format!("http://localhost:{port}")).unwrap();
    let signed_in = get(back, &begun).await;
    assert_eq!(header(&signed_in, "location"), "/");
    let cookies = format!("{begun}; {}", set(&signed_in));
    // The page is looked at, and reloaded.
    for _ in 0..2 {
        let said = get("/", &cookies).await.text().await.unwrap();
        assert!(said.contains("Hello, Test Person"), "{said}");
    }
    assert_eq!(get("/", &begun).await.status(), 302, "nobody is signed in by the cookie of a login");
    servers::stop(app);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verifiers_of_the_readme_take_the_token_of_the_readme_and_no_other() {
    let packages = "examples/resource-server-node";
    let (Some(node), Some(python)) = (node(packages), python()) else { return };
    let server = Server::start().await;
    let local = |code: &str| code.replace("http://localhost:8080", &server.issuer);
    let client = registered(&run(&server, &local(&block("sh", "--kind service")), ""));
    let typed = format!("id={} secret={}", client.id, client.secret.unwrap());
    let asked = local(&block("sh", "TOKEN=")).replace("id=… secret=…", &typed);
    assert!(asked.contains(&typed), "{asked}");
    let token = run(&server, &format!("{asked}\nprintf %s \"$TOKEN\""), "");
    let elsewhere = ["--kind", "service", "--name", "Other", "--resource", "https://elsewhere.example"];
    let other = server.register(&[&elsewhere[..], &["--scope", "orders:read"]].concat());
    let other = server.token(&other, "https://elsewhere.example", "orders:read").await;

    let modules = path(packages).join("node_modules");
    let node = (node, program("verify.mjs", &local(&block("js", "'jose'")), &modules));
    let python = (python, program("verify.py", &local(&block("python", "import jwt")), &modules));
    for (mut program, script) in [node, python] {
        program.arg(script).env("NO_PROXY", "*");
        let refused = again(&program).arg(&other).output().unwrap();
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{program:?}");
        let said = succeeded(&program.arg(&token).output().unwrap());
        assert!(said.contains(&client.id) && said.contains("orders:read"), "{said}");
    }
}

/// The same program with the same arguments and variables.
fn again(program: &Command) -> Command {
    let mut same = Command::new(program.get_program());
    same.args(program.get_args()).envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    same
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_readme_does_without_mail() {
    let server = Server::start().await;
    server.sign_up(EMAIL);
    let mut browser = server.browser();
    let mut log_in = async |password: &str| {
        let login = browser.get("/login").await;
        browser.submit(&login, "login", &[("email", EMAIL), ("password", password)]).await
    };
    // Somebody who forgot theirs tries before they ask for another, until their browser has to work for it.
    while !log_in("eight herons in the reeds").await.has("work") {}
    run(&server, &block("sh", "set-password"), "four storks over the river\n");
    let account = log_in("four storks over the river").await;
    assert!(account.has("account-heading"), "{}", account.body);
}

#[test]
fn the_sample_configuration_is_read() {
    let folder = crate::support::folder::Folder::new();
    let file = folder.path().join("haechi.toml");
    std::fs::write(&file, block("toml", "trusted_proxies")).unwrap();
    let mut haechi = Command::new(env!("CARGO_BIN_EXE_haechi"));
    succeeded(&haechi.args(["config", "check", "--config"]).arg(&file).env_clear().output().unwrap());
}

#[test]
fn every_block_is_run_or_is_a_part_of_what_is() {
    let elsewhere = ["git clone ", "cargo run --release -- demo", "scripts/test"];
    let here = ["--kind web", "--kind service", "TOKEN=", "set-password", "'openid-client'", "'jose'", "import jwt"];
    for Block { line, language, code, .. } in pages::blocks(ENGLISH) {
        let of_another_test = ["toml", "rust", "java", "go"].contains(&language.as_str());
        let run =
            here.iter().any(|words| code.contains(words)) || elsewhere.iter().any(|begins| code.starts_with(begins));
        assert!(run || of_another_test, "nothing runs line {line}:\n{code}");
    }
}

/// The code without its layout and with the names that a whole program has for the issuer and for itself.
fn bare(code: &str, issuer: &str, audience: &str) -> String {
    let named = code.replace("\"http://localhost:8080\"", issuer).replace(&format!("\"{AUDIENCE}\""), audience);
    named.split_whitespace().collect()
}

#[test]
fn the_blocks_in_rust_and_java_are_of_the_examples() {
    for (language, words, file) in [
        ("rust", "Validation", "resource-server-rust/src/verify.rs"),
        ("java", "NimbusJwtDecoder", "spring-boot-resource-server/src/main/java/example/ByJwt.java"),
    ] {
        let program = std::fs::read_to_string(path("examples").join(file)).unwrap();
        let shown = bare(&block(language, words), "issuer", "audience");
        assert!(bare(&program, "issuer", "audience").contains(&shown), "examples/{file} has other lines");
    }
}

/// A program around the three lines that are shown.
const IN_GO: &str = r#"package main

import ("context"; "fmt"; "os"; "github.com/coreos/go-oidc/v3/oidc")

func main() {
	ctx, accessToken := context.Background(), os.Args[1]
	BLOCK
	if err != nil { panic(err) }
	fmt.Println(token.Subject)
}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_block_in_go_takes_the_token_of_the_readme() {
    // Compiling takes as long as all other tests of the README.
    if super::built("target/examples/resource-server-go").is_none() {
        return;
    }
    let server = Server::start().await;
    let client = registered(&run(&server, &block("sh", "--kind service"), ""));
    let token = server.token(&client, AUDIENCE, "orders:read").await;
    let folder = servers::folder("go");
    for file in ["go.mod", "go.sum"] {
        std::fs::copy(path("examples/resource-server-go").join(file), folder.join(file)).unwrap();
    }
    let code = block("go", "NewProvider").replace("http://localhost:8080", &server.issuer);
    std::fs::write(folder.join("main.go"), IN_GO.replace("BLOCK", &code)).unwrap();
    let mut go = Command::new("go");
    go.args(["run", ".", &token]).current_dir(&folder).env("NO_PROXY", "*");
    assert_eq!(succeeded(&go.output().unwrap()).trim(), client.id);
}

#[test]
fn both_languages_have_the_same_blocks() {
    let of = |page| pages::blocks(page).into_iter().map(|block| (block.language, block.code)).collect::<Vec<_>>();
    assert_eq!(of(ENGLISH), of(KOREAN));
}
