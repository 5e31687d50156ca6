//! Texts that are searched, and what is searched for in them.

/// Text as it is searched: lower case, and without the one character that PostgreSQL cannot hold.
pub(super) fn searchable(text: &str) -> String {
    text.replace('\0', "").to_lowercase()
}

/// The `LIKE` pattern, with `\` as its escape, of everything that contains a searchable text: `%`, `_` and the escape itself mean themselves.
pub(super) fn containing(text: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_searched_in_lower_case_and_without_what_postgresql_cannot_hold() {
        assert_eq!(searchable("Kim\0 ÉA"), "kim éa");
    }

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(containing(r"50%_\"), r"%50\%\_\\%");
    }
}
