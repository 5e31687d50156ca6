//! The formats that a declaration is written in.

use std::fmt::Display;
use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

/// How a declaration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// TOML.
    Toml,
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
}

impl Format {
    /// The format of a file, by the ending of its name.
    fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The document as a text.
    pub(super) fn write(self, document: &Value) -> Result<String, String> {
        match self {
            Self::Toml => toml::to_string_pretty(document).map_err(said),
            Self::Yaml => serde_saphyr::to_string(document).map_err(said),
            Self::Json => serde_json::to_string_pretty(document).map(|text| text + "\n").map_err(said),
        }
    }

    fn read(self, text: &str) -> Result<Value, String> {
        match self {
            Self::Toml => toml::from_str(text).map_err(said),
            Self::Yaml => serde_saphyr::from_str_with_options(text, as_of_yaml_1_2()).map_err(said),
            Self::Json => serde_json::from_str(text).map_err(said),
        }
    }
}

/// YAML 1.2 without what earlier versions made of `no`, `012` and `1_000`, which are texts: a name that looks like one is kept as it was written.
fn as_of_yaml_1_2() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
    }
}

fn said(error: impl Display) -> String {
    error.to_string()
}

/// What is in a file.
pub(super) fn parse(file: &Path) -> Result<Value, String> {
    let format = Format::of(file).ok_or("the name must end in .toml, .yaml, .yml or .json")?;
    format.read(&std::fs::read_to_string(file).map_err(said)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_in_a_format_is_read_in_it_as_the_same() {
        let document = json!({ "clients": [{
            "client_id": "no",
            "client_name": "Shop: \"& Co\" #1",
            "client_name#ko": "가게",
            "redirect_uris": ["https://shop.example/cb?a=1#", "1e3", "0x10", "~", ""],
            "enabled": true,
            "access_token_lifetime": 300,
        }] });
        for format in [Format::Toml, Format::Yaml, Format::Json] {
            let text = format.write(&document).unwrap();
            assert_eq!(format.read(&text).unwrap(), document, "{format:?}: {text}");
        }
    }

    #[test]
    fn yaml_has_no_surprises() {
        let read = |text: &str| Format::Yaml.read(text);
        assert_eq!(
            read("a: no\nb: 012\nc: true\nd: 12\n").unwrap(),
            json!({ "a": "no", "b": "012", "c": true, "d": 12 })
        );
        assert_eq!(read("base: &base [x]\nother: *base\n").unwrap(), json!({ "base": ["x"], "other": ["x"] }));
        assert!(read("a: 1\na: 2\n").is_err(), "a member that is said twice");
        assert!(read("a: 1\n---\na: 2\n").is_err(), "two documents");
        assert!(read("a: !!python/object:os.system x\n").is_err());
    }

    /// Nine lists, each of nine times the one before.
    #[test]
    fn a_document_that_grows_when_it_is_read_is_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let before = vec![format!("*a{}", level - 1); 9].join(", ");
            text = format!("{text}a{level}: &a{level} [{before}]\n");
        }
        assert!(Format::Yaml.read(&text).is_err());
        assert!(Format::Yaml.read(&"[".repeat(100_000)).is_err());
    }
}
