//! The administration API, for people: what its document says, on a page.

use axum::response::Response;
use serde_json::Value;

use super::context::Context;
use super::frame::{Frame, page};
use crate::http::api::{PROBLEMS, openapi};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::protocol::own_api;

#[derive(askama::Template)]
#[template(path = "api_reference.html")]
struct ApiReferencePage {
    frame: Frame,
    /// The resource that tokens are for, where the API is as well.
    resource: String,
    document: String,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
}

/// The operations on one kind of thing.
struct Group {
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    way: String,
    summary: String,
    scope: String,
    parameters: Vec<Named>,
    statuses: String,
}

/// A kind of document.
struct Shape {
    name: String,
    members: Vec<Named>,
}

/// A parameter or a member, and what is said of it.
struct Named {
    name: String,
    text: String,
}

/// `GET /api/v1/docs`
pub async fn get(context: Context) -> Result<Response, PageError> {
    let t = context.texts(None);
    let described = openapi::described(&context.app.issuer);
    let described = serde_json::to_value(described).map_err(|cause| PageError::internal(&cause))?;
    let drawn = ApiReferencePage {
        frame: Frame::of(&context, t.locale()),
        resource: own_api::resource(context.app.issuer.as_str()),
        document: context.app.issuer.local(&format!("{}/openapi.json", own_api::PATH)),
        groups: groups(&described),
        shapes: shapes(&described),
    };
    Ok(page(&drawn, &drawn.frame))
}

/// The operations in the order of the document, those of one kind of thing together.
fn groups(described: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, item) in members(&described["paths"]) {
        for (method, operation) in members(item) {
            let name = text(&operation["tags"][0]);
            let operation = operation_of(&format!("{} {path}", method.to_uppercase()), operation);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group { name, operations: vec![operation] }),
            }
        }
    }
    groups
}

fn operation_of(way: &str, operation: &Value) -> Operation {
    let declared = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let parameters = declared
        .iter()
        .filter(|one| one["in"] != "path")
        .map(|one| Named { name: text(&one["name"]), text: text(&one["description"]) });
    let statuses: Vec<String> = members(&operation["responses"]).map(|(status, _)| status.clone()).collect();
    Operation {
        id: text(&operation["operationId"]),
        way: way.to_owned(),
        summary: text(&operation["summary"]),
        scope: members(&operation["security"][0]).map(|(_, scopes)| text(&scopes[0])).collect(),
        parameters: parameters.collect(),
        statuses: statuses.join(" "),
    }
}

fn shapes(described: &Value) -> Vec<Shape> {
    let shape = |(name, schema): (&String, &Value)| {
        let members = members(&schema["properties"]);
        let members = members.map(|(name, member)| Named { name: name.clone(), text: text(&member["description"]) });
        Shape { name: name.clone(), members: members.collect() }
    };
    let schemas = members(&described["components"]["schemas"]).map(shape);
    schemas.filter(|shape| !shape.members.is_empty()).collect()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
