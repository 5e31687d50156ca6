//! A real mail server, of others' making: aiosmtpd.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use haechi::config::mail::{MailConfig, MailEncryption, MailMechanism, MailTransport};
use haechi::mail::{Letter, Unsent};
use haechi::model::Locale;
use haechi::model::mail::{Mail, MailState};
use haechi::model::user::EmailAddress;
use serde_json::{Value, json};

use super::EMAIL;
use crate::foreign::python;
use crate::support::app::TestApp;
use crate::support::tls::Certified;

/// A mail server: it says its port, and then each mail that it takes.
const SERVER: &str = r"
import asyncio, base64, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

config = json.loads(sys.argv[1])

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if config.get('refuses'):
            return config['refuses']
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(config.get('slow', 0))
        said = {'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'tls': session.ssl is not None or config.get('tls', False),
                'user': getattr(session, 'by', None), 'hello': session.host_name,
                'content': envelope.content.decode('ascii')}
        print(json.dumps(said), flush=True)
        return config.get('answers', '250 2.0.0 taken as 4711')

def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b'haechi' and data.password == b'pass word'
    session.by = mechanism if right else None
    return AuthResult(success=right, handled=False)

class Speaking(SMTP):
    '''XOAUTH2 as Google and Microsoft have it: the account and its access token in the initial response.'''
    async def auth_XOAUTH2(self, _, args):
        said = base64.b64decode(args[1]).split(b'\x01') if len(args) > 1 else []
        right = said[:2] == [b'user=haechi', b'auth=Bearer access.token'] and said[2:] == [b'', b'']
        self.session.by = 'XOAUTH2' if right else None
        return AuthResult(success=right, handled=False)

def context():
    if not config.get('certificate'):
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(config['certificate'], config['key'])
    return made

