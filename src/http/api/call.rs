//! A call of an operation, as it is typed in a shell: made of its row in the table, so it names nothing that the server does not take.

use super::body::{JSON, MERGE_PATCH};
use super::operation::{Operation, Takes};
use super::operations::OPERATIONS;
use crate::protocol::issuer::Issuer;
use crate::protocol::own_api;
use crate::support::percent::as_one_part;

/// A call of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Call {
    /// What it asks for: `PATCH /api/v1/users/…`.
    pub(in crate::http) line: String,
    /// The command that makes it with curl. The access token is in `$TOKEN`.
    pub(in crate::http) curl: String,
}

impl Call {
    /// That of the operation of this id, about what `names` name in the order of its path; a name that is not given is its parameter in capital
    /// letters. Where the operation takes a condition, it is made for the version that was seen (`If-Match`). `None` where there is no such operation.
    pub(in crate::http) fn of(issuer: &Issuer, id: &str, (names, version): (&[&str], i64), body: &str) -> Option<Self> {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id)?;
        let path = format!("{}{}", own_api::PATH, filled(operation.path, names));
        let mut curl = vec!["curl".to_owned()];
        if operation.method != "GET" {
            curl.push(format!("-X {}", operation.method));
        }
        curl.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
        if operation.takes_condition() {
            curl.push(format!("-H 'If-Match: \"{version}\"'"));
        }
        if let Some(media_type) = media_type(operation) {
            curl.push(format!("-H 'Content-Type: {media_type}' -d '{body}'"));
        }
        curl.push(issuer.url(&path));
        Some(Self { line: format!("{} {path}", operation.method), curl: curl.join(" ") })
    }
}

/// A path with what its parameters stand for.
fn filled(path: &str, names: &[&str]) -> String {
    let mut names = names.iter();
    let part = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(parameter) => {
            names.next().map_or_else(|| parameter.to_ascii_uppercase(), |name| as_one_part(name).to_string())
        }
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What the body of an operation is written in.
const fn media_type(operation: &Operation) -> Option<&'static str> {
    match operation.takes {
        Takes::One(_) | Takes::Optional(_) => Some(JSON),
        Takes::Patch(_) => Some(MERGE_PATCH),
        Takes::Nothing | Takes::Picture => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: &str, names: &[&str], body: &str) -> Call {
        let issuer = Issuer::parse("https://id.example/auth").unwrap();
        Call::of(&issuer, id, (names, 7), body).unwrap()
    }

    #[test]
    fn a_call_has_what_its_operation_takes_and_nothing_else() {
        let show = call("getUser", &["usr_1"], "");
        assert_eq!(show.line, "GET /api/v1/users/usr_1");
        assert_eq!(show.curl, "curl -H \"Authorization: Bearer $TOKEN\" https://id.example/auth/api/v1/users/usr_1");
        let update = call("updateUser", &["usr_1"], "{\"name\": \"Kim\"}").curl;
        for part in
            ["-X PATCH", "'If-Match: \"7\"'", "'Content-Type: application/merge-patch+json' -d '{\"name\": \"Kim\"}'"]
        {
            assert!(update.contains(part), "{update}");
        }
        assert!(!call("deleteUser", &["usr_1"], "").curl.contains("-d "));
    }

    #[test]
    fn what_is_not_named_is_left_to_the_caller() {
        assert_eq!(call("addApiClient", &["api_1"], "").line, "PUT /api/v1/apis/api_1/clients/CLIENT_ID");
        // What a shell, or a path, would read as its own never stands for itself.
        assert_eq!(call("getClient", &["a/b'c"], "").line, "GET /api/v1/clients/a%2Fb%27c");
        // RFC 6749 appendix A.1: a client id may have spaces. In a path a plus sign is one.
        assert_eq!(call("getClient", &["my app"], "").line, "GET /api/v1/clients/my%20app");
    }
}
