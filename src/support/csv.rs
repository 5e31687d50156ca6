//! Comma-separated values, RFC 4180, for people who open them in a spreadsheet.
//!
//! Owns quoting, and that no cell is a formula there: what begins as one gets an apostrophe before it, which spreadsheets show as text. What a stranger
//! called themselves would otherwise run on the machine of who looks at it. So that a table is read as it was written ([`text`]), a cell that begins with an
//! apostrophe of its own gets another one.

/// One record with its line break: RFC 4180 section 2.
pub fn record<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = cells.into_iter().map(cell).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// What a cell says: without the apostrophe that [`record`] put before it.
pub fn text(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest) || rest.starts_with('\'') => rest,
        _ => cell,
    }
}

/// A tab or a line break before a formula is passed over by some.
fn begins_a_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n'])
}

fn cell(text: &str) -> String {
    let text = if begins_a_formula(text) || text.starts_with('\'') { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
        assert_eq!(
            record(["a", "b c", "d,e", "say \"hi\"", "two\nlines", ""]),
            "a,b c,\"d,e\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n"
        );
    }

    #[test]
    fn a_cell_is_read_as_it_was_written() {
        for said in ["=1", "'=1", "''", "'", "'plain", "O'Brien", "+82", " -1", "\tx", ""] {
            let written = cell(said).replace("\"\"", "\"");
            assert_eq!(text(written.trim_matches('"')), said);
        }
        // A table that others wrote.
        assert_eq!((text("'tis"), text("'+82")), ("'tis", "+82"));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x"] {
            assert!(cell(formula).trim_start_matches('"').starts_with('\''), "{formula:?}");
        }
        assert_eq!(cell("a=1"), "a=1");
    }
}
