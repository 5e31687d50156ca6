//! Every mail that there is, for who looks at how mails read: about nobody, and with links that lead to nothing.
//!
//! Owns the list, which a test holds complete. What is shown of it is written as any mail is.

use super::letter::{Letter, Link};
use super::notice::{Happened, Notice};
use crate::support::Timestamp;

/// What stands where a token would.
const TOKEN: &str = "sample";
/// What stands where a code would.
const CODE: &str = "12345678";
/// What stands where an address of a network would: RFC 5737.
const NETWORK: &str = "192.0.2.1";
/// What stands where another mail address would: RFC 2606.
const ADDRESS: &str = "new@example.com";

/// A mail: what it is called, and what it says at a moment.
type Sample = (&'static str, fn(Timestamp) -> Letter);

/// The mails with links and codes, in the order in which somebody meets them.
const LETTERS: &[Sample] = &[
    ("sign_up", |_| Letter::SignUp { link: link("/signup/link"), code: CODE.to_owned() }),
    ("sign_up_taken", |_| Letter::SignUpTaken),
    ("invitation", |_| Letter::Invitation(link("/reset"))),
    ("verify_address", |_| Letter::VerifyAddress(link("/verify-email"))),
    ("sign_in", |_| Letter::SignIn { link: link("/login/link"), code: CODE.to_owned() }),
    ("code", |_| Letter::Code { code: CODE.to_owned() }),
    ("reset_password", |_| Letter::ResetPassword(link("/reset"))),
    ("reset_by_administrator", |_| Letter::ResetByAdministrator(link("/reset"))),
    ("new_address", |_| Letter::NewAddress(link("/verify-email"))),
    ("address_changed", |_| Letter::AddressChanged { now: ADDRESS.to_owned(), undo: Some(link("/undo-email")) }),
    ("test", |_| Letter::Test),
];

/// What people are told of, with whether an administrator did it.
const NOTICES: &[(&str, Happened, bool)] = &[
    ("password_changed", Happened::PasswordChanged, false),
    ("password_reset", Happened::PasswordReset, false),
    ("link_added", Happened::LinkAdded, false),
    ("link_removed", Happened::LinkRemoved, false),
    ("passkey_added", Happened::PasskeyAdded, false),
    ("passkey_removed", Happened::PasskeyRemoved, false),
    ("passkey_suspected", Happened::PasskeySuspected, false),
    ("factor_added", Happened::FactorAdded, false),
    ("factor_removed", Happened::FactorRemoved, false),
    ("factors_reset", Happened::FactorsReset, true),
    ("recovery_code_used", Happened::RecoveryCodeUsed, false),
    ("recovery_codes_renewed", Happened::RecoveryCodesRenewed, false),
    ("recovered", Happened::Recovered, false),
    ("prepared_ended", Happened::PreparedEnded, false),
    ("address_restored", Happened::AddressRestored, false),
    ("disabled", Happened::Disabled, true),
    ("enabled", Happened::Enabled, true),
    ("signed_out", Happened::SignedOut, true),
    ("new_sign_in", Happened::NewSignIn, false),
    ("passwords_held_back", Happened::PasswordsHeldBack, false),
    ("codes_held_back", Happened::CodesHeldBack, false),
    ("deleted", Happened::Deleted, false),
];

/// Every mail by its name, as one of this moment.
pub(super) fn all(at: Timestamp) -> impl Iterator<Item = (&'static str, Letter)> {
    let letters = LETTERS.iter().map(move |(name, letter)| (*name, letter(at)));
    letters.chain(NOTICES.iter().map(move |(name, happened, by_others)| {
        let address = (!by_others).then(|| NETWORK.to_owned());
        (*name, Letter::Notice(Notice { happened: *happened, at, address, by_others: *by_others }))
    }))
}

fn link(path: &str) -> Link {
    Link::to(path, TOKEN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The variants of an enum, read off the source that declares it.
    fn variants(source: &str, name: &str) -> BTreeSet<String> {
        let (_, rest) = source.split_once(&format!("pub enum {name} {{\n")).unwrap();
        let (body, _) = rest.split_once("\n}").unwrap();
        let of = body.lines().filter(|line| line.starts_with("    ") && line[4..].starts_with(char::is_uppercase));
        of.map(|line| line.trim().split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()).collect()
    }

    /// What a mail is called in the source.
    fn variant(letter: &Letter) -> String {
        let tagged = serde_json::to_value(letter).unwrap();
        tagged["says"].as_str().unwrap().replace('_', "")
    }

    #[test]
    fn every_mail_is_among_them_once() {
        let at = Timestamp::from_seconds(0);
        let names: Vec<&str> = all(at).map(|(name, _)| name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        let says: BTreeSet<String> = all(at).map(|(_, letter)| variant(&letter)).collect();
        let letters = variants(include_str!("letter.rs"), "Letter");
        let letters: BTreeSet<String> = letters.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(says, letters);
        let shown: BTreeSet<String> = NOTICES.iter().map(|(_, happened, _)| format!("{happened:?}")).collect();
        assert_eq!(shown, variants(include_str!("notice.rs"), "Happened"));
    }
}
