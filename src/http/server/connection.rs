//! One connection: its protocol, its watch, and the requests that are refused before the router sees them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tower::Service;

use super::activity::{Activity, Noted, Verdict};
use super::{Peer, Phase};

/// The longest request target; a longer one is answered 414.
const MAX_TARGET_BYTES: usize = 16 * 1024;

/// The longest head, target included; a longer one is answered 431.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// How long a connection has for its goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// How long a head may take that is under way when the server drains.
const LAST_HEAD: Duration = Duration::from_secs(1);

/// What one connection needs.
pub(super) struct Connection {
    pub(super) router: Router,
    pub(super) header_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) phase: watch::Receiver<Phase>,
    /// Set by a connection that had to go before its time.
    pub(super) cut_off: Arc<AtomicBool>,
    pub(super) peer: SocketAddr,
}

impl Connection {
    /// Serves requests until either side ends the connection, or its watch does.
    pub(super) async fn serve(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let activity = Arc::new(Activity::new(Instant::now()));
        let stream = TokioIo::new(Noted::new(stream, Arc::clone(&activity)));
        let (router, peer) = (self.router.clone(), self.peer);
        let noted = Arc::clone(&activity);
        // Every connection is begun while this has seen no phase but the first: any other one is a change.
        let phase = self.phase.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let http2 = request.version() == Version::HTTP_2;
            let under_way = noted.request(http2);
            let (answer, phase) = (answer(router.clone(), peer, request), phase.clone());
            async move {
                let mut answer = answer.await;
                // Asked when the answer is there: this connection is kept by nobody from then on.
                if !http2 && phase.has_changed().unwrap_or(true) {
                    end_connection(&mut answer);
                }
                drop(under_way);
                Ok::<_, Infallible>(answer)
            }
        });
        let builder = protocols();
        let mut connection = pin!(builder.serve_connection(stream, service));
        let mut look = pin!(sleep_until(Instant::now() + self.header_timeout));
        let (mut known, mut leaving) = (Phase::Serving, false);
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(peer = %self.peer, %error, "a connection broke off");
                    }
                    return;
                }
                () = look.as_mut() => {
                    let head = if known >= Phase::Draining { LAST_HEAD.min(self.header_timeout) } else { self.header_timeout };
                    match activity.verdict(Instant::now(), head, self.idle_timeout) {
                        Verdict::Look(then) => look.as_mut().reset(then),
                        Verdict::Retire if !leaving => {
                            leaving = true;
                            connection.as_mut().graceful_shutdown();
                            look.as_mut().reset(Instant::now() + GOODBYE);
                        }
                        Verdict::Retire | Verdict::Cut => return,
                    }
                }
                phase = moved_on(&mut self.phase, known) => {
                    known = phase;
                    let goodbye = match phase {
                        Phase::Serving => false,
                        // RFC 9113 section 6.8: GOAWAY lets a client "stop creating new streams while still finishing processing of previously established streams".
                        Phase::Leaving => activity.is_http2(),
                        // Where a request may be on its way its answer ends the connection, or its watch does.
                        Phase::Draining => {
                            look.as_mut().reset(Instant::now());
                            activity.may_end()
                        }
                        Phase::Ended => {
                            self.cut_off.store(true, Ordering::SeqCst);
                            return;
                        }
                    };
                    if goodbye && !leaving {
                        leaving = true;
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    }
}

/// Waits until the server is further than this connection knows, and answers how far.
async fn moved_on(phase: &mut watch::Receiver<Phase>, known: Phase) -> Phase {
    match phase.wait_for(|phase| *phase > known).await.map(|phase| *phase) {
        Ok(phase) => phase,
        // The sender is gone, which means draining: nothing more will be said.
        Err(_) if known >= Phase::Draining => std::future::pending().await,
        Err(_) => Phase::Draining,
    }
}

/// Both protocols with their limits. Heads are timed by the connection's watch.
fn protocols() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(32 * 1024)
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100)
        .max_send_buf_size(64 * 1024)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

/// Asks the router, unless the request is refused as it stands.
async fn answer(mut router: Router, peer: SocketAddr, request: Request<Incoming>) -> Response<Body> {
    let refused = refusal(&request);
    // A body in chunks is where servers and proxies read different lengths: nothing follows it on the same connection
    // (RFC 9112 section 6.1).
    let last = request.version() < Version::HTTP_2
        && (refused.is_some() || request.headers().contains_key(header::TRANSFER_ENCODING));
    let mut answer = if let Some(status) = refused {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = status;
        answer
    } else {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let Ok(answer) = router.call(request).await;
        answer
    };
    if last {
        end_connection(&mut answer);
    }
    answer
}

/// RFC 9112 section 9.6: the `close` option says that the connection is closed after this answer.
fn end_connection(answer: &mut Response<Body>) {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

/// Why a request is not even looked at.
fn refusal<B>(request: &Request<B>) -> Option<StatusCode> {
    let headers = request.headers();
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET_BYTES) {
        return Some(StatusCode::URI_TOO_LONG);
    }
    // RFC 9112 section 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
    // lacks a Host header field and to any request message that contains more than one Host header field line".
    let hosts = headers.get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Some(StatusCode::BAD_REQUEST);
    }
    // RFC 9112 section 6.1: a message with both "might indicate an attempt to perform request smuggling".
    let both = headers.contains_key(header::TRANSFER_ENCODING) && headers.contains_key(header::CONTENT_LENGTH);
    both.then_some(StatusCode::BAD_REQUEST)
}
