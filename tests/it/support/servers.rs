//! The PostgreSQL and the Redis of this test run.
//!
//! Owns starting one of each, on a free loopback port and with a folder of its own, when a test first asks, and that neither
//! outlives the tests. Each test gets a database, or a key prefix, that is its alone, and its databases go with it: a database of a suite that keeps
//! them all fills the disk. Leaves the schema to the store.
//!
//! Where a server is not installed its tests are skipped, unless `CI` or `HAECHI_REQUIRE_SERVERS` is set: then they fail.

mod databases;

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use haechi::config;
use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to answer after its start: a virtual machine of Java on a busy computer takes its time.
const PATIENCE: Duration = Duration::from_secs(90);

/// Runs a server until its own input ends, which is when this process does, however it dies: then stops the server (by the
/// signal `$1`, with what it started where it leads a group) and deletes the folder `$2`.
const KEEPER: &str = r#"
trap '' INT TERM HUP
signal=$1 folder=$2; shift 2
"$@" </dev/null &
cat >/dev/null
kill -"$signal" -$! 2>/dev/null || kill -"$signal" $! 2>/dev/null
wait
rm -rf "$folder"
"#;

/// The URL of a new, empty PostgreSQL database; `None` where there is no PostgreSQL.
pub fn postgres_url() -> Option<String> {
    cluster().map(|cluster| cluster.url(&databases::new(cluster, None)))
}

/// The URL of a new PostgreSQL database that holds what the database of this URL does, to which nobody may be connected.
pub fn postgres_like(url: &str) -> Option<String> {
    cluster().map(|cluster| cluster.url(&databases::new(cluster, Some(name_in(url)))))
}

/// The URL of a new, empty PostgreSQL database that is there until the run ends.
pub fn lasting_postgres_url() -> Option<String> {
    cluster().map(|cluster| cluster.url(&databases::lasting(cluster)))
}

/// What the PostgreSQL of this run has said so far; `None` where there is none.
pub fn postgres_log() -> Option<String> {
    cluster().map(|cluster| printed(&cluster.folder))
}

/// The URL of a new, empty PostgreSQL database behind a PgBouncer with the settings that it is shipped with, but that it lends its few
/// connections for a transaction at a time; `None` where one of the two is missing.
pub fn pooled_url() -> Option<String> {
    static POOLER: OnceLock<Option<Pooler>> = OnceLock::new();
    let direct = postgres_url()?;
    let pooler = POOLER.get_or_init(|| pgbouncer_is_installed().then(|| Pooler::start(&[]))).as_ref()?;
    Some(pooler.url_of(&direct))
}

/// As [`pooled_url`], of a PgBouncer with these settings besides, which lasts as long as it is held.
pub fn pooled_url_with(settings: &[&str]) -> Option<(String, Pooler)> {
    let direct = postgres_url()?;
    let pooler = pgbouncer_is_installed().then(|| Pooler::start(settings))?;
    Some((pooler.url_of(&direct), pooler))
}

/// The URL of the shared Redis; `None` where there is none. Whoever uses it directly brings a key prefix.
pub fn redis_url() -> Option<String> {
    static SERVER: OnceLock<Option<RedisServer>> = OnceLock::new();
    SERVER.get_or_init(|| redis_is_installed().then(RedisServer::start)).as_ref().map(RedisServer::url)
}

/// A configuration for the shared Redis with a key prefix that no other test has.
pub fn redis() -> Option<config::redis::RedisConfig> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let key_prefix = format!("test{}:", NEXT.fetch_add(1, Ordering::Relaxed));
    // Generous: the machine is busy with other tests, and only the fault tests are about time.
    Some(config::redis::RedisConfig { url: redis_url()?, key_prefix, operation_timeout_ms: 5000, ..Default::default() })
}

/// A Redis that belongs to one test, which may stop it and start it again on the same port.
pub struct RedisServer {
    port: u16,
    /// The certificate and its key, where it speaks TLS.
    tls: Option<[PathBuf; 2]>,
    process: Option<Child>,
}

impl RedisServer {
    /// Starts one that is empty, on a free port; `None` where Redis is not installed.
    pub fn private() -> Option<Self> {
        redis_is_installed().then(Self::start)
    }

    /// One that speaks TLS only.
    pub fn private_with_tls(certificate: &Path, key: &Path) -> Option<Self> {
        let tls = Some([certificate.to_owned(), key.to_owned()]);
        redis_is_installed().then(|| Self { port: free_port(), tls, process: None }.started())
    }

