//! The rows of a file of people, of which only a batch is in memory.
//!
//! Owns how a file is written: a table with a head, or an account a line as JSON. Leaves what a row says to `admin::users`.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::admin::users::{self, ImportRow, MAX_BATCH, RowError, RowOutcome, RowReport};
use crate::cli::failure::{Failure, Outcome};
use crate::model::attribute::Definitions;

/// The longest row, in bytes.
const MAX_ROW: u64 = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// RFC 4180, with a head.
    Csv,
    /// An account a line.
    Jsonl,
}

/// A file, or what is piped in.
type Opened = BufReader<Box<dyn Read>>;

/// The rows of a file.
pub(super) struct Rows {
    source: Source,
    declared: Definitions,
}

enum Source {
    Csv { reader: csv::Reader<Opened>, head: csv::StringRecord },
    Lines { reader: Opened, at: u64 },
}

/// A row, or what is wrong with it before it is read.
pub(super) type Taken = Result<ImportRow, RowReport>;

impl Format {
    /// How a file is written: its name says so; of what has no such name, its first letter.
    fn of(file: &Path, opened: &mut Opened) -> io::Result<Self> {
        let ending = file.extension().map(OsStr::to_ascii_lowercase);
        Ok(match ending.as_deref().and_then(OsStr::to_str) {
            Some("csv") => Self::Csv,
            Some("jsonl" | "ndjson" | "json") => Self::Jsonl,
            _ => match opened.fill_buf()?.iter().find(|byte| !byte.is_ascii_whitespace()) {
                Some(b'{') | None => Self::Jsonl,
                Some(_) => Self::Csv,
            },
        })
    }
}

impl Rows {
    /// Opens a file; `-` is standard input.
    pub(super) fn open(file: &Path, format: Option<Format>, declared: Definitions) -> Outcome<Self> {
        let wrong = |why: &dyn std::fmt::Display| Failure::of(format!("cannot read {}: {why}", file.display()));
        let opened: Box<dyn Read> = if file == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(file).map_err(|error| wrong(&error))?)
        };
        let mut opened = BufReader::new(opened);
        let format = match format {
            Some(format) => format,
            None => Format::of(file, &mut opened).map_err(|error| wrong(&error))?,
        };
        let source = match format {
            Format::Jsonl => Source::Lines { reader: opened, at: 0 },
            Format::Csv => {
                let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(opened);
                let head = reader.headers().map_err(|error| wrong(&error))?.clone();
                // Spreadsheets begin a file with the mark of its byte order.
                let head: csv::StringRecord = head.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
                users::check_head(&declared, &head).map_err(|why| wrong(&why))?;
                Source::Csv { reader, head }
            }
        };
        Ok(Self { source, declared })
    }

    /// The next rows; none at the end.
    pub(super) fn batch(&mut self) -> Outcome<Vec<Taken>> {
        let mut batch = Vec::new();
        while batch.len() < MAX_BATCH {
            match self.next()? {
                Some(row) => batch.push(row),
                None => break,
            }
        }
        Ok(batch)
    }

    fn next(&mut self) -> Outcome<Option<Taken>> {
        match &mut self.source {
            Source::Lines { reader, at } => next_line(reader, at),
            Source::Csv { reader, head } => {
                let mut record = csv::StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(false) => Ok(None),
                    Ok(true) => {
                        let row = record.position().map_or(0, csv::Position::line);
                        if record.len() != head.len() {
                            let why = format!("has {} cells, and the head has {}", record.len(), head.len());
                            return Ok(Some(Err(refused(row, &why))));
                        }
                        let document = users::from_cells(&self.declared, head.iter().zip(record.iter()));
                        Ok(Some(Ok(ImportRow { row, document })))
                    }
                    Err(error) if error.is_io_error() => Err(Failure::of(error)),
                    Err(error) => {
                        let row = error.position().map_or(0, csv::Position::line);
                        Ok(Some(Err(refused(row, &error.to_string()))))
                    }
                }
            }
        }
    }
}

fn next_line(reader: &mut Opened, at: &mut u64) -> Outcome<Option<Taken>> {
    loop {
        let mut line = Vec::new();
        let read = reader.by_ref().take(MAX_ROW + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        *at += 1;
        if read as u64 > MAX_ROW {
            reader.skip_until(b'\n')?;
            return Ok(Some(Err(refused(*at, "is too long"))));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let row = *at;
        return Ok(Some(match serde_json::from_slice::<Map<String, Value>>(&line) {
            Ok(document) => Ok(ImportRow { row, document }),
            Err(error) => Err(refused(row, &format!("is no JSON object: {error}"))),
        }));
    }
}

fn refused(row: u64, why: &str) -> RowReport {
    let errors = vec![RowError { field: None, code: "malformed".to_owned(), detail: why.to_owned() }];
    RowReport { row, email: None, outcome: RowOutcome::Refused, errors }
}
