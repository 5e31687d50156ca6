//! The READMEs of `examples/`, as they are printed: their blocks are run by a shell, one after the other, where a newcomer runs them: in the root of
//! a clone, from which the server was started with nothing set but its address.
//!
//! They install packages and compile, so `scripts/foreign` runs them (`HAECHI_FOREIGN=all`); what a README registers and starts is looked at always. Each
//! is on the port that its README names, so no two run at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use haechi::admin::recipes::{self, Evidence};
use tokio::sync::Mutex;

use super::path;
use super::server::Server;
use crate::documentation::pages::{self, Block};
use crate::support::servers;
use crate::support::shell::{Going, prints};

/// How long an app may take until it listens: its packages are installed, and it is compiled.
const PATIENCE: Duration = Duration::from_mins(15);
/// What is made or installed in a folder, and is not copied.
const MADE: &[&str] = &["node_modules", "__pycache__", "target", ".venv", ".next", ".env", "run"];
/// One at a time, by the port.
static PORTS: Mutex<()> = Mutex::const_new(());

/// A test for each example, by its folder with `_` for `-`.
macro_rules! printed {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                run(&stringify!($name).replace('_', "-")).await;
            }
        )*
        const PRINTED: &[&str] = &[$(stringify!($name)),*];
    };
}

printed! {
    apache,
    cli,
    django,
    express,
    fastapi,
    go_oidc,
    nextjs,
    nginx_auth_request,
    nginx_resource_server,
    oauth2_proxy,
    resource_server_go,
    resource_server_node,
    resource_server_python,
    resource_server_rust,
    single_page,
    spring_boot,
    spring_boot_resource_server,
}

fn page(example: &str) -> String {
    format!("examples/{example}/README.md")
}

fn examples() -> Vec<String> {
    let folders = fs::read_dir(path("examples")).unwrap().map(|entry| entry.unwrap());
    let names = folders.filter(|entry| entry.path().join("README.md").exists());
    let mut names: Vec<String> = names.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_example_is_run_as_it_is_printed() {
    let tests: Vec<String> = PRINTED.iter().map(|name| name.replace('_', "-")).collect();
    assert_eq!(examples(), tests);
}

/// Where its recipe is run from the folder, the README registers that recipe and no other.
#[test]
fn every_example_registers_the_recipe_that_is_run_from_it() {
    let recipes = recipes::all().unwrap();
    for example in examples() {
        let folder = format!("examples/{example}");
        let mut runs = recipes.iter().filter(|recipe| matches!(&recipe.evidence, Evidence::Runs(it) if *it == folder));
        let Some(recipe) = runs.next() else { continue };
        let command = format!("haechi clients create --for {} --write {folder}", recipe.name);
        let first = &pages::blocks(&page(&example))[0];
        let line = first.code.lines().next().unwrap().split("  #").next().unwrap().trim_end();
        assert_eq!(line, command, "{folder}/README.md");
    }
}

/// The commands that register something, where the database and the keys are in the folder that the server was started in.
#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_registered_from_the_root_of_the_clone() {
    let clone = clone();
    let server = Server::start_in(&clone).await;
    for example in examples() {
        for block in pages::blocks(&page(&example)) {
            let commands: Vec<&str> = block.code.lines().filter(|line| line.starts_with("haechi ")).collect();
            for command in commands {
                let printed = prints(&mut server.shell(command), "");
                assert!(printed.contains("client id"), "{}:{}: {printed}", block.page, block.line);
            }
        }
    }
    for file in ["express/.env", "django/shop/haechi.py", "apache/oidc.conf"] {
        assert!(clone.join("examples").join(file).exists(), "{file}");
    }
}

/// What the README of the whole has on a port may still be there.
#[test]
fn no_example_is_on_the_port_of_the_app_of_the_readme() {
    for example in examples() {
        let text = fs::read_to_string(path(&page(&example))).unwrap();
        assert!(!text.contains(":4000") && !text.contains("PORT=4000"), "{}", page(&example));
    }
}

/// A clone, as far as the READMEs of the examples go. It goes with the server that is started in it.
fn clone() -> PathBuf {
    let clone = servers::folder("clone");
    copied(&path("examples"), &clone.join("examples"));
    clone
}

