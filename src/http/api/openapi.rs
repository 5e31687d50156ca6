//! The API as an OpenAPI 3.1 document, made of the table of operations and of the types of the documents.

use bytes::Bytes;
use serde_json::json;
use utoipa::PartialSchema;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter as Declared, ParameterBuilder, ParameterIn, PathsBuilder,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, ObjectBuilder, Ref, Schema, Type};
use utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Required, ServerBuilder};

use super::body::PICTURES;
use super::operation::{Answers, AuditParameter, Operation, Parameter, Shape, Takes};
use super::operations::OPERATIONS;
use super::problem::PROBLEMS;
use super::query::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::http::document::Document;
use crate::model::AccountState;
use crate::model::mail::{MailPurpose, MailState};
use crate::protocol::issuer::Issuer;
use crate::protocol::own_api::{self, READ, WRITE};

const JSON: &str = "application/json";
const SECURITY: &str = "oauth2";

/// The document, ready to be sent.
pub(super) fn document(issuer: &Issuer) -> Document {
    Document::new(Bytes::from(serde_json::to_vec(&described(issuer)).unwrap_or_default()), 0)
}

/// The API at this issuer.
pub(in crate::http) fn described(issuer: &Issuer) -> OpenApi {
    let paths = OPERATIONS.iter().fold(PathsBuilder::new(), |paths, operation| {
        let item = utoipa::openapi::path::PathItem::new(method(operation), describe(operation));
        paths.path(operation.path, item)
    });
    let info = InfoBuilder::new()
        .title("The administration API of Haechi")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Everything that administrators do, for programs."))
        .license(Some(utoipa::openapi::info::License::new("Apache-2.0")))
        .build();
    let servers = vec![ServerBuilder::new().url(own_api::resource(issuer.as_str())).build()];
    OpenApiBuilder::new().info(info).servers(Some(servers)).paths(paths).components(Some(components(issuer))).build()
}

fn method(operation: &Operation) -> HttpMethod {
    match operation.method {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn describe(operation: &Operation) -> utoipa::openapi::path::Operation {
    let scope = if operation.permission.is_to_see() { READ } else { WRITE };
    let also = operation.also.map(|also| format!(" and `{also}`")).unwrap_or_default();
    let said = format!("Asks for the permission `{}`{also}.", operation.permission);
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .summary(Some(operation.summary))
        .description(Some(said))
        .tag(operation.path.split('/').nth(1).unwrap_or_default())
        .security(SecurityRequirement::new(SECURITY, [scope]))
        .request_body(body(operation.takes));
    for declared in parameters(operation) {
        described = described.parameter(declared);
    }
    let (status, response) = answer(operation.answers);
    described = described.response(status.to_string(), response);
    if matches!(operation.answers, Answers::One(_)) && !operation.changes() {
        let known = ResponseBuilder::new().description("The caller has this version already.").build();
        described = described.response("304", known);
    }
    for status in refusals(operation) {
        described = described.response(status.to_string(), problem(status));
    }
    described.build()
}

/// What may be answered besides, by their statuses. What every operation may answer is among them.
fn refusals(operation: &Operation) -> Vec<u16> {
    let mut statuses = vec![400, 401, 403, 406, 429, 500, 503];
    if operation.path.contains('{') {
        statuses.push(404);
    }
    if operation.changes() {
        statuses.extend([404, 408, 409, 412, 413, 422]);
    }
    if operation.takes != Takes::Nothing {
        statuses.push(415);
    }
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

fn problem(status: u16) -> Response {
    let of_status = PROBLEMS.iter().filter(|(_, one, _)| *one == status);
    let texts: Vec<String> = of_status.map(|(code, _, title)| format!("`{code}`: {title}.")).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDetails"))).build();
    ResponseBuilder::new().description(texts.join(" ")).content("application/problem+json", content).build()
}

fn answer(answers: Answers) -> (u16, Response) {
    let json = |schema: RefOr<Schema>| ContentBuilder::new().schema(Some(schema)).build();
    let response = |description: &str| ResponseBuilder::new().description(description);
    match answers {
        Answers::One(of) => {
            (200, response("The document, with its entity tag.").content(JSON, json(of.schema())).build())
        }
        Answers::Unversioned(of) => (200, response("The document.").content(JSON, json(of.schema())).build()),
        Answers::Created(of) => {
            (201, response("What was made, and where it is.").content(JSON, json(of.schema())).build())
        }
        Answers::Page(of) => {
            let items = ArrayBuilder::new().items(of.schema()).build();
            let next = ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("Where the next page begins, where there is one."))
                .build();
            let page = ObjectBuilder::new().property("items", items).required("items").property("next", next).build();
            (200, response("A page of the list.").content(JSON, json(RefOr::T(page.into()))).build())
        }
        Answers::File => {
            let text = || json(RefOr::T(ObjectBuilder::new().schema_type(Type::String).build().into()));
            let file = response("The file, sent as it is read.");
            (200, file.content("application/jsonl", text()).content("text/csv", text()).build())
        }
        Answers::Nothing => (204, response("It is done.").build()),
    }
}

fn body(takes: Takes) -> Option<RequestBody> {
    let of = |media_types: &[&str], shape: Shape, required| {
        let content = || ContentBuilder::new().schema(Some(shape.schema())).build();
        let body = RequestBodyBuilder::new().required(Some(required));
        Some(media_types.iter().fold(body, |body, media_type| body.content(*media_type, content())).build())
    };
    match takes {
        Takes::Nothing => None,
        Takes::One(shape) => of(&[JSON], shape, Required::True),
        Takes::Optional(shape) => of(&[JSON], shape, Required::False),
        Takes::Patch(shape) => of(&["application/merge-patch+json", JSON], shape, Required::True),
        Takes::Picture => {
            // OpenAPI 3.1, section 4.8.14.2: what is no text has no schema, and its media type says what it is.
            let picture = || ContentBuilder::new().build();
            let body = RequestBodyBuilder::new().required(Some(Required::True));
            let body = body.description(Some("The picture itself, at most 256 KiB and 1024 pixels wide and high."));
            Some(PICTURES.iter().fold(body, |body, media_type| body.content(*media_type, picture())).build())
        }
    }
}

fn parameters(operation: &Operation) -> Vec<Declared> {
    let in_path = operation.names().map(|name| {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(text))
            .build()
    });
    let in_query = operation.parameters.iter().map(|parameter| {
        let (text, schema) = parameter.said();
        ParameterBuilder::new()
            .name(parameter.name())
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(text))
            .schema(Some(schema))
            .build()
    });
    in_path.chain(in_query).chain(headers(operation)).collect()
}

