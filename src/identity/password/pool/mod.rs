//! The threads that hash passwords: few, of low priority, with memory of their own and a bounded queue.
//!
//! A login storm fills the queue and slows logins; requests that need no password never wait for one. A caller that finds the queue
//! full, or so long that an answer would take too long, or has its [share](line) of it already, is told at once to come back.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use argon2::Params;
use tokio::sync::oneshot;

use super::Password;
use super::foreign::HashRejected;
use super::hash::{self, Unreadable, Workspace};
use crate::config::accounts::AccountsConfig;
use crate::support::{Random, Secret, machine, random};

mod checking;
mod line;
#[cfg(test)]
mod tests;
mod turns;

use checking::{Checking, Memory};
pub use line::Asker;
use line::Line;

/// The longest that a login may wait for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// After how long without work a thread gives its memory back.
const IDLE: Duration = Duration::from_secs(30);
/// How much a thread yields to the ones that serve requests (`nice`).
const NICENESS: i32 = 15;

/// Why a password was not hashed or verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashingFailed {
    /// Too many are waiting.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The stored hash cannot be read.
    Unreadable,
}

/// What verifying a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is another password.
    Wrong,
    /// It is the password.
    Right {
        /// The hash was made with other parameters than are set now: it should be made anew.
        outdated: bool,
    },
}

/// Hashes and verifies passwords on threads of its own, which end with it.
pub struct PasswordHasher {
    shared: Arc<Shared>,
    random: Arc<dyn Random>,
    decoy: Secret<String>,
}

struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
    /// Those of new hashes.
    params: Params,
    checking: Checking,
    threads: u32,
    capacity: usize,
    spent: AtomicU64,
}

struct Queue {
    line: Line<Job>,
    /// For those jobs that need more than a thread has.
    memory: Memory,
    running: u32,
    /// Places that were promised and not taken yet.
    reserved: usize,
    /// How long a job takes, smoothed over the last ones.
    job_time: Duration,
    closed: bool,
}

impl Queue {
    /// How many wait, or are about to.
    fn waiting(&self) -> usize {
        self.line.standing() + self.reserved
    }

    /// The job whose turn it is, of those that there is memory for, which is taken.
    fn next(&mut self) -> Option<(Asker, Job)> {
        let next = self.line.next(|job| self.memory.has(job.large_kib()))?;
        self.memory.take(next.1.large_kib());
        Some(next)
    }
}

enum Job {
    Make(Password, [u8; 16], oneshot::Sender<Result<Secret<String>, Unreadable>>),
    Verify(Check, oneshot::Sender<Result<(bool, bool), Unreadable>>),
}

/// A password, and what it is checked against.
struct Check {
    password: Password,
    phc: Secret<String>,
    /// The memory that the hash asks for, where that is more than a thread has.
    large_kib: u64,
}

impl Job {
    /// How much memory it needs that a thread does not have by itself.
    const fn large_kib(&self) -> u64 {
        match self {
            Self::Make(..) => 0,
            Self::Verify(check, _) => check.large_kib,
        }
    }

    /// No caller waits for it any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Make(.., reply) => reply.is_closed(),
            Self::Verify(.., reply) => reply.is_closed(),
        }
    }
}

/// A job that is done, and who is to hear of it.
enum Done {
    Made(Result<Secret<String>, Unreadable>, oneshot::Sender<Result<Secret<String>, Unreadable>>),
    Verified(Result<(bool, bool), Unreadable>, oneshot::Sender<Result<(bool, bool), Unreadable>>),
}

impl Done {
    /// A reply that no caller takes any more is no failure.
    fn tell(self) {
        match self {
            Self::Made(made, reply) => drop(reply.send(made)),
            Self::Verified(verified, reply) => drop(reply.send(verified)),
        }
    }
}

impl PasswordHasher {
    /// Starts the threads, as many as this process may have.
    pub fn start(config: &AccountsConfig, random: Arc<dyn Random>) -> io::Result<Arc<Self>> {
        Self::within((machine::processors(), machine::memory_limit()), config, random)
    }

