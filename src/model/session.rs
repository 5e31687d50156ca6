//! A browser's session: the accounts that are signed in there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::acr::Acr;
use super::epoch::{AccountEpochs, ConnectionEpoch, Epoch};
use crate::support::id::{ConnectionId, LinkId, SignInId, UserId};
use crate::support::{Digest, Timestamp};

/// The most accounts that one browser holds at once; the one unused for longest makes room.
pub const MAX_ACCOUNTS: usize = 5;

/// Why a second factor is not asked for that an account has, or needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// The account trusts the browser.
    TrustedBrowser,
    /// The account needs one from the next time on, and has none yet.
    FirstTime,
    /// The account needs one and has none, and a code was mailed to it instead, as the policy allows.
    MailedCode,
}

/// What the `amr` of a sign-in begins with that rests on a provider's word. No registered value: see `sessions::Means::amr`.
pub const FEDERATED: &str = "fed";
/// What is among the `amr` of a sign-in by several factors: RFC 8176 section 2.
pub const MULTIPLE: &str = "mfa";

/// What an upstream provider says of a sign-in that rests on its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamSignIn {
    /// The connection that the end-user authenticated through.
    pub connection: ConnectionId,
    /// The connection's epoch then.
    #[serde(default)]
    pub epoch: Epoch,
    /// The link that led to the account: when it is removed, the sign-in ends.
    #[serde(default)]
    pub link: Option<LinkId>,
    /// The provider's session, which its logout tokens name.
    pub sid: Option<String>,
    /// When the end-user authenticated there: the provider's `auth_time`, where it says so.
    pub auth_time: Option<Timestamp>,
    /// The same, where we asked how long ago that may be (`max_age`) and held the provider to it. What it says unasked may be of any age.
    #[serde(default)]
    pub proved_at: Option<Timestamp>,
}

/// One account signed in to one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Also the `sid` of ID tokens and logout tokens.
    pub id: SignInId,
    /// The account that is signed in.
    pub user: UserId,
    /// The account's epoch when the end-user last authenticated: the sign-in counts as long as that is the account's.
    #[serde(default)]
    pub epoch: Epoch,
    /// The server's epoch then, which ends it as well.
    #[serde(default)]
    pub server_epoch: Epoch,
    /// When the end-user last authenticated here.
    pub auth_time: Timestamp,
    /// When the end-user last proved the account by doing something for it: typed its password here, or authenticated at a provider that we
    /// held to that. Coming back from a provider that was signed in already is no such proof.
    #[serde(default)]
    pub proved_at: Option<Timestamp>,
    /// The upstream provider's word, where the sign-in rests on it.
    #[serde(default)]
    pub upstream: Option<UpstreamSignIn>,
    /// How strongly the end-user authenticated.
    pub acr: Acr,
    /// The methods that the end-user authenticated by: registered values, and [`FEDERATED`].
    pub amr: Vec<String>,
    /// Why it counts although the account's second factor was not asked for, where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<Leave>,
    /// Whether whoever reads the mail of the account has all that it took, which `amr` does not say of a password that was set by mail. Where that is not known it may be so.
    #[serde(default = "perhaps", skip_serializing_if = "Clone::clone")]
    pub rests_on_mail: bool,
    /// When the sign-in began.
    pub created_at: Timestamp,
    /// When it was last used for an app.
    pub used_at: Timestamp,
    /// The browser, in a few words for the end-user: from its `User-Agent` header.
    pub browser: String,
    /// The network that the end-user authenticated from last; empty where that is not known.
    #[serde(default)]
    pub network: String,
    /// Whether the end-user wants to stay signed in once the browser was closed.
    #[serde(default)]
    pub remembered: bool,
}

const fn perhaps() -> bool {
    true
}

/// The network of an address, as an end-user is shown it: enough to tell home from elsewhere. The whole address would say more of a person than that
/// needs, for as long as a session lives, and to whoever sits at one of its browsers: so an IPv4 address is shortened to its /24, an IPv6 address to
/// its /48, which is a site.
pub fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => format!("{}/24", Ipv4Addr::from_bits(v4.to_bits() >> 8 << 8)),
        IpAddr::V6(v6) => format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
    }
}