async def main():
    tls = config.get('tls', False)
    more = {}
    if config.get('auth'):
        more = {'authenticator': authenticate, 'auth_required': True, 'auth_require_tls': not tls}
        if config['auth'] != 'any':
            more['auth_exclude_mechanism'] = [one for one in ('PLAIN', 'LOGIN', 'XOAUTH2') if one != config['auth']]
    def factory():
        return Speaking(Handler(), hostname='mail.test', tls_context=None if tls else context(),
                    require_starttls=bool(config.get('certificate')) and not tls, **more)
    server = await asyncio.get_running_loop().create_server(factory, '127.0.0.1', 0, ssl=context() if tls else None)
    print(json.dumps({'port': server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()

asyncio.run(main())
";

pub struct MailServer {
    child: Child,
    pub port: u16,
    received: Arc<Mutex<Vec<Value>>>,
}

impl MailServer {
    /// One that behaves so; `None` where the tests' Python is not installed.
    pub fn start(behaviour: &Value) -> Option<Self> {
        let mut command = python()?;
        command.args(["-c", SERVER, &behaviour.to_string()]).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        let received: Arc<Mutex<Vec<Value>>> = Arc::default();
        let kept = received.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Some(Self { child, port: u16::try_from(first["port"].as_u64().unwrap()).unwrap(), received })
    }

    pub fn received(&self) -> Vec<Value> {
        // What it took it says before it answers; the line may be on its way still.
        std::thread::sleep(Duration::from_millis(100));
        self.received.lock().unwrap().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn house(server: &MailServer, change: impl FnOnce(&mut MailConfig)) -> TestApp {
    let mut mail = MailConfig {
        transport: Some(MailTransport::Smtp),
        from: Some("id@example.com".to_owned()),
        from_name: Some("책방 & Co".to_owned()),
        reply_to: Some("help@example.com".to_owned()),
        host: Some("127.0.0.1".to_owned()),
        port: Some(server.port),
        encryption: MailEncryption::Plain,
        timeout_seconds: 2,
        ..MailConfig::default()
    };
    change(&mut mail);
    TestApp::with(|config| config.mail = mail).await
}

async fn sent(house: &TestApp) -> Mail {
    let to = EmailAddress::parse(EMAIL).unwrap();
    house.commit(vec![house.mailer.put(&to, None, Locale::Ko, Letter::Test).unwrap()]).await;
    house.send_mail().await;
    house.outbox().await.remove(0)
}

/// A certificate for the address that the tests' mail server has.
fn certified() -> Certified {
    Certified::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()])
}

#[allow(clippy::needless_pass_by_value, reason = "it is written where it is used")]
fn encrypted(certified: &Certified, more: Value) -> Value {
    let (certificate, key) = certified.files();
    let mut behaviour = json!({ "certificate": certificate, "key": key });
    behaviour.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    behaviour
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written_by_starttls_and_by_tls() {
    let certified = certified();
    for (tls, encryption) in [(false, MailEncryption::Starttls), (true, MailEncryption::Tls)] {
        let Some(server) = MailServer::start(&encrypted(&certified, json!({ "tls": tls }))) else { return };
        let house = house(&server, |mail| {
            mail.encryption = encryption;
            mail.authorities = Some(certified.authorities());
        })
        .await;
        let mail = sent(&house).await;
        assert_eq!((mail.state, mail.last.as_ref().unwrap().code), (MailState::Sent, Some(250)), "{:?}", mail.last);
        assert!(mail.sealed.is_empty(), "what was sent is not kept");
        let received = server.received();
        let got = &received[0];
        assert_eq!((got["tls"].as_bool(), got["to"][0].as_str()), (Some(true), Some(EMAIL)));
        assert_eq!((got["from"].as_str(), got["hello"].as_str()), (Some("id@example.com"), Some("id.example")));
        let content = got["content"].as_str().unwrap();
        for header in ["Reply-To: help@example.com", "Auto-Submitted: auto-generated", "MIME-Version: 1.0"] {
            assert!(content.contains(header), "{header}: {content}");
        }
        let parsed = parsed(content);
        assert_eq!(parsed["from"], "책방 & Co <id@example.com>");
        assert_eq!(parsed["subject"], "Haechi: 메일이 잘 도착해요");
        assert_eq!(parsed["types"], json!(["text/plain", "text/html"]));
        assert!(parsed["text"].as_str().unwrap().contains("잘 도착했어요"), "{parsed}");
        assert_eq!(parsed["id"], format!("<{}@id.example>", mail.id));
    }
}

/// The mail as another's library reads it.
fn parsed(content: &str) -> Value {
    const READ: &str = "
import email, email.policy, json, sys
mail = email.message_from_string(sys.stdin.read(), policy=email.policy.default)
assert not mail.defects, mail.defects
parts = list(mail.iter_parts())
print(json.dumps({'from': str(mail['from']), 'subject': str(mail['subject']), 'id': str(mail['message-id']),
                  'types': [part.get_content_type() for part in parts], 'text': parts[0].get_content()}))
";
    use std::io::Write;
    let mut command = python().unwrap();
    let mut child = command.args(["-c", READ]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(content.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn it_authenticates_by_the_mechanisms_that_servers_know() {
    let certified = certified();
    for (knows, chosen, works) in [
        ("any", None, true),
        ("LOGIN", None, true),
        ("PLAIN", Some(MailMechanism::Plain), true),
        ("LOGIN", Some(MailMechanism::Login), true),
        ("LOGIN", Some(MailMechanism::Plain), false),
    ] {
        let Some(server) = MailServer::start(&encrypted(&certified, json!({ "auth": knows }))) else { return };
        let folder = crate::support::folder::Folder::new();
        folder.write("password", "pass word\n");
        let house = house(&server, |mail| {
            mail.encryption = MailEncryption::Starttls;
            mail.authorities = Some(certified.authorities());
            mail.user = Some("haechi".to_owned());
            mail.password_file = Some(folder.path().join("password"));
            mail.mechanism = chosen;
        })
        .await;
        let mail = sent(&house).await;
        assert_eq!(mail.state == MailState::Sent, works, "{knows} {chosen:?}: {:?}", mail.last);
    }
}

/// With an access token, as Google and Microsoft want it; and never with what is none of theirs.
#[tokio::test]
async fn it_authenticates_by_an_access_token() {
    let certified = certified();
    for (token, works) in [("access.token", true), ("another.token", false)] {
        let Some(server) = MailServer::start(&encrypted(&certified, json!({ "auth": "XOAUTH2" }))) else { return };
        let house = house(&server, |mail| {
            mail.encryption = MailEncryption::Starttls;
            mail.authorities = Some(certified.authorities());
            mail.user = Some("haechi".to_owned());
            mail.password = Some(token.to_owned());
            mail.mechanism = Some(MailMechanism::Xoauth2);
        })
        .await;
        let mail = sent(&house).await;
        assert_eq!(mail.state == MailState::Sent, works, "{token}: {:?}", mail.last);
        let received = server.received();
        assert_eq!(received.first().map(|got| got["user"].clone()), works.then(|| json!("XOAUTH2")));
        let said = format!("{:?}", mail.last);
        assert!(!said.contains(token), "{said}");
    }
}

/// An access token lives for an hour: whatever renews it writes its file anew, and nobody restarts anything.
#[tokio::test]
async fn an_access_token_that_was_renewed_in_its_file_counts_from_the_next_attempt_on() {
    let certified = certified();
    let Some(server) = MailServer::start(&encrypted(&certified, json!({ "auth": "XOAUTH2" }))) else { return };
    let folder = crate::support::folder::Folder::new();
    folder.write("token", "expired.token\n");
    let house = house(&server, |mail| {
        mail.encryption = MailEncryption::Starttls;
        mail.authorities = Some(certified.authorities());
        mail.user = Some("haechi".to_owned());
        mail.password_file = Some(folder.path().join("token"));
        mail.mechanism = Some(MailMechanism::Xoauth2);
    })
    .await;
    let waiting = sent(&house).await;
    assert_eq!(waiting.state, MailState::Waiting, "{:?}", waiting.last);
    // While it is being written there is none: that is no reason to give a mail up.
    std::fs::remove_file(folder.path().join("token")).unwrap();
    house.clock.advance(Duration::from_secs(5));
    house.send_mail().await;
    let without = house.outbox().await.remove(0);
    assert_eq!((without.state, without.attempts), (MailState::Waiting, 2), "{:?}", without.last);
    folder.write("token", "access.token\n");
    house.clock.advance(Duration::from_secs(30));
    house.send_mail().await;
    let mail = house.outbox().await.remove(0);
    assert_eq!((mail.state, server.received().len()), (MailState::Sent, 1), "{:?}", mail.last);
}

#[tokio::test]
async fn a_wrong_password_is_said_in_the_servers_words() {
    let certified = certified();
    let Some(server) = MailServer::start(&encrypted(&certified, json!({ "auth": "any" }))) else { return };
    let house = house(&server, |mail| {
        mail.encryption = MailEncryption::Starttls;
        mail.authorities = Some(certified.authorities());
        mail.user = Some("haechi".to_owned());
        mail.password = Some("canary".to_owned());
    })
    .await;
    let refused = house.mailer.test(&EmailAddress::parse(EMAIL).unwrap(), Locale::En).await.unwrap_err();
    let Unsent::Refused { code: 535, said } = refused else { panic!("{refused:?}") };
    assert!(said.contains("Authentication credentials invalid") && !said.contains("canary"), "{said}");
}

/// Whoever stands in between cannot read what signs in: a server without STARTTLS, or with a certificate of nobody's, gets nothing.
#[tokio::test]
async fn nothing_goes_to_a_server_that_is_not_the_one_it_says_it_is() {
    let certified = certified();
    let Some(plain) = MailServer::start(&json!({})) else { return };
    let without = house(&plain, |mail| mail.encryption = MailEncryption::Starttls).await;
    let Some(forged) = MailServer::start(&encrypted(&certified, json!({ "tls": true }))) else { return };
    let unknown = house(&forged, |mail| mail.encryption = MailEncryption::Tls).await;
    for (house, server) in [(&without, &plain), (&unknown, &forged)] {
        let mail = sent(house).await;
        assert_eq!(mail.state, MailState::Waiting, "{:?}", mail.last);
        assert_eq!(server.received(), Vec::<Value>::new());
    }
}

#[tokio::test]
async fn what_a_server_refuses_is_tried_again_or_given_up_as_its_answer_says() {
    for (behaviour, state, code, said) in [
        (json!({ "refuses": "550 5.1.1 no such mailbox" }), MailState::Failed, Some(550), "no such mailbox"),
        (json!({ "refuses": "452 4.2.2 mailbox full" }), MailState::Waiting, Some(452), "mailbox full"),
        (json!({ "refuses": "535 5.7.8 credentials expired" }), MailState::Waiting, Some(535), "credentials expired"),
        (json!({ "refuses": "421 4.3.2 shutting down" }), MailState::Waiting, Some(421), "shutting down"),
        (json!({ "answers": "554 5.7.1 looks like spam" }), MailState::Failed, Some(554), "looks like spam"),
        (json!({ "slow": 30 }), MailState::Waiting, None, ""),
    ] {
        let Some(server) = MailServer::start(&behaviour) else { return };
        let house = house(&server, |mail| mail.timeout_seconds = 1).await;
        let mail = sent(&house).await;
        let last = mail.last.clone().unwrap();
        assert_eq!((mail.state, last.code), (state, code), "{behaviour}: {last:?}");
        assert!(last.problem.unwrap().contains(said), "{behaviour}");
        assert!(!mail.sealed.is_empty(), "it may be sent again: {behaviour}");
    }
}

#[tokio::test]
async fn a_server_that_comes_back_gets_what_waited() {
    let Some(full) = MailServer::start(&json!({ "refuses": "452 4.3.1 full" })) else { return };
    let away = house(&full, |_| ()).await;
    assert_eq!(sent(&away).await.state, MailState::Waiting);
    let Some(back) = MailServer::start(&json!({})) else { return };
    let port = back.port;
    let house = away.restarted(|config| config.mail.port = Some(port)).await;
    house.clock.advance(Duration::from_secs(5));
    house.send_mail().await;
    assert_eq!((house.outbox().await.remove(0).state, back.received().len()), (MailState::Sent, 1));
}