    /// The same on so many processors and within so many bytes.
    fn within(
        (processors, memory): (usize, Option<u64>),
        config: &AccountsConfig,
        random: Arc<dyn Random>,
    ) -> io::Result<Arc<Self>> {
        let illegal = || io::Error::new(io::ErrorKind::InvalidInput, "argon2 parameters are out of range");
        let params = hash::params(config.argon2_memory_kib, config.argon2_passes).ok_or_else(illegal)?;
        let decoy = hash::decoy(&params, &random::bytes(&*random), &random::bytes(&*random)).map_err(|_| illegal())?;
        let (threads, most_kib) = (config.threads(processors, memory), config.most_of_one_kib(processors, memory));
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                line: Line::default(),
                memory: Memory::of(most_kib),
                running: 0,
                reserved: 0,
                job_time: Duration::from_millis(20),
                closed: false,
            }),
            work: Condvar::new(),
            checking: Checking::new(params.clone(), most_kib),
            params,
            threads: u32::try_from(threads).unwrap_or(1),
            capacity: config.hashing_queue.max(1),
            spent: AtomicU64::new(0),
        });
        // Made first, so that threads already running end when a later one cannot be started.
        let hasher = Arc::new(Self { shared: Arc::clone(&shared), random, decoy });
        for number in 0..threads {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name(format!("password-{number}")).spawn(move || shared.run())?;
        }
        Ok(hasher)
    }

    /// A place in the queue, before any other work is done for the caller: once it has one it is not turned away later.
    pub fn reserve(&self, asker: &Asker) -> Result<Place<'_>, HashingFailed> {
        let mut queue = self.shared.lock();
        self.shared.admit(&mut queue, asker)?;
        queue.reserved += 1;
        queue.line.hold(asker);
        Ok(Place { hasher: self, asker: Some(asker.clone()) })
    }

    /// Hashes a new password with the parameters that are set now.
    pub async fn hash(&self, password: Password, asker: &Asker) -> Result<Secret<String>, HashingFailed> {
        self.reserve(asker)?.hash(password).await
    }

    /// Whether a password can be checked here against a hash that another server made: it asks for no more memory than one may have.
    pub fn takes(&self, stored: &Secret<String>) -> Result<(), HashRejected> {
        self.shared.checking.takes(stored.expose())
    }

    /// What hashing has cost since the start, as Argon2 counts it: memory in KiB times passes, of all hashes together. Two ways cost the same
    /// where this says so, whatever else the machine does.
    pub fn spent(&self) -> u64 {
        self.shared.spent.load(Ordering::Relaxed)
    }
}

/// A reserved place in the queue. Dropped unused, it is given back.
#[derive(Debug)]
pub struct Place<'a> {
    hasher: &'a PasswordHasher,
    /// Whose it is, until there is a job in it.
    asker: Option<Asker>,
}

impl Place<'_> {
    /// As [`PasswordHasher::hash`].
    pub async fn hash(self, password: Password) -> Result<Secret<String>, HashingFailed> {
        let (reply, answer) = oneshot::channel();
        let salt = random::bytes(&*self.hasher.random);
        self.submit(Job::Make(password, salt, reply));
        hashing_result(answer.await)
    }

    /// Verifies a password. Where there is no hash, because there is no such account or it has no password, the same work is
    /// done and the answer is `Wrong`. So it is where there is too little memory for the hash: an answer of its own would tell who has an account.
    pub async fn verify(self, password: Password, phc: Option<&Secret<String>>) -> Result<Verdict, HashingFailed> {
        let (reply, answer) = oneshot::channel();
        let checking = &self.hasher.shared.checking;
        let phc = phc.filter(|phc| checking.still_takes(phc.expose()));
        let against = phc.unwrap_or(&self.hasher.decoy).clone();
        let large_kib = checking.large_kib(against.expose());
        self.submit(Job::Verify(Check { password, phc: against, large_kib }, reply));
        let (right, outdated) = hashing_result(answer.await)?;
        Ok(if right && phc.is_some() { Verdict::Right { outdated } } else { Verdict::Wrong })
    }

    /// Queues a job and gives up the place for it.
    fn submit(mut self, job: Job) {
        let Some(asker) = self.asker.take() else { return };
        let shared = &self.hasher.shared;
        let mut queue = shared.lock();
        queue.reserved = queue.reserved.saturating_sub(1);
        if job.large_kib() == 0 {
            queue.line.push(asker, job);
        } else {
            queue.line.push_large(asker, job);
        }
        drop(queue);
        shared.work.notify_one();
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(asker) = self.asker.take() {
            let mut queue = self.hasher.shared.lock();
            queue.reserved = queue.reserved.saturating_sub(1);
            queue.line.release(&asker);
        }
    }
}

