//! What is logged on the thread of a test.

use std::sync::{Arc, Mutex};

use haechi::config::log::LogConfig;

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
