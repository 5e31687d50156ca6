//! The commented example file, generated from the section structs and their doc comments.

use std::fmt::Write;

use super::fields::{Section, sections};

const HEADER: &str = "\
# Haechi's settings. Every line below shows a default, or an example where there is none: take the # away to change it.
# A variable of the environment goes before the file: HAECHI_SERVER__ISSUER sets `issuer` in [server].
# Haechi reads ./haechi.toml, or the file that --config or HAECHI_CONFIG names. A relative path is relative to that file; in a variable, to the
# working directory.
";

/// The file that `haechi config example` prints. As it stands it changes nothing.
pub fn example() -> String {
    let mut text = HEADER.to_owned();
    for section in sections() {
        write_section(&mut text, &section);
    }
    text
}

fn write_section(text: &mut String, section: &Section) {
    text.push('\n');
    comment(text, section.doc);
    let mark = if section.optional { "#" } else { "" };
    let _ = writeln!(text, "{mark}[{}]", section.name);
    for field in &section.fields {
        text.push('\n');
        comment(text, field.doc);
        let _ = writeln!(text, "#{} = {}", field.name, field.value);
    }
}

fn comment(text: &mut String, doc: &str) {
    for line in doc.lines() {
        let _ = writeln!(text, "# {}", line.trim());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn as_it_stands_it_changes_nothing() {
        assert_eq!(toml::from_str::<Config>(&example()).unwrap(), Config::default());
    }

    /// The example with every setting switched on.
    fn switched_on() -> String {
        let on = |line: &str| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting.to_owned(),
            _ => line.to_owned(),
        };
        example().lines().map(|line| on(line) + "\n").collect()
    }

    #[test]
    fn every_setting_is_in_it_and_shows_its_default() {
        let mut config = toml::from_str::<Config>(&switched_on()).unwrap();
        let redis = config.redis.map(|redis| crate::config::redis::RedisConfig { authorities: None, ..redis });
        assert_eq!(redis, Some(crate::config::redis::RedisConfig::default()));
        assert!(config.server.tls_certificate.is_some() && config.pages.support_url.is_some());
        config.redis = None;
        config.server.tls_certificate = None;
        config.server.tls_key = None;
        config.server.worker_threads = None;
        config.keys.key_encryption_key = None;
        config.accounts.hashing_threads = None;
        config.network.outgoing_authorities = None;
        config.pages.support_url = None;
        config.passkeys.metadata_file = None;
        config.passwords = crate::config::passwords::PasswordsConfig::default();
        config.mail = crate::config::mail::MailConfig {
            encryption: config.mail.encryption,
            plain_to_others: config.mail.plain_to_others,
            timeout_seconds: config.mail.timeout_seconds,
            ..crate::config::mail::MailConfig::default()
        };
        assert_eq!(config, Config::default());
    }

    #[test]
    fn a_long_array_stays_on_its_line() {
        assert!(example().lines().all(|line| line.is_empty() || line.starts_with(['#', '['])));
    }
}
