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
    let told = || {
        let (start, check) = (haechi.run(&["serve"]), haechi.run(&["config", "check"]));
        assert_eq!((start.code, check.code), (Some(1), Some(1)), "{start:?} {check:?}");
        let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
        assert_eq!(last(&start.err), last(&check.err), "the check says what the start does");
        check.err
    };
    let nowhere = told();
    assert!(nowhere.contains("passwords.breached") && nowhere.contains("nowhere.list"), "{nowhere}");
    haechi.folder.write("nowhere.list", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9000\n".repeat(9));
    assert!(told().contains("haechi passwords import"));
    // One that was cut off on the way.
    haechi.folder.write("collection.txt", COLLECTION);
    haechi.out(&["passwords", "import", "collection.txt", "--to", "whole.list"]);
    let whole = std::fs::read(haechi.folder.path().join("whole.list")).unwrap();
    std::fs::write(haechi.folder.path().join("nowhere.list"), &whole[..whole.len() - 1]).unwrap();
    assert!(told().contains("copied completely"));
}

const COLLECTION: &str = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9000\nA94A8FE5CCB19BA61C4C0873D391E987982FBBD3:3\n";

#[test]
fn an_import_replaces_a_list_when_the_new_one_is_whole_and_nothing_else() {
    let haechi = Haechi::new();
    haechi.folder.write("collection.txt", COLLECTION);
    let import = |more: &[&str]| {
        let words: Vec<&str> = ["passwords", "import", "collection.txt", "--to"].iter().chain(more).copied().collect();
        haechi.run(&words)
    };
    let list = || std::fs::read(haechi.folder.path().join("the.list")).unwrap();
    assert_eq!(import(&["the.list"]).code, Some(0));
    let first = list();
    assert_eq!(import(&["the.list", "--minimum-count", "10"]).code, Some(0));
    assert_ne!(list(), first);
    // A collection that is damaged behind leaves what was there, and no half of another.
    let before = list();
    haechi.folder.write("collection.txt", format!("{COLLECTION}no digest\n"));
    assert_eq!(import(&["the.list"]).code, Some(1));
    assert_eq!(list(), before);
    let left: Vec<_> = std::fs::read_dir(haechi.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("unfinished")), "{left:?}");
    // What is no list is not lost by a slip.
    haechi.folder.write("collection.txt", COLLECTION);
    let refused = import(&["collection.txt"]);
    assert!(refused.code == Some(1) && refused.err.contains("--force"), "{refused:?}");
    assert_eq!(std::fs::read_to_string(haechi.folder.path().join("collection.txt")).unwrap(), COLLECTION);
    haechi.folder.write("notes.txt", "not a list");
    assert_eq!(import(&["notes.txt"]).code, Some(1));
    assert_eq!(import(&["notes.txt", "--force"]).code, Some(0));
}
