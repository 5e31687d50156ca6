//! Standard output: the only place that writes to it. For people it prints sentences and tables, for programs (`--json`) one document.
//!
//! What users and apps called themselves is escaped on its way, so that no name moves the cursor or forges a line.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::failure::{Failure, Outcome};
use crate::support::escape::escaped;

/// Where a subcommand prints.
pub(super) struct Output {
    writer: Box<dyn Write + Send>,
    styled: bool,
    reader: Reader,
}

/// Who reads what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Person,
    /// `--json` was given.
    Program,
}

/// How a piece of text looks on a terminal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Style {
    /// Headings and names.
    Bold,
    /// What matters less.
    Dim,
    /// Success.
    Good,
    /// Worth a look.
    Warning,
    /// An error.
    Bad,
    /// A URL.
    Link,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
            Self::Link => "4;36",
        }
    }
}

impl Output {
    /// Standard output; coloured where it is a terminal and no plain text was asked for (`NO_COLOR`).
    pub(super) fn stdout(reader: Reader) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let styled = io::stdout().is_terminal() && !plain && reader == Reader::Person;
        Self { styled, reader, writer: Box::new(io::stdout()) }
    }

    /// Whether what is printed is a document for a program.
    pub(super) fn is_json(&self) -> bool {
        self.reader == Reader::Program
    }

    /// What was done: a sentence for people, a document for programs.
    pub(super) fn tell(&mut self, sentence: impl AsRef<str>, document: &impl Serialize) -> Outcome {
        if self.is_json() { self.json(document) } else { self.line(sentence) }
    }

    /// Whether an operator is likely to look at it directly.
    pub(super) const fn is_styled(&self) -> bool {
        self.styled
    }

    /// One line.
    pub(super) fn line(&mut self, text: impl AsRef<str>) -> Outcome {
        self.raw(&format!("{}\n", escaped(text.as_ref())))
    }

    /// Where a list goes on that is longer than what was printed; nothing where all of it was.
    pub(super) fn more(&mut self, after: Option<&str>) -> Outcome {
        match after {
            Some(last) => self.line(format!("There are more: --after {last}")),
            None => Ok(()),
        }
    }

    /// Several lines that are Haechi's own, or escaped already.
    pub(super) fn raw(&mut self, text: &str) -> Outcome {
        match self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush()) {
            // The reader (`| head`) has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::of("")),
            other => other.map_err(Failure::from),
        }
    }

    /// A value as JSON, indented.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Outcome {
        let text = serde_json::to_string_pretty(value).map_err(Failure::of)?;
        self.raw(&format!("{text}\n"))
    }

    /// A value as JSON on one line: JSON Lines, for what has no end in sight.
    pub(super) fn json_line(&mut self, value: &impl Serialize) -> Outcome {
        let text = serde_json::to_string(value).map_err(Failure::of)?;
        self.raw(&format!("{text}\n"))
    }

    /// The text in a style, where the output has styles.
    pub(super) fn styled(&self, style: Style, text: &str) -> String {
        if self.styled { format!("\u{1b}[{}m{text}\u{1b}[0m", style.code()) } else { text.to_owned() }
    }

    /// A table with a head. Columns are as wide as their widest cell.
    pub(super) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> Outcome {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|r| r.iter().map(|cell| escaped(cell).into_owned()).collect()).collect();
        let column = |at: usize| rows.iter().filter_map(move |row| row.get(at)).map(|cell| width(cell)).max();
        let widths: Vec<usize> =
            head.iter().enumerate().map(|(at, name)| column(at).unwrap_or(0).max(width(name))).collect();
        let head: Vec<String> = head.iter().map(|name| (*name).to_owned()).collect();
        let head = self.styled(Style::Bold, &laid_out(&head, &widths));
        let body = rows.iter().map(|row| laid_out(row, &widths));
        let text: String = std::iter::once(head).chain(body).map(|line| line + "\n").collect();
        self.raw(&text)
    }
}

fn laid_out(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// Columns that a text takes on a terminal; Korean, Chinese and Japanese characters take two.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}')
    };
    text.chars().map(|c| 1 + usize::from(wide(c))).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn printed(print: impl FnOnce(&mut Output) -> Outcome) -> String {
        let paper = Paper::default();
        print(&mut Output { writer: Box::new(paper.clone()), styled: false, reader: Reader::Person }).unwrap();
        let bytes = paper.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn columns_line_up_in_every_script() {
        let rows = [vec!["홍길동".to_owned(), "1".to_owned()], vec!["Kim".to_owned(), "2".to_owned()]];
        let text = printed(|output| output.table(&["NAME", "N"], &rows));
        assert_eq!(text, "NAME    N\n홍길동  1\nKim     2\n");
    }

    #[test]
    fn a_name_moves_no_cursor() {
        let rows = [vec!["evil\u{1b}[2J\nadmin".to_owned()]];
        let text = printed(|output| output.table(&["NAME"], &rows));
        assert_eq!(text, "NAME\nevil\\u{1b}[2J\\nadmin\n");
    }
}