fn headers(operation: &Operation) -> Vec<Declared> {
    let header = |name: &str, text: &str| {
        let value = ObjectBuilder::new().schema_type(Type::String).build();
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(text))
            .schema(Some(value))
            .build()
    };
    match operation.answers {
        Answers::Created(_) => {
            vec![header(
                "Idempotency-Key",
                "Makes it once, however often this is sent: the first answer is repeated for a day.",
            )]
        }
        Answers::One(_) if operation.takes_condition() => {
            vec![header("If-Match", "The entity tag of the version that is to be changed.")]
        }
        Answers::One(_) => vec![header("If-None-Match", "The entity tag of the version that the caller has.")],
        _ => Vec::new(),
    }
}

impl Parameter {
    /// What it is for, and which values it has.
    fn said(self) -> (&'static str, RefOr<Schema>) {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let flag = || ObjectBuilder::new().schema_type(Type::Boolean).build().into();
        match self {
            Self::Cursor => ("Where the page begins: what `next` of the page before says.", text().build().into()),
            Self::Limit => {
                let number =
                    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MAX_LIMIT as usize));
                ("How many entries the page has at most.", number.default(Some(json!(DEFAULT_LIMIT))).build().into())
            }
            Self::Search => (
                "What the address or the name contains; of a client its id, its names or a redirect URI; of an API its identifier, its names or a scope; what the address of a mail begins with.",
                text().max_length(Some(200)).build().into(),
            ),
            Self::Fields => ("The members that are answered, separated by commas.", text().build().into()),
            Self::DryRun => ("Asks every rule and answers what would be, and does nothing.", flag()),
            Self::Status => ("Only accounts whose documents say this.", AccountState::schema()),
            Self::Administers => {
                ("Only accounts that may be used and administer the server, or only the others.", flag())
            }
            Self::Group => ("Only accounts that were given this group, by its id or its name.", text().build().into()),
            Self::Role => (
                "Only accounts that were given this role in apps themselves, by its id or its key: `editor`, `shop:manager`.",
                text().build().into(),
            ),
            Self::Sort => (
                "How the accounts are ordered: as they were made, or by address.",
                text().enum_values(Some(["oldest", "newest", "email"])).build().into(),
            ),
            Self::ClientSort => (
                "How the clients are ordered: by id, by name, as they were registered or as they were changed, the last one first.",
                text().enum_values(Some(["id", "name", "newest", "changed"])).build().into(),
            ),
            Self::ClientKind => (
                "Only clients that are such a program.",
                text().enum_values(Some(["web", "browser", "native", "service"])).build().into(),
            ),
            Self::Client => ("The client whose tokens are shown. It must be there.", text().build().into()),
            Self::Scope => {
                ("The scopes that it asks for; without them those that it is registered for.", text().build().into())
            }
            Self::Resource => (
                "A resource (RFC 8707): the one that APIs are listed of, or one that a token is asked for, which can be repeated.",
                text().build().into(),
            ),
            Self::Enabled => ("Only clients that may be used, or that are switched off.", flag()),
            Self::Format => ("How the file is written.", text().enum_values(Some(["jsonl", "csv"])).build().into()),
            Self::KeepSessions => ("Whether the sessions that came through the connection go on.", flag()),
            Self::MailState => ("Only mails in this state.", MailState::schema()),
            Self::MailPurpose => ("Only mails for this.", MailPurpose::schema()),
            Self::Resolution => (
                "Whether it is counted by the day, of the last 14, or by the hour, of the last 48.",
                text().enum_values(Some(["day", "hour"])).build().into(),
            ),
            Self::MailUser => ("Only mails about this account.", text().build().into()),
            Self::Audit(parameter) => parameter.said(),
        }
    }
}

