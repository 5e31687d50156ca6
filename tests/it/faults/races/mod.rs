//! Races: each end against each way to get something of the server. Nothing that was got on the way survives the end, not even after what
//! was switched off is on again.
//!
//! A round is an account and a client of its own. `HAECHI_RACE_ROUNDS` says how many of each pair are run; the long form is 200.

mod ends;
mod round;
mod ways;

use ends::End;
use round::Scene;
use ways::Way;

/// How often the rounds are run again in which the end came first each time.
const PATIENCE: usize = 10;

/// How many rounds each pair gets.
fn rounds() -> usize {
    let rounds = std::env::var_os("HAECHI_RACE_ROUNDS");
    rounds
        .map_or(2, |rounds| rounds.to_str().and_then(|text| text.parse().ok()).expect("HAECHI_RACE_ROUNDS is a number"))
}

/// Races an end against every way that it closes.
async fn race(end: End) {
    let scene = Scene::new().await;
    for _ in 0..PATIENCE {
        if race_once(&scene, end).await > 0 {
            return;
        }
    }
    panic!("{end:?}: nothing was got, so nothing was raced");
}

/// Races it once against every way, and says how much was got.
async fn race_once(scene: &Scene, end: End) -> usize {
    let mut got = 0;
    for way in Way::ALL.iter().copied().filter(|way| end.closes(*way)) {
        for _ in 0..rounds() {
            let round = scene.round(end).await;
            let prepared = ways::prepare(way, &round).await;
            let (found, ()) = tokio::join!(ways::take(prepared, &round), end.come(&round));
            got += found.count();
            end.undo(&round).await;
            let left = found.alive(&round, end.ends_sessions()).await;
            assert!(left.is_empty(), "{end:?} against {way:?}: {left:?}");
        }
    }
    got
}

macro_rules! races {
    ($($name:ident: $end:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            race(End::$end).await;
        }
    )*};
}

races! {
    nothing_survives_signing_out_everywhere: SignOutEverywhere;
    nothing_survives_signing_out_another_browser: SignOutThere;
    nothing_survives_a_new_password: PasswordChange;
    nothing_survives_an_administrators_reset: AdminReset;
    nothing_survives_disabling_the_account: DisableAccount;
    nothing_survives_deleting_the_account: DeleteAccount;
    nothing_survives_the_end_of_everything: Everything;
    nothing_survives_disabling_the_client: DisableClient;
    nothing_survives_deleting_the_client: DeleteClient;
    nothing_survives_unlinking_the_identity: Unlink;
    nothing_survives_withdrawing_the_consent: WithdrawConsent;
    nothing_survives_disabling_the_connection: DisableConnection;
    nothing_survives_deleting_the_connection: DeleteConnection;
}
