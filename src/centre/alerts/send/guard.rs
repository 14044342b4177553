//! Where a webhook may lead: only to hosts that `centre.toml` names, and from there only to addresses that are not this
//! machine's, link-local or a cloud's metadata. Pure; names are resolved by the caller, once, and what was checked is what
//! is called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// True if the list names the address's host, alone (then with the scheme's usual port) or with its port.
pub fn is_listed(url: &Url, hosts: &[String]) -> bool {
    let Some(host) = url.host_str() else { return false };
    let port = url.port_or_known_default();
    hosts.iter().any(|listed| {
        let listed = listed.to_ascii_lowercase();
        match port {
            Some(port) if listed == format!("{host}:{port}") => true,
            _ => listed == host && url.port().is_none(),
        }
    })
}

/// True for addresses that a webhook must not reach unless `webhook_local` allows it.
pub fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_local_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped().or_else(|| translated(v6)) {
            Some(v4) => is_local_v4(v4),
            None => is_local_v6(v6),
        },
    }
}

fn is_local_v4(v4: Ipv4Addr) -> bool {
    const METADATA: [Ipv4Addr; 3] = [
        Ipv4Addr::new(169, 254, 169, 254),
        // Alibaba Cloud and Tencent Cloud answer here.
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(168, 63, 129, 16),
    ];
    v4.is_loopback()
        || v4.is_link_local()
        || v4.is_unspecified()
        || v4.octets()[0] == 0
        || v4.is_broadcast()
        || v4.is_multicast()
        || METADATA.contains(&v4)
}

fn is_local_v6(v6: Ipv6Addr) -> bool {
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || (v6.segments()[0] & 0xffc0) == 0xfe80
        || v6 == METADATA
}

/// The IPv4 address inside NAT64 (`64:ff9b::/96`), 6to4 and IPv4-compatible ones.
fn translated(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |a: u16, b: u16| Ipv4Addr::from((u32::from(a) << 16) | u32::from(b));
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] => Some(v4(a, b)),
        [0x2002, a, b, ..] => Some(v4(a, b)),
        [0, 0, 0, 0, 0, 0, a, b] if a != 0 => Some(v4(a, b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_is_called_and_a_port_must_be_named() {
        let hosts = ["hooks.example.gov.cn".to_owned(), "10.0.0.7:8080".to_owned(), "[fd00::1]:9000".to_owned()];
        let listed = |url: &str| is_listed(&Url::parse(url).unwrap(), &hosts);
        assert!(listed("https://hooks.example.gov.cn/x") && listed("http://HOOKS.example.gov.cn/x"));
        assert!(listed("http://10.0.0.7:8080/") && listed("http://[fd00::1]:9000/a"));
        for other in [
            "https://hooks.example.gov.cn:8443/",
            "https://hooks.example.gov.cn.evil.example/",
            "https://evil.example/hooks.example.gov.cn",
            "http://10.0.0.7/",
            "http://10.0.0.70:8080/",
            "http://169.254.169.254/latest/meta-data",
        ] {
            assert!(!listed(other), "{other}");
        }
    }

    #[test]
    fn this_machine_link_local_and_metadata_are_known_in_every_spelling() {
        for local in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "febf::1",
            "ff02::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "::169.254.169.254",
        ] {
            assert!(is_local(local.parse().unwrap()), "{local}");
        }
        for other in
            ["10.0.0.7", "192.168.1.1", "172.16.0.1", "114.114.114.114", "fd00::1", "2001:db8::1", "64:ff9b::808:808"]
        {
            assert!(!is_local(other.parse().unwrap()), "{other}");
        }
    }
}
