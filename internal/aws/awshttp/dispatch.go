package awshttp

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// A service is a Service with its operations found fast.
type service struct {
	*Service
	byName map[string]*operation
	routes []route // RESTJSON
}

// An operation is an Operation with its metrics.
type operation struct {
	*Operation
	latency prometheus.Observer
}

// hostBucket asks the service which bucket the host names.
func (s *service) hostBucket(r *http.Request) string {
	if s.HostBucket == nil {
		return ""
	}
	return s.HostBucket(r)
}

// A route is the template of a RESTJSON operation: method and path segments; "{X}" is a label.
type route struct {
	method   string
	segments []string
	op       *operation
}

// A directory is the services on the port.
type directory struct {
	all []*service
	// foreign stands in, by protocol, for the services that we do not have: somebody must say so in a form
	// that the client reads.
	foreign map[Protocol]*service
}

// newDirectory indexes the services. A table that contradicts itself is our own bug.
func newDirectory(services []*Service, m *metrics) *directory {
	d := &directory{foreign: make(map[Protocol]*service)}
	for _, p := range []Protocol{JSON11, RESTJSON, Query, RESTXML} {
		d.foreign[p] = &service{Service: &Service{Name: "unknown", Protocol: p}}
	}
	for _, s := range services {
		if s.Protocol == RESTXML && s.Match == nil {
			panic("awshttp: " + s.Name + " has no Match")
		}
		indexed := &service{Service: s, byName: make(map[string]*operation)}
		for i := range s.Operations {
			o := &s.Operations[i]
			if indexed.byName[o.Name] != nil || o.Handle == nil {
				panic(fmt.Sprintf("awshttp: operation %s of %s is there twice, or has no handler", o.Name, s.Name))
			}
			op := &operation{Operation: o, latency: m.latency.WithLabelValues(s.Name, o.Name)}
			indexed.byName[o.Name] = op
			if s.Protocol == RESTJSON {
				indexed.routes = append(indexed.routes, route{o.Method, splitPath(o.Path), op})
			}
		}
		d.all = append(d.all, indexed)
	}
	return d
}

// find returns the first service for which ok holds.
func (d *directory) find(ok func(s *service) bool) *service {
	if i := slices.IndexFunc(d.all, ok); i >= 0 {
		return d.all[i]
	}
	return nil
}

// byProtocol returns the service of a scope that speaks p, nil if there is none.
func (d *directory) byProtocol(scope string, p Protocol) *service {
	return d.find(func(s *service) bool { return s.Scope == scope && s.Protocol == p })
}

// byPath returns the RESTJSON service that has an operation at the request's path.
func (d *directory) byPath(r *http.Request) *service {
	return d.find(func(s *service) bool {
		op, _ := s.route(r)
		return op != nil
	})
}

// resolve finds the service whose request r is. The credential scope decides; what the request looks like
// must agree. The service returned beside a flaw is the one in whose words to refuse.
func (d *directory) resolve(r *http.Request, scope string) (*service, *flaw) {
	if targets := r.Header["X-Amz-Target"]; len(targets) > 0 {
		s := d.byTarget(targets, scope)
		if s.Scope != "" && s.Scope != scope {
			return s, outOfScope(s)
		}
		return s, nil
	}
	if isForm(r) {
		if s := d.byProtocol(scope, Query); s != nil {
			return s, nil
		}
		s := d.foreign[Query]
		if d.find(func(s *service) bool { return s.Scope == scope }) != nil {
			return s, &flaw{wrongScope, "the request is a form, and service '" + scope + "' of its credential scope takes none"}
		}
		return s, nil
	}
	for _, p := range []Protocol{RESTXML, Query} {
		if s := d.byProtocol(scope, p); s != nil {
			return s, nil
		}
	}
	plain := r.URL.Path == "/" || r.URL.Path == ""
	if s := d.byProtocol(scope, RESTJSON); s != nil && !plain {
		return s, nil
	}
	if s := d.byPath(r); s != nil {
		return s, outOfScope(s)
	}
	if s := d.byProtocol(scope, JSON11); s != nil {
		return s, nil
	}
	return d.foreign[RESTJSON], nil
}

// byTarget returns the service that an X-Amz-Target names: one that we have, or else one that can say no to the
// scope's client.
func (d *directory) byTarget(targets []string, scope string) *service {
	if len(targets) == 1 {
		prefix, _, _ := strings.Cut(targets[0], ".")
		s := d.find(func(s *service) bool { return s.Protocol == JSON11 && s.TargetPrefix == prefix })
		if s != nil {
			return s
		}
	}
	if s := d.byProtocol(scope, JSON11); s != nil {
		return s
	}
	return d.foreign[JSON11]
}

// guess finds in whose words to refuse a request that carries no scope.
func (d *directory) guess(r *http.Request) *service {
	if targets := r.Header["X-Amz-Target"]; len(targets) > 0 {
		return d.byTarget(targets, "")
	}
	if isForm(r) {
		return d.foreign[Query]
	}
	if s := d.byPath(r); s != nil {
		return s
	}
	if s := d.find(func(s *service) bool { return s.Protocol == RESTXML }); s != nil {
		return s
	}
	return d.foreign[RESTXML]
}

