// A web app that signs its users in with Haechi: net/http, golang.org/x/oauth2 and github.com/coreos/go-oidc.
package main

import (
	"context"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"os"
)

func main() {
	base := setting("BASE_URL", "http://localhost:3000")
	app, err := newApp(context.Background(), settings{
		issuer:       setting("ISSUER", "http://localhost:8080"),
		clientID:     os.Getenv("CLIENT_ID"),
		clientSecret: os.Getenv("CLIENT_SECRET"),
		base:         base,
	})
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /{$}", app.home)
	http.HandleFunc("GET /login", app.login)
	http.HandleFunc("GET /callback", app.callback)
	http.HandleFunc("GET /profile", app.profile)
	http.HandleFunc("GET /api", app.api)
	http.HandleFunc("POST /logout", app.logout)

	// Lax cookies are not sent with other sites' POST requests; this refuses what slips through (Go 1.25).
	guarded := http.NewCrossOriginProtection().Handler(http.DefaultServeMux)
	log.Printf("the shop: %s", base)
	log.Fatal(http.ListenAndServe(setting("HOST", "localhost")+":"+setting("PORT", portOf(base)), guarded))
}

// portOf says where to listen: where the app is reached, unless something stands before it.
func portOf(base string) string {
	if at, err := url.Parse(base); err == nil && at.Port() != "" {
		return at.Port()
	}
	return "3000"
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

var pages = template.Must(template.New("").Parse(`
{{define "home"}}<!DOCTYPE html><html lang="en"><title>Shop</title>
<h1>Shop</h1>
<p><a href="/login">Sign in</a></p></html>{{end}}

{{define "profile"}}<!DOCTYPE html><html lang="en"><title>Shop: who you are</title>
<h1>Hello, {{.Name}}</h1>
<p>Your e-mail address is {{.Email}}.</p>
<p><a href="/api">Call the API</a></p>
<form method="post" action="/logout"><button>Sign out</button></form></html>{{end}}

{{define "api"}}<!DOCTYPE html><html lang="en"><title>Shop: the API</title>
<h1>The API answered</h1>
<pre>{{.}}</pre>
<p><a href="/profile">Back</a></p></html>{{end}}
`))

func show(w http.ResponseWriter, page string, with any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := pages.ExecuteTemplate(w, page, with); err != nil {
		log.Print(err)
	}
}