    /// Where it is, running or not.
    pub fn url(&self) -> String {
        match self.tls {
            None => format!("redis://127.0.0.1:{}/0", self.port),
            Some(_) => format!("rediss://localhost:{}/0", self.port),
        }
    }

    /// Stops it at once; what it held is lost.
    pub fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            stop(process);
        }
    }

    /// Starts it again, empty.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "the server is running");
        let folder = folder("redis");
        self.process = Some(self.spawn(&folder));
        await_listener(self.port, &folder);
    }

    /// Makes it hang: connections are accepted, nothing is answered.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Gives it an order on one line, such as `REPLICAOF NO ONE`.
    pub fn tell(&self, order: &str) {
        use std::io::{BufRead, BufReader, Write};
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.write_all(format!("{order}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        assert!(answer.starts_with(['+', ':']), "{order}: {answer}");
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let keeper = self.process.as_ref().expect("the server runs").id();
        // The keeper's oldest child is the server.
        let children = fs::read_to_string(format!("/proc/{keeper}/task/{keeper}/children")).unwrap();
        let server = children.split_whitespace().next().and_then(|pid| Pid::from_raw(pid.parse().ok()?));
        kill_process(server.expect("the server runs"), signal).unwrap();
    }

    fn start() -> Self {
        Self { port: free_port(), tls: None, process: None }.started()
    }

    fn started(mut self) -> Self {
        self.start_again();
        self
    }

    fn spawn(&self, folder: &Path) -> Child {
        let mut server = Command::new("redis-server");
        let port = self.port.to_string();
        server.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"]).arg(folder);
        match &self.tls {
            None => server.args(["--port", &port]),
            Some([certificate, key]) => server
                .args(["--port", "0", "--tls-auth-clients", "no", "--tls-port", &port, "--tls-cert-file"])
                .arg(certificate)
                .arg("--tls-key-file")
                .arg(key),
        };
        kept("KILL", folder, &server)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A PostgreSQL cluster.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    _process: Child,
}

fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| postgres_programs().map(Cluster::start)).as_ref()
}

impl Cluster {
    fn start(programs: PathBuf) -> Self {
        let folder = folder("postgres");
        let port = free_port();
        if runs_as_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let mut initdb = as_postgres(&programs.join("initdb"));
        run(initdb.args(["-U", "haechi", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]).arg(&folder));
        let mut server = as_postgres(&programs.join("postgres"));
        server.arg("-D").arg(&folder).args(["-p", &port.to_string(), "-F", "-h", "127.0.0.1", "-k", ""]);
        server.args(["-c", "max_connections=400", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        let process = kept("QUIT", &folder, &server);
        let cluster = Self { programs, folder, port, _process: process };
        cluster.await_ready();
        cluster
    }

    fn await_ready(&self) {
        let begun = Instant::now();
        let ready = || {
            let mut probe = self.client("pg_isready");
            probe.stdout(Stdio::null()).status().expect("pg_isready runs").success()
        };
        while !ready() {
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL does not start: {}", printed(&self.folder));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn create(&self, name: &str, like: Option<&str>) {
        let mut create = self.client("createdb");
        create.args(like.iter().flat_map(|like| ["--template", like])).arg(name);
        run(&mut create);
    }

    /// Deletes databases, whoever is still connected to them.
    fn discard(&self, names: &[String]) {
        let mut psql = self.client("psql");
        psql.args(["--quiet", "--dbname=postgres"]);
        psql.args(names.iter().map(|name| format!("--command=DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        // What cannot be deleted goes with the cluster.
        let _ = psql.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://haechi@127.0.0.1:{}/{name}", self.port)
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["-h", "127.0.0.1", "-U", "haechi", "-p", &self.port.to_string()]);
        command
    }
}

/// A PgBouncer in front of the cluster, which a test may stop and start again on the same port.
pub struct Pooler {
    port: u16,
    settings: Vec<String>,
    process: Option<Child>,
}

impl Pooler {
    fn start(settings: &[&str]) -> Self {
        let settings = settings.iter().map(|&line| line.to_owned()).collect();
        let mut pooler = Self { port: free_port(), settings, process: None };
        pooler.start_again();
        pooler
    }

    /// Stops it at once, in the middle of whatever it was passing on.
    pub fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            stop(process);
        }
    }

    /// Starts it again.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "the pooler is running");
        let (folder, port) = (folder("pgbouncer"), self.port);
        let behind = cluster().expect("PostgreSQL is installed").port;
        let mut lines = vec![
            "[databases]".to_owned(),
            format!("* = host=127.0.0.1 port={behind} user=haechi"),
            "[pgbouncer]".to_owned(),
            format!("listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\npool_mode = transaction"),
            // Fewer than a store wants at once, so that they really go from hand to hand.
            "default_pool_size = 2\nmax_client_conn = 2000\nmax_db_connections = 2\nserver_idle_timeout = 5".to_owned(),
        ];
        lines.extend(self.settings.iter().cloned());
        let configuration = folder.join("pgbouncer.ini");
        fs::write(&configuration, lines.join("\n")).unwrap();
        if runs_as_root() {
            run(Command::new("chown").arg("-R").arg("postgres").arg(&folder));
        }
        let mut server = as_postgres(Path::new("pgbouncer"));
        server.arg(&configuration);
        self.process = Some(kept("KILL", &folder, &server));
        await_listener(port, &folder);
    }

    /// The same database, through the pooler.
    fn url_of(&self, direct: &str) -> String {
        format!("postgres://haechi@127.0.0.1:{}/{}", self.port, name_in(direct))
    }
}

/// The name of the database that a URL leads to.
fn name_in(url: &str) -> &str {
    url.rsplit('/').next().expect("a URL ends with the database")
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.stop();
    }
}

fn pgbouncer_is_installed() -> bool {
    let version = Command::new("pgbouncer").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found(version.ok().filter(std::process::ExitStatus::success), "PgBouncer").is_some()
}

/// Where the programs of the newest PostgreSQL are.
fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("initdb").exists())
        .max_by_key(|p| p.parent().and_then(|v| v.file_name()?.to_str()?.parse::<u32>().ok()));
    found(newest, "PostgreSQL")
}

