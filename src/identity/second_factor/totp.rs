//! Codes of the time: RFC 6238, as authenticator apps compute them.

use totp_rs::{Algorithm, Builder, Totp};

use super::{base32, grouped};
use crate::support::percent::as_one_part;
use crate::support::{Random, Secret, Timestamp, random};

/// RFC 4226 section 4, R6: "The length of the shared secret MUST be at least 128 bits. This document RECOMMENDs a shared secret length of 160 bits."
const SECRET_BYTES: usize = 20;
/// What apps compute, whatever else their links say: six digits of HMAC-SHA-1 over steps of 30 seconds.
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// RFC 6238 section 5.2: "We RECOMMEND that at most one time step is allowed as the network delay." The same for a clock that goes ahead.
const DRIFT: i64 = 1;

/// What an app and this server share.
#[derive(Clone, Debug)]
pub struct TotpSecret(Secret<[u8; SECRET_BYTES]>);

impl TotpSecret {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self(Secret::new(random::bytes(random)))
    }

    /// One that was kept; `None` where it is none.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Secret::new(bytes)))
    }

    /// Its bytes, to be sealed.
    pub fn bytes(&self) -> &[u8; SECRET_BYTES] {
        self.0.expose()
    }

    /// The secret in groups of four, for who types it.
    pub fn in_groups(&self) -> String {
        grouped(&base32(self.bytes()), " ")
    }

    /// What the QR code says: the link that apps read. They take the account's name to hold one colon only, after the service's.
    pub fn link(&self, service: &str, account: &str) -> String {
        let encode = |text: &str| as_one_part(&text.replace(':', " ")).to_string();
        let (service, account) = (encode(service), encode(account));
        format!(
            "otpauth://totp/{service}:{account}?secret={}&issuer={service}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            base32(self.bytes())
        )
    }

    /// The time step that a code is of: the present one, the one before or the one after, if that is later than the last one that was accepted.
    pub fn step_of(&self, code: &str, now: Timestamp, last: i64) -> Option<i64> {
        let totp = self.totp();
        let present = step_at(now);
        let mut found = None;
        // Every step is looked at, so that the time it takes does not say which one matches.
        for step in present - DRIFT..=present + DRIFT {
            let matches = u64::try_from(step).is_ok_and(|step| totp.check(code, step * STEP_SECONDS).is_some());
            if matches && step > last {
                found = found.or(Some(step));
            }
        }
        found
    }

    /// The code of an instant: what an app shows.
    pub fn code_at(&self, at: Timestamp) -> String {
        let step = u64::try_from(step_at(at)).unwrap_or_default();
        self.totp().generate(step * STEP_SECONDS).to_string()
    }

    fn totp(&self) -> Totp {
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS).with_skew(0);
        builder.with_step_duration(STEP_SECONDS).with_secret(*self.bytes()).build_noncompliant()
    }
}

/// Which step of 30 seconds an instant is in, counted from 1970.
fn step_at(at: Timestamp) -> i64 {
    at.seconds().div_euclid(i64::try_from(STEP_SECONDS).unwrap_or(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B: the secret "12345678901234567890", of whose codes of eight digits the last six are ours.
    const VECTORS: &[(i64, &str)] = &[
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];

    fn of_the_rfc() -> TotpSecret {
        TotpSecret::of(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_codes_are_those_of_appendix_b() {
        for (seconds, eight) in VECTORS {
            let (at, code) = (Timestamp::from_seconds(*seconds), &eight[2..]);
            assert_eq!(of_the_rfc().code_at(at), code);
            assert_eq!(of_the_rfc().step_of(code, at, -1), Some(seconds / 30));
        }
    }

    #[test]
    fn one_step_each_way_counts_and_two_do_not() {
        let (secret, now) = (of_the_rfc(), Timestamp::from_seconds(1_000_000_020));
        for drift in -3..=3_i64 {
            let code = secret.code_at(Timestamp::from_seconds(now.seconds() + drift * 30));
            let found = secret.step_of(&code, now, 0);
            assert_eq!(found, (drift.abs() <= 1).then_some(step_at(now) + drift), "{drift}");
        }
    }

    #[test]
    fn no_code_counts_of_a_step_that_was_accepted_or_is_before_it() {
        let (secret, now) = (of_the_rfc(), Timestamp::from_seconds(1_000_000_020));
        let code = secret.code_at(now);
        assert_eq!(secret.step_of(&code, now, step_at(now) - 1), Some(step_at(now)));
        assert_eq!(secret.step_of(&code, now, step_at(now)), None);
        assert_eq!(secret.step_of(&code, now, step_at(now) + 1), None);
    }

    #[test]
    fn what_is_no_code_is_none() {
        let now = Timestamp::from_seconds(59);
        for bad in ["", "28708", "2870822", "94287082", "abcdef", "２８７０８２"] {
            assert_eq!(of_the_rfc().step_of(bad, now, -1), None, "{bad}");
        }
    }

    #[test]
    fn the_link_names_the_service_and_the_account_and_its_secret_is_read_in_groups() {
        let secret = of_the_rfc();
        assert_eq!(secret.in_groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            secret.link("House: of & Kim", "kim@example.com"),
            "otpauth://totp/House%20%20of%20%26%20Kim:kim%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=House%20%20of%20%26%20Kim&algorithm=SHA1&digits=6&period=30"
        );
    }
}
