package main

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"openseat"
	"openseat/core/flow"
	"openseat/core/org"
)

//go:embed demodata
var demoFiles embed.FS

// The demo instance.
const (
	demoApp      openseat.AppID = 1400000001
	demoTrunk                   = "demo"
	demoPushPath                = "/demo/company/push"
)

// DemoFile is <data>/demo.json: everything that a script needs to use the demo.
type DemoFile struct {
	HTTP       string       `json:"http"`
	SIP        string       `json:"sip"`
	SdkAppID   int64        `json:"sdkAppId"`
	SecretID   string       `json:"secretId"`
	SecretKey  string       `json:"secretKey"`
	UserSigKey string       `json:"userSigKey"`
	Admin      DemoLogin    `json:"admin"`
	Agents     []DemoAgent  `json:"agents"`
	Groups     []DemoGroup  `json:"skillGroups"`
	Numbers    []DemoNumber `json:"numbers"`
	Carrier    string       `json:"carrier"`
}

// The parts of a DemoFile.
type (
	DemoLogin struct {
		UserID   string `json:"userId"`
		Password string `json:"password"`
	}
	DemoAgent struct {
		UserID            string `json:"userId"`
		Name              string `json:"name"`
		StaffNumber       string `json:"staffNumber"`
		Password          string `json:"password"`
		Extension         string `json:"extension"`
		ExtensionPassword string `json:"extensionPassword"`
		Mobile            string `json:"mobile"` // answers at the simulated carrier
	}
	DemoGroup struct {
		ID   int64              `json:"id"`
		Name string             `json:"name"`
		Type org.SkillGroupType `json:"type"`
	}
	DemoNumber struct {
		Number string `json:"number"`
		Flow   string `json:"flow"`
	}
)

// demoPerson is a member of staff of the demo.
type demoPerson struct {
	user, name, number, extension, mobile string

	role   org.Role
	groups []string
}

// demoPeople is who works in the demo.
func demoPeople() []demoPerson {
	return []demoPerson{
		{"alice@demo.openseat", "Alice", "1001", "7001", "008613900010011", org.RoleAgent, []string{"Support", "Online"}},
		{"bob@demo.openseat", "Bob", "1002", "7002", "008613900010021", org.RoleAgent, []string{"Support", "Sales", "Online"}},
		{"carol@demo.openseat", "Carol", "1003", "7003", "008613900010031", org.RoleInspector, nil},
		{"dave@demo.openseat", "Dave", "1004", "7004", "008613900010041", org.RoleAgent, []string{"Sales"}},
	}
}

const demoAdmin = "admin@demo.openseat"

// furnish sets the demo instance up, or what changes from start to start: where things listen. It returns what goes into
// demo.json, with the secrets of the first start.
func furnish(ctx context.Context, office *org.Office, data string, at DemoFile, pushURL string) (DemoFile, error) {
	known, err := readDemo(data)
	if err != nil {
		return at, err
	}
	if known == nil {
		if known, err = createDemo(ctx, office); err != nil {
			return at, fmt.Errorf("demo instance: %w", err)
		}
		// The secrets are written before anything else, so that a crash in between loses none.
		if err := writeDemo(data, *known); err != nil {
			return at, err
		}
	}
	known.HTTP, known.SIP, known.Carrier = at.HTTP, at.SIP, at.Carrier
	return *known, connectDemo(ctx, office, at.Carrier, pushURL)
}

// connectDemo points the demo instance at the outside world of this start.
func connectDemo(ctx context.Context, office *org.Office, carrier, pushURL string) error {
	err := office.PutTrunk(ctx, org.Trunk{
		App: demoApp, Name: demoTrunk, Peer: carrier, Transport: "udp", Sources: []string{"127.0.0.0/8", "::1/128"},
	})
	if err != nil {
		return fmt.Errorf("demo trunk: %w", err)
	}
	for _, n := range demoNumbers() {
		number := org.Number{App: demoApp, Number: n.Number, Trunk: demoTrunk, Flow: n.Flow, CallOut: true, State: org.NumberNormal}
		if err := office.PutNumber(ctx, number); err != nil {
			return fmt.Errorf("demo number: %w", err)
		}
	}
	return connectDemoPush(ctx, office, pushURL)
}

// connectDemoPush points the data push at the demo's own receiver, unless somebody has pointed it elsewhere.
func connectDemoPush(ctx context.Context, office *org.Office, pushURL string) error {
	old, err := office.PushSettings(ctx, demoApp)
	if err != nil {
		return fmt.Errorf("demo push: %w", err)
	}
	if old.URL != "" && !strings.HasSuffix(old.URL, demoPushPath) {
		return nil
	}
	err = office.PutPush(ctx, org.Push{App: demoApp, URL: pushURL, Auth: org.PushAuthNone, CDR: true, Record: true, Voicemail: true})
	if err != nil {
		return fmt.Errorf("demo push: %w", err)
	}
	return nil
}

