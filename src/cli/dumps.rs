//! No core dumps: a process that crashes must not leave its memory, with keys and passwords in it, on a disk or with a collector.

use rustix::io::Result;
use rustix::process::{Resource, Rlimit, setrlimit};

/// Forbids core dumps of this process for good. Two locks: no file may be written, soft and hard; and on Linux the process is not dumpable,
/// which also holds where the kernel hands dumps to a program, and keeps other processes of the same user from reading its memory.
pub(super) fn forbid() -> Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    not_dumpable()
}

#[cfg(target_os = "linux")]
fn not_dumpable() -> Result<()> {
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
}

#[cfg(not(target_os = "linux"))]
fn not_dumpable() -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_locks_hold_afterwards() {
        forbid().unwrap();
        let Rlimit { current, maximum } = rustix::process::getrlimit(Resource::Core);
        assert_eq!((current, maximum), (Some(0), Some(0)));
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{DumpableBehavior, dumpable_behavior};
            assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        }
    }
}
