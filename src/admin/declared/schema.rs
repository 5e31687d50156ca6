//! A declaration as a JSON Schema (draft 2020-12), made of the types of the documents as OpenAPI is: for editors, and for checks before anything is
//! sent to a server. What it lets pass, the rules may still refuse.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::difference::is_set_by_server;
use super::document::{APIS, ATTRIBUTES, CLAIM_RULES, CLIENTS, CONNECTIONS, GROUPS, ROLES, WEBHOOKS};
use super::logos::LOGO;
use super::policy::{BRANDING, SIGN_IN, SIGNING};
use crate::admin::affiliations::{GroupResource, RoleResource};
use crate::admin::apis::ApiResource;
use crate::admin::attributes::AttributeResource;
use crate::admin::claim_rules::ClaimRuleResource;
use crate::admin::clients::ClientResource;
use crate::admin::connections::ConnectionResource;
use crate::admin::policy::{BrandingResource, SignInResource, SigningResource};
use crate::admin::webhooks::WebhookResource;

/// The members of documents that may be references: the secret is somewhere else then.
pub const SECRETS: &[&str] = &["client_secret", "secret"];
/// Where OpenAPI keeps its schemas, and a JSON Schema its own.
const REFERENCES: (&str, &str) = ("#/components/schemas/", "#/$defs/");

/// The schema.
pub fn schema() -> Value {
    let mut defs = Map::from_iter([("Secret".to_owned(), secret())]);
    let attributes = entry::<AttributeResource>("name", &["label"], &mut defs);
    let apis = entry::<ApiResource>("resource", &["resource_name"], &mut defs);
    let clients = with_logo(entry::<ClientResource>("client_id", &["client_name"], &mut defs));
    let roles = entry::<RoleResource>("name", &["label"], &mut defs);
    let groups = entry::<GroupResource>("name", &["label"], &mut defs);
    let claim_rules = entry::<ClaimRuleResource>("name", &[], &mut defs);
    let connections = entry::<ConnectionResource>("slug", &[], &mut defs);
    let webhooks = entry::<WebhookResource>("name", &[], &mut defs);
    let sign_in = section::<SignInResource>("How end-users sign up and in, within what is configured.", &[], &mut defs);
    let about = "How the pages of end-users present the service.";
    let branding = with_logo(section::<BrandingResource>(about, &BrandingResource::IN_LANGUAGES, &mut defs));
    let about = "With which of the configured algorithms tokens are signed.";
    let signing = section::<SigningResource>(about, &[], &mut defs);
    let list = |about, entry| json!({ "type": "array", "description": about, "items": entry });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a Haechi server is to have",
        "description": "Read by `haechi plan` and `haechi apply`. A member that is not named stays as it is.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            ATTRIBUTES: list("The custom attributes of accounts.", attributes),
            APIS: list("The APIs: resources that tokens are for.", apis),
            CLIENTS: list("The registered clients.", clients),
            ROLES: list("The roles in apps.", roles),
            GROUPS: list("The groups. Who is in them is not declared.", groups),
            CLAIM_RULES: list("The rules by which apps are told of people.", claim_rules),
            CONNECTIONS: list("The connections to upstream providers, in the order of their buttons.", connections),
            WEBHOOKS: list("The programs that are told what happens.", webhooks),
            SIGN_IN: sign_in,
            BRANDING: branding,
            SIGNING: signing,
        },
        "$defs": defs,
    })
}

/// The schema of an entry: of what a document has all that an operator says. Members of these names may be there in further languages
/// (RFC 7591 section 2.2). What it rests on goes to the definitions.
fn entry<T: ToSchema>(key: &str, in_languages: &[&str], defs: &mut Map<String, Value>) -> Value {
    let mut others = Vec::new();
    T::schemas(&mut others);
    for (name, schema) in others {
        defs.insert(name, of_json_schema(json!(schema)));
    }
    let mut entry = of_json_schema(json!(T::schema()));
    if let Some(members) = entry["properties"].as_object_mut() {
        members.retain(|name, _| !is_set_by_server(name));
        for (_, secret) in members.iter_mut().filter(|(name, _)| SECRETS.contains(&name.as_str())) {
            *secret = json!({ "description": secret["description"], "$ref": "#/$defs/Secret" });
        }
    }
    let tagged = in_languages.iter().map(|name| (format!("^{name}#[A-Za-z0-9-]+$"), json!({ "type": "string" })));
    entry["patternProperties"] = Value::Object(tagged.collect());
    entry["additionalProperties"] = false.into();
    entry["required"] = json!([key]);
    entry
}

