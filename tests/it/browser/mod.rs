//! A real browser: Chromium walks through the demo shop, an administrator through the console, and axe through every page, driven by
//! Playwright (`tests/browser`).

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::support::servers;

#[test]
fn a_person_walks_through_the_shop_in_a_real_browser() {
    walk("walk.test.mjs", &[]);
}

#[test]
fn from_the_claim_link_to_a_first_token_in_a_real_browser() {
    walk("first.test.mjs", &[]);
}

#[test]
fn passkeys_sign_in_where_a_real_browser_has_them() {
    walk("passkeys.test.mjs", &[]);
}

#[test]
fn stolen_passkeys_are_worth_nothing_in_a_real_browser() {
    walk("stolen-passkeys.test.mjs", &[]);
}

#[test]
fn who_is_asked_for_work_types_once_in_a_real_browser() {
    walk("guessing.test.mjs", &[]);
}

#[test]
fn every_page_can_be_read_and_used_by_everybody() {
    walk("pages.test.mjs", &[PROVIDER]);
}

#[test]
fn every_mail_can_be_read_by_everybody() {
    walk("mails.test.mjs", &[]);
}

#[test]
fn an_administrator_connects_a_provider_and_people_come_through_it_in_a_real_browser() {
    walk("upstream.test.mjs", &[PROVIDER]);
}

#[test]
fn an_administrator_does_what_there_is_to_do_with_scripts_and_without_in_a_real_browser() {
    walk("console-journeys.test.mjs", &[PROVIDER]);
}

#[test]
fn scripts_make_the_console_quicker_and_nothing_moves_in_a_real_browser() {
    walk("console-scripts.test.mjs", &[]);
}

#[test]
fn the_console_is_worked_in_by_keys_alone_in_a_real_browser() {
    walk("console-keyboard.test.mjs", &[]);
}

#[test]
fn the_console_of_ten_thousand_people_can_be_read_and_used_by_everybody() {
    walk("crowd.test.mjs", &[]);
}

/// The provider that people come from.
const PROVIDER: (&str, &str) = ("../foreign/node/node_modules/oidc-provider", "npm ci in tests/foreign/node");

/// Browsers are heavy: one walks at a time.
static ONE: Mutex<()> = Mutex::new(());

fn walk(script: &str, needed: &[(&str, &str)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let always = [("/usr/bin/chromium", "chromium"), ("node_modules/playwright-core", "npm ci in tests/browser")];
    let missing = always.iter().chain(needed).find(|(path, _)| !folder.join(path).exists());
    if let Some((_, name)) = missing {
        assert!(!servers::required(), "{name} is missing");
        println!("skipped: {name} is missing");
        return;
    }
    if std::env::var_os("HAECHI_TEST_BACKEND").is_some_and(|backend| backend != "sqlite") {
        // The walk starts a server of its own on SQLite: once is enough.
        return;
    }
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/artifacts/screenshots");
    let status = Command::new("node")
        .args(["--test", script])
        .current_dir(&folder)
        .env("HAECHI_BINARY", env!("CARGO_BIN_EXE_haechi"))
        .env("HAECHI_PICTURES", pictures)
        .status()
        .expect("node runs");
    assert!(status.success(), "the walk failed: see above");
}
