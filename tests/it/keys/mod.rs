//! The key ring through its public interface.

mod import;
mod kek;
mod ring;
mod rotation;
