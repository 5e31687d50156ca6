//! The TLS certificate that Haechi serves itself.

use std::path::Path;

use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::Finding;
use crate::config::Config;
use crate::http::server::tls::{Tls, certificates};
use crate::support::Timestamp;

const ABOUT: &str = "certificate";
const DAY: i64 = 86_400;
/// A certificate that ends within so many days should have been renewed by now.
const SOON: i64 = 14;

/// Looks at the certificate and its key, where there are.
pub(super) fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    match (&config.server.tls_certificate, &config.server.tls_key) {
        (Some(certificate), Some(key)) => match Tls::load(certificate, key) {
            Ok(_) => vec![expiry(certificate, now)],
            Err(error) => {
                vec![Finding::fail(ABOUT, error.to_string(), "give server.tls_certificate and tls_key a pair in PEM")]
            }
        },
        _ => Vec::new(),
    }
}

fn expiry(file: &Path, now: Timestamp) -> Finding {
    let end = certificates(file).ok().and_then(|chain| Certificate::from_der(chain.first()?).ok());
    let Some(end) = end.map(|certificate| certificate.tbs_certificate.validity.not_after) else {
        return Finding::warn(
            ABOUT,
            format!("{} cannot be read further", file.display()),
            "look at it: openssl x509 -text",
        );
    };
    let seconds = i64::try_from(end.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    judge(seconds.saturating_sub(now.seconds()).div_euclid(DAY), Timestamp::from_seconds(seconds))
}

fn judge(days: i64, end: Timestamp) -> Finding {
    let renew = "renew it; Haechi reads the files again by itself";
    match days {
        i64::MIN..0 => Finding::fail(ABOUT, format!("ended at {end}"), renew),
        0..SOON => Finding::warn(ABOUT, format!("ends at {end}, in {days} days"), renew),
        _ => Finding::ok(ABOUT, format!("good until {end}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::State;

    #[test]
    fn the_end_of_a_certificate_is_read() {
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(2030, 1, 1);
        let made = parameters.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let file = std::env::temp_dir().join(format!("haechi-doctor-{}.crt", std::process::id()));
        std::fs::write(&file, made.pem()).unwrap();
        let at = |seconds| expiry(&file, Timestamp::from_seconds(seconds)).state;
        // 2030-01-01T00:00:00Z
        let end = 1_893_456_000;
        assert_eq!(at(end - 100 * DAY), State::Ok);
        assert_eq!(at(end - 3 * DAY), State::Warn);
        assert_eq!(at(end + 1), State::Fail);
        std::fs::remove_file(&file).unwrap();
    }
}
