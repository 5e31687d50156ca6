//! The recipes, run: software that others wrote, with the configuration that `haechi clients create --for` prints and nothing else.
//!
//! What is done is in `tests/foreign/recipes`; what each app is, in the folder that its recipe names in `runs`.

use std::collections::BTreeSet;
use std::process::Command;

use haechi::admin::recipes::{self, Evidence};

use super::path;
use crate::support::servers;

/// The exit status that says that something is not installed.
const MISSING: i32 = 77;

/// A test for each recipe, by its name with `_` for `-`.
macro_rules! executed {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                run(&stringify!($name).replace('_', "-"));
            }
        )*
        const EXECUTED: &[&str] = &[$(stringify!($name)),*];
    };
}

executed! {
    authjs,
    django_allauth,
    express_openid_connect,
    fastapi_authlib,
    fastify,
    flask,
    flask_dance,
    flask_oidc,
    go_oidc,
    jupyterhub,
    keycloak_js,
    mod_auth_openidc,
    mozilla_django_oidc,
    native_cli,
    nextjs,
    nginx_auth_request,
    oauth2_proxy,
    oidc_client_ts,
    openid_client,
    openidconnect,
    pac4j,
    passport,
    quarkus,
    requests_oauthlib,
    social_auth,
    spring,
    spring_boot_3,
    spring_tomcat,
    streamlit,
}

#[test]
fn every_recipe_that_is_run_has_its_test() {
    let runs = recipes::all().unwrap().into_iter().filter(|recipe| matches!(recipe.evidence, Evidence::Runs(_)));
    let tests: BTreeSet<String> = EXECUTED.iter().map(|name| name.replace('_', "-")).collect();
    assert_eq!(tests, runs.map(|recipe| recipe.name.to_owned()).collect());
}

fn run(name: &str) {
    if std::env::var_os("HAECHI_TEST_BACKEND").is_some_and(|backend| backend != "sqlite") {
        // A run starts a server of its own on SQLite: once is enough.
        return;
    }
    let Evidence::Runs(folder) = recipes::find(name).unwrap().evidence else { panic!("{name} is not run") };
    if is_slow(&folder) && std::env::var_os("HAECHI_FOREIGN").is_none_or(|which| which != "all") {
        eprintln!("skipped: {name} is left to scripts/foreign");
        return;
    }
    let Some(mut node) = super::node("tests/foreign/recipes") else { return };
    node.arg(path("tests/foreign/recipes/run.mjs")).args([name, &folder]);
    let output = node.env("HAECHI_BINARY", env!("CARGO_BIN_EXE_haechi")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(MISSING) {
        let _: Option<Command> = servers::found(None, said.trim());
        return;
    }
    assert!(output.status.success(), "{said}");
}

/// Whether its run folder says that it takes long.
fn is_slow(folder: &str) -> bool {
    let plan = std::fs::read_to_string(path(folder).join("run.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&plan).unwrap()["slow"] == true
}