impl AuditParameter {
    /// The same of one that chooses among the entries of the audit log.
    fn said(self) -> (&'static str, RefOr<Schema>) {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        match self {
            Self::Kind => ("Only entries of these kinds, separated by commas.", text().build().into()),
            Self::Outcome => (
                "Only what succeeded, or what was refused.",
                text().enum_values(Some(["succeeded", "refused"])).build().into(),
            ),
            Self::Actor => (
                "Only what this account or client caused, or `operator`, `system` or `anonymous`.",
                text().build().into(),
            ),
            Self::User => ("Only what happened to this account.", text().build().into()),
            Self::Client => ("Only what happened to this client.", text().build().into()),
            Self::Target => ("Only what happened to the thing of this id.", text().build().into()),
            Self::Request => ("Only what this request caused.", text().build().into()),
            Self::Since => ("Only from this instant on, as RFC 3339 writes it.", text().build().into()),
            Self::Until => ("Only before this instant, as RFC 3339 writes it.", text().build().into()),
        }
    }
}

fn components(issuer: &Issuer) -> utoipa::openapi::Components {
    let components = Shape::ALL.iter().fold(ComponentsBuilder::new(), |components, shape| shape.declare(components));
    let scopes = || {
        Scopes::from_iter([
            (READ, "See what the caller may see."),
            (WRITE, "Do what the caller may do, seeing included."),
        ])
    };
    let token = issuer.url("/token");
    let flows = [
        Flow::AuthorizationCode(AuthorizationCode::new(issuer.url("/authorize"), token.clone(), scopes())),
        Flow::ClientCredentials(ClientCredentials::new(token, scopes())),
    ];
    let security = SecurityScheme::OAuth2(OAuth2::new(flows));
    components.schema("ProblemDetails", problem_details()).security_scheme(SECURITY, security).build()
}

/// RFC 9457 section 3.
fn problem_details() -> Schema {
    let text = |description: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    let wrong = ObjectBuilder::new()
        .property("pointer", text("Where it is in what was sent: RFC 6901.").build())
        .property("code", text("What programs tell errors of fields apart by.").build())
        .property("detail", text("What is wrong with it.").build());
    let about = "Of a declaration: the steps that were done before one was refused, with the secrets that were made. Nothing shows them again.";
    let done = ArrayBuilder::new().items(Shape::Step.schema()).description(Some(about));
    let codes = PROBLEMS.iter().map(|(code, ..)| *code);
    ObjectBuilder::new()
        .description(Some("What went wrong: RFC 9457."))
        .property("type", text("What is said of the problem for people.").build())
        .property("title", text("The same in short.").build())
        .property("status", ObjectBuilder::new().schema_type(Type::Integer).build())
        .property("detail", text("What it is in this case.").build())
        .property("instance", text("The request.").build())
        .property("code", text("What programs tell problems apart by.").enum_values(Some(codes)).build())
        .property("request_id", text("The id under which it is in the log.").build())
        .property("errors", ArrayBuilder::new().items(wrong.build()).build())
        .property("done", done.build())
        .required("type")
        .required("title")
        .required("status")
        .required("code")
        .build()
        .into()
}
