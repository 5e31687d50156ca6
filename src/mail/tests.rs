use super::*;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::branding::Accent;
use crate::support::SeededRandom;

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn mail(attempts: u32) -> Mail {
    Mail {
        id: MailId::new(NOW, &SeededRandom::new(1)),
        purpose: MailPurpose::Notice,
        user: None,
        to: address("kim@example.com"),
        sealed: vec![1],
        state: MailState::Waiting,
        attempts,
        created_at: NOW,
        next_at: NOW,
        stale_at: NOW.plus(Duration::from_hours(1)),
        last: None,
    }
}

#[test]
fn what_may_pass_is_tried_again_and_what_does_not_is_given_up() {
    let refused = |code| Err(Unsent::Refused { code, said: "no".to_owned() });
    for (attempts, sent, state) in [
        (1, Ok(Delivery { code: Some(250), said: String::new() }), MailState::Sent),
        (1, refused(421), MailState::Waiting),
        (1, refused(452), MailState::Waiting),
        (1, Err(Unsent::Unreached("away".to_owned())), MailState::Waiting),
        (10, refused(452), MailState::Failed),
        (1, refused(550), MailState::Failed),
        (1, Err(Unsent::Unreadable), MailState::Failed),
        (1, Err(Unsent::Stale), MailState::Dropped),
    ] {
        let noted = noted(mail(attempts), sent.clone(), NOW);
        assert_eq!(noted.state, state, "{attempts} {sent:?}");
        assert_eq!(noted.next_at > NOW, state == MailState::Waiting, "{attempts} {sent:?}");
    }
    let last = noted(mail(1), refused(550), NOW).last.unwrap();
    assert_eq!((last.code, last.problem.as_deref()), (Some(550), Some("no")));
}

fn sender() -> message::Sender {
    message::Sender { from: address("id@example.com"), reply_to: None, host: "id.example".to_owned() }
}

fn written(service: &str, letter: &Letter, locale: Locale) -> (Rendered, String) {
    let issuer = Issuer::parse("https://id.example/tenant").unwrap();
    let to = address("kim@example.com");
    let rendered = compose::render(letter, (locale, &to), &issuer, (service, Accent::default()));
    let id = MailId::new(NOW, &SeededRandom::new(1));
    let built = message::build(&sender(), service, (id, &to), &rendered, NOW).unwrap();
    (rendered, String::from_utf8(built.message.formatted()).unwrap())
}

fn letters() -> Vec<Letter> {
    let link = || Link::to("/reset", "hott_token");
    let notices = [
        Happened::PasswordChanged,
        Happened::PasswordReset,
        Happened::LinkAdded,
        Happened::LinkRemoved,
        Happened::PasskeyAdded,
        Happened::PasskeyRemoved,
        Happened::PasskeySuspected,
        Happened::FactorAdded,
        Happened::FactorRemoved,
        Happened::FactorsReset,
        Happened::RecoveryCodeUsed,
        Happened::RecoveryCodesRenewed,
        Happened::Recovered,
        Happened::PreparedEnded,
        Happened::AddressRestored,
        Happened::Disabled,
        Happened::Enabled,
        Happened::SignedOut,
        Happened::NewSignIn,
        Happened::PasswordsHeldBack,
        Happened::CodesHeldBack,
        Happened::Deleted,
    ];
    let notice = |happened| {
        Letter::Notice(Notice { happened, at: NOW, address: Some("192.0.2.1".to_owned()), by_others: false })
    };
    [
        Letter::Test,
        Letter::VerifyAddress(link()),
        Letter::NewAddress(link()),
        Letter::AddressChanged { now: "new@example.com".to_owned(), undo: Some(link()) },
        Letter::AddressChanged { now: "new@example.com".to_owned(), undo: None },
        Letter::ResetPassword(link()),
        Letter::ResetByAdministrator(link()),
        Letter::Invitation(link()),
        Letter::SignUp { link: link(), code: "012345".to_owned() },
        Letter::SignUpTaken,
        Letter::SignIn { link: link(), code: "012345".to_owned() },
        Letter::Code { code: "012345".to_owned() },
    ]
    .into_iter()
    .chain(notices.map(notice))
    .collect()
}

