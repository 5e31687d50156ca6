//! Names of people who do not exist, as they are written and as they are spelt in an address.

use super::draw::Draw;

/// Given names and family names in English.
const GIVEN: &[&str] = &[
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Karen",
    "Charles",
    "Christopher",
    "Lisa",
    "Daniel",
    "Nancy",
    "Matthew",
    "Betty",
    "Anthony",
    "Margaret",
    "Mark",
    "Sandra",
    "Donald",
    "Ashley",
    "Steven",
    "Kimberly",
    "Paul",
    "Emily",
    "Andrew",
    "Donna",
    "Renée",
    "Zoë",
];
const FAMILY: &[&str] = &[
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Gonzalez",
    "Wilson",
    "Anderson",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "Wright",
    "Scott",
    "Torres",
    "Nguyen",
    "Hill",
    "Flores",
    "O'Brien",
    "Müller",
];
/// The same in Korean, each with how it is spelt in an address.
const GIVEN_KO: &[(&str, &str)] = &[
    ("민준", "minjun"),
    ("서연", "seoyeon"),
    ("도윤", "doyun"),
    ("서준", "seojun"),
    ("지우", "jiwoo"),
    ("하은", "haeun"),
    ("예준", "yejun"),
    ("지호", "jiho"),
    ("수아", "sua"),
    ("시우", "siwoo"),
    ("하준", "hajun"),
    ("지유", "jiyu"),
    ("주원", "juwon"),
    ("채원", "chaewon"),
    ("건우", "geonwoo"),
    ("지민", "jimin"),
    ("우진", "woojin"),
    ("수빈", "subin"),
    ("현우", "hyunwoo"),
    ("유나", "yuna"),
    ("준서", "junseo"),
    ("소율", "soyul"),
    ("도현", "dohyun"),
    ("예은", "yeeun"),
    ("선우", "sunwoo"),
    ("다은", "daeun"),
];
const FAMILY_KO: &[(&str, &str)] = &[
    ("김", "kim"),
    ("이", "lee"),
    ("박", "park"),
    ("최", "choi"),
    ("정", "jung"),
    ("강", "kang"),
    ("조", "cho"),
    ("윤", "yoon"),
    ("장", "jang"),
    ("임", "lim"),
    ("한", "han"),
    ("오", "oh"),
    ("서", "seo"),
    ("신", "shin"),
    ("권", "kwon"),
    ("황", "hwang"),
    ("안", "ahn"),
    ("송", "song"),
    ("류", "ryu"),
    ("홍", "hong"),
];

/// What an end-user is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) whole: String,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    /// How an address begins.
    pub(super) address: String,
    /// The language of it.
    pub(super) locale: &'static str,
}

impl Name {
    /// One of them: a third is Korean.
    pub(super) fn draw(draw: &Draw) -> Self {
        if draw.is_one_in(3) {
            let ((given, spelt), (family, of_family)) = (draw.one_of(GIVEN_KO), draw.one_of(FAMILY_KO));
            let address = format!("{spelt}.{of_family}");
            return Self { whole: format!("{family}{given}"), given, family, address, locale: "ko" };
        }
        let (given, family) = (draw.one_of(GIVEN), draw.one_of(FAMILY));
        let address = format!("{}.{}", spelt(given), spelt(family));
        Self { whole: format!("{given} {family}"), given, family, address, locale: "en" }
    }
}

/// A name as an address can have it: small letters of ASCII.
fn spelt(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::draw::For;
    use crate::model::user::EmailAddress;

    #[test]
    fn every_name_begins_an_address() {
        let names: Vec<Name> = (0..500).map(|number| Name::draw(&Draw::of(1, For::Person, number))).collect();
        for name in &names {
            assert!(EmailAddress::parse(&format!("{}@example.com", name.address)).is_ok(), "{name:?}");
        }
        for locale in ["ko", "en"] {
            assert!(names.iter().any(|name| name.locale == locale));
        }
    }
}
