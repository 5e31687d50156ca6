package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// The signature algorithms that are good enough here; anything else, "none" and shared secrets above all, is not.
var algorithms = []string{oidc.ES256, oidc.ES384, oidc.EdDSA, oidc.PS256, oidc.RS256}

// The claims of a caller that matter here.
type caller struct {
	Subject string `json:"sub"`
	Client  string `json:"client_id"`
	Scope   string `json:"scope"`
}

type verifier struct{ tokens *oidc.IDTokenVerifier }

// newVerifier reads the issuer's metadata. Its keys are fetched when a token names one that is not known.
func newVerifier(ctx context.Context, issuer, audience string) (*verifier, error) {
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, err
	}
	// An access token is checked as an ID token is: issuer, audience, times and signature. Only its type is not (see below).
	rules := &oidc.Config{ClientID: audience, SupportedSigningAlgs: algorithms}
	return &verifier{provider.Verifier(rules)}, nil
}

// authorize finds out whose request this is, if it brings an access token that is good here and has the scope.
func (v *verifier) authorize(r *http.Request, scope string) (caller, *refused) {
	token, refusal := bearer(r)
	if refusal != nil {
		return caller{}, refusal
	}
	claims, err := v.verify(r.Context(), token)
	if err != nil {
		// Why it is no good is nobody's business.
		return caller{}, &refused{http.StatusUnauthorized, `, error="invalid_token"`}
	}
	if !slices.Contains(strings.Fields(claims.Scope), scope) {
		return caller{}, &refused{http.StatusForbidden, `, error="insufficient_scope", scope="` + scope + `"`}
	}
	return claims, nil
}

// verify: RFC 9068 section 4.
func (v *verifier) verify(ctx context.Context, token string) (caller, error) {
	// An ID token is signed by the same keys, and must not be taken for an access token.
	if !isAccessToken(token) {
		return caller{}, errors.New("this is no access token")
	}
	verified, err := v.tokens.Verify(ctx, token)
	if err != nil {
		return caller{}, err
	}
	var claims caller
	err = verified.Claims(&claims)
	return claims, err
}

func isAccessToken(token string) bool {
	encoded, _, _ := strings.Cut(token, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(encoded)
	var header struct {
		Type string `json:"typ"`
	}
	if err != nil || json.Unmarshal(decoded, &header) != nil {
		return false
	}
	kind := strings.ToLower(header.Type)
	return kind == "at+jwt" || kind == "application/at+jwt"
}

// refused is a status and the rest of its challenge: RFC 6750 section 3.
type refused struct {
	status int
	why    string
}

func (r *refused) answer(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="orders"`+r.why)
	w.WriteHeader(r.status)
}

// The scheme's case does not matter (RFC 9110 section 11.1).
var credentials = regexp.MustCompile(`^(?i:bearer) +([^\s]+) *$`)

// bearer is the token of a request: RFC 6750 section 2.1.
func bearer(r *http.Request) (string, *refused) {
	value := r.Header.Get("Authorization")
	if value == "" {
		// No error is named: the caller may simply not know yet that it needs a token.
		return "", &refused{http.StatusUnauthorized, ""}
	}
	match := credentials.FindStringSubmatch(value)
	if match == nil {
		return "", &refused{http.StatusBadRequest, `, error="invalid_request"`}
	}
	return match[1], nil
}
