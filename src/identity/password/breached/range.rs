//! Asking a service about a range of digests: it is told the first five of forty digits, and answers with every digest that begins so. Which of them was
//! meant it does not learn (k-anonymity), and padding keeps the size of the answer from telling (`Add-Padding`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::http::{Request, header};
use quick_cache::sync::Cache;
use tokio::time::Instant;
use url::Url;

use crate::outgoing::{Caller, FetchFailed, Outgoing};

/// Digits that the service is told.
const PREFIX: usize = 5;
/// Some two thousand lines with their padding.
const MAX_BYTES: usize = 256 * 1024;
/// Somebody waits for it, and goes on without.
const PATIENCE: Duration = Duration::from_secs(2);
/// Whoever mends what was wrong with a form sends the same password again.
const KEPT_FOR: Duration = Duration::from_mins(10);
/// The most ranges that are kept: a megabyte at most.
const KEPT: usize = 64;

/// The digests of a range, as the rest of their digits, sorted.
struct Range {
    rests: Vec<[u8; 18]>,
    until: Instant,
}

/// A service that answers for ranges of digests.
pub(super) struct Ranges {
    url: Url,
    outgoing: Arc<Outgoing>,
    kept: Cache<String, Arc<Range>>,
    away: AtomicBool,
}

impl Ranges {
    /// The service whose answers are below this address.
    pub(super) fn new(url: &str, outgoing: Arc<Outgoing>) -> Result<Self, url::ParseError> {
        let url = Url::parse(&format!("{}/", url.trim_end_matches('/')))?;
        Ok(Self { url, outgoing, kept: Cache::new(KEPT), away: AtomicBool::new(false) })
    }

    /// Whether the service knows the password of this SHA-1. Where it does not answer in time, it is taken for one that does not.
    pub(super) async fn has(&self, digest: &[u8; 20]) -> bool {
        let digits = digest.iter().fold(String::with_capacity(40), |text, byte| text + &format!("{byte:02X}"));
        let (prefix, rest) = digits.split_at(PREFIX);
        let answer = tokio::time::timeout(PATIENCE, self.range(prefix)).await.unwrap_or(Err(FetchFailed::Timeout));
        match self.note(answer) {
            Some(range) => packed(rest).is_some_and(|rest| range.rests.binary_search(&rest).is_ok()),
            None => false,
        }
    }

    async fn range(&self, prefix: &str) -> Result<Arc<Range>, FetchFailed> {
        let now = Instant::now();
        if let Some(kept) = self.kept.get(prefix).filter(|kept| now < kept.until) {
            return Ok(kept);
        }
        let url = self.url.join(prefix).map_err(|_| FetchFailed::Url)?;
        let request = Request::get(url.as_str()).header(header::ACCEPT, "text/plain").header("Add-Padding", "true");
        let request = request.body(Vec::new()).map_err(|_| FetchFailed::Url)?;
        let answer = self.outgoing.send(Caller::Operator, request, MAX_BYTES).await?;
        if answer.status() != 200 {
            return Err(FetchFailed::Status(answer.status().as_u16()));
        }
        let range = Arc::new(Range { rests: rests(answer.body()), until: now + KEPT_FOR });
        self.kept.insert(prefix.to_owned(), range.clone());
        Ok(range)
    }

    /// Logs when the service goes away and when it is back, not each time it was missed.
    fn note(&self, answer: Result<Arc<Range>, FetchFailed>) -> Option<Arc<Range>> {
        match &answer {
            Ok(_) if self.away.swap(false, Ordering::Relaxed) => {
                tracing::info!("the service for stolen passwords answers again");
            }
            Err(error) if !self.away.swap(true, Ordering::Relaxed) => {
                let service = self.url.host_str();
                tracing::warn!(%error, service, "the service for stolen passwords does not answer: none is refused by it");
            }
            _ => {}
        }
        answer.ok()
    }
}

impl std::fmt::Debug for Ranges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ranges").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// The lines of an answer: the rest of a digest, a colon, and how often its password was seen. Padding was seen never.
fn rests(answer: &[u8]) -> Vec<[u8; 18]> {
    let lines = answer.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let mut rests: Vec<_> = lines
        .filter_map(|line| {
            let (rest, count) = line.trim().split_once(':')?;
            (count.parse::<u64>().ok()? > 0).then(|| packed(rest))?
        })
        .collect();
    rests.sort_unstable();
    rests
}

/// Thirty-five digits in half as many bytes.
fn packed(rest: &str) -> Option<[u8; 18]> {
    let mut bytes = [0; 18];
    if rest.len() != 40 - PREFIX {
        return None;
    }
    for (at, digit) in rest.bytes().enumerate() {
        let digit = u8::try_from(char::from(digit).to_digit(16)?).ok()?;
        bytes[at / 2] |= if at % 2 == 0 { digit << 4 } else { digit };
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_nonsense_are_left_out() {
        let one = "0018A45C4D1DEF81644B54AB7F969B88D65";
        let answer = format!("{one}:10\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:0\r\nnonsense\r\n:1\r\n{}:1", &one[1..]);
        assert_eq!(rests(answer.as_bytes()), [packed(one).unwrap()]);
        assert_eq!(packed(&one.to_lowercase()), packed(one));
    }
}
