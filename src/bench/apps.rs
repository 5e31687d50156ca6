//! The apps: clients of each kind, registered as administrators register them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::draw::{Draw, For, spread};
use super::{Plan, SeedRejected};
use crate::admin::clients::{self, ClientResource};
use crate::admin::{Administration, ProvenAuthority};
use crate::model::client::{Client, ClientKind, ClientSecret, ConsentPolicy, SigningAlgorithm};
use crate::support::{Secret, Timestamp};

/// In which turn the kinds come: what signs people in is most of it, and the first app is one of those.
const KINDS: &[ClientKind] = &[
    ClientKind::Web,
    ClientKind::Browser,
    ClientKind::Web,
    ClientKind::Native,
    ClientKind::Web,
    ClientKind::Service,
    ClientKind::Web,
    ClientKind::Browser,
];
/// What they are called, with their names in Korean.
const NAMES: &[(&str, &str)] = &[
    ("Shop", "쇼핑몰"),
    ("Wiki", "위키"),
    ("Desk", "헬프데스크"),
    ("Mail", "메일"),
    ("Board", "게시판"),
    ("Payroll", "급여"),
    ("Calendar", "일정"),
    ("Portal", "사내 포털"),
];
const DAY: Duration = Duration::from_hours(24);
/// One in so many may not be used.
const DISABLED: u64 = 40;

/// A client, and the text of its secret where it has one.
pub(super) struct App {
    pub(super) client: Client,
    pub(super) secret: Option<Secret<String>>,
}

/// The apps of a plan.
pub(super) struct Apps {
    all: Vec<App>,
    /// Those that people sign in to, by their places.
    signing_in: Vec<usize>,
}

impl Apps {
    /// Those of a plan, of which there is at least one.
    pub(super) fn draw(
        admin: &Administration,
        authority: &ProvenAuthority,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Self, SeedRejected> {
        let stretch = (now.minus(DAY * 1000), now.minus(DAY * 100));
        let one = |number| -> Result<App, SeedRejected> {
            let drafted = clients::draft(admin, authority, &document(number))?;
            let draw = Draw::of(plan.seed, For::App, number);
            Ok(finished(drafted, &draw, number, spread(stretch, number, plan.apps)))
        };
        let all = (0..plan.apps).map(one).collect::<Result<Vec<App>, SeedRejected>>()?;
        let signs_in = |(_, app): &(usize, &App)| app.client.kind != ClientKind::Service;
        let signing_in = all.iter().enumerate().filter(signs_in).map(|(at, _)| at).collect();
        Ok(Self { all, signing_in })
    }

    /// One of them, by its number.
    pub(super) fn client(&self, number: u64) -> Result<Client, SeedRejected> {
        let app = usize::try_from(number).ok().and_then(|at| self.all.get(at));
        app.map(|app| app.client.clone()).ok_or_else(|| SeedRejected::Invalid(format!("app {number}")))
    }

    /// An app that end-users sign in to. A few have most of the people, as in life; the first one has the most.
    pub(super) fn of_pair(&self, draw: &Draw) -> &App {
        const WHOLE: u64 = 1 << 20;
        let drawn = u128::from(draw.below(WHOLE));
        let place = drawn * drawn * self.signing_in.len() as u128 / u128::from(WHOLE * WHOLE);
        let at = usize::try_from(place).ok().and_then(|place| self.signing_in.get(place)).copied();
        &self.all[at.unwrap_or(0)]
    }
}

/// What an administrator says of an app.
fn document(number: u64) -> ClientResource {
    let kind = KINDS[usize::try_from(number % KINDS.len() as u64).unwrap_or(0)];
    let (name, in_korean) = NAMES[usize::try_from(number / 3 % NAMES.len() as u64).unwrap_or(0)];
    let host = format!("app-{number}.example");
    let uris = match kind {
        ClientKind::Web => vec![format!("https://{host}/callback"), format!("https://www.{host}/callback")],
        ClientKind::Browser => vec![format!("https://{host}/")],
        ClientKind::Native => {
            vec![format!("com.example.app{number}:/callback"), "http://127.0.0.1/callback".to_owned()]
        }
        ClientKind::Service => Vec::new(),
    };
    let signs_in = kind != ClientKind::Service;
    let scope = if signs_in { "openid profile email offline_access" } else { "read write" };
    ClientResource {
        client_id: Some(format!("app-{number}")),
        client_name: Some(format!("{name} {number}")),
        kind: Some(kind),
        redirect_uris: signs_in.then_some(uris),
        post_logout_redirect_uris: (kind == ClientKind::Web).then(|| vec![format!("https://{host}/")]),
        scope: Some(scope.to_owned()),
        resources: (number % 5 == 4).then(|| vec![format!("https://api-{}.example", number % 20)]),
        consent: (signs_in && number % 4 == 3).then_some(ConsentPolicy::FirstParty),
        id_token_signed_response_alg: (signs_in && number % 3 == 1).then_some(SigningAlgorithm::ES256),
        client_uri: Some(format!("https://{host}/")),
        names: BTreeMap::from([("client_name#ko".to_owned(), format!("{in_korean} {number}"))]),
        ..ClientResource::default()
    }
}

/// The client as it is after it was registered at an instant, with its secret, and after it was switched off where it is one of those.
fn finished(drafted: Client, draw: &Draw, number: u64, at: Timestamp) -> App {
    let mut client = Client { created_at: at, updated_at: at, ..drafted };
    let mut text = None;
    if client.authentication.method.uses_secret() {
        let (secret, kept) = ClientSecret::generate(at, draw.chance());
        client.authentication.secrets = vec![kept];
        text = Some(secret);
    }
    if number % DISABLED == DISABLED - 1 {
        client.enabled = false;
        client.epoch = client.epoch.next();
        client.version += 1;
    }
    App { client, secret: text }
}
