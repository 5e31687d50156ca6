//! Each state of a ring, and its steps.

use super::*;
use crate::support::SeededRandom;
use SigningAlgorithm::{ES256, EdDSA, PS256, RS256};

const START: Timestamp = Timestamp::from_seconds(1_750_000_000);

fn settings(algorithms: &[SigningAlgorithm]) -> Settings {
    let config = KeysConfig { algorithms: algorithms.to_vec(), on_request: vec![], ..KeysConfig::default() };
    Settings::new(KeyTimes { config: &config, longest_session: Duration::from_secs(SESSION) })
}

fn id(number: u64) -> KeyId {
    KeyId::new(START, &SeededRandom::new(number))
}

/// A key whose last change of state was `age` seconds before [`START`].
fn key(number: u64, algorithm: SigningAlgorithm, state: KeyState, age: u64) -> SigningKeyRecord {
    let changed = START.minus(Duration::from_secs(age));
    SigningKeyRecord {
        id: id(number),
        algorithm,
        state,
        public_jwk: serde_json::Value::Null,
        sealed: vec![],
        created_at: changed,
        activated_at: (state != KeyState::Next).then_some(changed),
        retired_at: matches!(state, KeyState::Retiring | KeyState::Retired).then_some(changed),
    }
}

const NEXT: KeyState = KeyState::Next;
const ACTIVE: KeyState = KeyState::Active;
const RETIRING: KeyState = KeyState::Retiring;
const RETIRED: KeyState = KeyState::Retired;
const SESSION: u64 = 30 * 86_400;
/// `max_age` and the margin.
const PUBLICATION: u64 = 660;
const ROTATION: u64 = 30 * 86_400;
const AFTERLIFE: u64 = 86_400 + 60;

#[test]
fn each_state_of_an_algorithm_has_its_steps() {
    let table: &[(&str, Vec<SigningKeyRecord>, Vec<Step>)] = &[
        ("the first key signs at once", vec![], vec![Step::Make(ES256, ACTIVE)]),
        ("a young active key is left alone", vec![key(1, ES256, ACTIVE, PUBLICATION - 1)], vec![]),
        ("it gets a successor early", vec![key(1, ES256, ACTIVE, PUBLICATION)], vec![Step::Make(ES256, NEXT)]),
        ("which waits", vec![key(1, ES256, ACTIVE, ROTATION - 1), key(2, ES256, NEXT, PUBLICATION)], vec![]),
        (
            "until it is due",
            vec![key(1, ES256, ACTIVE, ROTATION), key(2, ES256, NEXT, PUBLICATION)],
            vec![Step::Retire(id(1)), Step::Activate(id(2))],
        ),
        (
            "and published for long enough",
            vec![key(1, ES256, ACTIVE, ROTATION * 2), key(2, ES256, NEXT, PUBLICATION - 1)],
            vec![],
        ),
        (
            "an overdue key without successor signs on",
            vec![key(1, ES256, ACTIVE, ROTATION * 2)],
            vec![Step::Make(ES256, NEXT)],
        ),
        (
            "a retiring key outlives its tokens",
            vec![key(1, ES256, ACTIVE, 0), key(2, ES256, RETIRING, AFTERLIFE - 1)],
            vec![],
        ),
        (
            "and is then published no more",
            vec![key(1, ES256, ACTIVE, 0), key(2, ES256, RETIRING, AFTERLIFE)],
            vec![Step::Withdraw(id(2))],
        ),
        (
            "a retired key outlives the sessions that its tokens name",
            vec![key(1, ES256, ACTIVE, 0), key(2, ES256, RETIRED, SESSION + 59)],
            vec![],
        ),
        (
            "and then goes",
            vec![key(1, ES256, ACTIVE, 0), key(2, ES256, RETIRED, SESSION + 60)],
            vec![Step::Remove(id(2))],
        ),
        (
            "of two active keys the older one retires",
            vec![key(1, ES256, ACTIVE, 1), key(2, ES256, ACTIVE, 2)],
            vec![Step::Retire(id(2))],
        ),
        ("without active key an unripe one waits", vec![key(1, ES256, NEXT, PUBLICATION - 1)], vec![]),
        ("and a ripe one signs", vec![key(1, ES256, NEXT, PUBLICATION)], vec![Step::Activate(id(1))]),
    ];
    for (name, records, steps) in table {
        assert_eq!(&plan(records, &settings(&[ES256]), START), steps, "{name}");
    }
}

#[test]
fn an_algorithm_that_is_added_later_is_published_before_it_signs() {
    let records = [key(1, ES256, ACTIVE, 0)];
    assert_eq!(plan(&records, &settings(&[ES256, EdDSA]), START), [Step::Make(EdDSA, NEXT)]);
}

#[test]
fn the_first_rsa_keys_sign_at_once_though_they_come_later() {
    let settings = settings(&[ES256, RS256, PS256]);
    let mut records = vec![key(1, ES256, ACTIVE, 3)];
    assert!(is_unfinished(&records, &settings));
    assert_eq!(plan(&records, &settings, START), [Step::Make(RS256, ACTIVE), Step::Make(PS256, ACTIVE)]);
    records.push(key(2, RS256, ACTIVE, 0));
    assert!(!is_unfinished(&records, &settings));
}

#[test]
fn an_algorithm_that_is_dropped_signs_no_more_and_is_published_on() {
    let records = [key(1, ES256, ACTIVE, 0), key(2, EdDSA, ACTIVE, 0), key(3, EdDSA, NEXT, 0)];
    assert_eq!(plan(&records, &settings(&[ES256]), START), [Step::Retire(id(2)), Step::Remove(id(3))]);
}

