//! The work that guesses cost, done as the script of a page does it.

use axum::http::StatusCode;
use haechi::support::Digest;

use super::browser::{Browser, Page};

/// The number that meets a challenge, behind it.
pub fn solution(text: &str, bits: u32) -> String {
    let zeros = |digest: Digest| u32::from_be_bytes(digest.as_bytes()[..4].try_into().unwrap()).leading_zeros();
    let mut numbers = (0_u64..).map(|number| format!("{text}.{number}"));
    numbers.find(|solved| zeros(Digest::sha256(solved.as_bytes())) >= bits).unwrap()
}

/// The challenge of a page, and its bits.
pub fn challenge(page: &Page, form: &str) -> (String, u32) {
    let bits = page.body.split("data-bits=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    (page.form(form).field("work").unwrap().to_owned(), bits.parse().unwrap())
}

/// A form at which somebody guesses: its id, the field that is guessed at, and what is filled in besides.
pub struct Guessed<'a> {
    pub form: &'a str,
    pub field: &'a str,
    pub besides: &'a [(&'a str, &'a str)],
}

impl Guessed<'_> {
    fn with<'a>(&'a self, typed: &'a str, work: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
        let mut fields = self.besides.to_vec();
        fields.push((self.field, typed));
        fields.extend(work.map(|work| ("work", work)));
        fields
    }

    /// Guesses wrong until work is due, goes on without it and in vain, and then with it: the answer to what is right.
    pub async fn at(&self, browser: &mut Browser, page: Page, (wrong, free): (&str, u32), right: &str) -> Page {
        let mut page = page;
        for number in 0..free {
            assert!(!page.has("work"), "not before {free} guesses: {number}");
            page = browser.submit(&page, self.form, &self.with(wrong, None)).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
        }
        // The page says so before anything is typed in vain.
        assert!(page.has("work"), "{}", page.body);
        assert!(page.header("content-security-policy").unwrap().contains("worker-src 'self'"));
        let held_up = browser.submit_once(&page, self.form, &self.with(right, None)).await;
        assert_eq!(held_up.status, StatusCode::FORBIDDEN, "{}", held_up.body);
        let (text, bits) = challenge(&held_up, self.form);
        let solved = solution(&text, bits);
        let wrong = browser.submit_once(&held_up, self.form, &self.with(wrong, Some(&solved))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "looked at: {}", wrong.body);
        let (text, bits) = challenge(&wrong, self.form);
        let solved = solution(&text, bits);
        browser.submit(&wrong, self.form, &self.with(right, Some(&solved))).await
    }
}
