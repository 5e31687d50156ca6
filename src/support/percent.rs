//! Percent-encoding of a text that stands in a URL as one part of it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// RFC 3986 section 2.3: the unreserved characters stand for themselves.
const ALL_BUT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one part of a URL: nothing of it is read as a part of its own.
pub fn as_one_part(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ALL_BUT_UNRESERVED)
}
