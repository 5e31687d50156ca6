//! What the documents and the ways to work name is there: files, headings and scripts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::documentation::pages::{documents, root};

/// A document without its code, in which brackets are no links.
fn prose(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<String>();
    outside.split('`').step_by(2).collect()
}

/// Where the links and pictures of a document lead.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text);
    let links = prose.split("](").skip(1).filter_map(|part| part.split_once(')'));
    let pictures = prose.split("src=\"").skip(1).filter_map(|part| part.split_once('"'));
    links.chain(pictures).map(|(target, _)| target.to_owned()).collect()
}

/// The anchors that a repository host gives the headings of a document.
fn anchors(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2).collect::<String>();
    let headings = outside.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings.map(|heading| heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

#[track_caller]
fn check(document: &Path, target: &str) {
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { document.to_owned() } else { document.parent().unwrap().join(file) };
    let document = document.strip_prefix(root()).unwrap().display();
    assert!(path.exists(), "{document} links to {target}, which is not there");
    if let Some(anchor) = anchor {
        let has = anchors(&fs::read_to_string(&path).unwrap()).iter().any(|heading| heading == anchor);
        assert!(has, "{document} links to {target}, and no heading is called that");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let documents = documents();
    assert!(documents.iter().any(|path| path.ends_with("SECURITY.md")), "{documents:?}");
    let mut count = 0;
    for document in documents {
        for target in targets(&fs::read_to_string(&document).unwrap()) {
            if !target.contains("://") && !target.starts_with("mailto:") {
                check(&document, &target);
                count += 1;
            }
        }
    }
    assert!(count > 20, "only {count} links were found");
}

/// The scripts that a text names, as `scripts/NAME`.
fn scripts(text: &str) -> Vec<&str> {
    let names = text.split("scripts/").skip(1);
    names.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap()).collect()
}

#[test]
fn every_script_that_is_named_can_be_run() {
    use std::os::unix::fs::PermissionsExt;

    let named = ["justfile", ".ci/run", "Dockerfile", "deny.toml"].map(|path| root().join(path));
    let workflows = fs::read_dir(root().join(".github/workflows")).unwrap().map(|entry| entry.unwrap().path());
    let mut count = 0;
    for path in documents().into_iter().chain(named).chain(workflows) {
        for name in scripts(&fs::read_to_string(&path).unwrap()).into_iter().filter(|name| !name.is_empty()) {
            let script = root().join("scripts").join(name);
            let mode = fs::metadata(&script).map_or(0, |metadata| metadata.permissions().mode());
            assert!(mode & 0o100 != 0, "{} names scripts/{name}, which cannot be run", path.display());
            count += 1;
        }
    }
    assert!(count > 10, "only {count} scripts were found");
}

/// What the pages have in two languages must have the same parts: headings by their level, rows of tables, pieces of code.
fn shape(text: &str) -> (Vec<usize>, usize, usize) {
    let prose = text.split("```").step_by(2).collect::<String>();
    let levels = prose.lines().map(|line| line.chars().take_while(|c| *c == '#').count()).filter(|level| *level > 0);
    let rows = prose.lines().filter(|line| line.starts_with('|')).count();
    (levels.collect(), rows, text.matches("```").count())
}

#[test]
fn both_languages_have_the_same_parts() {
    let mut count = 0;
    let korean = |path: &PathBuf| path.to_string_lossy().ends_with(".ko.md") && !path.ends_with("README.ko.md");
    for korean in documents().into_iter().filter(korean) {
        let english = PathBuf::from(korean.to_string_lossy().replace(".ko.md", ".md"));
        let [korean_text, english_text] = [&korean, &english].map(|path| fs::read_to_string(path).unwrap());
        assert_eq!(shape(&korean_text), shape(&english_text), "{}", english.display());
        count += 1;
    }
    assert!(count >= 4);
}

/// Where a document leads, whatever its language: without the heading, which has another name in each. Pages and pictures say theirs before their ending.
fn destinations(document: &Path) -> BTreeSet<String> {
    let targets = targets(&fs::read_to_string(document).unwrap());
    targets.iter().map(|target| target.split('#').next().unwrap().replace(".ko.", ".")).collect()
}

#[test]
fn both_languages_lead_to_the_same_places() {
    for korean in documents().into_iter().filter(|path| path.to_string_lossy().ends_with(".ko.md")) {
        let english = PathBuf::from(korean.to_string_lossy().replace(".ko.md", ".md"));
        assert_eq!(destinations(&korean), destinations(&english), "{}", english.display());
    }
}

#[test]
fn the_contents_name_every_document() {
    let contents = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let named: Vec<PathBuf> =
        targets(&contents).iter().map(|target| root().join("docs").join(target).canonicalize().unwrap()).collect();
    let left_out = |path: &PathBuf| {
        let inside = path.strip_prefix(root()).unwrap();
        // A page a recipe: the list of recipes is among the contents, and the site takes them along.
        inside.starts_with("docs") && !inside.starts_with("docs/recipes") && !inside.ends_with("SUMMARY.md")
    };
    let missing: Vec<_> = documents().into_iter().filter(left_out).filter(|path| !named.contains(path)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in docs/SUMMARY.md");
}
