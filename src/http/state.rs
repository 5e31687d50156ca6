//! What handlers are given: the application, put together once.

use std::sync::Arc;

use crate::app::App;

/// The state of every handler.
pub type AppState = Arc<App>;
