//! `haechi config`.

use crate::support::binary::Haechi;

#[test]
fn the_example_is_a_file_that_can_be_used() {
    let haechi = Haechi::new();
    let example = haechi.out(&["config", "example"]);
    haechi.folder.write("haechi.toml", example);
    assert!(haechi.out(&["config", "check"]).contains("haechi.toml"));
}

#[test]
fn a_mistake_is_named_and_ends_with_status_2() {
    let haechi =
        Haechi::new().set("HAECHI_SERVER__ISSUER", "http://id.example.org").set("HAECHI_TOKENS__COLOUR", "red");
    for arguments in [&["config", "check"][..], &["serve"], &["users", "list"], &["doctor"]] {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(2), "{arguments:?} {done:?}");
        assert!(done.err.contains("server.issuer") && done.err.contains("HAECHI_SERVER__ISSUER"), "{done:?}");
        assert!(done.err.contains("tokens.colour"), "{done:?}");
    }
}

/// The same where the memory of processes is limited to 32 MiB, as far as they can see; `None` where the system allows no mount namespace.
fn with_little_memory(haechi: Haechi) -> Option<Haechi> {
    let script = "mount -t tmpfs none /sys/fs/cgroup && mkdir /sys/fs/cgroup/memory \
                  && echo 33554432 > /sys/fs/cgroup/memory.max \
                  && echo 33554432 > /sys/fs/cgroup/memory/memory.limit_in_bytes \
                  && exec \"$0\" \"$@\"";
    let haechi = haechi.through(&["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]);
    let tried = haechi.run(&["--version"]);
    if tried.code != Some(0) {
        eprintln!("skipped: no mount namespace can be made: {}", tried.err);
        return None;
    }
    Some(haechi)
}

#[test]
fn threads_that_do_not_fit_keep_a_server_from_starting_and_no_command_beside_it() {
    let begun = Haechi::new().begun().set("HAECHI_ACCOUNTS__HASHING_THREADS", "16");
    let Some(haechi) = with_little_memory(begun) else { return };
    for arguments in [&["config", "check"][..], &["serve"], &["doctor"]] {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(2), "{arguments:?} {done:?}");
        assert!(done.err.contains("accounts.hashing_threads"), "{arguments:?} {done:?}");
    }
    for arguments in [&["users", "list"][..], &["config", "show"], &["migrate", "status"]] {
        haechi.out(arguments);
    }
}

#[test]
fn an_unknown_key_of_the_file_is_named_with_its_path_and_what_was_perhaps_meant() {
    let haechi = Haechi::new();
    haechi.folder.write("haechi.toml", "[tokens]\nacess_token_seconds = 60\n\n[serverr]\nlisten = 'x'\n");
    let done = haechi.run(&["config", "check"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    for word in ["haechi.toml", "tokens.acess_token_seconds", "serverr", "did you mean"] {
        assert!(done.err.contains(word), "{word} is not in {}", done.err);
    }
    haechi.folder.write("haechi.toml", "[tokens\n");
    let done = haechi.run(&["config", "check"]);
    assert!(done.code == Some(2) && done.err.contains("haechi.toml"), "{done:?}");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let done = Haechi::new().run(&["config", "check", "--config", "nowhere.toml"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("nowhere.toml"), "{done:?}");
    let by_variable = Haechi::new().set("HAECHI_CONFIG", "elsewhere.toml").run(&["config", "check"]);
    assert!(by_variable.err.contains("elsewhere.toml"), "{by_variable:?}");
}

#[test]
fn the_settings_are_shown_without_their_secrets() {
    let haechi = Haechi::new()
        .set("HAECHI_KEYS__KEY_ENCRYPTION_KEY", "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2E=")
        .set("HAECHI_DATABASE__URL", "postgres://haechi:canary@db/haechi");
    let shown = haechi.out(&["config", "show"]);
    assert!(!shown.contains("canary") && !shown.contains("Y2FuYXJ5"), "{shown}");
    assert!(shown.contains(&haechi.issuer()), "{shown}");
}

#[test]
fn wrong_arguments_end_with_status_2_and_help_with_0() {
    let haechi = Haechi::new();
    assert_eq!(haechi.run(&["nonsense"]).code, Some(2));
    let help = haechi.run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for subcommand in ["serve", "claim", "demo", "doctor", "config", "users", "clients", "keys", "sessions", "migrate"]
    {
        assert!(help.out.contains(&format!("  {subcommand}")), "{subcommand} is not in {}", help.out);
    }
}