fn redis_is_installed() -> bool {
    let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
    found(version.ok().filter(std::process::ExitStatus::success), "Redis").is_some()
}

/// Whether a test whose server or program is missing fails, rather than being skipped.
pub fn required() -> bool {
    ["CI", "HAECHI_REQUIRE_SERVERS"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Skips, or fails where skipping is not allowed.
pub fn found<T>(server: Option<T>, name: &str) -> Option<T> {
    assert!(server.is_some() || !required(), "{name} is not installed");
    if server.is_none() {
        eprintln!("skipped: {name} is not installed");
    }
    server
}

fn runs_as_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// PostgreSQL refuses to run as root. `setpriv` becomes the program, so that signals reach it.
fn as_postgres(program: &Path) -> Command {
    if !runs_as_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program).current_dir("/");
    command
}

/// What a kept server printed so far.
pub fn printed(folder: &Path) -> String {
    fs::read_to_string(folder.join("printed.log")).unwrap_or_default()
}

/// Starts a server under the [`KEEPER`], out of reach of the terminal's signals. What it prints goes to a file in the folder.
pub fn kept(signal: &str, folder: &Path, server: &Command) -> Child {
    let log = fs::File::create(folder.join("printed.log")).unwrap();
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper", signal]).arg(folder).arg(server.get_program()).args(server.get_args());
    keeper.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
    keeper.process_group(0).current_dir("/").stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
    keeper.spawn().expect("sh starts")
}

/// Ends the keeper's input and waits until it has cleaned up.
pub fn stop(mut keeper: Child) {
    drop(keeper.stdin.take());
    keeper.wait().expect("the keeper ends");
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A new folder for a server's files.
pub fn folder(of: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("haechi-it-{}-{of}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder).unwrap();
    folder
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Waits until a server listens; fails with what it printed into its folder.
pub fn await_listener(port: u16, folder: &Path) {
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(begun.elapsed() < PATIENCE, "nothing listens on port {port}: {}", printed(folder));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn each_test_has_a_database_of_its_own() {
    if let (Some(one), Some(other)) = (postgres_url(), postgres_url()) {
        assert_ne!(one, other);
    }
}

#[test]
fn a_private_redis_can_be_stopped_and_started_again() {
    let Some(mut server) = RedisServer::private() else { return };
    server.stop();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).is_err());
    server.start_again();
}

#[test]
fn each_test_has_a_key_prefix_of_its_own() {
    if let (Some(one), Some(other)) = (redis(), redis()) {
        assert_eq!(one.url, other.url);
        assert_ne!(one.key_prefix, other.key_prefix);
    }
}
