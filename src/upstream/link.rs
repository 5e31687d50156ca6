//! Whose account it is: what happens when a provider's answer is verified. Pure: facts in, decision out.
//!
//! Owns every rule about linking. Three hold in all of them: what identifies a user is the provider's subject and never an address;
//! an account that exists is linked only by a user who proves to own it, in the session that began it; and an account is never
//! handed to a user who comes later with the same address.

use crate::support::id::UserId;

/// What is known of the address that the provider named, among the accounts here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KnownEmail {
    /// An account has it and proved to own it.
    Verified(UserId),
    /// An account has it and never proved anything.
    Unverified(UserId),
    /// No account has it.
    Unknown,
}

/// What the provider says of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProviderEmail {
    /// It verified the address, and its word counts here.
    VerifiedTrusted,
    /// It says that it verified the address, and its word does not count.
    VerifiedUntrusted,
    /// It did not verify the address, or says nothing about it.
    Unverified,
    /// There is no address.
    Absent,
}

/// Everything that the decision rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The account that the provider's subject is linked to.
    pub link: Option<UserId>,
    /// Who has the address here. Where the provider named none, `Unknown`.
    pub known: KnownEmail,
    /// What the provider says of the address.
    pub email: ProviderEmail,
    /// Whether the connection lets users make accounts, and the server too.
    pub sign_up: bool,
    /// Whether an address is proved by mail before there is an account with it: then nobody is told who has one.
    pub proves_first: bool,
    /// The account that, signed in here, asked to add a link, and still is signed in. A user who only signs in has no such wish,
    /// whichever accounts are signed in to the browser.
    pub adding_to: Option<UserId>,
}

/// What a verified answer leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkDecision {
    /// The user is signed in to the linked account.
    SignIn(UserId),
    /// The account of the user who asked for it gets the link.
    Link(UserId),
    /// The link was there already.
    AlreadyLinked,
    /// Another account has the link: it is not moved.
    LinkedElsewhere,
    /// An account has the address. Its owner proves to be that before the two are linked; a user who cannot gets nothing.
    ProveFirst(UserId),
    /// A new account, with this link.
    SignUp {
        /// Whether its address counts as verified.
        email_verified: bool,
    },
    /// Whoever has the address is mailed: there is a new account once the user proves it, unless one has it already.
    ProveAddress,
    /// A new account, once the user has said an address, which counts as not verified.
    AskEmail,
    /// There is no account, and none is made this way.
    NoAccount,
}

/// Decides what an answer leads to, from facts alone.
///
/// Why a known address leads to [`LinkDecision::ProveFirst`], even where both sides call it verified: the provider's word
/// says who has the mailbox today, not who made the account. That an account's address was never verified makes no difference
/// either: its maker, perhaps in advance and with a password of their own, must not end up in an account with the one who
/// really has the address.
///
/// And why, where addresses are proved first, one that nobody vouches for leads to the same whether an account has it or not: whoever says it learns nothing of who has one. Its
/// owner signs in, and links the two then. A provider whose word counts vouches for it: its user has the mailbox, and may know.
pub fn decide(facts: &Facts) -> LinkDecision {
    if let Some(user) = facts.adding_to {
        return match facts.link {
            None => LinkDecision::Link(user),
            Some(linked) if linked == user => LinkDecision::AlreadyLinked,
            Some(_) => LinkDecision::LinkedElsewhere,
        };
    }
    if let Some(linked) = facts.link {
        return LinkDecision::SignIn(linked);
    }
    let said_only = matches!(facts.email, ProviderEmail::VerifiedUntrusted | ProviderEmail::Unverified);
    if facts.proves_first && said_only {
        return if facts.sign_up { LinkDecision::ProveAddress } else { LinkDecision::NoAccount };
    }
    match (facts.known, facts.email, facts.sign_up) {
        (_, ProviderEmail::Absent, true) => LinkDecision::AskEmail,
        (KnownEmail::Verified(owner) | KnownEmail::Unverified(owner), email, _) if email != ProviderEmail::Absent => {
            LinkDecision::ProveFirst(owner)
        }
        (KnownEmail::Unknown, email, true) => {
            LinkDecision::SignUp { email_verified: email == ProviderEmail::VerifiedTrusted }
        }
        _ => LinkDecision::NoAccount,
    }
}

#[cfg(test)]
mod tests {
    use super::LinkDecision as D;
    use super::*;
    use crate::support::{SeededRandom, Timestamp};

    fn user(seed: u64) -> UserId {
        UserId::new(Timestamp::from_seconds(1), &SeededRandom::new(seed))
    }

