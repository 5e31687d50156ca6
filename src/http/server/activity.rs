//! When something last happened on a connection, and what its watch should do about that.
//!
//! hyper's own timer for heads runs while a kept-alive connection waits for its next request too, and not at all before
//! it knows the protocol version. Here the time for a head runs from its first byte (for the first one, from the start), so that idle
//! connections may wait for long and half a head may not.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// What the watch of a connection is to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not yet idle: look again at this time.
    Look(Instant),
    /// It is unused: say goodbye and close.
    Retire,
    /// The client dawdles over a head: close.
    Cut,
}

/// The times of one connection, in milliseconds since it began.
#[derive(Debug)]
pub(super) struct Activity {
    began: Instant,
    /// When the head under way began, plus one; zero when there is none.
    head: AtomicU64,
    idle: AtomicU64,
    in_flight: AtomicUsize,
    http2: AtomicBool,
}

impl Activity {
    /// A connection that begins now; its first head has begun with it.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            began: now,
            head: AtomicU64::new(1),
            idle: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            http2: AtomicBool::new(false),
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Bytes came in. Frames of HTTP/2 begin no head: that protocol has its own limits, and pings.
    fn read(&self) {
        let waiting = self.in_flight.load(Ordering::Relaxed) == 0 && self.head.load(Ordering::Relaxed) == 0;
        if waiting && !self.http2.load(Ordering::Relaxed) {
            self.head.store(self.millis() + 1, Ordering::Relaxed);
        }
    }

    /// A head is complete: a request is under way until the answer is dropped.
    pub(super) fn request(self: &Arc<Self>, http2: bool) -> InFlight {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        self.head.store(0, Ordering::Relaxed);
        self.http2.store(http2, Ordering::Relaxed);
        InFlight(Arc::clone(self))
    }

    /// Whether a goodbye cuts nothing short: no head is on its way, as one may be on a connection that has only begun.
    pub(super) fn may_end(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) > 0 || self.head.load(Ordering::Relaxed) == 0
    }

    /// Whether requests came by HTTP/2, which has a word for a goodbye that loses nothing.
    pub(super) fn is_http2(&self) -> bool {
        self.http2.load(Ordering::Relaxed)
    }

    /// What is to be done at this instant.
    pub(super) fn verdict(&self, now: Instant, header_timeout: Duration, idle_timeout: Duration) -> Verdict {
        let soon = now + header_timeout;
        if self.in_flight.load(Ordering::Relaxed) > 0 {
            return Verdict::Look(soon);
        }
        let (since, limit, late) = match self.head.load(Ordering::Relaxed) {
            0 => (self.idle.load(Ordering::Relaxed), idle_timeout, Verdict::Retire),
            head => (head - 1, header_timeout, Verdict::Cut),
        };
        let until = self.began + Duration::from_millis(since) + limit;
        if now >= until { late } else { Verdict::Look(until.min(soon)) }
    }
}

/// A request under way.
pub(super) struct InFlight(Arc<Activity>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.idle.store(self.0.millis(), Ordering::Relaxed);
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that notes when bytes come in.
pub(super) struct Noted<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Noted<S> {
    /// Notes what this stream reads.
    pub(super) const fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.read();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Duration = Duration::from_secs(10);
    const IDLE: Duration = Duration::from_secs(75);

    #[test]
    fn a_connection_that_says_nothing_is_cut_when_the_time_for_a_head_is_over() {
        let began = Instant::now();
        let activity = Activity::new(began);
        assert_eq!(activity.verdict(began, HEAD, IDLE), Verdict::Look(began + HEAD));
        assert_eq!(activity.verdict(began + HEAD, HEAD, IDLE), Verdict::Cut);
    }

    #[test]
    fn a_request_under_way_is_left_alone_and_a_kept_connection_retired_later() {
        let began = Instant::now();
        let activity = Arc::new(Activity::new(began));
        let request = activity.request(false);
        assert_eq!(activity.verdict(began + IDLE * 9, HEAD, IDLE), Verdict::Look(began + IDLE * 9 + HEAD));
        drop(request);
        assert_eq!(activity.verdict(began + HEAD, HEAD, IDLE), Verdict::Look(began + HEAD * 2));
        assert_eq!(activity.verdict(began + IDLE * 2, HEAD, IDLE), Verdict::Retire);
    }

    #[test]
    fn half_a_second_head_is_cut_but_frames_of_http_2_are_not() {
        let began = Instant::now();
        for (http2, verdict) in [(false, Verdict::Cut), (true, Verdict::Look(began + HEAD * 3))] {
            let activity = Arc::new(Activity::new(began));
            drop(activity.request(http2));
            activity.read();
            assert_eq!(activity.verdict(began + HEAD * 2, HEAD, IDLE), verdict);
        }
    }
}
