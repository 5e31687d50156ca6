//! What `haechi login` keeps: a file of this user's alone, with the tokens of each server.
//!
//! Owns that nobody else reads or replaces it, that it is written as a whole or not at all, and that of two commands which renew a token at once one waits for the other.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::process::geteuid;
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

use super::server::Server;
use crate::cli::failure::{Failure, Outcome};
use crate::config::load::Sources;
use crate::support::Secret;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// What others may do with a file, by its mode.
const OTHERS: u32 = 0o077;
/// That others may put files into a folder, and take them out of it, by its mode.
const OTHERS_WRITE: u32 = 0o022;

/// Where the file is.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Store(PathBuf);

/// What is kept of a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Entry {
    /// Which client signed in.
    pub(super) client_id: String,
    /// Which account: OpenID Connect Core 1.0 section 2.
    #[serde(default)]
    pub(super) sub: Option<String>,
    pub(super) token_endpoint: String,
    pub(super) revocation_endpoint: String,
    #[serde(serialize_with = "exposed")]
    pub(super) access_token: Secret<String>,
    /// When it ends, in seconds since 1970, by the clock of this machine.
    pub(super) expires_at: i64,
    #[serde(serialize_with = "exposed_or_null")]
    pub(super) refresh_token: Option<Secret<String>>,
    /// Whether the browser is opened where the operator has to sign in again.
    pub(super) browser: bool,
}

/// The file as it is written.
#[derive(Default, Serialize, Deserialize)]
struct Contents {
    servers: BTreeMap<String, Entry>,
}

/// That no other command changes the file meanwhile.
#[must_use]
#[allow(dead_code, reason = "what is held ends when the file is closed")]
pub(super) struct Held(File);

fn exposed<S: Serializer>(secret: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[allow(clippy::ref_option, reason = "serde hands over references")]
fn exposed_or_null<S: Serializer>(secret: &Option<Secret<String>>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

impl Store {
    /// That of this user: `$XDG_CONFIG_HOME/haechi/credentials.json`, and `~/.config` where that is not set.
    pub(in crate::cli) fn of_user(sources: &Sources) -> Outcome<Self> {
        let folder = sources.variable("XDG_CONFIG_HOME").filter(|path| Path::new(path).is_absolute());
        let folder = folder.map(PathBuf::from).or_else(|| Some(Path::new(sources.variable("HOME")?).join(".config")));
        let folder =
            folder.ok_or_else(|| Failure::of("neither XDG_CONFIG_HOME nor HOME is set: tokens have no place"))?;
        Ok(Self(folder.join("haechi").join("credentials.json")))
    }

    /// What is kept of a server. Its tokens are sent to that server, whatever the file says.
    pub(in crate::cli) fn find(&self, server: &Server) -> Outcome<Option<Entry>> {
        let entry = self.contents()?.servers.remove(server.as_str());
        let elsewhere = |entry: &Entry| !server.has(&entry.token_endpoint) || !server.has(&entry.revocation_endpoint);
        if entry.as_ref().is_some_and(elsewhere) {
            let path = self.0.display();
            let problem =
                format!("{path} sends the tokens of {server} to another server: delete it, and sign in again");
            return Err(Failure::told("endpoint_elsewhere", problem));
        }
        Ok(entry)
    }

    /// Keeps this of a server; answers what was in its place.
    pub(in crate::cli) fn put(&self, server: &Server, entry: Entry) -> Outcome<Option<Entry>> {
        let _held = self.hold()?;
        let replaced = self.find(server)?;
        self.put_held(server, entry)?;
        Ok(replaced)
    }

    /// The same where the file is held already.
    pub(super) fn put_held(&self, server: &Server, entry: Entry) -> Outcome {
        let mut contents = self.contents()?;
        contents.servers.insert(server.as_str().to_owned(), entry);
        self.write(&contents)
    }

    /// Forgets a server.
    pub(in crate::cli) fn forget(&self, server: &Server) -> Outcome {
        let _held = self.hold()?;
        let mut contents = self.contents()?;
        contents.servers.remove(server.as_str());
        self.write(&contents)
    }

    /// Waits until no other command changes the file.
    pub(super) fn hold(&self) -> Outcome<Held> {
        self.make_folder().map_err(|why| self.broken(&why))?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600).custom_flags(no_link());
        let lock = options.open(self.beside("lock")).map_err(|why| self.broken(&why))?;
        flock(&lock, FlockOperation::LockExclusive).map_err(|why| self.broken(&why.into()))?;
        Ok(Held(lock))
    }

    fn contents(&self) -> Outcome<Contents> {
        let mut file = match OpenOptions::new().read(true).custom_flags(no_link()).open(&self.0) {
            Ok(file) => file,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Contents::default()),
            Err(why) => return Err(self.broken(&why)),
        };
        self.check_whose(&file)?;
        let mut text = Zeroizing::new(String::new());
        (&mut file).take(MAX_BYTES).read_to_string(&mut text).map_err(|why| self.broken(&why))?;
        serde_json::from_str(&text).map_err(|why| self.broken(&why.into()))
    }

    /// Refuses a file that others may read or have written, and a folder in which they may put another in its place.
    fn check_whose(&self, file: &File) -> Outcome {
        let folder = fs::metadata(self.folder()).map_err(|why| self.broken(&why))?;
        let file = file.metadata().map_err(|why| self.broken(&why))?;
        let (own, path) = (geteuid().as_raw(), self.0.display());
        let problem = if file.uid() != own {
            format!("{path} is another user's: delete it, and sign in again")
        } else if file.mode() & OTHERS != 0 {
            format!("others may read or write {path}: chmod 600 {path}, and sign in again if somebody may have read it")
        } else if ![own, 0].contains(&folder.uid()) || folder.mode() & OTHERS_WRITE != 0 {
            let folder = self.folder().display();
            format!("others may replace {path}: chmod 700 {folder}, and sign in again")
        } else {
            return Ok(());
        };
        Err(Failure::told("readable_by_others", problem))
    }

    /// A reader sees the file of before or the new one, and never a part.
    fn write(&self, contents: &Contents) -> Outcome {
        let text = Zeroizing::new(serde_json::to_string_pretty(contents).map_err(Failure::of)?);
        let new = self.beside("new");
        let written = self.make_folder().and_then(|()| {
            // One that a command left that did not come to its end.
            let _ = fs::remove_file(&new);
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &self.0)
        });
        written.map_err(|why| self.broken(&why))
    }

    fn folder(&self) -> &Path {
        self.0.parent().unwrap_or(Path::new("/"))
    }

    fn make_folder(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(self.folder())
    }

    /// The name of another file beside it.
    fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from("credentials.");
        name.push(what);
        self.0.with_file_name(name)
    }

    fn broken(&self, why: &io::Error) -> Failure {
        Failure::of(format!("{}: {why}", self.0.display()))
    }
}

/// That a file which is opened is none that leads to another: open(2).
const fn no_link() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}