#[test]
fn every_letter_says_the_same_in_both_parts_and_in_every_language() {
    for (letter, locale) in letters().iter().flat_map(|letter| Locale::ALL.iter().map(move |locale| (letter, *locale)))
    {
        let (rendered, raw) = written("Books & Co", letter, locale);
        assert!(rendered.subject.starts_with("Books & Co: "), "{letter:?}: {}", rendered.subject);
        assert!(rendered.text.contains(&rendered.subject), "{letter:?}");
        assert!(rendered.html.contains("Books &#38; Co"), "{letter:?}");
        assert!(!rendered.html.contains("{ $") && !rendered.text.contains("{ $"), "{letter:?}");
        // No picture, script or form of anybody's, and no address but the server's own.
        for forbidden in ["<img", "<script", "<form", "http://", "url(", "@import"] {
            assert!(!rendered.html.contains(forbidden), "{letter:?}: {forbidden}");
        }
        let own = rendered.html.matches("https://").count();
        assert_eq!(own, rendered.html.matches("https://id.example/tenant").count(), "{letter:?}");
        assert!(raw.contains("Auto-Submitted: auto-generated"), "{raw}");
        assert!(raw.contains("text/plain") && raw.contains("text/html"), "{raw}");
        let link = "https://id.example/tenant/reset?token=hott_token";
        let has_link = rendered.text.contains("hott_token");
        assert_eq!(has_link, rendered.html.contains(link) && rendered.text.contains(link), "{letter:?}");
        // What the text says, the other part says in the same order.
        let html = words(&rendered.html);
        let mut rest = html.as_str();
        for line in rendered.text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "--") {
            let line = line.trim_end_matches(':');
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            for said in [name, value].into_iter().filter(|_| line != rendered.subject).filter(|said| !said.is_empty()) {
                let at = rest.find(said).unwrap_or_else(|| panic!("{letter:?} {locale:?}: {said} is not in {rest}"));
                rest = &rest[at..];
            }
        }
    }
}

/// A page as it is read.
fn words(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap();
    let texts = body.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
    texts.collect::<Vec<_>>().join(" ").replace("&#38;", "&").replace("&#39;", "'")
}

/// MAIL-015, and RFC 5322 section 2.2: a header ends with its line.
#[test]
fn no_text_becomes_a_header_or_markup() {
    let service = "<a href=//evil>Books</a>\r\nBcc: victim@example.com\r\n\r\nbody";
    let (rendered, raw) = written(service, &Letter::Test, Locale::En);
    assert!(!rendered.html.contains("<a href=//evil"), "{}", rendered.html);
    let head = raw.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head}");
    assert!(head.lines().any(|line| line.starts_with("To: kim@example.com")), "{head}");
}

#[test]
fn what_is_not_a_flow_is_in_no_link() {
    let link = |flow: &str| Link { flow: Some(flow.to_owned()), ..Link::to("/reset", "t") }.local();
    assert_eq!(link("azn_1"), "/reset?token=t&flow=azn_1");
    assert_eq!(link("x&next=//evil"), "/reset?token=t");
}

#[test]
fn whoever_does_something_themselves_is_told_from_where_and_not_what_they_know() {
    let random = SeededRandom::new(1);
    let (kim, admin) = (UserId::new(NOW, &random), UserId::new(NOW, &random));
    let event = |kind, actor| {
        let event = AuditEvent::new(kind, Actor::User(actor), NOW, &random).to_user(kim);
        AuditEvent { address: Some("192.0.2.1".to_owned()), ..event }
    };
    assert_eq!(notice::of(&event(AuditKind::SessionsRevoked, kim)), None);
    assert_eq!(notice::of(&event(AuditKind::SessionsRevoked, admin)), Some(Happened::SignedOut));
    assert_eq!(notice::of(&event(AuditKind::SignedIn, kim)), None);
    let own = Notice::of(Happened::PasswordChanged, &event(AuditKind::PasswordChanged, kim));
    assert_eq!((own.by_others, own.address.as_deref()), (false, Some("192.0.2.1")));
    let others = Notice::of(Happened::PasswordChanged, &event(AuditKind::PasswordChanged, admin));
    assert_eq!((others.by_others, others.address), (true, None));
}
