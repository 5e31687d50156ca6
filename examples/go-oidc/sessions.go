package main

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/oauth2"
)

const cookie = "shop_session"

// A browser's session: before the login what its answer must match, after it who the user is.
type session struct {
	state, nonce, verifier string

	user    user
	idToken string
	tokens  oauth2.TokenSource
}

// sessions are in memory here; an app that runs on more than one machine keeps them in a database.
type sessions struct{ byName sync.Map }

func (s *sessions) start(w http.ResponseWriter, r *http.Request, session *session) {
	name := random()
	s.byName.Store(name, session)
	set(w, r, name, 0)
}

func (s *sessions) of(r *http.Request) *session {
	sent, err := r.Cookie(cookie)
	if err != nil {
		return nil
	}
	found, _ := s.byName.Load(sent.Value)
	session, _ := found.(*session)
	return session
}

func (s *sessions) end(w http.ResponseWriter, r *http.Request) {
	if sent, err := r.Cookie(cookie); err == nil {
		s.byName.Delete(sent.Value)
	}
	set(w, r, "", -1)
}

func set(w http.ResponseWriter, r *http.Request, value string, age int) {
	// Behind a proxy that speaks TLS, the app sees http; the cookie is for https alone all the same.
	secure := r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	})
}

// random is 130 bits of it, as letters.
func random() string { return strings.ToLower(rand.Text()) }
