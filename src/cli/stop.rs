//! The signals that tell a process to stop.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Who wants it to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoppedBy {
    /// SIGTERM: an orchestrator or a service manager.
    Orchestrator,
    /// SIGINT: an operator at a terminal.
    Operator,
}

/// Hears the signals, from the moment it is made: one that comes before it is waited for is not lost, and does not kill.
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> StoppedBy {
        tokio::select! {
            _ = self.terminate.recv() => StoppedBy::Orchestrator,
            _ = self.interrupt.recv() => StoppedBy::Operator,
        }
    }
}