/// The schema of a section of the policy: none of its members has to be said.
fn section<T: ToSchema>(about: &str, in_languages: &[&str], defs: &mut Map<String, Value>) -> Value {
    let mut section = entry::<T>("", in_languages, defs);
    section["description"] = about.into();
    if let Some(members) = section.as_object_mut() {
        members.retain(|name, _| name != "required" && (name != "patternProperties" || !in_languages.is_empty()));
    }
    section
}

/// The same with the logo, which is no member of the document by itself.
fn with_logo(mut of: Value) -> Value {
    let about = "The file of the picture that is its logo, from the folder of the declaration on: PNG, JPEG or WebP, at most 256 KiB, and at most 1024 pixels wide and high. An empty text takes it away.";
    of["properties"][LOGO] = json!({ "description": about, "type": "string" });
    of
}

/// A secret, or where it is.
fn secret() -> Value {
    let one = |name: &str, about: &str, value: Value| {
        json!({
            "type": "object",
            "description": about,
            "properties": { name: value },
            "required": [name],
            "additionalProperties": false,
        })
    };
    let text = json!({ "type": "string", "minLength": 1 });
    json!({ "oneOf": [
        { "type": "string" },
        one("env", "An environment variable.", text.clone()),
        one("file", "A file, from the folder of the declaration on.", text.clone()),
        one("command", "A program that prints it, with its arguments.", json!({ "type": "array", "items": text, "minItems": 1 })),
    ] })
}

/// A schema of OpenAPI 3.1, which is one of JSON Schema but for where others are.
fn of_json_schema(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, of_json_schema(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(of_json_schema).collect(),
        Value::String(text) => text
            .strip_prefix(REFERENCES.0)
            .map_or(Value::String(text.clone()), |name| Value::String(format!("{}{name}", REFERENCES.1))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::admin::document::Document;

    #[test]
    fn it_knows_the_members_that_are_read_without_those_that_the_server_sets() {
        let schema = schema();
        let known = |list: &str| -> BTreeSet<String> {
            let of = &schema["properties"][list];
            let of = if of["items"].is_null() { of } else { &of["items"] };
            of["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let read = |members: Vec<&str>| -> BTreeSet<String> {
            members.into_iter().filter(|name| !is_set_by_server(name)).map(str::to_owned).collect()
        };
        assert_eq!(known(ATTRIBUTES), read(AttributeResource::members()));
        assert_eq!(known(APIS), read(ApiResource::members()));
        let with_logo =
            |members: Vec<&str>| -> BTreeSet<String> { read(members).into_iter().chain([LOGO.to_owned()]).collect() };
        assert_eq!(known(CLIENTS), with_logo(ClientResource::members()));
        assert_eq!(known(ROLES), read(RoleResource::members()));
        assert_eq!(known(GROUPS), read(GroupResource::members()));
        assert_eq!(known(CLAIM_RULES), read(ClaimRuleResource::members()));
        assert_eq!(known(CONNECTIONS), read(ConnectionResource::members()));
        assert_eq!(known(WEBHOOKS), read(WebhookResource::members()));
        assert_eq!(known(SIGN_IN), read(SignInResource::members()));
        assert_eq!(known(BRANDING), with_logo(BrandingResource::members()));
        assert_eq!(known(SIGNING), read(SigningResource::members()));
    }

    #[test]
    fn every_reference_leads_to_a_definition() {
        let schema = schema();
        let text = schema.to_string();
        assert!(!text.contains("#/components/"), "{text}");
        for reference in text.split("\"$ref\":\"#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
    }
}
