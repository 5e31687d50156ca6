//! The real binary, with a folder, a port and stores of its own.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use haechi::config::Config;

use super::folder::Folder;
use super::servers;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A setup of the binary.
pub struct Haechi {
    pub folder: Folder,
    pub port: u16,
    variables: Vec<(String, String)>,
    /// What starts it, where that is not the test itself.
    through: Vec<String>,
}

/// What a run of the binary ended with.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Haechi {
    /// A fresh setup: nothing was ever started in it.
    pub fn new() -> Self {
        let port = free_port();
        let mut haechi = Self { folder: Folder::new(), port, variables: Vec::new(), through: Vec::new() }
            .set("HAECHI_SERVER__LISTEN", &format!("127.0.0.1:{port}"))
            .set("HAECHI_SERVER__ISSUER", &format!("http://localhost:{port}"))
            .set("HAECHI_ACCOUNTS__ARGON2_MEMORY_KIB", "7168")
            .set("HAECHI_ACCOUNTS__ARGON2_PASSES", "5")
            .set("HAECHI_ACCOUNTS__ADMINISTRATORS_SECOND_FACTOR", "offered");
        if std::env::var_os("HAECHI_TEST_BACKEND").is_some_and(|backend| backend == "postgres-redis") {
            let redis = servers::redis().expect("a Redis");
            haechi = haechi
                .set("HAECHI_DATABASE__URL", &servers::postgres_url().expect("a PostgreSQL"))
                .set("HAECHI_REDIS__URL", &redis.url)
                .set("HAECHI_REDIS__KEY_PREFIX", &redis.key_prefix)
                .set("HAECHI_REDIS__OPERATION_TIMEOUT_MS", "5000");
        }
        haechi
    }

    /// The same after a server was started once: only that makes a database and a key.
    pub fn begun(self) -> Self {
        let mut server = self.start();
        server.signal("TERM");
        assert_eq!(server.end(), Some(0), "{}", server.err());
        self
    }

    /// The command line on the stores of a house that runs in the test itself.
    pub fn beside(house: &Config) -> Self {
        let haechi = Self { folder: Folder::new(), port: 0, variables: Vec::new(), through: Vec::new() }
            .set("HAECHI_SERVER__ISSUER", &house.server.issuer)
            .set("HAECHI_DATABASE__URL", &house.database.url)
            .set("HAECHI_KEYS__KEY_ENCRYPTION_KEY", house.keys.key_encryption_key.as_deref().unwrap());
        match &house.redis {
            Some(redis) => {
                haechi.set("HAECHI_REDIS__URL", &redis.url).set("HAECHI_REDIS__KEY_PREFIX", &redis.key_prefix)
            }
            None => haechi,
        }
    }

    /// The same with a variable set.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where its database is.
    pub fn database_url(&self) -> &str {
        let set = self.variables.iter().rfind(|(name, _)| name == "HAECHI_DATABASE__URL");
        set.map_or("sqlite:haechi.db", |(_, url)| url)
    }

    /// The same, started by a program that becomes it.
    pub fn through(mut self, program: &[&str]) -> Self {
        self.through = program.iter().map(|&word| word.to_owned()).collect();
        self
    }

    pub fn issuer(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let words: Vec<&str> = self.through.iter().map(String::as_str).chain([env!("CARGO_BIN_EXE_haechi")]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HAECHI_")) {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(self.folder.path()).envs(self.variables.iter().cloned());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a subcommand to its end.
    pub fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, "")
    }

    /// Runs a subcommand with this on its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Done {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A subcommand that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    /// Runs a subcommand whose standard input is a terminal, where this is typed, and then the end of input.
    pub fn at_terminal(&self, arguments: &[&str], typed: &str) -> Done {
        let (mut ours, theirs) = terminal();
        let child = self.command(arguments).stdin(theirs).spawn().unwrap();
        ours.write_all(format!("{typed}\u{4}").as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    /// A shell in its folder, with its settings.
    pub fn shell(&self, script: &str) -> Command {
        let mut shell = super::shell::shell(self.folder.path(), script);
        shell.envs(self.variables.iter().cloned());
        shell
    }

    /// Runs a subcommand that must succeed, and says what it printed.
    pub fn out(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, Some(0), "{arguments:?}: {done:?}");
        done.out
    }

    /// The same, printed as JSON.
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.out(arguments)).unwrap()
    }

    /// Starts the server and waits until it is ready.
    pub fn start(&self) -> Running {
        let running = self.begin(&["serve"]);
        running.wait_for(|out, _| out.contains("is ready"));
        running
    }

    /// Starts something that goes on.
    pub fn begin(&self, arguments: &[&str]) -> Running {
        Running::of(self.command(arguments).stdin(Stdio::null()).spawn().unwrap(), None)
    }

    /// The same with a terminal as its standard input, where nothing is typed.
    pub fn begin_at_terminal(&self, arguments: &[&str]) -> Running {
        let (ours, theirs) = terminal();
        Running::of(self.command(arguments).stdin(theirs).spawn().unwrap(), Some(ours))
    }
}

