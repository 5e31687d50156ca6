//! The ways to get something of the server, each tried by several tasks at once until after the end.

use futures_util::future::join_all;
use serde_json::Value;

use super::round::{Got, PROVIDER, Round};
use crate::support::app::PASSWORD;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::Answered;

/// The most tries of one task: an end that takes longer than that is not waited for.
const TRIES: usize = 40;

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A stolen session asks for codes, silently.
    Authorize,
    /// Codes from before are redeemed.
    Code,
    /// Refresh tokens from before are used.
    Refresh,
    /// The password from before signs in.
    Login,
    /// A provider's answer that was under way arrives.
    UpstreamReturn,
}

impl Way {
    pub const ALL: &[Self] = &[Self::Authorize, Self::Code, Self::Refresh, Self::Login, Self::UpstreamReturn];
}

/// What a way begins with, from before the end.
pub enum Prepared {
    Sessions(Vec<Browser>),
    Codes(Vec<String>),
    Tokens(Vec<Value>),
    Logins(Vec<(Browser, Page)>),
    Answers(Vec<(Browser, Answered)>),
}

pub async fn prepare(way: Way, round: &Round<'_>) -> Prepared {
    let mut stolen = round.stolen.clone();
    match way {
        Way::Authorize => Prepared::Sessions(vec![stolen; 6]),
        Way::Code => {
            let mut codes = Vec::new();
            for _ in 0..6 {
                codes.push(round.silently(&mut stolen).await.expect("no code"));
            }
            Prepared::Codes(codes)
        }
        Way::Refresh => {
            let mut all = Vec::new();
            for _ in 0..3 {
                let code = round.silently(&mut stolen).await.expect("no code");
                all.push(round.redeem(&code).await);
            }
            Prepared::Tokens(all)
        }
        Way::Login => {
            let mut logins = Vec::new();
            for _ in 0..4 {
                let mut browser = round.scene.abroad.app.browser();
                let login = browser.get(&round.ask().url()).await;
                logins.push((browser, login));
            }
            Prepared::Logins(logins)
        }
        Way::UpstreamReturn => {
            let mut answers = Vec::new();
            for _ in 0..3 {
                let mut browser = round.scene.abroad.app.browser();
                let login = browser.get(&round.ask().url()).await;
                let url = round.scene.abroad.press(&mut browser, &login, PROVIDER).await;
                answers.push((browser, round.scene.abroad.emulator.visit(&url).await));
            }
            Prepared::Answers(answers)
        }
    }
}

/// Goes the way, by several tasks at once; answers all that they got.
pub async fn take(prepared: Prepared, round: &Round<'_>) -> Got {
    let found = match prepared {
        Prepared::Sessions(browsers) => join_all(browsers.into_iter().map(|browser| authorize(browser, round))).await,
        Prepared::Codes(codes) => join_all(codes.into_iter().map(|code| redeem(code, round))).await,
        Prepared::Tokens(tokens) => join_all(tokens.into_iter().map(|tokens| refresh(tokens, round))).await,
        Prepared::Logins(logins) => join_all(logins.into_iter().map(|login| sign_in(login, round))).await,
        Prepared::Answers(answers) => join_all(answers.into_iter().map(|answer| deliver(answer, round))).await,
    };
    found.into_iter().fold(Got::default(), Got::and)
}

async fn authorize(mut browser: Browser, round: &Round<'_>) -> Got {
    let mut codes = Vec::new();
    for _ in 0..TRIES {
        let last = round.has_ended();
        codes.extend(round.silently(&mut browser).await);
        if last {
            break;
        }
    }
    Got { codes, ..Got::default() }
}

async fn redeem(code: String, round: &Round<'_>) -> Got {
    round.wait_a_little().await;
    let answer = round.redeem(&code).await;
    Got { tokens: answer.get("access_token").is_some().then_some(answer).into_iter().collect(), ..Got::default() }
}

async fn refresh(mut tokens: Value, round: &Round<'_>) -> Got {
    for _ in 0..TRIES {
        let last = round.has_ended();
        let answer = round.refresh(tokens["refresh_token"].as_str().unwrap()).await;
        if answer.get("refresh_token").is_none() {
            break;
        }
        tokens = answer;
        if last {
            break;
        }
    }
    Got { tokens: vec![tokens], ..Got::default() }
}

async fn sign_in((mut browser, login): (Browser, Page), round: &Round<'_>) -> Got {
    let typed = [("email", round.user.email.as_str()), ("password", PASSWORD)];
    let page = browser.submit(&login, "login", &typed).await;
    arrived(browser, &page)
}

async fn deliver((mut browser, answer): (Browser, Answered), round: &Round<'_>) -> Got {
    round.wait_a_little().await;
    let page = round.scene.abroad.deliver(&mut browser, &answer).await;
    arrived(browser, &page)
}

/// Where a login led: a session, and perhaps a code.
fn arrived(browser: Browser, page: &Page) -> Got {
    let code = page.status.is_redirection().then(|| page.answer().remove("code")).flatten();
    Got { codes: code.into_iter().collect(), browsers: vec![browser], ..Got::default() }
}
