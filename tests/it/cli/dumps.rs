//! What is left of a process that crashes: nothing that holds its secrets.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;

use rustix::process::{Pid, Resource, Rlimit, getuid, prlimit};

use crate::support::binary::Haechi;

/// As generous to core dumps as a machine can be.
const GENEROUS: [&str; 4] = ["sh", "-c", "ulimit -c unlimited; exec \"$@\"", "sh"];

#[test]
fn a_server_may_leave_no_core_dump_whatever_the_machine_allows() {
    let haechi = Haechi::new().through(&GENEROUS);
    let mut server = haechi.start();
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let cores: Vec<_> = cores.split_whitespace().skip(4).take(2).collect();
    assert_eq!(cores, ["0", "0"], "soft and hard, so that nothing in the process can raise it");

    // The second lock: a kernel that pipes dumps to a program asks for no limit. Who may take the first lock off sees the second one
    // hold; who is not root sees it by the owner of what is in /proc. The unit test of `cli::dumps` sees it in any case.
    let pid = Pid::from_raw(server.pid().cast_signed()).unwrap();
    if prlimit(Some(pid), Resource::Core, Rlimit { current: None, maximum: None }).is_ok() {
        server.signal("ABRT");
        let status = server.ended();
        assert!(status.signal().is_some() && !status.core_dumped(), "{status:?}");
    } else if !getuid().is_root() {
        assert_eq!(fs::metadata(format!("/proc/{}/limits", server.pid())).unwrap().uid(), 0);
    }
}
