use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use super::*;
use crate::counts::Counts;
use crate::keys::KeyEncryptionKey;
use crate::store::{StoreError, StoreResult};
use crate::support::{ManualClock, SeededRandom};

/// Counters in memory, which can be taken away.
#[derive(Default)]
struct Memory {
    counts: Mutex<HashMap<Digest, (u32, Timestamp)>>,
    away: AtomicBool,
}

impl Memory {
    fn answer<T>(&self, value: T) -> StoreResult<T> {
        if self.away.load(Ordering::Relaxed) { Err(StoreError::Unavailable("test".to_owned())) } else { Ok(value) }
    }
}

#[async_trait]
impl ThrottleStore for Memory {
    async fn hit(&self, key: Digest, window: Duration, now: Timestamp) -> StoreResult<u32> {
        self.answer(())?;
        let mut counts = self.counts.lock().unwrap();
        let entry = counts.entry(key).or_insert((0, now.plus(window)));
        if entry.1 <= now {
            *entry = (0, now.plus(window));
        }
        entry.0 += 1;
        Ok(entry.0)
    }

    async fn count(&self, key: Digest, now: Timestamp) -> StoreResult<u32> {
        let counts = self.counts.lock().unwrap();
        self.answer(counts.get(&key).filter(|entry| entry.1 > now).map_or(0, |entry| entry.0))
    }

    async fn ends(&self, key: Digest, now: Timestamp) -> StoreResult<Option<Timestamp>> {
        let counts = self.counts.lock().unwrap();
        self.answer(counts.get(&key).map(|entry| entry.1).filter(|end| *end > now))
    }

    async fn reset(&self, key: Digest) -> StoreResult<()> {
        self.counts.lock().unwrap().remove(&key);
        self.answer(())
    }
}

struct Bench {
    store: Arc<Memory>,
    clock: Arc<ManualClock>,
    throttle: Throttle,
    alice: UserId,
}

const LIMITS: ThrottlingConfig = ThrottlingConfig {
    password_failures_per_account: 5,
    password_failures_per_address: 20,
    password_failures_per_network: 1_000_000,
    password_failures_everywhere: 1_000_000,
    guesses_before_work: 1_000_000,
    sign_ups_per_address: 3,
    mails_per_account: 5,
    mails_per_address: 30,
    client_failures_per_address: 4,
    authorizations_per_address: 6,
    api_calls_per_caller: 600,
};

fn bench() -> Bench {
    let store = Arc::new(Memory::default());
    let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(1_800_000_000)));
    let parts = Parts {
        store: Arc::clone(&store) as _,
        counts: Arc::new(Counts::nowhere()),
        key: MacKey::new(&KeyEncryptionKey::from_bytes([7; 32]), "work"),
        clock: Arc::clone(&clock) as _,
        random: Arc::new(SeededRandom::new(1)),
    };
    let throttle = Throttle::new(parts, LIMITS);
    let alice = UserId::new(Timestamp::from_seconds(1), &SeededRandom::new(1));
    Bench { store, clock, throttle, alice }
}

fn from(address: &str) -> Origin {
    Origin { address: address.parse().unwrap(), browser: None, worked: false }
}

impl Bench {
    async fn guess(&self, identifier: &str, origin: &Origin) -> Result<Admission, Held> {
        self.throttle
            .admit_guess(&Guess { password: Some(GuessedPassword::of(self.alice, None)), identifier, origin })
            .await
    }

    /// How many of many guesses at alice are let through.
    async fn let_through(&self, guesses: u32, address: impl Fn(u32) -> String) -> u32 {
        let mut admitted = 0;
        for number in 0..guesses {
            admitted += u32::from(self.guess("alice@example.com", &from(&address(number))).await.is_ok());
        }
        admitted
    }
}

#[tokio::test]
async fn one_address_has_the_allowance_of_the_account() {
    let bench = bench();
    assert_eq!(bench.let_through(100, |_| "192.0.2.1".to_owned()).await, 5);
    bench.clock.advance(Window::PASSWORD.length());
    assert!(bench.guess("alice@example.com", &from("192.0.2.1")).await.is_ok(), "a window later");
}

#[tokio::test]
async fn an_owner_on_a_new_device_gets_in_beside_a_guesser() {
    let bench = bench();
    bench.let_through(10_000, |_| "192.0.2.1".to_owned()).await;
    assert!(bench.guess("alice@example.com", &from("198.51.100.7")).await.is_ok());
}

