//! Networks: what callers have in common who come from nearby.
//!
//! Owns which of them an address is of, in steps. Leaves to each bound how much a step may have.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses that begin with so many bits. An IPv4 address written as IPv6 is the IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    begin: IpAddr,
    bits: u8,
}

impl Network {
    fn of(address: IpAddr, bits: u8) -> Self {
        let begin = match address {
            IpAddr::V4(v4) => {
                let left = 32_u32.saturating_sub(u32::from(bits));
                IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & u32::MAX.checked_shl(left).unwrap_or(0)))
            }
            IpAddr::V6(v6) => {
                let left = 128_u32.saturating_sub(u32::from(bits));
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & u128::MAX.checked_shl(left).unwrap_or(0)))
            }
        };
        Self { begin, bits }
    }

    /// What counts as one address: an IPv4 address, or the /64 of an IPv6 address, as one subscriber has a whole /64 at least
    /// (RFC 6177 section 2).
    pub fn subscriber(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self::of(address, if address.is_ipv4() { 32 } else { 64 })
    }

    /// The networks that an address is of beyond that, the narrowest first: an IPv4 /24; the /56 and the /48 that a site is given (RFC 6177 section 2).
    pub fn wider(address: IpAddr) -> Vec<Self> {
        let address = address.to_canonical();
        let bits: &[u8] = if address.is_ipv4() { &[24] } else { &[56, 48] };
        bits.iter().map(|bits| Self::of(address, *bits)).collect()
    }

    /// The sites that an address is of, the narrowest first: those of an IPv6 address, which are all in one hand. The neighbours of an IPv4 address are other people.
    pub fn sites(address: IpAddr) -> Vec<Self> {
        if address.to_canonical().is_ipv6() { Self::wider(address) } else { Vec::new() }
    }

    /// All that may be in the same hand: the widest site of an address, or the address.
    pub fn site(address: IpAddr) -> Self {
        Self::sites(address).pop().unwrap_or_else(|| Self::subscriber(address))
    }

    /// Its first address.
    pub const fn begin(self) -> IpAddr {
        self.begin
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.begin, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let address = text.parse().unwrap();
        let all = std::iter::once(Network::subscriber(address)).chain(Network::wider(address));
        all.map(|network| network.to_string()).collect()
    }

    #[test]
    fn an_address_is_of_its_network_and_of_its_site() {
        assert_eq!(of("192.0.2.7"), ["192.0.2.7/32", "192.0.2.0/24"]);
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_eq!(of("2001:db8:1:2ff::7"), ["2001:db8:1:2ff::/64", "2001:db8:1:200::/56", "2001:db8:1::/48"]);
        assert_eq!(of("2001:db8:1:2ff:1:2:3:4"), of("2001:db8:1:2ff::7"));
        let site = |text: &str| Network::site(text.parse().unwrap()).to_string();
        assert_eq!(site("2001:db8:1:2ff::7"), "2001:db8:1::/48");
        for text in ["192.0.2.7", "::ffff:192.0.2.7"] {
            assert_eq!((site(text).as_str(), Network::sites(text.parse().unwrap()).len()), ("192.0.2.7/32", 0));
        }
    }
}
