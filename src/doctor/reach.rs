//! Whether something listens at a name and a port, and what stands in the way: asked first, so that "the database is away" becomes
//! a name that leads nowhere, a port where nothing listens, or a firewall.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::Finding;

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
    /// Another error, with its text.
    Other(String),
}

impl Obstacle {
    /// As a finding. `what` should be there, and `setting` says where.
    pub(super) fn found(self, about: &'static str, what: &str, setting: &str) -> Finding {
        let (found, mend) = match self {
            Self::Name(name) => (
                format!("the name {name} leads nowhere"),
                format!("correct it in {setting}, or add it to the DNS or /etc/hosts of this machine"),
            ),
            Self::Closed(place) => (
                format!("nothing listens at {place}"),
                format!("start {what}; if it runs, correct host and port in {setting}"),
            ),
            Self::Silent(place) => (
                format!("{place} does not answer"),
                format!("see that a firewall lets this machine through to {what}, or correct {setting}"),
            ),
            Self::Other(why) => (why, format!("see that this machine reaches {what}, or correct {setting}")),
        };
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
        Err(_) => Err(Obstacle::Other(format!("looking {host} up took too long"))),
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
        Ok(Err(error)) => Err(Obstacle::Other(format!("{} cannot be reached: {error}", place()))),
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
