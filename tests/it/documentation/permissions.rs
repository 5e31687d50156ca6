//! docs/administration.md: the permissions that the command line and the API name are all there, with who has each.

use std::fs;

use haechi::admin::{DELEGATED, PERMISSIONS, Permission};

use super::pages;

/// Where the table begins, in each language.
const PAGES: [(&str, &str); 2] =
    [("docs/administration.md", "\n### Permissions\n"), ("docs/administration.ko.md", "\n### 권한\n")];

/// A permission, what it is for, and who has it: each role, then who manages one app, and one group.
fn row(line: &str) -> (String, String, Vec<bool>) {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let name = cells[0].trim_matches('`').to_owned();
    (name, cells[1].to_owned(), cells[2..].iter().map(|cell| *cell == "✓").collect())
}

#[test]
fn every_permission_is_in_the_table_with_who_has_it() {
    let who: Vec<&[Permission]> =
        PERMISSIONS.iter().map(|(_, all)| *all).chain(DELEGATED.iter().map(|(_, all)| *all)).collect();
    let has = |one: &Permission| who.iter().map(|all| all.contains(one)).collect::<Vec<_>>();
    let expected: Vec<_> = Permission::ALL.iter().map(|one| (one.as_str().to_owned(), has(one))).collect();
    for (page, heading) in PAGES {
        let text = fs::read_to_string(pages::root().join(page)).unwrap();
        let (_, section) = text.split_once(heading).unwrap_or_else(|| panic!("{page} has no{heading}"));
        let section = section.split("\n## ").next().unwrap();
        let rows: Vec<_> = section.lines().filter(|line| line.starts_with("| `")).map(row).collect();
        assert!(rows.iter().all(|(_, to, _)| !to.is_empty()), "{page}: {rows:?}");
        let found: Vec<_> = rows.into_iter().map(|(name, _, who)| (name, who)).collect();
        assert_eq!(found, expected, "{page} is not what src/admin/permission.rs says");
    }
}
