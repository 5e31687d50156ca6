//! The resource servers of `examples/`: each lets in whom it should and nobody else.

use std::collections::BTreeMap;
use std::process::{Child, Command};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::server::{Registered, Server};
use super::{node, path, python};
use crate::support::servers;

const AUDIENCE: &str = "https://orders.example";
const ELSEWHERE: &str = "https://elsewhere.example";

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_rust() {
    let program = path("target/examples/debug/resource-server-rust");
    let program =
        servers::found(program.exists().then(|| Command::new(program)), "the example in Rust, by cargo build,");
    prove(program, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_node() {
    prove(node("examples/resource-server-node"), "examples/resource-server-node/server.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_python() {
    prove(python(), "examples/resource-server-python/server.py").await;
}

async fn prove(program: Option<Command>, script: &str) {
    let Some(mut program) = program else { return };
    if !script.is_empty() {
        program.arg(path(script));
    }
    let mut issuer = Server::start().await;
    let example = Example::start(program, &issuer);
    let client = service(&issuer, "ES256");

    refusals(&example, &issuer, &client).await;
    for algorithm in ["ES256", "ES384", "EdDSA", "PS256", "RS256"] {
        let client = service(&issuer, algorithm);
        let token = issuer.token(&client, AUDIENCE, "orders:read").await;
        let answer = example.get(Some(&format!("Bearer {token}"))).await;
        assert_eq!(answer.status, 200, "{algorithm}");
        assert_eq!(answer.json()["reader"], client.id, "{algorithm}");
    }
    issuer.revoke_key(&client, AUDIENCE).await;
    let token = issuer.token(&client, AUDIENCE, "orders:read orders:write").await;
    example.expect(200, Some(&format!("bearer {token}"))).await;

    let unknown = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"unknown"}"#);
    example.expect(401, Some(&format!("Bearer {unknown}.{}", token.split_once('.').unwrap().1))).await;
    issuer.stop();
    example.expect(200, Some(&format!("Bearer {token}"))).await;
}

/// Everybody who must stay outside, and what they are told: RFC 6750 section 3.
async fn refusals(example: &Example, issuer: &Server, client: &Registered) {
    let none = example.expect(401, None).await;
    assert!(!none.challenge.contains("error="), "{}", none.challenge);

    for malformed in ["Basic YTpi", "Bearer", "Bearer a b"] {
        let answer = example.expect(400, Some(malformed)).await;
        assert!(answer.challenge.contains("error=\"invalid_request\""), "{malformed}: {}", answer.challenge);
    }

    let good = issuer.token(client, AUDIENCE, "orders:read").await;
    let parts: Vec<_> = good.split('.').collect();
    let claims: BTreeMap<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let unsigned = |header: &str| {
        let claims = serde_json::to_vec(&claims).unwrap();
        format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    };
    let invalid = [
        ("no token at all", "nonsense".to_owned()),
        ("another audience", issuer.token(client, ELSEWHERE, "orders:read").await),
        ("the signature of another token", {
            let other = issuer.token(client, AUDIENCE, "orders:write").await;
            format!("{}.{}.{}", parts[0], parts[1], other.rsplit('.').next().unwrap())
        }),
        ("no signature", unsigned(r#"{"alg":"none","typ":"at+jwt"}"#)),
    ];
    for (what, token) in invalid {
        let answer = example.get(Some(&format!("Bearer {token}"))).await;
        assert_eq!(answer.status, 401, "{what}");
        assert!(answer.challenge.contains("error=\"invalid_token\""), "{what}: {}", answer.challenge);
    }

    let weak = issuer.token(client, AUDIENCE, "orders:write").await;
    let answer = example.expect(403, Some(&format!("Bearer {weak}"))).await;
    for part in ["error=\"insufficient_scope\"", "scope=\"orders:read\""] {
        assert!(answer.challenge.contains(part), "{}", answer.challenge);
    }
}

/// A service that may read and write orders here and elsewhere.
fn service(issuer: &Server, algorithm: &str) -> Registered {
    let resources = ["--resource", AUDIENCE, "--resource", ELSEWHERE];
    let rest = ["--scope", "orders:read orders:write", "--access-token-algorithm", algorithm];
    issuer.register(&[&["--kind", "service", "--name", "Reader"], &resources[..], &rest].concat())
}

/// A running example.
struct Example {
    url: String,
    http: reqwest::Client,
    process: Option<Child>,
}

struct Answer {
    status: u16,
    challenge: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

impl Example {
    fn start(mut program: Command, issuer: &Server) -> Self {
        let port = servers::free_port();
        program.env("ISSUER", &issuer.issuer).env("AUDIENCE", AUDIENCE).env("PORT", port.to_string());
        // The issuer is on this machine, whatever the way to the rest of the world.
        program.env("NO_PROXY", "*");
        let folder = servers::folder("example");
        let process = servers::kept("KILL", &folder, &program);
        servers::await_listener(port, &folder);
        Self { url: format!("http://127.0.0.1:{port}/orders"), http: issuer.http.clone(), process: Some(process) }
    }

    async fn expect(&self, status: u16, authorization: Option<&str>) -> Answer {
        let answer = self.get(authorization).await;
        assert_eq!(answer.status, status, "{authorization:?}: {}", answer.challenge);
        answer
    }

    async fn get(&self, authorization: Option<&str>) -> Answer {
        let mut request = self.http.get(&self.url);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let challenge = answer.headers().get("www-authenticate").map_or("", |value| value.to_str().unwrap()).to_owned();
        let refused = [400, 401, 403].contains(&status);
        assert_eq!(challenge.starts_with("Bearer realm=\"orders\""), refused, "{status}: {challenge}");
        Answer { status, challenge, body: answer.text().await.unwrap() }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        servers::stop(self.process.take().unwrap());
    }
}
