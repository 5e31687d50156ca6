use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Vec<u8>,
    pub user_id: Vec<u8>,
    pub client_id: String,
    pub sign_in_id: Vec<u8>,
    pub offline: bool,
    pub terms: String,
    pub code_digest: Vec<u8>,
    pub code_redirect_uri: Option<String>,
    pub code_challenge: Option<String>,
    pub code_expires_at: i64,
    pub code_used_at: Option<i64>,
    pub refresh_generation: Option<i64>,
    pub refresh_current: Option<Vec<u8>>,
    pub refresh_previous: Option<Vec<u8>>,
    pub refresh_rotated_at: Option<i64>,
    pub refresh_expires_at: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
    pub purge_hour: i64,
    pub revoked_at: Option<i64>,
    pub user_epoch: i64,
    pub client_epoch: i64,
    pub connection_id: Option<Vec<u8>>,
    pub connection_epoch: Option<i64>,
    pub ticket_kind: String,
    pub source_id: Option<Vec<u8>>,
    pub consent_epoch: i64,
    pub link_id: Option<Vec<u8>>,
    pub server_epoch: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