#[test]
fn an_algorithm_on_request_is_held_from_its_first_key_on() {
    let settings = Settings { on_request: vec![EdDSA], ..settings(&[ES256]) };
    let without = [key(1, ES256, ACTIVE, 0)];
    assert_eq!((held(&without, &settings), plan(&without, &settings, START)), (vec![ES256], vec![]));
    assert_eq!(request(&without, EdDSA, &settings, START), [Step::Make(EdDSA, ACTIVE)]);
    let with = [key(1, ES256, ACTIVE, 0), key(2, EdDSA, ACTIVE, PUBLICATION)];
    assert_eq!(held(&with, &settings), [ES256, EdDSA]);
    assert_eq!(plan(&with, &settings, START), [Step::Make(EdDSA, NEXT)]);
    assert_eq!(request(&with, EdDSA, &settings, START), []);
    let ripe = [key(2, EdDSA, NEXT, PUBLICATION)];
    assert_eq!(request(&ripe, EdDSA, &settings, START), [Step::Activate(id(2))]);
    // One that leaked has a successor: apps are registered with the algorithm.
    assert_eq!(revoke(&with, id(2), &settings), Some(vec![Step::Remove(id(2)), Step::Make(EdDSA, ACTIVE)]));
    // What is past remembers no request.
    assert_eq!(held(&[key(2, EdDSA, RETIRING, 0)], &settings), [ES256]);
}

#[test]
fn a_key_that_waits_is_stood_in_for_until_its_time() {
    let settings = Settings { on_request: vec![EdDSA], ..settings(&[ES256]) };
    let waiting = key(2, EdDSA, NEXT, PUBLICATION - 60);
    let its_time = START.plus(Duration::from_mins(1));
    assert_eq!(request(std::slice::from_ref(&waiting), EdDSA, &settings, START), [Step::Make(EdDSA, ACTIVE)]);
    let both = [key(1, ES256, ACTIVE, 0), waiting, key(3, EdDSA, ACTIVE, 60)];
    assert_eq!(next_signs_at(&both, EdDSA, &settings), Some(its_time));
    assert_eq!(plan(&both, &settings, START), []);
    assert_eq!(plan(&both, &settings, its_time), [Step::Retire(id(3)), Step::Activate(id(2))]);
    // Beside a key that is older, it waits until that has had its time.
    let beside = [key(1, ES256, ACTIVE, 0), key(2, EdDSA, NEXT, 0), key(3, EdDSA, ACTIVE, 60)];
    assert_eq!(next_signs_at(&beside, EdDSA, &settings), Some(START.plus(Duration::from_secs(ROTATION - 60))));
    assert_eq!(next_signs_at(&beside, ES256, &settings), None);
}

#[test]
fn rotating_now_does_not_overtake_the_verifiers() {
    let settings = settings(&[ES256]);
    let unripe = [key(1, ES256, ACTIVE, 0), key(2, ES256, NEXT, 60)];
    let possible = Rotation::Possible(ES256, START.plus(Duration::from_mins(10)));
    assert_eq!(rotate(&unripe, ES256, &settings, START), (vec![], possible));
    let ripe = [key(1, ES256, ACTIVE, 0), key(2, ES256, NEXT, PUBLICATION)];
    let steps = vec![Step::Retire(id(1)), Step::Activate(id(2))];
    assert_eq!(rotate(&ripe, ES256, &settings, START), (steps, Rotation::Done(ES256)));
    let (steps, _) = rotate(&unripe[..1], ES256, &settings, START);
    assert_eq!(steps, [Step::Make(ES256, NEXT)]);
}

#[test]
fn a_revoked_key_goes_at_once_and_its_successor_signs() {
    let settings = settings(&[ES256]);
    let records = [key(1, ES256, ACTIVE, 9), key(2, ES256, NEXT, 5), key(3, ES256, RETIRING, 1)];
    assert_eq!(revoke(&records, id(1), &settings), Some(vec![Step::Remove(id(1)), Step::Activate(id(2))]));
    assert_eq!(revoke(&records, id(2), &settings), Some(vec![Step::Remove(id(2))]));
    assert_eq!(revoke(&records, id(3), &settings), Some(vec![Step::Remove(id(3))]));
    assert_eq!(revoke(&records, id(4), &settings), None);
    let alone = [key(1, ES256, ACTIVE, 9)];
    assert_eq!(revoke(&alone, id(1), &settings), Some(vec![Step::Remove(id(1)), Step::Make(ES256, ACTIVE)]));
}

#[test]
fn where_sessions_are_short_a_key_is_published_as_long_as_ever() {
    let config = KeysConfig::default();
    let settings = Settings::new(KeyTimes { config: &config, longest_session: Duration::from_hours(1) });
    assert_eq!(settings.memory, settings.afterlife);
}

#[test]
fn steps_change_the_records_they_name() {
    let records =
        [key(1, ES256, ACTIVE, 9), key(2, ES256, NEXT, 5), key(3, ES256, RETIRED, 1), key(5, ES256, RETIRING, 1)];
    let steps = [
        Step::Retire(id(1)),
        Step::Activate(id(2)),
        Step::Remove(id(3)),
        Step::Withdraw(id(5)),
        Step::Make(ES256, NEXT),
    ];
    let after = apply(&records, &steps, vec![key(4, ES256, NEXT, 0)], START);
    let states: Vec<_> = after.iter().map(|record| (record.id, record.state)).collect();
    assert_eq!(states, [(id(1), RETIRING), (id(2), ACTIVE), (id(5), RETIRED), (id(4), NEXT)]);
    assert_eq!((after[0].retired_at, after[1].activated_at), (Some(START), Some(START)));
}
