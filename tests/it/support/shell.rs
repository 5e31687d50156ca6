//! A shell in which `haechi` is the binary, as a reader of the documents has it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::folder::Folder;
use super::servers;

/// How long a server may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a script in a folder, where `haechi` is the binary and no setting of it is made yet.
pub fn shell(folder: &Path, script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]);
    furnish(&mut shell, folder);
    shell
}

/// A script that goes on until this is dropped, with everything that it started.
pub struct Going(Option<Child>);

impl Going {
    /// Starts it, and waits until something listens on this port.
    pub fn until_listening(shell: &Command, folder: &Path, port: u16) -> Self {
        let (going, printed) = Self::start(shell, folder);
        servers::await_listener(port, &printed);
        going
    }

    /// Starts a script that ends in `haechi serve`, and waits until the server is ready.
    pub fn until_ready(shell: &Command, folder: &Path) -> Self {
        let (going, printed) = Self::start(shell, folder);
        let begun = Instant::now();
        while !servers::printed(&printed).contains("is ready") {
            assert!(begun.elapsed() < PATIENCE, "it is not ready: {}", servers::printed(&printed));
            std::thread::sleep(Duration::from_millis(20));
        }
        going
    }

    /// Starts it; answers where what it prints is.
    pub fn start(shell: &Command, folder: &Path) -> (Self, std::path::PathBuf) {
        let printed = servers::folder("printed");
        // In a session of its own, so that all of it ends together.
        let mut session = Command::new("setsid");
        session.args(["env", "-C"]).arg(folder).arg(shell.get_program()).args(shell.get_args());
        session.envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
        (Self(Some(servers::kept("KILL", &printed, &session))), printed)
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        servers::stop(self.0.take().unwrap());
    }
}

/// The nginx of this machine.
pub struct Nginx(&'static Path);

impl Nginx {
    /// `None` where there is none, and a test may do without.
    pub fn found() -> Option<Self> {
        let binary = Path::new("/usr/sbin/nginx");
        servers::found(binary.exists().then_some(Self(binary)), "nginx")
    }

    /// Starts it in a folder with what a page says within `http`, which it finds nothing to say against, and waits until it listens on this port.
    pub fn start(&self, folder: &Folder, inside_http: &str, port: u16) -> Going {
        let whole = format!(
            "daemon off;\npid nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path a;\nproxy_temp_path b;\nfastcgi_temp_path c;\nuwsgi_temp_path d;\nscgi_temp_path e;\n{inside_http}\n}}\n"
        );
        let conf = folder.write("nginx.conf", whole);
        let [binary, inside, conf] = [self.0, folder.path(), &conf].map(Path::display);
        let command = format!("{binary} -p '{inside}' -e stderr -c '{conf}'");
        prints(&mut shell(folder.path(), &format!("{command} -t")), "");
        Going::until_listening(&shell(folder.path(), &command), folder.path(), port)
    }
}

fn furnish(shell: &mut Command, folder: &Path) {
    let binaries = folder.join("bin");
    if !binaries.exists() {
        std::fs::create_dir(&binaries).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_haechi"), binaries.join("haechi")).unwrap();
    }
    let mut path = binaries.into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HAECHI_")) {
        shell.env_remove(name);
    }
    // Nothing that runs here is behind the way to the rest of the world.
    shell.env("PATH", path).env("NO_PROXY", "*").env("no_proxy", "*").current_dir(folder);
}

/// What a shell prints that succeeds with this on its standard input.
#[track_caller]
pub fn prints(shell: &mut Command, input: &str) -> String {
    let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A script that reads nothing may be over already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    succeeded(&child.wait_with_output().unwrap())
}

/// What a program printed that has to have succeeded.
#[track_caller]
pub fn succeeded(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    out.into_owned()
}