async fn run(example: &str) {
    if std::env::var_os("HAECHI_FOREIGN").is_none_or(|which| which != "all") {
        eprintln!("skipped: {example} is left to scripts/foreign");
        return;
    }
    let _alone = PORTS.lock().await;
    let clone = clone();
    let server = Server::start_in(&clone).await;
    let token = token(&server).await;
    let blocks = pages::blocks(&page(example));
    let (mut going, mut credentials) = (None, String::new());
    for block in &blocks {
        let code = block.code.replace("http://localhost:8080", &server.issuer);
        let code = code.replace("CLIENT_ID=… CLIENT_SECRET=…", &credentials);
        let mut shell = server.shell(&code);
        let programs = with_programs(&shell);
        shell.env("TOKEN", &token).env("PATH", programs).env("CARGO_TARGET_DIR", path("target/examples"));
        if let Some(port) = port(example, block) {
            // Another way to start the same app takes its place.
            drop(going.take());
            let (app, printed) = Going::start(&shell, &clone);
            going = Some(app);
            listens(port, &printed);
            answers(example, port, &printed).await;
        } else {
            let printed = prints(&mut shell, "");
            let called = !code.contains("curl -i") || printed.starts_with("HTTP/1.1 200");
            assert!(called, "{}:{}: {printed}", block.page, block.line);
            credentials = credentials_in(&printed).unwrap_or(credentials);
        }
    }
    assert!(going.is_some(), "{example} started nothing");
    drop(going);
}

/// Where the last command of a block listens; `None` where it comes to its end.
fn port(example: &str, block: &Block) -> Option<u16> {
    let last = block.code.trim_end().lines().next_back().unwrap();
    if last.contains("curl ") || last.starts_with("haechi ") {
        return None;
    }
    Some(match example {
        "apache" => 8082,
        "django" | "fastapi" => 8000,
        "express" | "go-oidc" | "nextjs" => 3000,
        "nginx-auth-request" => 8083,
        "oauth2-proxy" => 4180,
        "single-page" => 5173,
        "spring-boot" => 8081,
        // The way back, of this program alone.
        "cli" => 0,
        _ => 4100,
    })
}

/// What the reader of the next block fills in, where a client was registered.
fn credentials_in(printed: &str) -> Option<String> {
    let after = |label: &str| Some(printed.split_once(label)?.1.split_whitespace().next()?.to_owned());
    Some(format!("CLIENT_ID={} CLIENT_SECRET={}", after("client id")?, after("client secret")?))
}

/// A token that is good for the services of the examples.
async fn token(server: &Server) -> String {
    let audience = "https://orders.example";
    let client =
        server.register(&["--kind", "service", "--name", "Reader", "--resource", audience, "--scope", "orders:read"]);
    server.token(&client, audience, "orders:read").await
}

/// `PATH` with what `scripts/foreign` built besides.
fn with_programs(shell: &std::process::Command) -> std::ffi::OsString {
    let before = shell.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value).unwrap().to_owned();
    let built =
        ["examples-oauth2-proxy", "examples-nginx-auth-request"].map(|of| path("target/recipes").join(of).join("bin"));
    let all = std::env::split_paths(&before).chain(built).chain([PathBuf::from("/usr/sbin")]);
    std::env::join_paths(all).unwrap()
}

fn listens(port: u16, printed: &Path) {
    let begun = Instant::now();
    while port != 0 && std::net::TcpStream::connect(("localhost", port)).is_err() {
        assert!(begun.elapsed() < PATIENCE, "nothing listens on {port}: {}", servers::printed(printed));
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Whether the app is there, as far as somebody sees who opens it; a service is called by the next block.
async fn answers(example: &str, port: u16, printed: &Path) {
    let begun = Instant::now();
    while !is_there(example, port, printed).await {
        assert!(begun.elapsed() < PATIENCE, "{example} does not answer: {}", servers::printed(printed));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn is_there(example: &str, port: u16, printed: &Path) -> bool {
    if example == "cli" {
        return servers::printed(printed).contains("/authorize?");
    }
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(format!("http://localhost:{port}/")).send().await;
    answer.is_ok_and(|answer| answer.status().as_u16() < 500)
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            if !MADE.iter().any(|made| name == *made) {
                copied(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
