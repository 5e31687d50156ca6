//! Documents call things by the names that the pages give them, in both languages.

use std::fs;

use super::pages::{self, root};

/// A language of the pages, and how its documents are called and quote.
struct Language {
    tag: &'static str,
    ends: &'static str,
    quotes: (char, char),
}

const LANGUAGES: [Language; 2] = [
    Language { tag: "en", ends: ".md", quotes: ('"', '"') },
    Language { tag: "ko", ends: ".ko.md", quotes: ('“', '”') },
];

impl Language {
    fn read(&self, document: &str) -> String {
        fs::read_to_string(root().join(format!("{document}{}", self.ends))).unwrap()
    }

    /// Every text of the pages.
    fn texts(&self) -> Vec<String> {
        let files = fs::read_dir(root().join("locales").join(self.tag)).unwrap();
        let files: Vec<String> = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        let texts = files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'));
        texts.filter_map(|line| Some(line.split_once(" = ")?.1.to_owned())).collect()
    }

    /// What stands in quotation marks.
    fn quoted<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let (opens, closes) = self.quotes;
        let between = |c: char| c == opens || c == closes;
        text.split(between).skip(1).step_by(2).collect()
    }
}

/// What of a table's row is the symptom.
fn symptom(row: &str) -> Option<&str> {
    row.strip_prefix('|')?.split('|').next()
}

#[test]
fn troubleshooting_quotes_what_the_pages_say() {
    let counts = LANGUAGES.map(|language| {
        let (document, texts) = (language.read("docs/troubleshooting"), language.texts());
        let quoted: Vec<&str> =
            document.lines().filter_map(symptom).flat_map(|symptom| language.quoted(symptom)).collect();
        for said in &quoted {
            assert!(texts.iter().any(|text| text.contains(said)), "no page in {} says: {said}", language.tag);
        }
        quoted.len()
    });
    assert!(counts[0] >= 3 && counts[0] == counts[1], "{counts:?}");
}

/// The way through the pages that a guide names: `*Your account* → *Administration* → …`.
#[test]
fn the_way_to_the_providers_is_called_as_the_pages_are() {
    for language in LANGUAGES {
        let (document, texts) = (language.read("docs/upstream"), language.texts());
        let way = document.split("`/admin/connections`").next().unwrap().rsplit("**").next().unwrap();
        let named: Vec<&str> = way.split('*').skip(1).step_by(2).collect();
        assert_eq!(named.len(), 3, "{way}");
        for name in named {
            assert!(texts.iter().any(|text| text == name), "nothing in {} is called {name}", language.tag);
        }
    }
}

/// What Korean documents once called otherwise than the pages do.
const IN_KOREAN: &[(&str, &str)] =
    &[("비밀 값", "시크릿"), ("비밀값", "시크릿"), ("issuer", "발급자"), ("리디렉션", "리다이렉트")];

/// A document without code, and without the labels of other people's pages, which stand between single asterisks.
fn prose(text: &str) -> String {
    let outside: String = text.split("```").step_by(2).collect();
    let words: String = outside.split('`').step_by(2).collect();
    words.replace("**", "").split('*').step_by(2).collect()
}

#[test]
fn korean_documents_say_what_the_pages_say() {
    let texts = LANGUAGES[1].texts().concat();
    let documents = pages::documents().into_iter().map(|path| pages::name(&path));
    let korean: Vec<String> = documents.filter(|page| page.ends_with(".ko.md")).collect();
    for (not, but) in IN_KOREAN {
        assert!(texts.contains(but), "no page says {but}");
        for page in &korean {
            let prose = prose(&fs::read_to_string(root().join(page)).unwrap());
            assert!(!prose.contains(not), "{page} says {not}; the pages say {but}");
        }
    }
}