func outOfScope(s *service) *flaw {
	return &flaw{wrongScope, "Credential should be scoped to correct service: '" + s.Scope + "'."}
}

// isForm tells whether r looks as the Query protocol's requests do.
func isForm(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.RawQuery == "" && (r.URL.Path == "/" || r.URL.Path == "") &&
		strings.HasPrefix(first(r.Header, "Content-Type"), "application/x-www-form-urlencoded")
}

// operation finds the operation of a verified request, and fills c with what names and surrounds it.
func (d *directory) operation(s *service, r *http.Request, c *Call) (*operation, *flaw) {
	if s.Scope == "" {
		return nil, flawf(unknownOperation, "this server has no such service; it answers %s", d.names())
	}
	switch s.Protocol {
	case JSON11:
		return s.targeted(r)
	case RESTJSON:
		return s.routed(r, c)
	case Query:
		return s.acted(d, r, c)
	default:
		return s.matched(r)
	}
}

func (d *directory) names() string {
	var names []string
	for _, s := range d.all {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

func (s *service) targeted(r *http.Request) (*operation, *flaw) {
	targets := r.Header["X-Amz-Target"]
	if len(targets) != 1 {
		return nil, flawf(unknownOperation, "the request needs one X-Amz-Target header: %s.<Operation>", s.TargetPrefix)
	}
	prefix, name, _ := strings.Cut(targets[0], ".")
	op := s.byName[name]
	if op == nil || prefix != s.TargetPrefix || r.Method != http.MethodPost || r.URL.Path != "/" {
		return nil, flawf(unknownOperation, "%s has no operation %.128q at %s %.128q; this server answers the operations of docs/compat.md",
			s.Name, targets[0], r.Method, r.URL.Path)
	}
	return op, nil
}

func (s *service) routed(r *http.Request, c *Call) (*operation, *flaw) {
	op, labels := s.route(r)
	if op == nil {
		return nil, flawf(unknownOperation, "%s has no operation at %s %.128q; this server answers the operations of docs/compat.md",
			s.Name, r.Method, r.URL.EscapedPath())
	}
	c.Path = labels
	if r.URL.RawQuery != "" {
		var err error
		if c.Params, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			return op, &flaw{unreadable, "the query string cannot be read: percent-encode it"}
		}
	}
	return op, nil
}

// route finds the operation at the path of r. Segments are split before they are unescaped: a label
// may hold "%2F".
func (s *service) route(r *http.Request) (*operation, map[string]string) {
	if len(s.routes) == 0 {
		return nil, nil
	}
	segments := splitPath(r.URL.EscapedPath())
	for i := range s.routes {
		candidate := &s.routes[i]
		if candidate.method != r.Method || len(candidate.segments) != len(segments) {
			continue
		}
		if labels, ok := candidate.match(segments); ok {
			return candidate.op, labels
		}
	}
	return nil, nil
}

func (t *route) match(segments []string) (map[string]string, bool) {
	var labels map[string]string
	for i, want := range t.segments {
		label, ok := strings.CutPrefix(want, "{")
		if !ok {
			if segments[i] != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		if labels == nil {
			labels = make(map[string]string, 1)
		}
		labels[strings.TrimSuffix(label, "}")] = value
	}
	return labels, true
}

func splitPath(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

func (s *service) acted(d *directory, r *http.Request, c *Call) (*operation, *flaw) {
	text := string(c.Body)
	if r.Method == http.MethodGet {
		text = r.URL.RawQuery
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, &flaw{unreadable, "the form cannot be read: percent-encode it"}
	}
	c.Params = form
	action, version := form.Get("Action"), form.Get("Version")
	if action == "" {
		return nil, &flaw{noAction, "the form needs an Action"}
	}
	right := version == "" || version == s.Version
	if op := s.byName[action]; op != nil && right && r.URL.Path == "/" {
		return op, nil
	}
	if !right {
		other := d.find(func(o *service) bool {
			return o.Protocol == Query && o.Scope != s.Scope && o.Version == version && o.byName[action] != nil
		})
		if other != nil {
			return nil, outOfScope(other)
		}
	}
	return nil, flawf(unknownOperation, "Could not find operation %.64s for version %.32s", action, version)
}

func (s *service) matched(r *http.Request) (*operation, *flaw) {
	name := s.Match(r)
	op := s.byName[name]
	if op == nil {
		return nil, flawf(unknownOperation, "this server does not implement %s; it answers the operations of docs/compat.md", kindOfRequest(name, r))
	}
	return op, nil
}

func kindOfRequest(name string, r *http.Request) string {
	if name != "" {
		return name
	}
	return "this kind of " + r.Method + " request"
}

func flawf(why reason, format string, args ...any) *flaw {
	return &flaw{why, fmt.Sprintf(format, args...)}
}