impl UpstreamSignIn {
    /// What the end of the provider's session is remembered by, where the provider names one.
    pub fn end_mark(&self) -> Option<SignInId> {
        self.sid.as_ref().map(|sid| end_mark_of(self.connection, sid))
    }
}

/// What the end of a provider's session is remembered by, among the ids of sign-ins: with it ends every sign-in that rests on it, also one that is
/// only beginning.
pub fn end_mark_of(connection: ConnectionId, sid: &str) -> SignInId {
    let whole = Digest::of("upstream session ended", &[connection.as_bytes().as_slice(), sid.as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&whole.as_bytes()[..16]);
    SignInId::from_bytes(bytes)
}

/// What a sign-in ends with: each is remembered by an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndMarks {
    /// The sign-in's own.
    pub own: SignInId,
    /// That of the provider's session that it rests on.
    pub there: Option<SignInId>,
}

impl From<SignInId> for EndMarks {
    fn from(own: SignInId) -> Self {
        Self { own, there: None }
    }
}

impl SignIn {
    /// What it ends with.
    pub fn end_marks(&self) -> EndMarks {
        EndMarks { own: self.id, there: self.upstream.as_ref().and_then(UpstreamSignIn::end_mark) }
    }

    /// The epochs of the account and of the server when the end-user last authenticated.
    pub const fn epochs(&self) -> AccountEpochs {
        AccountEpochs { account: self.epoch, server: self.server_epoch }
    }

    /// The epoch of the connection that the end-user authenticated through, where it was one.
    pub fn connection_epoch(&self) -> Option<ConnectionEpoch> {
        let of = |upstream: &UpstreamSignIn| {
            let UpstreamSignIn { connection, epoch, link, .. } = *upstream;
            ConnectionEpoch { connection, epoch, link }
        };
        self.upstream.as_ref().map(of)
    }

    /// A sign-in that begins now, in these epochs, with one factor. By which means, through which provider and in which
    /// browser is for the caller to add.
    pub fn new(id: SignInId, user: UserId, epochs: AccountEpochs, now: Timestamp) -> Self {
        Self {
            id,
            user,
            epoch: epochs.account,
            server_epoch: epochs.server,
            auth_time: now,
            proved_at: None,
            upstream: None,
            acr: Acr::ONE_FACTOR,
            amr: Vec::new(),
            leave: None,
            rests_on_mail: true,
            created_at: now,
            used_at: now,
            browser: String::new(),
            network: String::new(),
            remembered: false,
        }
    }

    /// When the end-user last authenticated, wherever that was: `auth_time`. A provider's word that it was earlier than today's visit
    /// counts; that it was later does not.
    pub fn authenticated_at(&self) -> Timestamp {
        let there = self.upstream.as_ref().and_then(|upstream| upstream.auth_time);
        there.map_or(self.auth_time, |there| there.min(self.auth_time))
    }
}

/// What a browser's session cookie stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The sign-ins, the one used last first.
    pub sign_ins: Vec<SignIn>,
}

impl Session {
    /// The sign-in used last.
    pub fn current(&self) -> Option<&SignIn> {
        self.sign_ins.first()
    }

    /// The sign-in of an account in this browser.
    pub fn of_user(&self, user: UserId) -> Option<&SignIn> {
        self.sign_ins.iter().find(|s| s.user == user)
    }

    /// Adds a sign-in, or renews the one that the account has, and makes it the current one.
    #[must_use]
    pub fn with(mut self, sign_in: SignIn) -> Self {
        self.sign_ins.retain(|s| s.user != sign_in.user);
        self.sign_ins.insert(0, sign_in);
        self.sign_ins.truncate(MAX_ACCOUNTS);
        self
    }

    /// The session with one sign-in left out.
    #[must_use]
    pub fn without(mut self, id: SignInId) -> Self {
        self.sign_ins.retain(|s| s.id != id);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shortened_to_its_network() {
        for (address, network) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ] {
            assert_eq!(network_of(address.parse().unwrap()), network);
        }
    }
}
