//! The pool as its callers see it.

use super::*;
use crate::support::SeededRandom;

fn hasher(memory_kib: u32, queue: usize) -> Arc<PasswordHasher> {
    let config = AccountsConfig {
        argon2_memory_kib: memory_kib,
        argon2_passes: 1,
        hashing_threads: Some(1),
        hashing_queue: queue,
        ..AccountsConfig::default()
    };
    PasswordHasher::start(&config, Arc::new(SeededRandom::new(1))).unwrap()
}

/// Always somebody else, with nothing in the way but the length of the queue.
fn somebody() -> Asker {
    static PEOPLE: AtomicU64 = AtomicU64::new(0);
    let number = PEOPLE.fetch_add(1, Ordering::Relaxed);
    let [.., high, middle, low] = number.to_be_bytes();
    // No two of one network.
    Asker::new(&format!("p{number}@example.com"), [high, middle, low, 1].into())
}

async fn verify(hasher: &PasswordHasher, text: &str, phc: Option<&Secret<String>>) -> Result<Verdict, HashingFailed> {
    hasher.reserve(&somebody())?.verify(password(text), phc).await
}

fn password(text: &str) -> Password {
    Password::parse(&Secret::from(text)).unwrap()
}

#[tokio::test]
async fn verifies_what_it_hashed() {
    let hasher = hasher(64, 8);
    let phc = hasher.hash(password("correct horse"), &somebody()).await.unwrap();
    assert_eq!(verify(&hasher, "correct horse", Some(&phc)).await, Ok(Verdict::Right { outdated: false }));
    assert_eq!(verify(&hasher, "wrong horse", Some(&phc)).await, Ok(Verdict::Wrong));
    assert_eq!(verify(&hasher, "correct horse", None).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn two_hashes_of_one_password_differ() {
    let hasher = hasher(64, 8);
    let (a, b) = (hasher.hash(password("same"), &somebody()).await, hasher.hash(password("same"), &somebody()).await);
    assert_ne!(a.unwrap(), b.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_turns_away_and_loses_none_it_accepted() {
    let hasher = hasher(32 * 1024, 4);
    let tries = (0..64).map(|_| {
        let hasher = Arc::clone(&hasher);
        tokio::spawn(async move { hasher.hash(password("storm"), &somebody()).await })
    });
    let (mut done, mut busy) = (0, 0);
    for task in tries.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(HashingFailed::Busy { retry_after }) => {
                assert!(retry_after >= Duration::from_secs(1));
                busy += 1;
            }
            Err(HashingFailed::Unreadable) => panic!("nothing was read"),
        }
    }
    assert!(done >= 4 && busy > 0, "{done} done, {busy} turned away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_left_makes_room() {
    let hasher = hasher(32 * 1024, 2);
    for _ in 0..32 {
        let somebody = somebody();
        let left = hasher.hash(password("gone"), &somebody);
        let _ = tokio::time::timeout(Duration::from_millis(1), left).await;
    }
    assert!(hasher.reserve(&somebody()).is_ok());
}

#[tokio::test]
async fn a_promised_place_is_kept_and_an_unused_one_given_back() {
    let hasher = hasher(64, 2);
    let places = [hasher.reserve(&somebody()).unwrap(), hasher.reserve(&somebody()).unwrap()];
    assert!(matches!(hasher.hash(password("late"), &somebody()).await, Err(HashingFailed::Busy { .. })));
    for place in places {
        assert!(place.hash(password("early")).await.is_ok());
    }
    drop(hasher.reserve(&somebody()).unwrap());
    assert!(hasher.hash(password("again"), &somebody()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_on_many_connections_leaves_room_for_others() {
    let hasher = hasher(64, 32);
    let at = |name: &str, address: &str| Asker::new(name, address.parse().unwrap());
    let mut places = Vec::new();
    for _ in 0..9 {
        for account in 0..10 {
            places.extend(hasher.reserve(&at(&format!("a{account}@example.com"), "192.0.2.1")).ok());
        }
    }
    assert_eq!(places.len(), 16, "half of the queue, whatever its passwords are worth");
    for number in 0..7 {
        let other = at(&format!("b{number}@example.com"), &format!("198.51.{number}.1"));
        places.push(hasher.reserve(&other).unwrap());
    }
    drop(places);
    let kim = at("kim@example.com", "192.0.2.1");
    let both = [hasher.reserve(&kim).unwrap(), hasher.reserve(&kim).unwrap()];
    assert!(matches!(hasher.reserve(&kim), Err(HashingFailed::Busy { .. })), "a third place of one account");
    for place in both {
        assert!(place.hash(password("right or wrong")).await.is_ok());
    }
    assert!(hasher.reserve(&kim).is_ok(), "what was done holds no place");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_elsewhere_do_not_take_the_place_of_an_owner() {
    let hasher = hasher(64, 8);
    let at = |address: [u8; 4]| Asker::new("kim@example.com", address.into());
    let ask = |address: [u8; 4]| hasher.reserve(&at(address)).ok();
    let mut places: Vec<_> = (0..4).flat_map(|n| [[198, 51, n, 1]; 2]).filter_map(ask).collect();
    assert_eq!(places.len(), 5, "two of the account's share, and the first of each address");
    assert!(hasher.reserve(&at([203, 0, 113, 5])).is_ok(), "the owner's");
    places.extend((4..20).filter_map(|n| ask([198, 51, n, 1])));
    assert_eq!(places.len(), 8, "as many addresses as there are places");
    assert!(ask([203, 0, 113, 5]).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_administers_leaves_places_to_people() {
    let hasher = hasher(64, 8);
    let held: Vec<_> = (0..8).filter_map(|_| hasher.reserve(&Asker::operator()).ok()).collect();
    assert!((2..=4).contains(&held.len()), "{}", held.len());
    assert!(hasher.reserve(&somebody()).is_ok());
}

/// One thread in 8 MiB, half of which is for hashing.
fn hasher_in_8_mib() -> Arc<PasswordHasher> {
    let config = AccountsConfig {
        argon2_memory_kib: 64,
        argon2_passes: 1,
        hashing_threads: Some(1),
        ..AccountsConfig::default()
    };
    PasswordHasher::within((1, Some(8 << 20)), &config, Arc::new(SeededRandom::new(1))).unwrap()
}

/// A hash of `correct horse`.
fn of(memory_kib: u32) -> Secret<String> {
    let params = hash::params(memory_kib, 1).unwrap();
    hash::make(&params, "correct horse", &[7; 16], &mut Workspace::default()).unwrap()
}

#[tokio::test]
async fn small_hashes_are_checked_while_large_ones_wait_for_memory() {
    let hasher = hasher_in_8_mib();
    let (small, large) = (of(64), of(4096));
    // As while another thread checks a large one.
    hasher.shared.lock().memory.take(4096);
    let small_ones = async {
        for _ in 0..3 {
            let checked = verify(&hasher, "correct horse", Some(&small)).await;
            assert_eq!(checked, Ok(Verdict::Right { outdated: false }));
        }
        assert_eq!(hasher.spent(), 3 * 64, "no large one was begun");
        hasher.shared.give_back(&mut hasher.shared.lock(), 4096);
    };
    let large_one = || verify(&hasher, "correct horse", Some(&large));
    // The large ones stand in the line before the small ones.
    let all = async { tokio::join!(large_one(), large_one(), small_ones) };
    let (one, other, ()) = tokio::time::timeout(Duration::from_secs(30), all).await.expect("small ones wait");
    assert_eq!([one, other], [Ok(Verdict::Right { outdated: true }); 2]);
    assert!(hasher.shared.lock().memory.has(4096), "it is given back");
}

#[tokio::test]
async fn a_hash_of_others_has_no_more_memory_than_there_is_and_gives_it_back() {
    let hasher = hasher_in_8_mib();
    let (fits, too_large) = (of(4096), of(4097));
    assert_eq!(hasher.takes(&fits), Ok(()));
    let refused = hasher.takes(&too_large).unwrap_err();
    assert_eq!(refused, HashRejected::TooMuchMemory { asked_mib: 5, most_mib: 4 });
    assert!(refused.to_string().contains("asks for 5 MiB of memory, and one hash may have 4 MiB here"), "{refused}");
    let key = "pDqAx6yyRE5wnwfFkMLPsqC76MtidtKo5mnCiQKeB/g";
    let scrypt = |ln: u32| Secret::from(format!("$scrypt$ln={ln},r=8,p=1$c2Vhc2FsdDEy${key}"));
    assert_eq!(hasher.takes(&scrypt(12)), Ok(()));
    assert_eq!(hasher.takes(&scrypt(13)), Err(HashRejected::TooMuchMemory { asked_mib: 8, most_mib: 4 }));

    assert_eq!(verify(&hasher, "correct horse", Some(&fits)).await, Ok(Verdict::Right { outdated: true }));
    assert_eq!(verify(&hasher, "correct horse", Some(&too_large)).await, Ok(Verdict::Wrong));
    assert_eq!(hasher.spent(), 4096 + 64, "as where there is no account");
    let mut space = Workspace::default();
    for (stored, outdated, kept) in [(of(64), false, 64), (fits, true, 0)] {
        let checked = hasher.shared.checking.verify(stored.expose(), &password("wrong"), &mut space);
        assert_eq!((checked, space.kept_kib()), (Ok((false, outdated)), kept));
    }
}
