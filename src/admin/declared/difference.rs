//! What differs between two documents of the same thing.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Action, Difference};
use crate::admin::document::{differing, members};

/// What the server sets, and an operator never says: it is no difference, and no part of a declaration.
const SET_BY_SERVER: &[&str] =
    &["client_id_issued_at", "created_at", "id", "recent_logins", "secrets", "security", "updated_at", "version"];

/// What applying a file sets, and no file says: it is a difference, and no part of a declaration.
const SET_BY_APPLYING: &str = "managed_by";

/// Whether a member is no part of a declaration.
pub(super) fn is_set_by_server(member: &str) -> bool {
    SET_BY_SERVER.contains(&member) || member == SET_BY_APPLYING
}

/// What is done to make one document of the other.
pub(super) fn change(is: &impl Serialize, declared: &impl Serialize) -> Action {
    let (is, declared) = (members(is), members(declared));
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    let one = |name: String| Difference { is: value(&is, &name), declared: value(&declared, &name), member: name };
    let names = differing(&is, &declared).into_iter().filter(|name| !SET_BY_SERVER.contains(&name.as_str()));
    let differences: Vec<Difference> = names.map(one).collect();
    if differences.is_empty() { Action::Keep } else { Action::Change { differences } }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_sets_is_no_difference() {
        let is = json!({ "client_id": "shop", "version": 1, "client_name": "Shop" });
        assert_eq!(change(&is, &json!({ "client_id": "shop", "version": 2, "client_name": "Shop" })), Action::Keep);
        let Action::Change { differences } = change(&is, &json!({ "client_id": "shop", "scope": "openid" })) else {
            panic!("it differs")
        };
        let names: Vec<&str> = differences.iter().map(|one| one.member.as_str()).collect();
        assert_eq!(names, ["client_name", "scope"]);
        assert_eq!((&differences[0].declared, &differences[1].is), (&Value::Null, &Value::Null));
    }
}
