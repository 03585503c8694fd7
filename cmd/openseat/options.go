package main

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"

	"openseat/voice/media"
)

// CLI is the command line; each option may also be given in openseat.toml or as OPENSEAT_….
type CLI struct {
	Log     string           `help:"Least level that is logged: debug, info, warn, error." default:"info" enum:"debug,info,warn,error"`
	Version kong.VersionFlag `help:"Print the version."`
	Conf    kong.ConfigFlag  `name:"config" help:"Read options from this TOML file."`
	Serve   struct {
		Options `embed:""`
	} `cmd:"" help:"Run a contact center."`
	Demo DemoOptions `cmd:"" help:"Run a contact center with a demo instance and a simulated carrier."`

	Instance struct {
		Create InstanceOptions `cmd:"" help:"Create an instance and print its keys, once."`
	} `cmd:"" help:"Set instances up."`
}

// Options are what serve and demo share.
type Options struct {
	Data         string `help:"Folder for everything that is kept." default:"./data"`
	HTTP         string `name:"http" help:"Address of pages and APIs." default:"127.0.0.1:8080"`
	SIP          string `name:"sip" help:"Address of SIP, UDP and TCP." default:"127.0.0.1:5060"`
	SIPTLS       string `name:"sip-tls" help:"Address of SIP over TLS, for phones and trunks; empty = none. Needs --tls-cert and --tls-key."`
	TLSCert      string `name:"tls-cert" help:"File of the certificate of --sip-tls, PEM, with those that sign it."`
	TLSKey       string `name:"tls-key" help:"File of its key, PEM."`
	RTPPorts     string `name:"rtp-ports" help:"UDP ports of telephone lines' sound." default:"20000-29999"`
	RTCPort      int    `name:"rtc-port" help:"The one UDP and TCP port of all browsers' sound." default:"8443"`
	PublicIP     string `name:"public-ip" help:"Address under which carriers and browsers reach this machine; empty = that of --sip."`
	PublicURL    string `name:"public-url" help:"Address under which browsers reach --http; empty = http://<--http>."`
	Database     string `help:"Empty = SQLite in --data; postgres://…"`
	NATS         string `name:"nats" help:"Empty = embedded; nats://…"`
	Node         string `help:"This node's name in a cluster (--nats): letters, digits, _; empty = made of the machine's name and --data."`
	NATSReplicas int    `name:"nats-replicas" help:"Copies of everything in an external NATS cluster." default:"1"`
	Blob         string `help:"Empty = a folder in --data; a path; s3://bucket/prefix?endpoint=https://…&region=…&style=path"`
	MaxCalls     int    `name:"max-calls" help:"Running calls after which new ones are refused." default:"1000"`
	APILimit     int    `name:"api-limit" help:"Cloud API requests a second of each action and instance; 0 = no limit." default:"20"`
	HooksAllow   string `name:"hooks-allow" help:"Networks that flows' HTTP requests may reach though they are not public, with commas: 10.0.0.0/8."`
	DrainAfter   int    `name:"drain-seconds" help:"How long running calls may go on after SIGTERM." default:"300"`
	SyncAlways   bool   `name:"sync-always" help:"Force every journal entry to the disk: survives power loss, costs speed."`
	Pprof        string `help:"Address of net/http/pprof; empty = none." hidden:""`
}

// DemoOptions are the demo's.
type DemoOptions struct {
	Options   `embed:""`
	Public    bool   `help:"Let others than this machine reach the demo: whoever opens its page can be any of its agents."`
	Carrier   string `help:"A real SIP peer instead of the simulated carrier: host:port."`
	CarrierAt string `name:"carrier-listen" help:"Address of the simulated carrier." default:"127.0.0.1:5090"`
}

// InstanceOptions are those of "instance create".
type InstanceOptions struct {
	Data     string `help:"Folder for everything that is kept." default:"./data"`
	Database string `help:"Empty = SQLite in --data; postgres://…"`
	Name     string `help:"What people call it." required:""`
	ID       int64  `name:"id" help:"SdkAppId: ten digits that begin with 140; 0 = the next one free."`
}

