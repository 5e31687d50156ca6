//! A grant's ticket as columns of its row.

use crate::model::grant::{Ticket, TicketKind};
use crate::protocol::pkce::CodeChallenge;
use crate::store::StoreResult;
use crate::store::sql::db::codec::{corrupt, digest};
use crate::store::sql::db::entity::grant;
use crate::support::Timestamp;

/// How the kinds are stored.
const AUTHORIZATION_CODE: &str = "authorization_code";
const DEVICE_CODE: &str = "device_code";
const AUTHENTICATION_REQUEST: &str = "auth_req_id";
const NONE: &str = "none";

/// The columns of a ticket, or of none.
pub(super) struct TicketColumns {
    pub(super) digest: Vec<u8>,
    pub(super) redirect_uri: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) expires_at: i64,
    pub(super) used_at: Option<i64>,
    pub(super) kind: &'static str,
}

impl TicketColumns {
    pub(super) fn of(ticket: Option<&Ticket>) -> Self {
        let Some(ticket) = ticket else {
            return Self {
                digest: Vec::new(),
                redirect_uri: None,
                challenge: None,
                expires_at: 0,
                used_at: None,
                kind: NONE,
            };
        };
        let (kind, redirect_uri, challenge) = match &ticket.kind {
            TicketKind::AuthorizationCode { redirect_uri, challenge } => {
                (AUTHORIZATION_CODE, redirect_uri.clone(), challenge.as_ref())
            }
            TicketKind::DeviceCode => (DEVICE_CODE, None, None),
            TicketKind::AuthenticationRequest => (AUTHENTICATION_REQUEST, None, None),
        };
        Self {
            digest: ticket.digest.as_bytes().to_vec(),
            redirect_uri,
            challenge: challenge.map(|challenge| challenge.as_str().to_owned()),
            expires_at: ticket.expires_at.millis(),
            used_at: ticket.used_at.map(Timestamp::millis),
            kind,
        }
    }
}

/// The ticket of a row.
pub(super) fn ticket_of(row: &grant::Model) -> StoreResult<Option<Ticket>> {
    let kind = match row.ticket_kind.as_str() {
        NONE => return Ok(None),
        AUTHORIZATION_CODE => {
            let challenge = row.code_challenge.as_deref().map(|text| CodeChallenge::parse(text, Some("S256")));
            TicketKind::AuthorizationCode {
                redirect_uri: row.code_redirect_uri.clone(),
                challenge: challenge.transpose().map_err(|_| corrupt("grant: code challenge"))?,
            }
        }
        DEVICE_CODE => TicketKind::DeviceCode,
        AUTHENTICATION_REQUEST => TicketKind::AuthenticationRequest,
        _ => return Err(corrupt("grant: ticket kind")),
    };
    Ok(Some(Ticket {
        digest: digest(&row.code_digest)?,
        expires_at: Timestamp::from_millis(row.code_expires_at),
        used_at: row.code_used_at.map(Timestamp::from_millis),
        kind,
    }))
}