impl Drop for PasswordHasher {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.work.notify_all();
    }
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordHasher").field("threads", &self.shared.threads).finish_non_exhaustive()
    }
}

/// What a thread answered. One that ended without an answer did so because the server stops.
fn hashing_result<T>(answer: Result<Result<T, Unreadable>, oneshot::error::RecvError>) -> Result<T, HashingFailed> {
    match answer {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(Unreadable)) => Err(HashingFailed::Unreadable),
        Err(_) => Err(HashingFailed::Busy { retry_after: Duration::from_secs(1) }),
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit(&self, queue: &mut Queue, asker: &Asker) -> Result<(), HashingFailed> {
        let may = |queue: &Queue| queue.line.may_have(asker, self.free(queue));
        if may(queue) {
            return Ok(());
        }
        queue.line.retain(|job| !job.is_abandoned());
        if may(queue) {
            return Ok(());
        }
        // Whole seconds, as Retry-After has (RFC 9110 section 10.2.3).
        Err(HashingFailed::Busy { retry_after: Duration::from_secs(self.wait(queue).as_secs() + 1) })
    }

    /// How many more would still be answered in time.
    fn free(&self, queue: &Queue) -> usize {
        let in_time = LONGEST_WAIT.saturating_mul(self.threads).as_nanos() / queue.job_time.as_nanos().max(1);
        let in_time = usize::try_from(in_time).unwrap_or(usize::MAX).saturating_add(1);
        let running = usize::try_from(queue.running).unwrap_or(usize::MAX);
        let waiting = queue.waiting();
        self.capacity.saturating_sub(waiting).min(in_time.saturating_sub(waiting.saturating_add(running)))
    }

    /// How long a job that came now would wait.
    fn wait(&self, queue: &Queue) -> Duration {
        let ahead = u32::try_from(queue.waiting()).unwrap_or(u32::MAX).saturating_add(queue.running);
        queue.job_time.saturating_mul(ahead) / self.threads
    }

    fn run(&self) {
        yield_to_requests();
        let mut space = Workspace::default();
        let mut queue = self.lock();
        while !queue.closed {
            let Some((asker, job)) = queue.next() else {
                let (next, waited) = self.work.wait_timeout(queue, IDLE).unwrap_or_else(PoisonError::into_inner);
                queue = next;
                if waited.timed_out() {
                    space = Workspace::default();
                }
                continue;
            };
            let large_kib = job.large_kib();
            if job.is_abandoned() {
                self.give_back(&mut queue, large_kib);
                queue.line.release(&asker);
                continue;
            }
            queue.running += 1;
            drop(queue);
            let began = Instant::now();
            let done = self.work_on(job, &mut space);
            let took = began.elapsed();
            queue = self.lock();
            queue.running -= 1;
            queue.job_time = (queue.job_time * 7 + took) / 8;
            self.give_back(&mut queue, large_kib);
            // Before the answer: who has it may ask again.
            queue.line.release(&asker);
            done.tell();
        }
    }

    /// Gives memory back. What waits for it may be more than one job.
    fn give_back(&self, queue: &mut Queue, large_kib: u64) {
        if large_kib > 0 {
            queue.memory.give_back(large_kib);
            self.work.notify_all();
        }
    }

    fn work_on(&self, job: Job, space: &mut Workspace) -> Done {
        let done = match job {
            Job::Make(password, salt, reply) => {
                Done::Made(hash::make(&self.params, password.expose(), &salt, space), reply)
            }
            Job::Verify(check, reply) => {
                Done::Verified(self.checking.verify(check.phc.expose(), &check.password, space), reply)
            }
        };
        self.count(space);
        done
    }

    /// Before the answer: its caller may ask what it cost.
    fn count(&self, space: &mut Workspace) {
        self.spent.fetch_add(space.take_spent(), Ordering::Relaxed);
    }
}

/// Lowers the priority of the calling thread. On Linux the priority belongs to the thread; elsewhere it would be the whole
/// process's, so it stays. Not being allowed to is no reason not to hash.
fn yield_to_requests() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
    #[cfg(not(target_os = "linux"))]
    let _ = NICENESS;
}
