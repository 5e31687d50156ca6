//! `haechi passwords`.

use crate::documentation::pages::block;
use crate::support::binary::Haechi;

#[test]
fn a_collection_becomes_a_list_as_the_guide_says() {
    let haechi = Haechi::new();
    let (often, rare) = ("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8", "A94A8FE5CCB19BA61C4C0873D391E987982FBBD3");
    haechi.folder.write("collection.txt", format!("{often}:9000\r\n{rare}:3\r\n"));
    for page in ["docs/guessing.md", "docs/guessing.ko.md"] {
        let printed = block(page, "sh", "haechi passwords").code;
        let here = printed.replace("pwned-passwords.txt", "collection.txt").replace("/var/lib/haechi/", "");
        let words: Vec<&str> = here.split_whitespace().skip(1).collect();
        let said = haechi.out(&words);
        assert!(said.contains("1 of 2 passwords") && said.contains("breached = \"breached.list\""), "{said}");
        let settings = block(page, "toml", "[passwords]").code.replace("/var/lib/haechi/", "");
        haechi.folder.write("haechi.toml", settings);
    }
    assert!(haechi.out(&["config", "check"]).contains("in order"));
    let wrong = haechi.run(&["passwords", "import", "haechi.toml", "--to", "other.list", "--json"]);
    assert!(wrong.code == Some(1) && wrong.err.contains("line 1"), "{wrong:?}");
}

#[test]
fn a_list_that_is_none_is_told_at_the_start() {
    let haechi = Haechi::new();
    haechi.folder.write("haechi.toml", "[passwords]\nbreached = 'nowhere.list'\n");
    let done = haechi.run(&["serve"]);
    assert!(
        done.code == Some(1) && done.err.contains("passwords.breached") && done.err.contains("nowhere.list"),
        "{done:?}"
    );
    haechi.folder.write("nowhere.list", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9000\n".repeat(9));
    let done = haechi.run(&["serve"]);
    assert!(done.code == Some(1) && done.err.contains("haechi passwords import"), "{done:?}");
}
