//! The recipes: that the catalogue is in order, that each can be registered, and that the documents made from it are those that are there. They are
//! run in `foreign::recipes`.

mod catalogue;
mod command;
mod documents;
