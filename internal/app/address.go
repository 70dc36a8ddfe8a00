package app

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// listen binds the address, and refuses one that other machines can reach unless they are to come
// by TLS or were let in without.
func listen(ctx context.Context, address string, open bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: not host:port, as in %s", address, DefaultListen)
	}
	local, err := loopback(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", address, err)
	}
	if !local && !open {
		return nil, fmt.Errorf("--listen %s: other machines could reach it; give --tls-cert and --tls-key, or say --insecure-http if the network is yours", address)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --listen, or port 0 for any that is free", err)
	}
	return l, nil
}

// loopback tells whether all addresses of a host are this machine's own.
func loopback(ctx context.Context, host string) (bool, error) {
	if host == "" {
		return false, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback(), nil
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return false, err
	}
	for _, a := range addrs {
		if !a.Unmap().IsLoopback() {
			return false, nil
		}
	}
	return true, nil
}

// endpoint is how programs on this machine reach a listener.
func endpoint(l net.Addr) (string, error) {
	ap, err := netip.ParseAddrPort(l.String())
	if err != nil {
		return "", err
	}
	a := ap.Addr().Unmap()
	if a.IsUnspecified() {
		// A listener on all addresses of IPv6 takes IPv4 too, where the machine has it.
		a = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return "http://" + netip.AddrPortFrom(a, ap.Port()).String(), nil
}