func demoNumbers() []DemoNumber {
	return []DemoNumber{{"00864008001000", "welcome"}, {"00864008001001", "direct"}}
}

func createDemo(ctx context.Context, office *org.Office) (*DemoFile, error) {
	in, err := office.CreateInstance(ctx, org.NewInstance{App: demoApp, Name: "Demo", Settings: demoSettings()})
	if errors.Is(err, &openseat.Error{Code: openseat.CodeInUse}) {
		return nil, errors.New("the data folder has the demo instance, but no demo.json with its secrets; start with an empty --data")
	}
	if err != nil {
		return nil, err
	}
	f := &DemoFile{SdkAppID: int64(demoApp), UserSigKey: in.UserSigKey, Numbers: demoNumbers()}
	key, err := office.CreateKey(ctx, demoApp)
	if err != nil {
		return nil, err
	}
	f.SecretID, f.SecretKey = key.SecretID, key.SecretKey
	if err := createDemoGroups(ctx, office, f); err != nil {
		return nil, err
	}
	if err := createDemoStaff(ctx, office, f); err != nil {
		return nil, err
	}
	for _, c := range demoContacts() {
		if err := office.PutContact(ctx, c); err != nil {
			return nil, fmt.Errorf("contact %s: %w", c.Number, err)
		}
	}
	return f, publishDemoFlows(ctx, office)
}

func demoSettings() org.Settings {
	return org.Settings{
		RestReasons:    []string{"Lunch", "Meeting", "Training", "Short break"},
		NoteCategories: []string{"Order", "Delivery", "Return", "Invoice", "Other"},
	}
}

// demoContacts are customers that the company's people know.
func demoContacts() []org.Contact {
	return []org.Contact{
		{App: demoApp, Number: "008613800138000", Name: "Ms Wang", Remark: "Ms Wang, gold member"},
		{App: demoApp, Number: "008613800138001", Name: "Mr Li", Remark: "Mr Li, waits for a delivery"},
	}
}

func createDemoGroups(ctx context.Context, office *org.Office, f *DemoFile) error {
	for _, g := range []org.NewGroup{
		{Name: "Support", Type: org.GroupPhone, MaxConcurrency: 1, RingTimeout: 20 * time.Second, WrapUp: 5 * time.Second},
		{Name: "Sales", Type: org.GroupPhone, MaxConcurrency: 1, RingTimeout: 20 * time.Second},
		{Name: "Online", Type: org.GroupChat, MaxConcurrency: 5},
	} {
		id, err := office.CreateGroup(ctx, demoApp, g)
		if err != nil {
			return fmt.Errorf("skill group %s: %w", g.Name, err)
		}
		f.Groups = append(f.Groups, DemoGroup{ID: id, Name: g.Name, Type: g.Type})
	}
	return nil
}

func createDemoStaff(ctx context.Context, office *org.Office, f *DemoFile) error {
	f.Admin = DemoLogin{UserID: demoAdmin, Password: demoSecret()}
	list := []org.NewStaff{{Mail: demoAdmin, Name: "Admin", Nick: "Admin", Role: org.RoleAdmin, Password: f.Admin.Password}}
	for _, p := range demoPeople() {
		a := DemoAgent{
			UserID: p.user, Name: p.name, StaffNumber: p.number, Password: demoSecret(),
			Extension: p.extension, ExtensionPassword: demoSecret(), Mobile: p.mobile,
		}
		f.Agents = append(f.Agents, a)
		list = append(list, org.NewStaff{
			Mail: a.UserID, Name: a.Name, Nick: a.Name, Phone: a.Mobile, StaffNumber: a.StaffNumber, Role: p.role, Groups: p.groups,
			Extension: a.Extension, ExtensionPassword: a.ExtensionPassword, Password: a.Password,
		})
	}
	wrong, err := office.CreateStaff(ctx, demoApp, list)
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("%s: %w", wrong[0].Mail, wrong[0].Err)
	}
	return err
}

// demoSecret is a password that fits every rule: upper and lower case, digits.
func demoSecret() string { return "Aa1" + rand.Text()[:13] }

func publishDemoFlows(ctx context.Context, office *org.Office) error {
	for _, n := range demoNumbers() {
		def, err := demoFiles.ReadFile("demodata/" + n.Flow + ".json")
		if err != nil {
			return err
		}
		if _, err := office.PublishFlow(ctx, demoApp, n.Flow, def, checkFlow); err != nil {
			return fmt.Errorf("flow %s: %w", n.Flow, err)
		}
	}
	return nil
}

func checkFlow(definition json.RawMessage) error {
	_, err := flow.Parse(definition)
	return err
}

func demoPath(data string) string { return filepath.Join(data, "demo.json") }

func readDemo(data string) (*DemoFile, error) {
	b, err := os.ReadFile(demoPath(data))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var f DemoFile
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", demoPath(data), err)
	}
	return &f, nil
}

// writeDemo replaces demo.json at once, never half.
func writeDemo(data string, f DemoFile) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	tmp := demoPath(data) + ".new"
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, demoPath(data))
}
