//! The README, word by word: its blocks are taken out of the text and run as they are printed, against a server. Only what its reader would
//! put in is put in here: addresses, ids, secrets and tokens.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::server::{Registered, Server};
use super::{PASSWORD, node, path, python};
use crate::support::servers;

const ENGLISH: &str = include_str!("../../../README.md");
const KOREAN: &str = include_str!("../../../README.ko.md");
const EMAIL: &str = "kim@example.com";

/// What is not run here, by how it begins, and what runs it instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("git clone ", "builds and starts what these tests run"),
    ("cargo run --release -- demo", "cli::demo walks through the shop"),
    ("haechi clients create --for ", "tests of the recipes"),
    ("scripts/test", "runs this"),
];
/// Languages whose blocks are lines of a whole program in `examples/`, which tests of their own run.
const OF_EXAMPLES: &[&str] = &["rust", "java", "go"];

/// The blocks of code, each with its language.
fn blocks(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let inside = text.split("```").skip(1).step_by(2);
    inside.map(|block| block.split_once('\n').unwrap()).collect()
}

/// The one block of a language that has these words.
#[track_caller]
fn block(language: &str, words: &str) -> &'static str {
    let mut found = blocks(ENGLISH).into_iter().filter(|(of, code)| *of == language && code.contains(words));
    let (_, code) = found.next().unwrap_or_else(|| panic!("no {language} block has {words}"));
    assert!(found.next().is_none(), "two {language} blocks have {words}");
    code
}

/// The code where the issuer and the reader's app are on the ports of this test.
fn here(code: &str, server: &Server, port: u16) -> String {
    code.replace("http://localhost:8080", &server.issuer)
        .replace("localhost:4000", &format!("localhost:{port}"))
        .replace(".listen(4000)", &format!(".listen({port})"))
}

/// What a shell prints that runs a block.
fn run(server: &Server, script: &str, input: &str) -> String {
    let mut child =
        server.shell(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    done(&child.wait_with_output().unwrap())
}

#[track_caller]
fn done(output: &std::process::Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    out.into_owned()
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
    let client = registered(&run(&server, &here(block("sh", "--kind web"), &server, port), ""));
    let code = here(block("js", "'openid-client'"), &server, port);
    let script = program("app.mjs", &code, &path("tests/foreign/node/node_modules"));
    node.arg(&script).env("CLIENT_ID", &client.id).env("CLIENT_SECRET", client.secret.unwrap()).env("NO_PROXY", "*");
    let folder = script.parent().unwrap();
    let app = servers::kept("KILL", folder, &node);
    servers::await_listener(port, folder);

    let home = server.http.get(format!("http://127.0.0.1:{port}/")).send().await.unwrap();
    let header = |answer: &reqwest::Response, name| answer.headers()[name].to_str().unwrap().to_owned();
    let (authorize, cookie) = (header(&home, "location"), header(&home, "set-cookie"));
    let mut browser = server.browser();
    let login = browser.get(&authorize).await;
    let consent = browser.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let left = browser.submit(&consent, "consent", &[("decision", "allow")]).await.location().unwrap();
    let back = left.replace("//localhost:", "//127.0.0.1:");
    let cookie = cookie.split(';').next().unwrap();
    let said = server.http.get(back).header("cookie", cookie).send().await.unwrap().text().await.unwrap();
    servers::stop(app);
    assert!(said.contains("Test Person"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verifiers_of_the_readme_take_the_token_of_the_readme_and_no_other() {
    let packages = "examples/resource-server-node";
    let (Some(node), Some(python)) = (node(packages), python()) else { return };
    let server = Server::start().await;
    // What this text and the examples call the service stays: nothing has to listen there.
    let local = |code: &str| code.replace("http://localhost:8080", &server.issuer);
    let client = registered(&run(&server, &local(block("sh", "--kind service")), ""));
    let typed = format!("id={} secret={}", client.id, client.secret.unwrap());
    let asked = local(block("sh", "TOKEN=")).replace("id=… secret=…", &typed);
    assert!(asked.contains(&typed), "{asked}");
    let token = run(&server, &format!("{asked}\nprintf %s \"$TOKEN\""), "");
    let elsewhere = ["--kind", "service", "--name", "Other", "--resource", "https://elsewhere.example"];
    let other = server.register(&[&elsewhere[..], &["--scope", "orders:read"]].concat());
    let other = server.token(&other, "https://elsewhere.example", "orders:read").await;

    let modules = path(packages).join("node_modules");
    let node = (node, program("verify.mjs", &local(block("js", "'jose'")), &modules));
    let python = (python, program("verify.py", &local(block("python", "import jwt")), &modules));
    for (mut program, script) in [node, python] {
        program.arg(script).env("NO_PROXY", "*");
        let refused = again(&program).arg(&other).output().unwrap();
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{program:?}");
        let said = done(&program.arg(&token).output().unwrap());
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
    run(&server, block("sh", "set-password"), "four storks over the river\n");
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    let account =
        browser.submit(&login, "login", &[("email", EMAIL), ("password", "four storks over the river")]).await;
    assert!(account.has("account-heading"), "{}", account.body);
}

#[test]
fn the_sample_configuration_is_read() {
    let folder = crate::support::folder::Folder::new();
    let file = folder.path().join("haechi.toml");
    std::fs::write(&file, block("toml", "trusted_proxies")).unwrap();
    let mut haechi = Command::new(env!("CARGO_BIN_EXE_haechi"));
    done(&haechi.args(["config", "check", "--config"]).arg(&file).env_clear().output().unwrap());
}

#[test]
fn every_block_is_run_or_is_a_part_of_what_is() {
    let run_here = ["--kind web", "--kind service", "TOKEN=", "set-password"];
    let mut seen = BTreeMap::new();
    for (language, code) in blocks(ENGLISH) {
        let elsewhere = ELSEWHERE.iter().any(|(begins, _)| code.starts_with(begins));
        let here = run_here.iter().any(|words| code.contains(words)) || ["js", "python", "toml"].contains(&language);
        assert!(elsewhere || here || OF_EXAMPLES.contains(&language), "nothing runs this {language} block:\n{code}");
        *seen.entry(language).or_insert(0) += 1;
    }
    assert!(seen["sh"] >= 6 && seen["js"] == 2 && seen["python"] == 1 && seen["rust"] == 1, "{seen:?}");
}

#[test]
fn the_rust_block_is_of_the_example() {
    let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let example = include_str!("../../../examples/resource-server-rust/src/verify.rs");
    assert!(
        lines(example).contains(&lines(block("rust", "Validation"))),
        "examples/resource-server-rust has other lines"
    );
}

#[test]
fn both_languages_have_the_same_blocks() {
    assert_eq!(blocks(ENGLISH), blocks(KOREAN));
}
