// A service with one endpoint, GET /orders, for callers whose access token has the scope orders:read.
//
// The token is checked here, by signature: Haechi is asked for its public keys now and then, and never about a token.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	issuer := setting("ISSUER", "http://localhost:8080")
	// What this service is called in the resource parameter of a token request, and so in aud: a name, wherever it listens.
	audience := setting("AUDIENCE", "https://orders.example")
	verifier, err := newVerifier(context.Background(), issuer, audience)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) { orders(verifier, w, r) })
	http.HandleFunc("GET /verify", func(w http.ResponseWriter, r *http.Request) { verify(verifier, w, r) })

	address := "127.0.0.1:" + setting("PORT", "4100")
	log.Printf("orders for those who may read them: http://%s/orders", address)
	log.Fatal(http.ListenAndServe(address, nil))
}

func orders(verifier *verifier, w http.ResponseWriter, r *http.Request) {
	caller, refusal := verifier.authorize(r, "orders:read")
	if refusal != nil {
		refusal.answer(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"orders": []any{map[string]any{"id": 1, "item": "granite statue"}},
		"reader": caller.Subject,
	})
}

// verify is for the auth_request of nginx: whether the request that nginx has got may pass, and whose it is.
func verify(verifier *verifier, w http.ResponseWriter, r *http.Request) {
	caller, refusal := verifier.authorize(r, "orders:read")
	if refusal != nil {
		// nginx passes on 401 and 403, and takes any other status for a failure.
		if refusal.status == http.StatusBadRequest {
			refusal.status = http.StatusUnauthorized
		}
		refusal.answer(w)
		return
	}
	w.Header().Set("X-Subject", caller.Subject)
	w.WriteHeader(http.StatusNoContent)
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
