//! What holds each block of code in the documents to what is so. A block that no rule is for fails here.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use super::pages::{self, Block, root};
use super::syntax;

/// How a block is held.
enum Held {
    /// Read by the reader of its language.
    Read(fn(&str) -> Result<(), String>),
    /// Run, or compared with what is, by this test, which takes the blocks of its page out of the text.
    By(&'static str),
    /// The same, by this test of the chart, in Go.
    ByChart(&'static str),
    /// By nothing: why.
    Not(&'static str),
}

use Held::{By, ByChart, Not, Read};

/// For which blocks: the page (`*` stands for anything), the language, how the block begins.
type Rule = (&'static str, &'static str, &'static str, Held);

/// The first that fits is the one that counts.
const RULES: &[Rule] = &[
    (
        "README*.md",
        "sh",
        "git clone ",
        Not("it builds what these tests run; scripts/first-token does both, by the clock"),
    ),
    (
        "README*.md",
        "sh",
        "cargo run --release -- demo",
        By("cli::demo::somebody_signs_up_agrees_sees_tokens_refreshes_and_signs_out"),
    ),
    ("README*.md", "sh", "scripts/test", Not("it is what runs these tests")),
    ("README*.md", "sh", "", By("foreign::readme::every_block_is_run_or_is_a_part_of_what_is")),
    ("README*.md", "js", "", By("foreign::readme::every_block_is_run_or_is_a_part_of_what_is")),
    ("README*.md", "python", "", By("foreign::readme::every_block_is_run_or_is_a_part_of_what_is")),
    ("README*.md", "toml", "", By("foreign::readme::the_sample_configuration_is_read")),
    ("README*.md", "rust", "", By("foreign::readme::the_blocks_in_rust_and_java_are_of_the_examples")),
    ("README*.md", "java", "", By("foreign::readme::the_blocks_in_rust_and_java_are_of_the_examples")),
    ("README*.md", "go", "", By("foreign::readme::the_block_in_go_takes_the_token_of_the_readme")),
    ("CONTRIBUTING.md", "sh", "scripts/pre-commit", Not("it changes the clone that it is run in")),
    ("CONTRIBUTING.md", "sh", "cargo test", By("documentation::commands::every_filter_of_tests_finds_some")),
    ("tests/foreign/recipes/README.md", "sh", "", By("documentation::commands::every_filter_of_tests_finds_some")),
    ("examples/*/README.md", "sh", "", By("foreign::printed::every_example_is_run_as_it_is_printed")),
    ("docs/api*.md", "sh", "", By("documentation::api::the_guide_does_what_it_says")),
    ("docs/architecture.md", "text", "src/", By("documentation::house::every_room_is_there")),
    ("docs/architecture.md", "text", "cli\n", By("architecture::layers::the_layers_are_those_of_the_document")),
    ("docs/administration*.md", "toml", "", By("cli::declared::the_guide_does_what_it_says")),
    ("docs/administration*.md", "sh", "haechi managers", By("cli::managers::the_guide_does_what_it_says")),
    ("docs/administration*.md", "sh", "haechi roles", By("cli::affiliations::the_guide_does_what_it_says")),
    (
        "docs/administration*.md",
        "http",
        "POST /haechi",
        Not("a message as it looks; the block of Python behind it is run on real ones"),
    ),
    (
        "docs/administration*.md",
        "python",
        "import base64",
        By("webhooks::messages_are_signed_as_the_specifications_library_verifies"),
    ),
    (
        "docs/administration*.md",
        "sh",
        "haechi clients create --client-id haechi-cli",
        By("cli::remote::the_guide_does_what_it_says"),
    ),
    ("docs/administration*.md", "sh", "haechi login", By("cli::remote::the_guide_does_what_it_says")),
    ("docs/administration*.md", "sh", "haechi webhooks", By("cli::webhooks::the_guide_does_what_it_says")),
    ("docs/administration*.md", "sh", "", By("cli::declared::the_guide_does_what_it_says")),
    ("docs/clients*.md", "sh", "haechi apis", By("cli::apis::the_guide_does_what_it_says")),
    ("docs/clients*.md", "json", "", By("documentation::guides::a_client_says_what_it_does_without")),
    (
        "docs/deploy*.md",
        "nginx",
        "upstream haechi",
        By("faults::rolling::nodes_are_replaced_behind_nginx_without_a_lost_request"),
    ),
    ("docs/deploy*.md", "nginx", "", By("documentation::guides::nginx_stands_before_haechi")),
    ("docs/deploy*.md", "toml", "", By("documentation::guides::nginx_stands_before_haechi")),
    ("docs/deploy*.md", "yaml", "", ByChart("TestValuesOfTheGuideAreTaken")),
    ("docs/deploy*.md", "sh", "apt install", Not("it installs a package and starts a service on the machine")),
    ("docs/deploy*.md", "sh", "kubectl", Not("it needs a cluster; tests/chart renders the chart with these values")),
    ("docs/capacity*.md", "sh", "haechi serve", By("cli::bench::the_guide_can_be_typed")),
    ("docs/capacity*.md", "text", "", Not("a formula")),
    ("docs/capacity*.md", "sql", "", By("store::partitions::the_log_goes_on_in_partitions_as_the_guide_says")),
    (
        "docs/benchmarks.md",
        "text",
        "Nested Loop",
        Not("it is what a database said of a million rows on a day; store::user_search looks at the plan"),
    ),
    ("docs/second-factors*.md", "sh", "", By("cli::users::the_guide_of_second_factors_does_what_it_says")),
    ("docs/second-factors*.md", "toml", "", By("config::the_classes_of_the_guide_are_taken")),
    ("docs/second-factors*.md", "http", "", By("admin::api::tokens::a_second_factor_that_is_missing_is_asked_for")),
    ("docs/guessing*.md", "sh", "", By("cli::passwords::a_collection_becomes_a_list_as_the_guide_says")),
    ("docs/guessing*.md", "toml", "", Read(syntax::toml)),
    ("docs/passkeys*.md", "toml", "", Read(syntax::toml)),
    ("docs/passkeys*.md", "sh", "", By("cli::passkeys::the_guide_does_what_it_says")),
    ("docs/mail*.md", "toml", "", By("cli::mail::the_guide_does_what_it_says")),
    ("docs/mail*.md", "sh", "", By("cli::mail::the_guide_does_what_it_says")),
    ("docs/upstream*.md", "sh", "export ", By("documentation::guides::one_haechi_signs_in_with_another")),
    ("docs/upstream*.md", "sh", "", By("documentation::guides::the_commands_about_providers_do_what_they_say")),
    (
        "docs/reference/cli.md",
        "text",
        "",
        By("documentation::reference::the_reference_of_the_command_line_is_what_is_parsed"),
    ),
    ("docs/recipes/*", "sh", "", By("documentation::guides::every_recipe_is_registered_as_it_is_printed")),
    ("docs/recipes/*", "json", "", Read(syntax::json)),
    ("docs/recipes/*", "python", "", Read(syntax::python)),
    ("docs/recipes/*", "toml", "", Read(syntax::toml)),
    ("docs/recipes/*", "env", "", Read(syntax::env)),
    ("docs/recipes/*", "ini", "", Read(syntax::ini)),
    ("docs/recipes/*", "yaml", "", ByChart("TestEveryYamlOfTheDocumentsIsRead")),
    ("docs/recipes/mod-auth-openidc*", "apache", "", By("foreign::recipes::mod_auth_openidc")),
    ("docs/recipes/nginx-auth-request*", "nginx", "", By("foreign::recipes::nginx_auth_request")),
    ("docs/recipes/pac4j*", "properties", "", By("foreign::recipes::pac4j")),
    ("docs/recipes/quarkus*", "properties", "", By("foreign::recipes::quarkus")),
    ("docs/recipes/gitlab*", "ruby", "", Not("GitLab reads it, and is no package of a registry")),
    ("docs/recipes/kubernetes*", "text", "", Not("flags of the API server of a cluster")),
];

impl Held {
    fn hold(&self, block: &Block, tests: &BTreeSet<String>, chart: &str) -> Result<(), String> {
        match self {
            Read(reads) => reads(&block.code),
            By(test) if tests.contains(*test) => Ok(()),
            By(test) => Err(format!("no test is called {test}")),
            ByChart(test) if chart.contains(&format!("func {test}(")) => Ok(()),
            ByChart(test) => Err(format!("no test of the chart is called {test}")),
            Not(why) => (!why.is_empty()).then_some(()).ok_or_else(|| "nobody says why not".to_owned()),
        }
    }
}

/// Whether a page is meant: one `*` stands for anything.
fn is_meant(pattern: &str, page: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == page,
        Some((begins, ends)) => {
            page.len() >= begins.len() + ends.len() && page.starts_with(begins) && page.ends_with(ends)
        }
    }
}

fn rule_of(block: &Block) -> Option<usize> {
    RULES.iter().position(|(page, language, begins, _)| {
        is_meant(page, &block.page) && *language == block.language && block.code.starts_with(begins)
    })
}

/// Every test of this binary.
pub fn tests() -> BTreeSet<String> {
    let listed = Command::new(std::env::current_exe().unwrap()).args(["--list", "--format", "terse"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    listed.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

#[test]
fn every_block_of_code_is_held_to_what_is_so() {
    let (tests, chart) = (tests(), fs::read_to_string(root().join("tests/chart/documents_test.go")).unwrap());
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    let blocks: Vec<Block> = pages::documents().iter().flat_map(|page| pages::blocks(&pages::name(page))).collect();
    for block in &blocks {
        let rule = rule_of(block);
        used.extend(rule);
        let held =
            rule.map_or_else(|| Err("no rule is for it".to_owned()), |at| RULES[at].3.hold(block, &tests, &chart));
        if let Err(why) = held {
            wrong.push(format!("{}:{} ({}): {why}", block.page, block.line, block.language));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(blocks.len() > 150, "only {} blocks were found", blocks.len());
    let unused: Vec<_> = (0..RULES.len()).filter(|at| !used.contains(at)).map(|at| &RULES[at].0).collect();
    assert!(unused.is_empty(), "rules for nothing: {unused:?}");
}
