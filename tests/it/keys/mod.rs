//! The key ring through its public interface.

mod kek;
mod ring;
mod rotation;
