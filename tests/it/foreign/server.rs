//! The real binary, as an operator would run it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::servers;

/// How long a key, or a change, may take to show.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a free port of this machine, with a database of its own.
pub struct Server {
    pub issuer: String,
    pub http: reqwest::Client,
    settings: Vec<(&'static str, String)>,
    folder: PathBuf,
    process: Option<Child>,
}

/// A client and what it proves itself with.
pub struct Registered {
    pub id: String,
    pub secret: Option<String>,
}

impl Server {
    /// Starts one, and waits until it has all its keys.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with further settings.
    pub async fn start_with(more: &[(&'static str, &str)]) -> Self {
        let folder = servers::folder("haechi");
        let in_folder = |name: &str| folder.join(name).display().to_string();
        let mut settings = vec![
            ("HAECHI_KEYS__FOLDER", in_folder("keys")),
            ("HAECHI_DATABASE__URL", format!("sqlite:{}", in_folder("haechi.db"))),
        ];
        if std::env::var_os("HAECHI_TEST_BACKEND").is_some_and(|backend| backend == "postgres-redis") {
            let redis = servers::redis().expect("a Redis");
            settings.push(("HAECHI_REDIS__URL", redis.url));
            settings.push(("HAECHI_REDIS__KEY_PREFIX", redis.key_prefix));
            settings.push(("HAECHI_REDIS__OPERATION_TIMEOUT_MS", redis.operation_timeout_ms.to_string()));
            settings.push(("HAECHI_DATABASE__URL", servers::postgres_url().expect("a PostgreSQL")));
        }
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Self::started(folder, settings).await
    }

    /// Starts one as the README says: nothing is set, so its database and its keys are in the folder that it is started in.
    pub async fn start_in(folder: &Path) -> Self {
        Self::started(folder.to_owned(), Vec::new()).await
    }

    async fn started(folder: PathBuf, more: Vec<(&'static str, String)>) -> Self {
        let port = servers::free_port();
        let issuer = format!("http://127.0.0.1:{port}");
        let mut settings =
            vec![("HAECHI_SERVER__LISTEN", format!("127.0.0.1:{port}")), ("HAECHI_SERVER__ISSUER", issuer.clone())];
        settings.extend(more);
        // reqwest asks for one although nothing here speaks TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut server = Self { issuer, http, settings, folder, process: None };
        let mut serve = Command::new("env");
        serve.arg("-C").arg(&server.folder).args([env!("CARGO_BIN_EXE_haechi"), "serve"]);
        serve.envs(server.settings.iter().map(|(name, value)| (name, value)));
        server.process = Some(servers::kept("KILL", &server.folder, &serve));
        servers::await_listener(port, &server.folder);
        // RSA keys are made last, in the background.
        server.publishes("PS256").await;
        server
    }

    /// Waits until a key of this algorithm is published.
    pub async fn publishes(&self, wanted: &str) {
        let begun = Instant::now();
        while !self.algorithms().await.iter().any(|algorithm| algorithm == wanted) {
            self.patience(begun).await;
        }
    }

    /// Stops it at once.
    pub fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            servers::stop(process);
        }
    }

    /// What it printed so far, the log among it.
    pub fn printed(&self) -> String {
        servers::printed(&self.folder)
    }

    /// A browser whose requests go over the wire.
    pub fn browser(&self) -> Browser {
        let (http, issuer) = (self.http.clone(), self.issuer.clone());
        let wire = move |request: Request| {
            let (http, url) = (http.clone(), format!("{issuer}{}", request.uri()));
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap();
                let sent = http.request(parts.method, url).headers(parts.headers).body(body);
                axum::http::Response::from(sent.send().await.unwrap()).map(Body::new)
            }
        };
        Browser::new(Router::new().fallback(wire), &self.issuer)
    }

    /// A subcommand with the server's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
        command.args(arguments).envs(self.settings.iter().map(|(name, value)| (name, value))).current_dir(&self.folder);
        command
    }

    /// A shell in the server's folder, with its settings.
    pub fn shell(&self, script: &str) -> Command {
        let mut shell = crate::support::shell::shell(&self.folder, script);
        shell.envs(self.settings.iter().map(|(name, value)| (name, value)));
        shell
    }

    /// Runs a subcommand that prints JSON.
    pub fn run(&self, arguments: &[&str], input: &str) -> Value {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// Registers a client.
    pub fn register(&self, arguments: &[&str]) -> Registered {
        let registered = self.run(&[&["clients", "create", "--json"], arguments].concat(), "");
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Registered { id: text(&registered["client_id"]).unwrap(), secret: text(&registered["client_secret"]) }
    }

    /// Makes an account.
    pub fn sign_up(&self, email: &str) {
        self.run(&["users", "create", "--verified", "--json", "--name", "Test Person", email], super::PASSWORD);
    }

    /// A token for a service itself.
    pub async fn token(&self, client: &Registered, resource: &str, scope: &str) -> String {
        let form = [("grant_type", "client_credentials"), ("resource", resource), ("scope", scope)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.http.post(format!("{}/token", self.issuer)).basic_auth(&client.id, client.secret.as_ref());
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        let answer = request.send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    /// Takes the key that signs ES256 tokens away, and waits until another one signs.
    pub async fn revoke_key(&self, client: &Registered, resource: &str) {
        let before = self.kid(client, resource).await;
        self.run(&["keys", "revoke", &before, "--yes"], "");
        let begun = Instant::now();
        while self.kid(client, resource).await == before {
            self.patience(begun).await;
        }
    }

    /// The key that signs a client's tokens.
    async fn kid(&self, client: &Registered, resource: &str) -> String {
        let token = self.token(client, resource, "orders:read").await;
        crate::support::furnished::open(&token).0["kid"].as_str().unwrap().to_owned()
    }

    async fn algorithms(&self) -> Vec<String> {
        let answer = self.http.get(format!("{}/jwks", self.issuer)).send().await.unwrap().text().await.unwrap();
        let set: Value = serde_json::from_str(&answer).unwrap();
        let keys = set["keys"].as_array().into_iter().flatten();
        keys.filter_map(|key| key["alg"].as_str().map(str::to_owned)).collect()
    }

    async fn patience(&self, begun: Instant) {
        assert!(begun.elapsed() < PATIENCE, "nothing happens: {}", servers::printed(&self.folder));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