func (c *CLI) level() slog.Level {
	var l slog.Level
	_ = l.UnmarshalText([]byte(c.Log)) // kong has checked it
	return l
}

// base is where browsers find us.
func (o *Options) base() string {
	if o.PublicURL != "" {
		return strings.TrimSuffix(o.PublicURL, "/")
	}
	return "http://" + o.HTTP
}

// private reports an error when others than this machine could reach the demo's page, which asks nobody who he is.
func (o *DemoOptions) private() error {
	host, _, err := net.SplitHostPort(o.HTTP)
	if err != nil {
		return fmt.Errorf("--http: %w", err)
	}
	if ip, err := netip.ParseAddr(host); o.Public || host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--http %s: whoever opens the demo's page can be any of its agents; listen on 127.0.0.1, or say --public", o.HTTP)
}

// publicIP is the address in our SDP.
func (o *Options) publicIP() (netip.Addr, error) {
	if o.PublicIP != "" {
		ip, err := netip.ParseAddr(o.PublicIP)
		if err != nil {
			return ip, fmt.Errorf("--public-ip: %w", err)
		}
		return ip, nil
	}
	ap, err := netip.ParseAddrPort(o.SIP)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("--sip: %w", err)
	}
	if ap.Addr().IsUnspecified() {
		return netip.Addr{}, errors.New("--public-ip: is needed when --sip listens on every address")
	}
	return ap.Addr(), nil
}

const (
	maxHost  = 20 // characters of a machine's name in a node's
	nodeHash = 4  // bytes that tell apart the nodes of one machine
)

// node is this node's name, the same in each of its lives. Two nodes of one name would take each other for dead.
func (o *Options) node() string {
	if o.Node != "" || o.NATS == "" {
		return o.Node
	}
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	plain := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, host)
	data, err := filepath.Abs(o.Data)
	if err != nil {
		data = o.Data
	}
	sum := sha256.Sum256([]byte(data))
	return plain[:min(len(plain), maxHost)] + "_" + hex.EncodeToString(sum[:nodeHash])
}

// certificate is what phones and trunks see at --sip-tls; nil without one.
func (o *Options) certificate() (*tls.Config, error) {
	if o.SIPTLS == "" {
		return nil, nil //nolint:nilnil // there is no such port, and nothing is wrong
	}
	c, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("--sip-tls: --tls-cert and --tls-key: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}, nil
}

func (o *Options) ports() (*media.Ports, error) {
	lo, hi, ok := strings.Cut(o.RTPPorts, "-")
	a, errA := strconv.Atoi(lo)
	b, errB := strconv.Atoi(hi)
	if !ok || errA != nil || errB != nil {
		return nil, fmt.Errorf("--rtp-ports: %q is not a range like 20000-29999", o.RTPPorts)
	}
	p, err := media.NewPorts(a, b)
	if err != nil {
		return nil, fmt.Errorf("--rtp-ports: %w", err)
	}
	return p, nil
}

// tomlFile reads options from a TOML file: keys are the options' names, for all commands.
func tomlFile(r io.Reader) (kong.Resolver, error) {
	var values map[string]any
	if err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, err
	}
	return fileOptions(values), nil
}

// fileOptions are the options of a TOML file. What is given as a flag or in the environment goes before them.
type fileOptions map[string]any

// Resolve implements kong.Resolver.
func (f fileOptions) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil //nolint:nilnil // how kong is told to look elsewhere
		}
	}
	return f[flag.Name], nil
}

// Validate implements kong.Resolver: an option that does not exist is a slip, not something to pass over.
func (f fileOptions) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	}) // the visitor never fails
	for _, name := range sortedKeys(f) {
		if !known[name] {
			return fmt.Errorf("openseat.toml: there is no option %q", name)
		}
	}
	return nil
}
