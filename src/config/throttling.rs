//! `[throttling]`

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// How guessing is slowed down. Nothing here locks anyone out for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct ThrottlingConfig {
    /// Wrong passwords for one account from unknown browsers, per 15 minutes, before further ones must wait.
    pub password_failures_per_account: u32,
    /// Wrong passwords from one address (IPv6: one /64), per 15 minutes.
    pub password_failures_per_address: u32,
    /// Wrong passwords of unknown browsers from one network (IPv4: a /24; IPv6: a /56, and four times as many from a /48), per 15 minutes, after which each further
    /// guess from it costs its browser some work.
    pub password_failures_per_network: u32,
    /// Wrong passwords of unknown browsers from everywhere, per 15 minutes, after which the same holds for every unknown browser; unless three times what is usual is more.
    pub password_failures_everywhere: u32,
    /// Wrong passwords, or codes, for one account from one address or one browser, per 15 minutes, after which each further guess costs its browser some work.
    pub guesses_before_work: u32,
    /// New accounts from one address (IPv6: one /64; twice as many from a /56, eight times as many from a /48), per hour.
    pub sign_ups_per_address: u32,
    /// Mails that one account, or one address, is sent because somebody asks for them (a forgotten password, an address to be confirmed), per hour.
    pub mails_per_account: u32,
    /// Mails that one address (IPv6: one /64; twice as many from a /56, eight times as many from a /48) may ask for, per hour.
    pub mails_per_address: u32,
    /// Wrong client secrets for one client from one address, per minute.
    pub client_failures_per_address: u32,
    /// Logins that one address (IPv6: one /64; twice as many from a /56, eight times as many from a /48) may begin without being signed in, per minute, together with what
    /// it asks for besides, signed in or not: links of mails that it opens, answers of passkeys, questions of the login page whether a guess costs work. A /64 that asked for
    /// a tenth of it at most goes on while its /56 or /48 is over. As many logins may one account begin that is signed in.
    pub authorizations_per_address: u32,
    /// Calls of the administration API by one caller (an account by a client, or a client itself), per minute.
    pub api_calls_per_caller: u32,
}

impl Default for ThrottlingConfig {
    fn default() -> Self {
        Self {
            password_failures_per_account: 10,
            password_failures_per_address: 50,
            password_failures_per_network: 200,
            password_failures_everywhere: 100,
            guesses_before_work: 4,
            sign_ups_per_address: 20,
            mails_per_account: 5,
            mails_per_address: 30,
            client_failures_per_address: 30,
            authorizations_per_address: 300,
            api_calls_per_caller: 600,
        }
    }
}

impl ThrottlingConfig {
    /// Checks that nothing is switched off by a zero.
    pub(super) fn validate(&self, found: &mut Findings) {
        let limits = [
            ("password_failures_per_account", self.password_failures_per_account),
            ("password_failures_per_address", self.password_failures_per_address),
            ("password_failures_per_network", self.password_failures_per_network),
            ("password_failures_everywhere", self.password_failures_everywhere),
            ("guesses_before_work", self.guesses_before_work),
            ("sign_ups_per_address", self.sign_ups_per_address),
            ("mails_per_account", self.mails_per_account),
            ("mails_per_address", self.mails_per_address),
            ("client_failures_per_address", self.client_failures_per_address),
            ("authorizations_per_address", self.authorizations_per_address),
            ("api_calls_per_caller", self.api_calls_per_caller),
        ];
        for (field, limit) in &limits {
            found.range(field, limit, &1, &1_000_000);
        }
    }
}