    /// Every combination of the facts. Rows: what is known of the address, and what the provider says of it. Columns: no account is
    /// adding a link, with and without sign-up; an account is, with and without sign-up. Each cell: no link exists, then one does: of
    /// the owner of the address (`o`), where an account is adding also its own (`m`).
    ///
    /// `P` prove first, `S` sign up verified, `s` sign up unverified, `?` ask for an address, `-` no account, `o` signed in as
    /// the linked account, `L` linked, `=` linked already, `x` linked elsewhere. Where addresses are proved first, `@` prove the address, in the place of `P` and `s`
    /// of one that nobody vouches for, as [`said_only`] has it.
    const TABLE: &[(&str, &str, [&str; 4])] = &[
        ("verified", "verified trusted", ["Po", "Po", "Lx=", "Lx="]),
        ("verified", "verified untrusted", ["Po", "Po", "Lx=", "Lx="]),
        ("verified", "unverified", ["Po", "Po", "Lx=", "Lx="]),
        ("verified", "absent", ["?o", "-o", "Lx=", "Lx="]),
        ("unverified", "verified trusted", ["Po", "Po", "Lx=", "Lx="]),
        ("unverified", "verified untrusted", ["Po", "Po", "Lx=", "Lx="]),
        ("unverified", "unverified", ["Po", "Po", "Lx=", "Lx="]),
        ("unverified", "absent", ["?o", "-o", "Lx=", "Lx="]),
        ("unknown", "verified trusted", ["So", "-o", "Lx=", "Lx="]),
        ("unknown", "verified untrusted", ["so", "-o", "Lx=", "Lx="]),
        ("unknown", "unverified", ["so", "-o", "Lx=", "Lx="]),
        ("unknown", "absent", ["?o", "-o", "Lx=", "Lx="]),
    ];

    #[test]
    fn every_combination_is_decided_as_the_table_says() {
        let (owner, me) = (user(1), user(2));
        let mut seen = std::collections::HashSet::new();
        for (known_name, email_name, cells) in TABLE {
            let known = match *known_name {
                "verified" => KnownEmail::Verified(owner),
                "unverified" => KnownEmail::Unverified(owner),
                _ => KnownEmail::Unknown,
            };
            let email = match *email_name {
                "verified trusted" => ProviderEmail::VerifiedTrusted,
                "verified untrusted" => ProviderEmail::VerifiedUntrusted,
                "unverified" => ProviderEmail::Unverified,
                _ => ProviderEmail::Absent,
            };
            for (column, cell) in cells.iter().enumerate() {
                let (sign_up, adding_to) = (column % 2 == 0, (column >= 2).then_some(me));
                let links = [None, Some(owner), Some(me)];
                for ((link, expected), proves_first) in
                    links.into_iter().zip(cell.chars()).flat_map(|one| [(one, false), (one, true)])
                {
                    let facts = Facts { link, known, email, sign_up, proves_first, adding_to };
                    let expected = if proves_first { said_only(email_name, sign_up, expected) } else { expected };
                    let decided = match decide(&facts) {
                        D::ProveFirst(who) => {
                            if who == owner {
                                'P'
                            } else {
                                '!'
                            }
                        }
                        D::SignUp { email_verified: true } => 'S',
                        D::SignUp { email_verified: false } => 's',
                        D::ProveAddress => '@',
                        D::AskEmail => '?',
                        D::NoAccount => '-',
                        D::SignIn(who) => {
                            if Some(who) == link && who == owner {
                                'o'
                            } else {
                                '!'
                            }
                        }
                        D::Link(who) => {
                            if who == me {
                                'L'
                            } else {
                                '!'
                            }
                        }
                        D::AlreadyLinked => '=',
                        D::LinkedElsewhere => 'x',
                    };
                    assert_eq!(decided, expected, "{facts:?}");
                    seen.insert((known, email, sign_up, proves_first, adding_to.is_some(), link));
                }
            }
        }
        assert_eq!(seen.len(), 2 * 12 * (2 * 2 + 2 * 3), "the table is complete");
    }

    /// What a cell is where addresses are proved first.
    fn said_only(email: &str, sign_up: bool, cell: char) -> char {
        match (email, cell) {
            ("verified untrusted" | "unverified", 'P' | 's') => {
                if sign_up {
                    '@'
                } else {
                    '-'
                }
            }
            _ => cell,
        }
    }

    #[test]
    fn enum_001_where_addresses_are_proved_first_one_that_is_only_said_shows_nobody_who_has_it() {
        for email in [ProviderEmail::VerifiedUntrusted, ProviderEmail::Unverified] {
            for sign_up in [true, false] {
                let whoever = [KnownEmail::Verified(user(1)), KnownEmail::Unverified(user(1)), KnownEmail::Unknown];
                let decided = whoever.map(|known| {
                    decide(&Facts { link: None, known, email, sign_up, proves_first: true, adding_to: None })
                });
                assert!(decided[0] == decided[1] && decided[1] == decided[2], "{decided:?}");
            }
        }
    }

    #[test]
    fn link_001_no_address_ever_leads_into_an_existing_account() {
        let owner = user(1);
        for known in [KnownEmail::Verified(owner), KnownEmail::Unverified(owner)] {
            for email in [
                ProviderEmail::VerifiedTrusted,
                ProviderEmail::VerifiedUntrusted,
                ProviderEmail::Unverified,
                ProviderEmail::Absent,
            ] {
                for sign_up in [true, false] {
                    for proves_first in [true, false] {
                        let decision =
                            decide(&Facts { link: None, known, email, sign_up, proves_first, adding_to: None });
                        assert!(!matches!(decision, D::SignIn(_) | D::Link(_) | D::SignUp { .. }), "{decision:?}");
                    }
                }
            }
        }
    }
}
