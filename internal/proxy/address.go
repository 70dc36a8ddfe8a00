package proxy

import (
	"net/http"
	"net/netip"
	"strings"
)

// closedRanges are the addresses that do not lead to the public internet, or lead back into a
// private network, and that netip has no name for.
func closedRanges() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),       // this host
		netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
		netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
		netip.MustParsePrefix("192.0.2.0/24"),    // documentation
		netip.MustParsePrefix("192.88.99.0/24"),  // relays of 6to4
		netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
		netip.MustParsePrefix("198.51.100.0/24"), // documentation
		netip.MustParsePrefix("203.0.113.0/24"),  // documentation
		netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
		netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo among them
		netip.MustParsePrefix("2001:db8::/32"),   // documentation
		netip.MustParsePrefix("2002::/16"),       // 6to4: an IPv4 address inside
		netip.MustParsePrefix("3fff::/20"),       // documentation
	}
}

// public tells whether the proxy may connect to an address.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if a.Zone() != "" {
		return false
	}
	if a.Is6() {
		// NAT64 carries an IPv4 address in its last four bytes.
		if nat64 := netip.MustParsePrefix("64:ff9b::/96"); nat64.Contains(a) {
			b := a.As16()
			return public(netip.AddrFrom4([4]byte(b[12:])))
		}
		if !netip.MustParsePrefix("2000::/3").Contains(a) {
			return false
		}
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, r := range closedRanges() {
		if r.Contains(a) {
			return false
		}
	}
	return true
}

// checkName refuses names that another resolver could take for an address, or that mean this
// machine. It matters behind another proxy, which resolves the name itself.
func checkName(host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		if !public(a) {
			return refuse(http.StatusForbidden, "%s is not a public address", host)
		}
		return nil
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "localhost" || last == "" || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return refuse(http.StatusForbidden, "%s is not a public host name", host)
	}
	return nil
}
