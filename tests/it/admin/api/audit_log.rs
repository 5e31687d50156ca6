//! The audit log, taken elsewhere and looked at as a whole.

use haechi::admin::{Authority, users};
use haechi::model::user::Role;
use haechi::support::Clock;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::{call, house, problem, send, somebody, token_as, token_of};

#[tokio::test]
async fn the_log_is_taken_elsewhere_as_it_was_asked_for() {
    let house = house().await;
    let token = token_as(&house, Role::Auditor).await;
    let kim = somebody(&house, "kim", &[]).await;
    house.tick();
    users::set_enabled(&house.admin, &Authority::operator(), kim.id, false).await.unwrap();
    let lines = call(&house, "GET", &format!("/audit/export?user={}", kim.id), &token).send().await;
    assert_eq!((lines.status.as_u16(), lines.header("content-type")), (200, Some("application/jsonl")));
    assert_eq!(lines.header("cache-control"), Some("no-store"));
    let entries: Vec<Value> = lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries[0]["kind"], "user_disabled");
    assert!(entries.iter().all(|entry| entry["user"] == kim.id.to_string()), "{entries:?}");
    // The same that the list has.
    let listed = call(&house, "GET", &format!("/audit?user={}", kim.id), &token).send().await.expect(200);
    assert_eq!(listed["items"], Value::from(entries.clone()));
    let one = format!("/audit/{}", entries[0]["id"].as_str().unwrap());
    assert_eq!(call(&house, "GET", &one, &token).send().await.expect(200), entries[0]);
    let table = call(&house, "GET", "/audit/export?format=csv&kind=user_disabled", &token).send().await;
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    let rows: Vec<&str> = table.body.lines().collect();
    assert!(rows[0].starts_with("id,at,kind,") && rows.len() == 2 && rows[1].contains(",user_disabled,"), "{rows:?}");
    for (query, code) in [
        ("format=xml", "malformed"),
        ("kind=nothing", "malformed"),
        ("limit=2", "unknown_parameter"),
        ("cursor=x", "unknown_parameter"),
    ] {
        let answer = call(&house, "GET", &format!("/audit/export?{query}"), &token).send().await;
        assert_eq!(problem(&answer), (400, code.to_owned()), "{query}");
    }
    for nothing in ["x", "evt_00000000000000000000000000000000"] {
        let answer = call(&house, "GET", &format!("/audit/{nothing}"), &token).send().await;
        assert_eq!(problem(&answer), (404, "not_found".to_owned()), "{nothing}");
    }
}

/// However long the log is, a part of it is in memory; and who may not have the rest does not get it.
#[tokio::test]
async fn an_export_comes_in_parts_and_ends_with_the_role() {
    let house = house().await;
    let auditor = somebody(&house, "auditor", &[Role::Auditor]).await;
    let token = token_of(&house, &auditor, "haechi:read").await;
    crate::store::audit::add(&house.app.stores, house.clock.now(), 1600).await;
    let answer = call(&house, "GET", "/audit/export", &token).begin("id.example").await;
    assert_eq!(answer.status(), 200);
    let mut body = answer.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(lines_of(&first), 500, "a part");
    users::set_roles(&house.admin, &Authority::operator(), auditor.id, vec![]).await.unwrap();
    let mut lines = 0;
    let end = loop {
        match body.frame().await {
            Some(Ok(frame)) => lines += lines_of(&frame.into_data().unwrap()),
            end => break end,
        }
    };
    // What may have been read ahead is at most a part. The transfer ends with an error: nobody takes it for the whole.
    assert!(lines <= 500, "{lines} more");
    assert!(matches!(end, Some(Err(_))), "{end:?}");
}

#[tokio::test]
async fn the_log_is_looked_at_as_a_whole() {
    let house = house().await;
    let token = token_as(&house, Role::Auditor).await;
    let verdict = call(&house, "GET", "/audit/verification", &token).send().await.expect(200);
    assert_eq!((&verdict["intact"], verdict.get("damage")), (&json!(true), None));
    let count = call(&house, "GET", "/audit/export", &token).send().await.body.lines().count();
    assert_eq!(verdict["entries"], count);
    let (seq, hash) = verdict["end"].as_str().unwrap().split_once(':').unwrap();
    assert_eq!((seq.parse::<usize>().unwrap(), hash.len()), (count, 64));
    let owner = token_as(&house, Role::Owner).await;
    send(&house, ("POST", "/users"), &owner, &json!({ "email": "kim@example.com" })).await.expect(201);
    let later = call(&house, "GET", "/audit/verification?fields=end,entries", &token).send().await.expect(200);
    assert_ne!(later["end"], verdict["end"]);
    assert_eq!(later.as_object().unwrap().len(), 2);
}

/// How many lines end in some bytes.
fn lines_of(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).unwrap().matches('\n').count()
}
