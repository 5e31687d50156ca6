//! What is logged on the thread of a test.

use std::sync::{Arc, Mutex, OnceLock};

use haechi::config::log::LogConfig;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// Everything that is logged on this thread.
pub struct Overheard {
    lines: Lines,
    _listening: tracing::subscriber::DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Overheard {
    /// However much is logged.
    pub fn begin() -> Self {
        Self::at("trace")
    }

    /// What an operator sees who set nothing.
    pub fn by_default() -> Self {
        Self::at(&LogConfig::default().filter)
    }

    /// What this filter lets through.
    pub fn at(filter: &str) -> Self {
        listen_elsewhere();
        let lines = Lines::default();
        let writer = lines.clone();
        let config = LogConfig { filter: filter.to_owned(), ..LogConfig::default() };
        let subscriber = haechi::logging::subscriber(&config, move || writer.clone(), false);
        Self { lines, _listening: tracing::subscriber::set_default(subscriber) }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines that hold all of these.
    pub fn with(&self, words: &[&str]) -> Vec<String> {
        let all = |line: &&str| words.iter().all(|word| line.contains(word));
        self.text().lines().filter(all).map(str::to_owned).collect()
    }
}

/// Keeps a second subscriber, which hears nothing. While there is one only, `tracing` takes whoever comes to a line first for everybody: where that is the thread of a
/// test that listens to nothing, the line is never heard again. It has every line asked about each time: beside one that always wants all, those that want
/// less were seen to lose lines that they want.
fn listen_elsewhere() {
    static KEPT: OnceLock<Dispatch> = OnceLock::new();
    KEPT.get_or_init(|| Dispatch::new(AskedEachTime));
}

struct AskedEachTime;

impl Subscriber for AskedEachTime {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn what_another_test_comes_to_first_is_heard() {
    let log = Overheard::begin();
    let say = || tracing::debug!("it is said");
    std::thread::spawn(say).join().unwrap();
    say();
    assert!(log.text().contains("it is said"), "{}", log.text());
}
