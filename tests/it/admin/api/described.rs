//! The document of the API, beside what is served.

use std::collections::BTreeSet;

use haechi::http::api::{OPERATIONS, Takes};
use haechi::model::user::Role;
use serde_json::Value;

use super::{call, house, problem, send, token_as};

#[tokio::test]
async fn the_document_has_each_operation_and_no_other() {
    let house = house().await;
    let answer = house.get("/api/v1/openapi.json").send().await;
    let document = answer.expect(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    assert_eq!(document["servers"][0]["url"], format!("{}/api/v1", house.issuer()));
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["responses"].as_object().unwrap().len() > 5, "{method} {path}");
            described.insert((
                method.to_uppercase(),
                path.clone(),
                operation["operationId"].as_str().unwrap().to_owned(),
            ));
        }
    }
    let served: BTreeSet<_> = OPERATIONS
        .iter()
        .map(|operation| (operation.method.to_owned(), operation.path.to_owned(), operation.id.to_owned()))
        .collect();
    assert_eq!(described, served);
    // Every reference leads somewhere.
    for reference in references(&document) {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(to) if name == "$ref" => vec![to.clone()],
                value => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// What the document says of an account is what an account says.
#[tokio::test]
async fn a_document_has_the_members_that_are_described() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let document = house.get("/api/v1/openapi.json").send().await.expect(200);
    for (path, shape) in
        [("/users", "User"), ("/clients", "Client"), ("/keys", "Key"), ("/audit", "AuditEntry"), ("/users", "User")]
    {
        let known = document["components"]["schemas"][shape]["properties"].as_object().unwrap();
        for item in call(&house, "GET", path, &token).send().await.expect(200)["items"].as_array().unwrap() {
            let unknown: Vec<_> = item.as_object().unwrap().keys().filter(|name| !known.contains_key(*name)).collect();
            assert!(unknown.is_empty(), "{shape} does not describe {unknown:?}");
        }
    }
}

/// Each path of the table answers its methods, and no other.
#[tokio::test]
async fn each_path_allows_the_methods_that_it_has() {
    let house = house().await;
    for operation in OPERATIONS {
        let path = format!("/api/v1{}", operation.path.replace(['{', '}'], ""));
        let answer = house.call("TRACE", &path).send().await;
        assert_eq!(problem(&answer), (405, "method_not_allowed".to_owned()), "{path}");
        let allowed: Vec<&str> = answer.header("allow").unwrap().split(',').map(str::trim).collect();
        assert!(allowed.contains(&operation.method), "{path}: {allowed:?}");
    }
}

#[tokio::test]
async fn the_page_says_what_the_document_says() {
    let house = house().await;
    for (tag, title) in [("en", "Administration API"), ("ko", "관리 API")] {
        let page = house.get("/api/v1/docs").header("accept", "text/html").header("accept-language", tag).send().await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(title));
        for operation in OPERATIONS {
            assert!(page.body.contains(&format!("id=\"{}\"", operation.id)), "{}", operation.id);
        }
        assert!(page.body.contains("id=\"precondition_failed\""));
    }
    // The type of a problem leads there.
    let token = token_as(&house, Role::Owner).await;
    let answer = send(&house, ("POST", "/users"), &token, &Value::Null).await;
    let kind = answer.json()["type"].as_str().unwrap().to_owned();
    let (place, id) = kind.split_once('#').unwrap();
    let page = house.get(place.strip_prefix(house.issuer()).unwrap()).header("accept", "text/html").send().await;
    assert!(page.body.contains(&format!("id=\"{id}\"")), "{kind}");
    assert!(OPERATIONS.iter().any(|operation| operation.takes != Takes::Nothing));
}