/// Both ends of a terminal: where its user sits, and what a program has as its standard input.
fn terminal() -> (File, File) {
    use rustix::fs::{Mode, OFlags, open};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    (File::from(ours), File::from(theirs))
}

/// A port that nobody has now, and that the system gives to no connection: those are above 32768.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 100).unwrap() * 100;
    loop {
        let port = 20_000 + own + NEXT.fetch_add(1, Ordering::Relaxed) % 2_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// What a process has printed so far.
struct Captured {
    text: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Captured {
    fn of(mut stream: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut chunk) {
                kept.lock().unwrap().extend_from_slice(&chunk[..count]);
            }
        });
        Self { text, reader: Some(reader) }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }
}

/// A process under way; killed when the test ends.
pub struct Running {
    child: Child,
    out: Captured,
    err: Captured,
    /// Kept: a terminal is one as long as somebody could sit there.
    _terminal: Option<File>,
}

impl Running {
    fn of(mut child: Child, terminal: Option<File>) -> Self {
        let out = Captured::of(child.stdout.take().unwrap());
        let err = Captured::of(child.stderr.take().unwrap());
        Self { child, out, err, _terminal: terminal }
    }

    pub fn out(&self) -> String {
        self.out.text()
    }

    pub fn err(&self) -> String {
        self.err.text()
    }

    /// Waits until standard output and error look like this.
    pub fn wait_for(&self, there: impl Fn(&str, &str) -> bool) {
        let began = Instant::now();
        while !there(&self.out(), &self.err()) {
            assert!(began.elapsed() < PATIENCE, "waited in vain: {} {}", self.out(), self.err());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; answers the exit code.
    pub fn end(&mut self) -> Option<i32> {
        self.ended().code()
    }

    /// Waits for the end; answers the exit status.
    pub fn ended(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                for captured in [&mut self.out, &mut self.err] {
                    captured.reader.take().unwrap().join().unwrap();
                }
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end: {}", self.err());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client for real servers without TLS, which follows nothing.
pub fn plain_client() -> reqwest::Client {
    reqwest::Client::builder()
        .tls_backend_preconfigured(
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth(),
        )
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// A router that hands everything on to a real server on this port, so that a `Browser` can use it.
pub fn over_http(port: u16) -> Router {
    let client = plain_client();
    Router::new().fallback(move |request: Request| hand_on(client.clone(), port, request))
}

async fn hand_on(client: reqwest::Client, port: u16, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let url = format!("http://127.0.0.1:{port}{}", parts.uri.path_and_query().unwrap());
    let answer = client.request(parts.method, url).headers(parts.headers).body(body).send().await.unwrap();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = Body::from(answer.bytes().await.unwrap());
    response
}
