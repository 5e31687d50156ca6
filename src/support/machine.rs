//! What this process may have of the machine: processors and memory, as its cgroup says where it is in one (a container).
//!
//! Owns reading that. Leaves what is made of it to the settings.

/// A limit of cgroup v1 that is none: it says the largest number of bytes in whole pages.
const NO_LIMIT: u64 = 1 << 60;

/// How many processors it may use at once. On Linux the standard library reads the quotas of cgroups, v1 and v2.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many bytes of memory it may use, where anything but the machine bounds that.
pub fn memory_limit() -> Option<u64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    limit_of(&read("/proc/self/cgroup")?, read)
}

/// The least of the limits of the cgroups that a process is in, and of those around them. `cgroups` is as `/proc/self/cgroup` says it (cgroups(7)). Within a container that path
/// may be one of outside, where nothing is here; the container's own limit is at the root then.
fn limit_of(cgroups: &str, read: impl Fn(&str) -> Option<String>) -> Option<u64> {
    let files = cgroups.lines().flat_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (folder, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            all if all.split(',').any(|one| one == "memory") => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => return Vec::new(),
        };
        let path = path.trim_end_matches('/');
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.map(|end| format!("{folder}{}/{file}", &path[..end])).collect()
    });
    files.filter_map(|file| read(&file)?.trim().parse().ok()).filter(|limit| *limit < NO_LIMIT).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(cgroups: &str, files: &[(&str, &str)]) -> Option<u64> {
        limit_of(cgroups, |path| files.iter().find(|(file, _)| *file == path).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn a_container_says_its_limit_at_the_root_and_a_service_in_its_folder() {
        assert_eq!(limit("0::/\n", &[("/sys/fs/cgroup/memory.max", "268435456\n")]), Some(268_435_456));
        let service = "0::/system.slice/haechi.service\n";
        let own = ("/sys/fs/cgroup/system.slice/haechi.service/memory.max", "536870912\n");
        assert_eq!(limit(service, &[own]), Some(536_870_912));
        assert_eq!(limit(service, &[own, ("/sys/fs/cgroup/system.slice/memory.max", "1000\n")]), Some(1000));
        assert_eq!(limit("0::/kubepods/pod1/abc\n", &[("/sys/fs/cgroup/memory.max", "4096\n")]), Some(4096));
    }

    #[test]
    fn the_older_cgroups_say_it_in_a_tree_of_their_own() {
        let cgroups = "12:cpu,cpuacct:/docker/abc\n5:memory:/docker/abc\n1:name=systemd:/docker/abc\n";
        let file = |limit| [("/sys/fs/cgroup/memory/memory.limit_in_bytes", limit)];
        assert_eq!(limit(cgroups, &file("268435456\n")), Some(268_435_456));
        assert_eq!(limit(cgroups, &file("9223372036854771712\n")), None);
    }

    #[test]
    fn where_nothing_says_a_limit_there_is_none() {
        assert_eq!(limit("0::/\n", &[("/sys/fs/cgroup/memory.max", "max\n")]), None);
        assert_eq!(limit("0::/\n", &[]), None);
        for odd in ["", "\n", "0", "0:", "x:y", "0::/../a\n", "7:memory"] {
            assert_eq!(limit(odd, &[]), None, "{odd:?}");
        }
    }
}
