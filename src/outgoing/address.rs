//! Which addresses outgoing calls may reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// IPv4 ranges that are not the public internet: the IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast and
/// reserved space.
const SPECIAL_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// IPv6 ranges inside the global unicast space that are not, or may lead elsewhere: protocol assignments with Teredo, the
/// documentation prefixes, 6to4.
const SPECIAL_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Ranges inside a network of one's own: RFC 1918, RFC 4193 and loopback. Link-local addresses are none of them: cloud machines find
/// their own credentials there.
const PRIVATE: [IpNet; 5] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7)),
];

/// Decides which addresses outgoing calls may reach: public ones, and the configured ranges.
#[derive(Clone, Debug)]
pub struct AddressGuard {
    listed: Vec<IpNet>,
    public: bool,
}

impl AddressGuard {
    /// Allows the public internet and the listed ranges.
    pub fn new(listed: Vec<IpNet>) -> Self {
        Self { listed, public: true }
    }

    /// Allows the listed ranges only.
    pub fn listed_only(&self) -> Self {
        Self { listed: self.listed.clone(), public: false }
    }

    /// Allows private and loopback addresses besides.
    #[must_use]
    pub fn with_private(&self) -> Self {
        let mut listed = self.listed.clone();
        listed.extend(PRIVATE);
        listed.push(IpNet::from(IpAddr::from(Ipv6Addr::LOCALHOST)));
        Self { listed, public: self.public }
    }

    /// Whether a call may go to this address.
    pub fn allows(&self, address: IpAddr) -> bool {
        // ::ffff:10.0.0.1 reaches 10.0.0.1.
        let address = address.to_canonical();
        self.listed.iter().any(|net| net.contains(&address)) || (self.public && is_public(address))
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            !SPECIAL_V4.iter().any(|&(net, bits)| v4.to_bits() >> (32 - bits) == net.to_bits() >> (32 - bits))
        }
        // RFC 4291 section 2.4: global unicast, as IANA assigns it. Loopback, link-local, unique local, multicast, IPv4-mapped and
        // NAT64 addresses are outside of it.
        IpAddr::V6(v6) => {
            let global = v6.to_bits() >> 125 == 0b001;
            global
                && !SPECIAL_V6.iter().any(|&(net, bits)| v6.to_bits() >> (128 - bits) == net.to_bits() >> (128 - bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_network_is_reached_where_it_is_allowed_and_a_cloud_s_own_address_never() {
        let inside = AddressGuard::new(Vec::new()).with_private();
        for good in ["10.1.2.3", "172.31.0.1", "192.168.1.1", "127.0.0.1", "::1", "fd00::1", "8.8.8.8"] {
            assert!(inside.allows(good.parse().unwrap()), "{good}");
        }
        for bad in ["169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "fe80::1", "::ffff:169.254.169.254"] {
            assert!(!inside.allows(bad.parse().unwrap()), "{bad}");
        }
    }

    fn allows(guard: &AddressGuard, text: &str) -> bool {
        guard.allows(text.parse().unwrap())
    }

    #[test]
    fn the_public_internet_is_allowed() {
        let guard = AddressGuard::new(Vec::new());
        for address in ["1.1.1.1", "93.184.216.34", "223.255.255.1", "2606:4700::1111", "2a00:1450::1"] {
            assert!(allows(&guard, address), "{address}");
        }
    }

    #[test]
    fn ssrf_002_special_addresses_are_refused() {
        let guard = AddressGuard::new(Vec::new());
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!allows(&guard, address), "{address}");
        }
    }

    #[test]
    fn listed_ranges_are_allowed_in_either_spelling() {
        let guard = AddressGuard::new(vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "fd00::1", "1.1.1.1"] {
            assert!(allows(&guard, address), "{address}");
        }
        assert!(!allows(&guard, "10.0.0.1"));
        assert!(!allows(&guard.listed_only(), "1.1.1.1"));
        assert!(allows(&guard.listed_only(), "127.0.0.1"));
    }
}
