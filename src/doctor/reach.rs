//! Whether something listens at a name and a port, and what stands in the way: asked first, so that "the database is away" becomes
//! a name that leads nowhere, a port where nothing listens, or a firewall.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::Finding;
use crate::i18n::keys::doctor as text;
use crate::i18n::said;

const PATIENCE: Duration = Duration::from_secs(3);

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The name leads nowhere.
    Name(String),
    /// The connection was refused.
    Closed(String),
    /// There was no answer in time.
    Silent(String),
    /// Nobody said in time where the name leads.
    Slow(String),
    /// Another error, with its text.
    Other {
        /// Where something should be.
        place: String,
        /// What the system said.
        why: String,
    },
}

impl Obstacle {
    /// As a finding. `what` should be there, and `setting` says where.
    pub(super) fn found(self, about: &'static str, what: &str, setting: &str) -> Finding {
        let (found, mend) = match self {
            Self::Name(name) => (said(text::NAME_NOWHERE).filling("name", name), said(text::NAME_NOWHERE_MEND)),
            Self::Closed(place) => (
                said(text::NOTHING_LISTENS).filling("place", place),
                said(text::NOTHING_LISTENS_MEND).filling("what", what),
            ),
            Self::Silent(place) => {
                (said(text::NO_ANSWER).filling("place", place), said(text::NO_ANSWER_MEND).filling("what", what))
            }
            Self::Slow(name) => {
                (said(text::NAME_SLOW).filling("name", name), said(text::NOT_REACHED_MEND).filling("what", what))
            }
            Self::Other { place, why } => (
                said(text::NOT_REACHED).filling("place", place).filling("why", why),
                said(text::NOT_REACHED_MEND).filling("what", what),
            ),
        };
        let mend = mend.filling("setting", setting);
        Finding::fail(about, found, mend)
    }
}

/// Host and port of a URL; `None` where it names no place in the network, as a path to a socket does not.
pub(super) fn place(url: &str, default: u16) -> Option<(String, u16)> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let named = !host.is_empty() && !host.starts_with(['%', '/']);
    named.then(|| (host.to_owned(), url.port_or_known_default().unwrap_or(default)))
}

/// Where a name leads.
pub(super) async fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, Obstacle> {
    match timeout(PATIENCE, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => Ok(addresses.collect()),
        Ok(Err(_)) => Err(Obstacle::Name(host.to_owned())),
        Err(_) => Err(Obstacle::Slow(host.to_owned())),
    }
}

/// Tries whether something listens.
pub(super) async fn reach(host: &str, port: u16) -> Result<(), Obstacle> {
    let addresses = addresses(host, port).await?;
    let place = || if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    match timeout(PATIENCE, TcpStream::connect(&addresses[..])).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Err(Obstacle::Closed(place())),
        Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => Err(Obstacle::Silent(place())),
        Ok(Err(error)) => Err(Obstacle::Other { place: place(), why: error.to_string() }),
        Err(_) => Err(Obstacle::Silent(place())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_place_or_a_socket() {
        let tcp = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(place("postgres://h:p@db.internal/h", 5432), tcp("db.internal", 5432));
        assert_eq!(place("redis://:p@[::1]:7000/0", 6379), tcp("::1", 7000));
        assert_eq!(place("https://id.example", 1), tcp("id.example", 443));
        assert_eq!(place("postgres://h@%2Frun%2Fpostgresql/h", 5432), None);
        assert_eq!(place("redis+unix:///run/redis.sock", 6379), None);
    }

    #[tokio::test]
    async fn a_name_a_port_and_a_listener_are_told_apart() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(reach("127.0.0.1", port).await, Ok(()));
        drop(listener);
        assert_eq!(reach("127.0.0.1", port).await, Err(Obstacle::Closed(format!("127.0.0.1:{port}"))));
        assert_eq!(reach("no such name", 1).await, Err(Obstacle::Name("no such name".to_owned())));
    }
}
