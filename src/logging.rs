//! What is logged, to standard error: text for operators or a JSON object a line.
//!
//! Owns that a line is a line: control characters in any field are escaped, so no caller forges an entry by a name it sends. Owns too that
//! nothing below Haechi shows what it handles: other crates are heard down to `debug` only, since some of them write whole
//! statements, values included, at `trace`. That Haechi's own events hold no secret is up to `Secret` and the code that writes the event.

use std::fmt::{self, Write};
use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::layer::SubscriberExt;

use crate::config::log::{LogConfig, LogFormat};
use crate::support::escape::Escaping;

mod line;

use line::{JsonLine, TextLine};

/// Logs to standard error from now on, for the whole process. Does nothing when something does so already.
pub fn start(config: &LogConfig) {
    let colours = std::io::stderr().is_terminal();
    if tracing::subscriber::set_global_default(subscriber(config, std::io::stderr, colours)).is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// What writes the log to `writer`.
pub fn subscriber<W>(config: &LogConfig, writer: W, colours: bool) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The filter was checked with the rest of the configuration.
    let filter = capped(&config.filter.parse().unwrap_or_default());
    let layer = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colours);
    match config.format {
        LogFormat::Json => {
            let layer = layer.json().flatten_event(true).with_current_span(false).with_span_list(false);
            let layer = layer.map_event_format(JsonLine);
            Box::new(tracing_subscriber::registry().with(layer.with_filter(filter)))
        }
        LogFormat::Text => {
            let fields = debug_fn(|writer: &mut Writer<'_>, field: &tracing::field::Field, value: &dyn fmt::Debug| {
                if field.name() != "message" {
                    write!(writer, "{}=", field.name())?;
                }
                write!(Escaping(writer), "{value:?}")
            });
            let layer = layer.fmt_fields(fields.delimited(" ")).event_format(TextLine);
            Box::new(tracing_subscriber::registry().with(layer.with_filter(filter)))
        }
    }
}

/// The filter, with every crate but this one held to `debug`.
fn capped(wanted: &Targets) -> Targets {
    let mut filter = Targets::new();
    if let Some(level) = wanted.default_level() {
        // Targets match by their beginning: the migrations are another crate, close to the database.
        let held = level.min(LevelFilter::DEBUG);
        filter = filter.with_default(held).with_target("haechi", level).with_target("haechi_migrations", held);
    }
    for (target, level) in wanted {
        let own = target == "haechi" || target.starts_with("haechi::");
        filter = filter.with_target(target, if own { level } else { level.min(LevelFilter::DEBUG) });
    }
    filter
}

/// Logs where a panic was. Its message only where it is a literal: one made at run time may quote what was being handled.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    let message = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("a defect");
    tracing::error!(%place, "panicked: {message}");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures_util::FutureExt;

    use super::*;
    use crate::support::request::RequestIds;
    use crate::support::{Request, SeededRandom};

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

    fn logged(filter: &str, format: LogFormat, log: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let config = LogConfig { format, filter: filter.to_owned() };
        tracing::subscriber::with_default(subscriber(&config, move || writer.clone(), false), log);
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    const FORGED: &str = "kim\n2026-01-01T00:00:00Z  INFO haechi: signed in\r\u{1b}[2K\u{2028}\u{202e}\u{85}\0";

    #[test]
    fn nothing_sent_forges_a_line() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let text = logged("info", format, || {
                tracing::info!(name = FORGED, shown = %FORGED, debugged = ?FORGED, "refused: {FORGED}");
            });
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(!text.trim_end_matches('\n').chars().any(|c| c.is_control() && c != '\u{85}'), "{text:?}");
        }
    }

    #[test]
    fn a_line_says_which_request_it_is_about() {
        let id = RequestIds::new(&SeededRandom::new(1)).next();
        let request = Request { id, address: [192, 0, 2, 1].into() };
        let line = |format| {
            logged("info", format, || {
                request.scope(async { tracing::info!(answer = 42, "within") }).now_or_never();
                tracing::info!("beside");
            })
        };
        let text = line(LogFormat::Text);
        let (within, beside) = text.split_once('\n').unwrap();
        let told = format!(" INFO request{{id={id}}}: haechi::logging::tests: within answer=42");
        assert!(within.ends_with(&told), "{text}");
        assert!(beside.contains(" INFO haechi::logging::tests: beside"), "{text}");
        let json = line(LogFormat::Json);
        let lines: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["span"], serde_json::json!({ "id": id.to_string(), "name": "request" }));
        assert_eq!((&lines[0]["answer"], &lines[1]["span"]), (&42.into(), &serde_json::Value::Null));
    }

    #[test]
    fn a_line_of_json_is_an_object() {
        let text = logged("info", LogFormat::Json, || tracing::info!(answer = 42, "hello"));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((value["message"].as_str(), value["answer"].as_i64()), (Some("hello"), Some(42)));
    }

    #[test]
    fn other_crates_are_never_heard_at_trace() {
        let text = logged("trace,sea_orm=trace", LogFormat::Text, || {
            tracing::trace!(target: "sea_orm::database", "statement");
            tracing::trace!(target: "sqlx", "statement");
            tracing::trace!(target: "haechi_migrations", "statement");
            tracing::debug!(target: "sqlx", "connected");
            tracing::trace!(target: "haechi::flow", "started");
        });
        assert!(!text.contains("statement"), "{text}");
        assert!(text.contains("connected") && text.contains("started"), "{text}");
    }

    #[test]
    fn the_filter_is_kept_to() {
        let text = logged("warn,haechi::keys=debug", LogFormat::Text, || {
            tracing::info!(target: "haechi::flow", "quiet");
            tracing::debug!(target: "haechi::keys", "rotated");
        });
        assert!(!text.contains("quiet") && text.contains("rotated"), "{text}");
    }
}
