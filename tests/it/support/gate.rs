//! What lies between Haechi and a server of its own: a gate that can be shut, or swallow everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::binary::free_port;

/// How the gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Open,
    /// Connections are cut, and new ones cut at once.
    Shut,
    /// Connections stay, and nothing goes through.
    Silent,
}

/// A gate on a port of its own.
pub struct Gate {
    pub port: u16,
    target: Arc<AtomicU16>,
    way: Arc<watch::Sender<Way>>,
}

impl Gate {
    /// An open gate to a port of this machine.
    pub async fn to(target: u16) -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let way = Arc::new(watch::channel(Way::Open).0);
        let target = Arc::new(AtomicU16::new(target));
        let (gate, aim) = (Arc::clone(&way), Arc::clone(&target));
        tokio::spawn(async move {
            while let Ok((inner, _)) = listener.accept().await {
                tokio::spawn(pass(inner, aim.load(Ordering::Relaxed), gate.subscribe()));
            }
        });
        Self { port, target, way }
    }

    /// Leads to another port from now on, as after a failover. What was connected stays where it is.
    pub fn aim(&self, target: u16) {
        self.target.store(target, Ordering::Relaxed);
    }

    pub fn open(&self) {
        self.way.send_replace(Way::Open);
    }

    pub fn shut(&self) {
        self.way.send_replace(Way::Shut);
    }

    /// Swallows everything from now on. What was connected stays mute even when the gate is open again, as after a machine was lost.
    pub fn swallow(&self) {
        self.way.send_replace(Way::Silent);
    }
}

async fn pass(mut inner: TcpStream, target: u16, mut way: watch::Receiver<Way>) {
    let now = *way.borrow_and_update();
    if now == Way::Open {
        let Ok(mut outer) = TcpStream::connect(("127.0.0.1", target)).await else { return };
        let shut = tokio::select! {
            _ = copy_bidirectional(&mut inner, &mut outer) => return,
            shut = way.wait_for(|way| *way != Way::Open) => shut.map(|way| *way),
        };
        if !matches!(shut, Ok(Way::Silent)) {
            return;
        }
    }
    if now != Way::Shut {
        // Held until the other side gives up.
        let mut swallowed = [0; 1024];
        while tokio::io::AsyncReadExt::read(&mut inner, &mut swallowed).await.is_ok_and(|count| count > 0) {}
    }
}
