//! The way out: a mail server, a folder, or nothing.

use std::error::Error as _;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::message::{Built, Sender};
use super::outcome::{Delivery, MailError, Unsent};
use crate::config::mail::{MailConfig, MailEncryption, MailMechanism, MailTransport};
use crate::model::user::EmailAddress;
use crate::protocol::issuer::Issuer;

/// Where mail comes from that nobody set an address for: RFC 2606 section 2, a name that leads nowhere.
const NOWHERE: &str = "haechi@haechi.invalid";
/// The most connections to the mail server at once.
const CONNECTIONS: u32 = 4;
/// How long a connection is kept that is not used.
const IDLE: Duration = Duration::from_secs(30);
/// An attempt has several answers to wait for: a greeting, TLS, authentication, and three for the mail itself.
const ANSWERS: u32 = 8;
/// The most characters that are kept of what a mail server says.
const MAX_SAID: usize = 300;
const TOO_SLOW: &str = "the mail server took too long";

/// The way out.
pub(super) struct Transport {
    sender: Sender,
    from_name: Option<String>,
    way: Way,
}

enum Way {
    None,
    Smtp(Box<Smtp>),
    File(Option<PathBuf>),
}

/// A mail server, and how we authenticate to it.
struct Smtp {
    config: MailConfig,
    own_name: String,
    patience: Duration,
    /// The connections that are kept, and the password that they were made by.
    kept: Mutex<(String, AsyncSmtpTransport<Tokio1Executor>)>,
}

impl Transport {
    pub(super) fn of(kind: MailTransport, config: &MailConfig, issuer: &Issuer) -> Result<Self, MailError> {
        let address = |text: &str| EmailAddress::parse(text).map_err(|_| MailError::Address(text.to_owned()));
        let sender = Sender {
            from: address(config.from.as_deref().unwrap_or(NOWHERE))?,
            reply_to: config.reply_to.as_deref().map(address).transpose()?,
            host: host(issuer),
        };
        let way = match kind {
            MailTransport::None => Way::None,
            MailTransport::File => Way::File(config.folder.clone()),
            MailTransport::Smtp => Way::Smtp(Box::new(Smtp::of(config, &sender.host)?)),
        };
        Ok(Self { sender, from_name: config.from_name.clone(), way })
    }

    pub(super) const fn sender(&self) -> &Sender {
        &self.sender
    }

    pub(super) fn senders_name(&self) -> Option<&str> {
        self.from_name.as_deref()
    }

    pub(super) async fn send(&self, mail: Built) -> Result<Delivery, Unsent> {
        match &self.way {
            Way::None => Err(Unsent::Off),
            Way::File(None) => Ok(Delivery { code: None, said: String::new() }),
            Way::File(Some(folder)) => into_folder(folder.clone(), mail).await,
            Way::Smtp(smtp) => by_smtp(&smtp.server().await?, smtp.patience, mail.message).await,
        }
    }
}

impl Transport {
    /// Connects to the mail server and authenticates, and sends nothing.
    pub(super) async fn reach(&self) -> Result<(), Unsent> {
        let Way::Smtp(smtp) = &self.way else { return Ok(()) };
        let server = smtp.server().await?;
        match tokio::time::timeout(smtp.patience, server.test_connection()).await {
            Err(_) => Err(Unsent::Unreached(TOO_SLOW.to_owned())),
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Unsent::Unreached("the mail server hung up".to_owned())),
            Ok(Err(why)) => Err(unsent(&why)),
        }
    }
}

/// The name that we call ourselves by: the host of the issuer.
fn host(issuer: &Issuer) -> String {
    let host = issuer.authority();
    let name = if host.starts_with('[') { "localhost" } else { host.split(':').next().unwrap_or(host) };
    name.to_owned()
}

impl Smtp {
    fn of(config: &MailConfig, own_name: &str) -> Result<Self, MailError> {
        let password = password(config)?;
        let server = connecting(config, own_name, &password)?;
        Ok(Self {
            config: config.clone(),
            own_name: own_name.to_owned(),
            patience: config.timeout().saturating_mul(ANSWERS),
            kept: Mutex::new((password, server)),
        })
    }

    /// The mail server, by the password that there is now: an access token lives for an hour or so, and whatever renews it writes its file anew. Connections that were made by another
    /// are given up.
    async fn server(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, Unsent> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.config.password_file.is_none() {
            return Ok(kept().1.clone());
        }
        let config = self.config.clone();
        let read = tokio::task::spawn_blocking(move || password(&config)).await;
        let now = read.map_err(|why| Unsent::Unreached(why.to_string()))?.map_err(|why| unusable(&why))?;
        let mut kept = kept();
        if kept.0 != now {
            let server = connecting(&self.config, &self.own_name, &now).map_err(|why| unusable(&why))?;
            *kept = (now, server);
        }
        Ok(kept.1.clone())
    }
}

