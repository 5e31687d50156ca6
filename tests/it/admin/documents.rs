//! Documents of clients, connections and accounts, read from JSON.

use haechi::admin::clients::ClientResource;
use haechi::admin::connections::ConnectionResource;
use haechi::admin::document::{DocumentRejected, read};
use haechi::admin::users::UserResource;

#[test]
fn a_member_that_is_not_known_is_named_with_the_nearest_one() {
    let client = read::<ClientResource>(r#"{"client_nmae": "Shop", "colour": 1, "scope": "openid"}"#).unwrap_err();
    assert_eq!(client.to_string(), "there is no client_nmae; did you mean client_name?; there is no colour");
    let of_another_make =
        read::<ClientResource>(r#"{"clientId": "shop", "redirectUris": [], "name": "Shop"}"#).unwrap_err();
    let told = of_another_make.to_string();
    assert!(told.contains("did you mean client_id?") && told.contains("did you mean redirect_uris?"), "{told}");
    let connection = read::<ConnectionResource>(r#"{"scopes": "openid"}"#).unwrap_err();
    assert_eq!(connection.to_string(), "there is no scopes; did you mean scope?");
    let user = read::<UserResource>(r#"{"family_nam": "Kim", "name#ko-KR": "김", "nam#ko": "김"}"#).unwrap_err();
    assert_eq!(user.to_string(), "there is no family_nam; did you mean family_name?; there is no nam#ko");
}

#[test]
fn whatever_reads_a_document_refuses_what_it_does_not_have() {
    for member in ["id", "phc", "not_before", "in_languages", "sub#ko", "email#ko", "name#"] {
        let document = serde_json::json!({ member: "x" });
        assert!(serde_json::from_value::<UserResource>(document.clone()).is_err(), "{member}");
        assert!(matches!(read::<UserResource>(&document.to_string()), Err(DocumentRejected::Members(_))), "{member}");
    }
}

#[test]
fn what_is_no_document_is_said_with_its_line() {
    let rejected = read::<ClientResource>("{\n\"client_name\": 7}").unwrap_err();
    assert!(rejected.to_string().contains("line 2"), "{rejected}");
    assert!(matches!(read::<ClientResource>("[]"), Err(DocumentRejected::Malformed(_))));
}