#[tokio::test]
async fn many_addresses_together_have_a_bound_too() {
    let bench = bench();
    assert_eq!(bench.let_through(300, |n| format!("10.0.{}.{}", n / 200, n % 200)).await, 25);
}

#[tokio::test]
async fn a_browser_that_the_account_knows_is_never_the_strangers_victim() {
    let bench = bench();
    let home = Origin { browser: Some(Digest::of("browser", b"home")), ..from("192.0.2.9") };
    let admission = bench.guess("alice@example.com", &home).await.unwrap();
    bench.throttle.take_back(&admission).await;
    bench.throttle.now_known(bench.alice, &home).await;
    bench.let_through(500, |n| format!("10.1.{}.{}", n / 200, n % 200)).await;
    bench.let_through(500, |_| "192.0.2.9".to_owned()).await;
    for _ in 0..20 {
        let admission = bench.guess("alice@example.com", &home).await.expect("the owner signs in");
        bench.throttle.take_back(&admission).await;
    }
    let mut tries = 0;
    while bench.guess("alice@example.com", &home).await.is_ok() {
        tries += 1;
    }
    assert_eq!(tries, 5, "the known browser's own allowance");
}

#[tokio::test]
async fn a_browser_is_known_to_those_only_who_signed_in_there() {
    let bench = bench();
    let mallorys = Origin { browser: Some(Digest::of("browser", b"mallory")), ..from("192.0.2.1") };
    let mallory = UserId::new(Timestamp::from_seconds(2), &SeededRandom::new(2));
    let own = Guess {
        password: Some(GuessedPassword::of(mallory, None)),
        identifier: "mallory@example.com",
        origin: &mallorys,
    };
    let admission = bench.throttle.admit_guess(&own).await.unwrap();
    bench.throttle.take_back(&admission).await;
    bench.throttle.now_known(mallory, &mallorys).await;
    let mut tries = 0;
    while bench.guess("alice@example.com", &mallorys).await.is_ok() {
        tries += 1;
    }
    assert_eq!(tries, 5);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_throttled_like_an_accounts() {
    let (known, unknown) = (bench(), bench());
    let origin = from("192.0.2.1");
    for _ in 0..30 {
        let guess = Guess { password: None, identifier: "nobody@example.com", origin: &origin };
        let there = known.guess("alice@example.com", &origin).await.err();
        assert_eq!(unknown.throttle.admit_guess(&guess).await.err(), there);
    }
}

#[tokio::test]
async fn right_passwords_leave_the_allowances_alone() {
    let bench = bench();
    let office = from("192.0.2.1");
    for _ in 0..200 {
        let admission = bench.guess("alice@example.com", &office).await.unwrap();
        bench.throttle.take_back(&admission).await;
    }
}

#[tokio::test]
async fn without_the_store_half_the_allowance_is_left() {
    let bench = bench();
    bench.store.away.store(true, Ordering::Relaxed);
    assert_eq!(bench.let_through(100, |_| "192.0.2.1".to_owned()).await, 3);
    assert_eq!(bench.let_through(100, |n| format!("10.0.0.{n}")).await, 0, "no newcomers either");
    assert!(bench.throttle.admit_sign_up("192.0.2.1".parse().unwrap()).await.is_ok());
}

#[tokio::test]
async fn the_many_networks_of_one_site_begin_logins_together() {
    let bench = bench();
    let begins = async |address: String| bench.throttle.admit_authorization(address.parse().unwrap()).await.is_ok();
    let asks = async |subscriber: &str, times: u32| {
        let mut began = 0;
        for _ in 0..times {
            began += u32::from(begins(format!("2001:db8:0:{subscriber}::1")).await);
        }
        began
    };
    assert_eq!((asks("0", 7).await, asks("1", 7).await), (6, 6), "twice what one has, from a /56");
    assert_eq!(asks("2", 7).await, 1, "whoever has hardly asked goes by those who use it up");
    let mut began = 13;
    for site in 1..=6 {
        began += asks(&format!("{site}00"), 7).await;
    }
    assert_eq!(began, 48, "eight times, from a /48");
    assert_eq!(asks("ff00", 3).await, 1, "a neighbour of theirs");
    let mut newcomers = 0;
    for site in 7..0xff {
        newcomers += asks(&format!("{site:x}00"), 1).await;
    }
    assert!((180..192).contains(&newcomers), "five times that, and no more: {newcomers}");
    assert!(begins("2001:db8:1::1".to_owned()).await);
    assert!(begins("192.0.2.1".to_owned()).await);
}

#[tokio::test]
async fn what_else_is_counted_by_address() {
    let bench = bench();
    let address = "2001:db8::1".parse().unwrap();
    let neighbour = "2001:db8::ffff".parse().unwrap();
    for _ in 0..3 {
        assert_eq!(bench.throttle.admit_sign_up(address).await, Ok(()));
    }
    let Throttled { retry_after, .. } = bench.throttle.admit_sign_up(neighbour).await.unwrap_err();
    assert!(retry_after <= Window::SIGN_UP.length() && retry_after >= Duration::from_secs(1));
    for _ in 0..6 {
        assert_eq!(bench.throttle.admit_authorization(address).await, Ok(()));
    }
    assert!(bench.throttle.admit_authorization(address).await.is_err());
    assert_eq!(bench.throttle.admit_authorization_of(bench.alice).await, Ok(()), "whoever is signed in counts apart");
}

#[tokio::test]
async fn forty_networks_of_one_site_sign_up_and_ask_for_mail_together() {
    let bench = bench();
    let (mut made, mut asked) = (0, 0);
    for n in 0..40 {
        // Each of another /56 of the same /48.
        let address: IpAddr = format!("2001:db8:1:{n:02x}00::1").parse().unwrap();
        for _ in 0..3 {
            made += u32::from(bench.throttle.admit_sign_up(address).await.is_ok());
            asked += u32::from(bench.throttle.admit_asking(address).await.is_ok());
        }
    }
    // Eight times as many as one of them may, and a first one for each of the others.
    assert_eq!((made, asked), (8 * 3 + 32, 8 * 6 + 24));
    for other in ["2001:db8:2::1", "192.0.2.1"] {
        let other = other.parse().unwrap();
        assert_eq!(bench.throttle.admit_sign_up(other).await, Ok(()));
        assert_eq!(bench.throttle.admit_mail(("kim", "kim@example.com"), other).await, Ok(true));
    }
}

fn at_browser(name: &str) -> Origin {
    Origin { browser: Some(Digest::of("browser", name.as_bytes())), ..from("192.0.2.1") }
}

#[tokio::test]
async fn asking_for_challenges_makes_none_dearer_and_meeting_them_does() {
    let bench = bench();
    let mut ahead = Vec::new();
    for number in 0..50 {
        let origin = at_browser(&number.to_string());
        let asked = bench.throttle.ask_work(Purpose::Password, &origin).await.unwrap();
        assert_eq!(asked.bits, 16);
        ahead.push((origin, asked));
    }
    bench.clock.advance(Duration::from_secs(8));
    let mut met = 0;
    for (origin, asked) in &ahead {
        met += u32::from(bench.throttle.worked(Some(&asked.text), Purpose::Password, origin).await);
    }
    assert_eq!(met, 3, "those kept from when they were cheap are too cheap once some are spent");
    let asked = bench.throttle.ask_work(Purpose::Password, &at_browser("next")).await.unwrap();
    assert_eq!((asked.bits, asked.wait), (18, Duration::from_secs(32)));
}

#[tokio::test]
async fn work_that_was_given_back_counts_once_more() {
    let bench = bench();
    let origin = at_browser("own");
    let asked = bench.throttle.ask_work(Purpose::Password, &origin).await.unwrap();
    bench.clock.advance(asked.wait);
    let spends = async || bench.throttle.worked(Some(&asked.text), Purpose::Password, &origin).await;
    assert!(spends().await && !spends().await);
    // Another guess, which did not spend it, gives nothing back.
    assert_eq!(bench.throttle.give_work_back(&asked.text, &origin).await, None);
    assert!(!spends().await);
    let by_this = Origin { worked: true, ..origin };
    let back = bench.throttle.give_work_back(&asked.text, &by_this).await.unwrap();
    assert_eq!((back.text == asked.text, back.bits), (true, asked.bits));
    let next = bench.throttle.ask_work(Purpose::Password, &origin).await.unwrap();
    assert_eq!(next.bits, 16, "nor is the next one dearer");
    assert!(spends().await && !spends().await);
}
