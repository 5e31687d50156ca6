//! The databases that tests are given.
//!
//! Owns that each is deleted when the thread that asked for it ends, which is when its test does: a few at a time, since every time costs a process.

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Cluster, cluster};

/// So many are deleted together.
const TOGETHER: usize = 16;

#[derive(Default)]
struct Own(RefCell<Vec<String>>);

thread_local! {
    static OWN: Own = Own::default();
}

/// Makes one that goes with this thread.
pub(super) fn new(cluster: &Cluster, like: Option<&str>) -> String {
    let name = unused();
    cluster.create(&name, like);
    OWN.with(|own| own.0.borrow_mut().push(name.clone()));
    name
}

/// Makes one that stays.
pub(super) fn lasting(cluster: &Cluster) -> String {
    let name = unused();
    cluster.create(&name, None);
    name
}

fn unused() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Drop for Own {
    fn drop(&mut self) {
        static USED: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let mut used = USED.lock().unwrap();
        used.append(self.0.get_mut());
        if used.len() < TOGETHER {
            return;
        }
        let names = std::mem::take(&mut *used);
        drop(used);
        if let Some(cluster) = cluster() {
            cluster.discard(&names);
        }
    }
}
