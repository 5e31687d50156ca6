use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upstream_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub user_id: Vec<u8>,
    pub label: String,
    pub tokens: Option<Vec<u8>>,
    pub linked_at: i64,
    pub last_used_at: i64,
    pub id: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
