//! Members of documents that are there in languages.

/// The longest language tag, in bytes: RFC 5646 section 4.4.1 finds 35 enough for all that are in use.
const MAX_TAG_BYTES: usize = 35;

/// The language of a member that is another one in that language. RFC 7591 section 2.2: "human-readable field names are represented in specific
/// languages and scripts by appending a "#" character and the language tag" of BCP 47.
pub(super) fn tag_of<'a>(member: &'a str, of: &str) -> Option<&'a str> {
    let tag = member.strip_prefix(of)?.strip_prefix('#')?;
    let subtag = |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let primary = tag.split('-').next().unwrap_or_default();
    let is_tag = tag.len() <= MAX_TAG_BYTES
        && tag.split('-').all(subtag)
        && primary.len() >= 2
        && primary.bytes().all(|b| b.is_ascii_alphabetic());
    is_tag.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_language_tag_behind_it() {
        for tag in ["ko", "ja-Jpan-JP", "zh-Hant-TW"] {
            assert_eq!(tag_of(&format!("client_name#{tag}"), "client_name"), Some(tag));
        }
        for name in
            ["client_name", "client_name#", "client_name#k", "client_name#ko_KR", "client_name#ko-", "client_id#ko"]
        {
            assert_eq!(tag_of(name, "client_name"), None, "{name}");
        }
    }
}
