package main

import (
	"context"
	"crypto/subtle"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Who the app is at Haechi, and where it is reached.
type settings struct{ issuer, clientID, clientSecret, base string }

type app struct {
	base       string
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	endSession string
	apiURL     string
	sessions   sessions
}

// The claims of the ID token that the pages show.
type user struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func newApp(ctx context.Context, settings settings) (*app, error) {
	provider, err := oidc.NewProvider(ctx, settings.issuer)
	if err != nil {
		return nil, err
	}
	// What the library leaves to its users.
	var more struct {
		EndSession string `json:"end_session_endpoint"`
		UserInfo   string `json:"userinfo_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	apiURL := os.Getenv("API")
	if apiURL == "" {
		apiURL = more.UserInfo // A service of yours; to begin with, Haechi's own.
	}
	return &app{
		base: settings.base,
		oauth: oauth2.Config{
			ClientID:     settings.clientID,
			ClientSecret: settings.clientSecret,
			Endpoint:     provider.Endpoint(),
			RedirectURL:  settings.base + "/callback",
			Scopes:       []string{oidc.ScopeOpenID, "profile", "email", oidc.ScopeOfflineAccess},
		},
		verifier:   provider.Verifier(&oidc.Config{ClientID: settings.clientID}),
		endSession: more.EndSession,
		apiURL:     apiURL,
	}, nil
}

func (a *app) home(w http.ResponseWriter, _ *http.Request) { show(w, "home", nil) }

// login remembers what the answer must match, in a session that is not signed in yet, and leaves for Haechi.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	begun := &session{state: random(), nonce: random(), verifier: oauth2.GenerateVerifier()}
	a.sessions.start(w, r, begun)
	to := a.oauth.AuthCodeURL(begun.state, oidc.Nonce(begun.nonce), oauth2.S256ChallengeOption(begun.verifier))
	http.Redirect(w, r, to, http.StatusFound)
}

// callback is where Haechi sends the browser back to.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	begun := a.sessions.of(r)
	if begun == nil || !same(r.FormValue("state"), begun.state) {
		http.Error(w, "this login was not begun here: sign in again", http.StatusBadRequest)
		return
	}
	if refused := r.FormValue("error"); refused != "" {
		http.Error(w, refused+": "+r.FormValue("error_description"), http.StatusForbidden)
		return
	}
	tokens, err := a.oauth.Exchange(r.Context(), r.FormValue("code"), oauth2.VerifierOption(begun.verifier))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	raw, _ := tokens.Extra("id_token").(string)
	idToken, err := a.verifier.Verify(r.Context(), raw)
	if err != nil || !same(idToken.Nonce, begun.nonce) {
		http.Error(w, "the ID token is not for this login", http.StatusBadGateway)
		return
	}
	signedIn := &session{idToken: raw, tokens: a.oauth.TokenSource(context.Background(), tokens)}
	if err := idToken.Claims(&signedIn.user); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	// A session of a new name: one that was planted before the login is worth nothing after it.
	a.sessions.end(w, r)
	a.sessions.start(w, r, signedIn)
	http.Redirect(w, r, "/profile", http.StatusFound)
}

func (a *app) profile(w http.ResponseWriter, r *http.Request) {
	if session := a.signedIn(w, r); session != nil {
		show(w, "profile", session.user)
	}
}

// api calls a service in the user's name. The token source refreshes the access token when it has expired.
func (a *app) api(w http.ResponseWriter, r *http.Request) {
	session := a.signedIn(w, r)
	if session == nil {
		return
	}
	answer, err := oauth2.NewClient(r.Context(), session.tokens).Get(a.apiURL)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		http.Error(w, "the API answered "+answer.Status, http.StatusBadGateway)
		return
	}
	show(w, "api", string(body))
}

// logout ends the session here, and sends the browser to Haechi to end it there.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	to := a.base
	if session := a.sessions.of(r); session != nil && session.idToken != "" {
		to = a.endSession + "?" + url.Values{
			"id_token_hint":            {session.idToken},
			"post_logout_redirect_uri": {a.base + "/"},
		}.Encode()
	}
	a.sessions.end(w, r)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (a *app) signedIn(w http.ResponseWriter, r *http.Request) *session {
	session := a.sessions.of(r)
	if session == nil || session.idToken == "" {
		http.Redirect(w, r, "/login", http.StatusFound)
		return nil
	}
	return session
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
