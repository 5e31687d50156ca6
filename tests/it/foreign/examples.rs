//! The resource servers of `examples/`: each lets in whom it should and nobody else.

use std::collections::BTreeMap;
use std::process::{Child, Command};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::server::{Registered, Server};
use super::{built, installed, node, path, python};
use crate::support::servers;

const AUDIENCE: &str = "https://orders.example";
const ELSEWHERE: &str = "https://elsewhere.example";

/// What of a program is its framework's choice, within what RFC 6750 leaves open.
#[derive(Clone, Copy)]
struct Style {
    /// The signature algorithms that it knows.
    algorithms: &'static [&'static str],
    /// Its answer to a header that brings no token: section 3.1 says 400 as a SHOULD, frameworks say 401.
    malformed: u16,
    /// Whether its challenges name the realm, and the scope that is missing.
    full_challenges: bool,
    /// Whether a challenge comes with a 403, too.
    challenges_403: bool,
    /// Whether it verifies tokens while the issuer is away.
    offline: bool,
}

/// The programs that are written here to the letter.
const OWN: Style = Style {
    algorithms: &["ES256", "ES384", "EdDSA", "PS256", "RS256"],
    malformed: 400,
    full_challenges: true,
    challenges_403: true,
    offline: true,
};
/// Spring Security knows no `EdDSA`.
const SPRING: Style = Style {
    algorithms: &["ES256", "ES384", "PS256", "RS256"],
    malformed: 401,
    full_challenges: false,
    challenges_403: true,
    offline: true,
};
const SPRING_INTROSPECTION: Style = Style { algorithms: OWN.algorithms, offline: false, ..SPRING };
/// `auth_request` hands on the challenge of a 401 alone.
const NGINX: Style = Style { malformed: 401, full_challenges: false, challenges_403: false, ..OWN };

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_rust() {
    let program = path("target/examples/debug/resource-server-rust");
    let program =
        servers::found(program.exists().then(|| Command::new(program)), "the example in Rust, by cargo build,");
    prove(OWN, program, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_node() {
    prove(OWN, script(node("examples/resource-server-node"), "examples/resource-server-node/server.mjs"), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_python() {
    prove(OWN, script(python(), "examples/resource-server-python/server.py"), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_go() {
    prove(OWN, built(VERIFIER).map(Command::new), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_behind_nginx() {
    let Some(verifier) = built(VERIFIER) else { return };
    let nginx = installed("/usr/sbin/nginx").map(|_| Command::new("setsid"));
    let nginx = nginx.map(|mut nginx| {
        nginx.arg(path("examples/nginx-resource-server/start"));
        nginx.env("VERIFIER", verifier).env("RUN", servers::folder("nginx"));
        nginx.env("VERIFIER_PORT", servers::free_port().to_string());
        nginx.env("APP_PORT", servers::free_port().to_string());
        nginx
    });
    prove(NGINX, nginx, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_spring_boot() {
    prove(SPRING, spring("orders.jar", &[]), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_spring_boot_3_5() {
    prove(SPRING, spring("boot-3.5/orders.jar", &[]), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_spring_boot_without_its_bean() {
    let program = spring("orders.jar", &["--orders.token-type=JWT"]);
    prove(SPRING, program, &["--access-token-type", "JWT"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_spring_boot_3_5_without_its_bean() {
    let program = spring("boot-3.5/orders.jar", &["--orders.token-type=JWT"]);
    prove(SPRING, program, &["--access-token-type", "JWT"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_spring_boot_by_introspection() {
    prove(SPRING_INTROSPECTION, spring("orders.jar", &["--spring.profiles.active=introspection"]), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resource_server_in_spring_boot_3_5_by_introspection() {
    prove(SPRING_INTROSPECTION, spring("boot-3.5/orders.jar", &["--spring.profiles.active=introspection"]), &[]).await;
}

/// The resource server in Go, which is nginx's verifier too.
const VERIFIER: &str = "target/examples/resource-server-go";

fn script(program: Option<Command>, script: &str) -> Option<Command> {
    program.map(|mut program| {
        program.arg(path(script));
        program
    })
}

/// The resource server of Spring Boot, by one of its two builds.
fn spring(jar: &str, arguments: &[&str]) -> Option<Command> {
    let jar = built(&format!("examples/spring-boot-resource-server/target/{jar}"))?;
    let mut java = Command::new("java");
    java.args(["-Xmx256m", "-jar"]).arg(jar).args(arguments);
    Some(java)
}

async fn prove(style: Style, program: Option<Command>, clients_have: &[&str]) {
    let Some(program) = program else { return };
    let mut issuer = Server::start().await;
    // The key of EdDSA comes with the first client that is registered with it. A program that learned of it from a token would have read the JWKS
    // anew, and would not do so again at once for the key that takes a revoked one's place.
    let mut clients = Vec::new();
    for algorithm in style.algorithms {
        clients.push((algorithm, service(&issuer, algorithm, clients_have)));
        issuer.publishes(algorithm).await;
    }
    let example = Example::start(style, program, &issuer);
    let client = service(&issuer, "ES256", clients_have);

    refusals(&example, &issuer, &client).await;
    for (algorithm, client) in clients {
        let token = issuer.token(&client, AUDIENCE, "orders:read").await;
        let answer = example.get(Some(&format!("Bearer {token}"))).await;
        assert_eq!(answer.status, 200, "{algorithm}: {}", answer.challenge);
        assert_eq!(answer.json()["reader"], client.id, "{algorithm}");
    }
    issuer.revoke_key(&client, AUDIENCE).await;
    let token = issuer.token(&client, AUDIENCE, "orders:read orders:write").await;
    example.expect(200, Some(&format!("bearer {token}"))).await;

    let unknown = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"unknown"}"#);
    example.expect(401, Some(&format!("Bearer {unknown}.{}", token.split_once('.').unwrap().1))).await;
    if style.offline {
        issuer.stop();
        example.expect(200, Some(&format!("Bearer {token}"))).await;
    }
}

/// Everybody who must stay outside, and what they are told: RFC 6750 section 3.
async fn refusals(example: &Example, issuer: &Server, client: &Registered) {
    let none = example.expect(401, None).await;
    assert!(!none.challenge.contains("error="), "{}", none.challenge);

    for malformed in ["Basic YTpi", "Bearer", "Bearer a b"] {
        let answer = example.expect(example.style.malformed, Some(malformed)).await;
        let said = example.style.malformed != 400 || answer.challenge.contains("error=\"invalid_request\"");
        assert!(said, "{malformed}: {}", answer.challenge);
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
    let style = example.style;
    let (code, scope) = ("error=\"insufficient_scope\"", "scope=\"orders:read\"");
    assert!(!style.challenges_403 || answer.challenge.contains(code), "{}", answer.challenge);
    assert!(!style.full_challenges || answer.challenge.contains(scope), "{}", answer.challenge);
}

/// A service that may read and write orders here and elsewhere.
fn service(issuer: &Server, algorithm: &str, more: &[&str]) -> Registered {
    let resources = ["--resource", AUDIENCE, "--resource", ELSEWHERE];
    let rest = ["--scope", "orders:read orders:write", "--access-token-algorithm", algorithm];
    issuer.register(&[&["--kind", "service", "--name", "Reader"], &resources[..], &rest, more].concat())
}

/// A running example.
struct Example {
    style: Style,
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
    fn start(style: Style, mut program: Command, issuer: &Server) -> Self {
        let port = servers::free_port();
        program.env("ISSUER", &issuer.issuer).env("AUDIENCE", AUDIENCE).env("PORT", port.to_string());
        if !style.offline {
            let service = issuer.register(&["--kind", "service", "--name", "Orders", "--serves", AUDIENCE]);
            program.env("CLIENT_ID", service.id).env("CLIENT_SECRET", service.secret.unwrap());
        }
        // The issuer is on this machine, whatever the way to the rest of the world.
        program.env("NO_PROXY", "*");
        let folder = servers::folder("example");
        let process = servers::kept("KILL", &folder, &program);
        servers::await_listener(port, &folder);
        let url = format!("http://127.0.0.1:{port}/orders");
        Self { style, url, http: issuer.http.clone(), process: Some(process) }
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
        let refused = [400, 401].contains(&status) || (status == 403 && self.style.challenges_403);
        let begin = if self.style.full_challenges { "Bearer realm=\"orders\"" } else { "Bearer" };
        assert_eq!(challenge.starts_with(begin), refused, "{status}: {challenge}");
        Answer { status, challenge, body: answer.text().await.unwrap() }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        servers::stop(self.process.take().unwrap());
    }
}