/// What is wrong with a file is wrong for now: it may be just being written.
fn unusable(why: &MailError) -> Unsent {
    Unsent::Unreached(why.to_string())
}

fn connecting(
    config: &MailConfig,
    own_name: &str,
    password: &str,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    let host = config.host.as_deref().unwrap_or_default().trim();
    let tls = match config.encryption {
        MailEncryption::Plain => Tls::None,
        MailEncryption::Starttls => Tls::Required(tls(host, config.authorities.as_deref())?),
        MailEncryption::Tls => Tls::Wrapper(tls(host, config.authorities.as_deref())?),
    };
    let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
    let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(config.port())
        .tls(tls)
        .hello_name(ClientId::Domain(own_name.to_owned()))
        .timeout(Some(config.timeout()))
        .pool_config(pool);
    if let Some(user) = &config.user {
        server = server.credentials(Credentials::new(user.clone(), password.to_owned()));
    }
    if let Some(mechanism) = config.mechanism {
        server = server.authentication(vec![match mechanism {
            MailMechanism::Plain => Mechanism::Plain,
            MailMechanism::Login => Mechanism::Login,
            MailMechanism::Xoauth2 => Mechanism::Xoauth2,
        }]);
    }
    Ok(server.build())
}

/// The password, or the first line of its file.
fn password(config: &MailConfig) -> Result<String, MailError> {
    match &config.password_file {
        None => Ok(config.password.clone().unwrap_or_default()),
        Some(file) => {
            let text = fs::read_to_string(file).map_err(|why| unreadable(file, &why))?;
            Ok(text.lines().next().unwrap_or_default().to_owned())
        }
    }
}

/// TLS as for every outgoing call: the roots that the house trusts, and those that the operator adds.
fn tls(host: &str, authorities: Option<&Path>) -> Result<TlsParameters, MailError> {
    let failed = |why: lettre::transport::smtp::Error| MailError::Tls(in_words(&why));
    let mut parameters = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    if let Some(file) = authorities {
        let pem = fs::read(file).map_err(|why| unreadable(file, &why))?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).map_err(failed)?);
    }
    parameters.build_rustls().map_err(failed)
}

fn unreadable(file: &Path, why: &std::io::Error) -> MailError {
    MailError::File { file: file.to_owned(), why: why.to_string() }
}

async fn by_smtp(
    server: &AsyncSmtpTransport<Tokio1Executor>,
    patience: Duration,
    message: Message,
) -> Result<Delivery, Unsent> {
    match tokio::time::timeout(patience, server.send(message)).await {
        Err(_) => Err(Unsent::Unreached(TOO_SLOW.to_owned())),
        Ok(Ok(response)) => {
            let said = response.message().collect::<Vec<_>>().join(" ");
            Ok(Delivery { code: Some(response.code().into()), said: readable(&said) })
        }
        Ok(Err(why)) => Err(unsent(&why)),
    }
}

fn unsent(why: &lettre::transport::smtp::Error) -> Unsent {
    match why.status() {
        Some(code) => Unsent::Refused { code: code.into(), said: readable(&said_by(why)) },
        None => Unsent::Unreached(readable(&in_words(why))),
    }
}

/// What the mail server said, without what the library says about it.
fn said_by(why: &lettre::transport::smtp::Error) -> String {
    why.source().map_or_else(|| why.to_string(), ToString::to_string)
}

/// An error with all that caused it.
fn in_words(why: &lettre::transport::smtp::Error) -> String {
    let mut words = why.to_string();
    let mut cause = why.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !words.contains(&said) {
            let _ = write!(words, ": {said}");
        }
        cause = next.source();
    }
    words
}

/// A stranger's text as one line that can be shown and stored.
fn readable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_SAID).collect()
}

/// Writes the mail into a file that only we can read.
async fn into_folder(folder: PathBuf, mail: Built) -> Result<Delivery, Unsent> {
    let written = tokio::task::spawn_blocking(move || {
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{}.eml", mail.id));
        let mut open = fs::OpenOptions::new();
        open.write(true).create(true).truncate(true).mode(0o600);
        open.open(&file)?.write_all(&mail.message.formatted())?;
        Ok::<_, std::io::Error>(file.display().to_string())
    });
    match written.await {
        Ok(Ok(file)) => Ok(Delivery { code: None, said: file }),
        Ok(Err(why)) => Err(Unsent::Unreached(why.to_string())),
        Err(why) => Err(Unsent::Unreached(why.to_string())),
    }
}
