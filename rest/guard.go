package rest

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	maxHeader   = 64 << 10
	dialTimeout = 10 * time.Second
	// Servers close idle connections after 60 s and more; leaving first avoids sending a write into a closing one.
	idleTimeout = 30 * time.Second
	idlePerHost = 16
)

// GuardedTransport returns a transport for addresses that strangers type in. Every address that is dialled, whatever name
// led to it, is checked right before the connection is made, and refused with [ErrAddress] unless it is a public one:
// loopback, private, link-local, carrier-grade NAT, multicast, unspecified, reserved and documentation ranges, IPv4 in
// IPv6 in any of its forms, and with them the metadata services of clouds. It uses no proxy (a proxy would dial unchecked),
// TLS 1.2 or newer, and takes no header over 64 KiB. allowInsecure lifts the address check alone.
//
// Each call returns a new transport with connections of its own, kept idle for at most 30 s; close them with
// CloseIdleConnections.
func GuardedTransport(allowInsecure bool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: idleTimeout}
	if !allowInsecure {
		dialer.Control = checkDial
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  defaultTimeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    idlePerHost,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// checkDial is a net.Dialer's Control: it sees every address after the name was resolved, so neither odd spellings nor a
// name that resolves differently the second time gets around it.
func checkDial(network, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s %s", ErrAddress, network, escape(address, maxText))
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !public(ip) {
		return fmt.Errorf("%w: %s is not a public address", ErrAddress, escape(host, maxText))
	}
	return nil
}

// public reports whether an address belongs to the internet at large.
func public(ip netip.Addr) bool {
	if ip.Zone() != "" || ip.Is4In6() {
		return false // a mapped address is never the answer of an honest name server
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, network := range internalNetworks() {
		if network.Contains(ip) {
			return false
		}
	}
	if ip.Is6() {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20}), 3).Contains(ip) // 2000::/3 is all that is assigned
	}
	return true
}

// internalNetworks lists the special ranges of the IANA registries that net/netip does not know by name.
func internalNetworks() []netip.Prefix {
	v4 := func(a, b, c, d byte, bits int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{a, b, c, d}), bits)
	}
	v6 := func(bits int, head ...byte) netip.Prefix {
		var full [16]byte
		copy(full[:], head)
		return netip.PrefixFrom(netip.AddrFrom16(full), bits)
	}
	return []netip.Prefix{
		v4(0, 0, 0, 0, 8),
		v4(100, 64, 0, 0, 10),                                                 // carrier-grade NAT, metadata of some clouds
		v4(192, 0, 0, 0, 24),                                                  // protocol assignments, metadata of some clouds
		v4(192, 0, 2, 0, 24), v4(198, 51, 100, 0, 24), v4(203, 0, 113, 0, 24), // documentation
		v4(192, 88, 99, 0, 24),                     // 6to4 relays
		v4(198, 18, 0, 0, 15),                      // benchmarks
		v4(240, 0, 0, 0, 4),                        // reserved, broadcast
		v4(168, 63, 129, 16, 32),                   // the host of Azure's machines
		v6(96, 0x00, 0x64, 0xff, 0x9b),             // 64:ff9b::/96, NAT64
		v6(48, 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01), // 64:ff9b:1::/48, local NAT64
		v6(23, 0x20, 0x01, 0x00, 0x00),             // 2001::/23, Teredo and others
		v6(32, 0x20, 0x01, 0x0d, 0xb8),             // documentation
		v6(20, 0x3f, 0xff),                         // documentation
		v6(16, 0x20, 0x02),                         // 6to4 carries an IPv4 address
	}
}
