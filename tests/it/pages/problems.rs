//! Every page that says what happened, as text.

use std::time::Duration;

use haechi::http::pages::{ProblemShown, problem};
use haechi::http::problem::{Problem, ProblemKind};
use haechi::model::Locale;
use haechi::support::SeededRandom;
use haechi::support::request::RequestIds;
use http_body_util::BodyExt;

use super::seen::read;
use crate::support::app::TestApp;
use crate::support::browser::Page;

/// The page as text; the number of the request is a fixed one.
async fn shown(app: &TestApp, locale: Locale, problem_of: &Problem) -> String {
    let id = RequestIds::new(&SeededRandom::new(1)).next();
    let (number, shown) = (id.to_string(), ProblemShown { problem: problem_of, id, browser: None });
    let (parts, body) = problem(&app.app, locale, &shown).into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    let page = Page { url: app.issuer().parse().unwrap(), status: parts.status, headers: parts.headers, body };
    format!("{}\n{}", page.status, read(&page).replace(&number, "[request]"))
}

#[tokio::test]
async fn every_problem_says_what_happened_and_what_to_do() {
    let app = TestApp::new().await;
    for locale in Locale::ALL {
        let mut texts = Vec::new();
        for kind in ProblemKind::ALL {
            texts.push(shown(&app, *locale, &Problem::new(*kind)).await);
        }
        insta::assert_snapshot!(format!("every_problem.{}", locale.as_str()), texts.join("\n\n"));
    }
}

#[tokio::test]
async fn a_problem_says_what_else_is_known() {
    let app = TestApp::new().await;
    let problems = [
        Problem::new(ProblemKind::Throttled).after(Duration::from_secs(61)),
        Problem::new(ProblemKind::BadRequest).because("the parameter \"<b>\" is there twice"),
        Problem { go_on: Some("/continue?flow=x".to_owned()), ..Problem::new(ProblemKind::StaleForm) },
    ];
    for locale in Locale::ALL {
        let mut texts = Vec::new();
        for problem in &problems {
            texts.push(shown(&app, *locale, problem).await);
        }
        insta::assert_snapshot!(format!("problem_details.{}", locale.as_str()), texts.join("\n\n"));
    }
}
