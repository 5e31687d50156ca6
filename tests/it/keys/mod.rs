//! The key ring through its public interface.

mod ring;
