package sip

import (
	"errors"
	"strings"

	wire "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"openseat/core/org"
)

// errNoProof says that a trunk has no user name, or the challenge is one nobody can answer.
var errNoProof = errors.New("no credentials for the challenge")

func isChallenge(res *wire.Response) bool { return res.StatusCode == 401 || res.StatusCode == 407 }

// prove repeats a request with the digest that its answer asked for (RFC 3261 section 22, RFC 8760). Of several challenges the
// first that can be answered counts.
func prove(req *wire.Request, res *wire.Response, cfg *org.Trunk) (*wire.Request, error) {
	question, answer := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		question, answer = "Proxy-Authenticate", "Proxy-Authorization"
	}
	if cfg.Username == "" || len(req.GetHeaders(answer)) > 0 {
		return nil, errNoProof
	}
	for _, h := range res.GetHeaders(question) {
		challenge, err := digest.ParseChallenge(h.Value())
		if err != nil {
			continue
		}
		challenge.Algorithm = strings.ToUpper(challenge.Algorithm)
		proof, err := digest.Digest(challenge, digest.Options{
			Method: string(req.Method), URI: req.Recipient.String(), Count: 1, Username: cfg.Username, Password: cfg.Password,
		})
		if err != nil {
			continue
		}
		next := renew(req)
		next.AppendHeader(wire.NewHeader(answer, proof.String()))
		return next, nil
	}
	return nil, errNoProof
}
