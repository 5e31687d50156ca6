//! The redirect URI of `haechi login`: a port of this machine, for one answer (RFC 8252 section 7.3).
//!
//! Any page that a browser has open, and any program of this machine, can ask for it too: who brings something else is turned away, and the answer is waited for.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::cli::failure::{Failure, Outcome};
use crate::support::Secret;

/// How long signing in may take.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long one connection may take to say what it wants: browsers open some that say nothing.
const HEAD_TAKES: Duration = Duration::from_secs(10);
/// The longest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;
const PATH: &str = "/callback";
/// How many are turned away before it is given up.
const MAX_STRAYS: u32 = 50;
const ASTRAY: &str = "the browser came back from other sign-ins again and again: run haechi login again";

/// A port that is listened on. `127.0.0.1` and not `localhost`: section 8.3.
pub(super) struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// A browser that came back, and waits to be told how it went.
pub(super) struct Visitor {
    stream: TcpStream,
    /// The parameters of the answer.
    pub(super) answer: Vec<(String, String)>,
}

impl Loopback {
    /// Takes any free port.
    pub(super) async fn open() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// Where browsers are sent.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://{}:{}{PATH}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Waits for the one answer to this request: its `state` (RFC 6749 section 10.12, RFC 8252 section 8.9). Nothing is listened to afterwards.
    pub(super) async fn visitor(self, state: &Secret<String>) -> Outcome<Visitor> {
        let came = timeout(PATIENCE, self.awaited(state)).await;
        came.map_err(|_| Failure::of("nobody signed in within 5 minutes: haechi login begins again"))?
    }

    async fn awaited(&self, state: &Secret<String>) -> Outcome<Visitor> {
        let (found, mut visitors) = mpsc::channel::<Visitor>(1);
        let mut strays = 0;
        loop {
            tokio::select! {
                Some(visitor) = visitors.recv() => {
                    if visitor.brings(state) {
                        return Ok(visitor);
                    }
                    visitor.turn_away().await;
                    strays += 1;
                    if strays == MAX_STRAYS {
                        return Err(Failure::told("state_differs", ASTRAY));
                    }
                }
                accepted = self.listener.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    let found = found.clone();
                    tokio::spawn(async move {
                        if let Some(visitor) = Visitor::of(stream).await {
                            // Nobody waits any more where the answer is here.
                            let _ = found.send(visitor).await;
                        }
                    });
                }
            }
        }
    }
}

impl Visitor {
    /// Who asks for the redirect URI; whoever asks for something else is told that there is none.
    async fn of(mut stream: TcpStream) -> Option<Self> {
        let head = timeout(HEAD_TAKES, head(&mut stream)).await.ok()??;
        let Some(answer) = answer_in(&head) else {
            tell(&mut stream, "404 Not Found", "There is nothing here.").await;
            return None;
        };
        Some(Self { stream, answer })
    }

    /// One of the parameters.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.answer.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it answers the request that had this `state`.
    fn brings(&self, state: &Secret<String>) -> bool {
        self.parameter("state").map(Secret::<String>::from).as_ref() == Some(state)
    }

    /// Tells whoever came from another sign-in that they are not waited for.
    async fn turn_away(mut self) {
        tell(&mut self.stream, "400 Bad Request", "This is no answer to the sign-in that the terminal waits for.")
            .await;
    }

    /// Tells the browser how it went.
    pub(super) async fn tell(mut self, signed_in: bool) {
        if signed_in {
            tell(&mut self.stream, "200 OK", "Signed in. You can close this window and go back to the terminal.").await;
        } else {
            tell(&mut self.stream, "400 Bad Request", "Not signed in. The terminal says why.").await;
        }
    }
}

/// The head of a request; `None` where it is none.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut chunk) = (Vec::new(), [0; 2048]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&chunk[..read]);
        if head.len() > MAX_HEAD {
            return None;
        }
    }
    String::from_utf8(head).ok()
}

/// The parameters of the request for the redirect URI. RFC 9112 section 3: `method SP request-target SP HTTP-version`.
fn answer_in(head: &str) -> Option<Vec<(String, String)>> {
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?')?;
    (method == "GET" && path == PATH).then(|| form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

async fn tell(stream: &mut TcpStream, status: &str, text: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    // A browser that is gone is told nothing, and needs to know nothing.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_redirect_uri_is_answered() {
        let read = |line: &str| answer_in(&format!("{line}\r\nHost: 127.0.0.1\r\n\r\n"));
        let pairs = read("GET /callback?code=a%20b&state=x HTTP/1.1").unwrap();
        assert_eq!(pairs, [("code".to_owned(), "a b".to_owned()), ("state".to_owned(), "x".to_owned())]);
        for other in
            ["GET /favicon.ico HTTP/1.1", "GET /callback HTTP/1.1", "POST /callback?code=a HTTP/1.1", "GET", ""]
        {
            assert!(read(other).is_none(), "{other}");
        }
    }
}
