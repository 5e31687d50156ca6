# The ways to work on Haechi, for https://just.systems. Each line calls what does it, so nothing needs just.

# What there is
default:
    @just --list

# Run every test on every backend, with foreign clients and a real browser
test:
    scripts/test

# Run the suite on SQLite alone
quick:
    scripts/test --quick

# Run the integration tests whose path contains a name, as in `just it flow::`
it NAME:
    cargo test --locked --test it {{NAME}}

# Run the unit tests whose path contains a name, as in `just unit protocol::`
unit NAME:
    cargo test --locked --lib {{NAME}}

# Check formatting and lints
lint:
    scripts/lint

# Check licences, sources and duplicates of dependencies
deny *ARGS:
    scripts/deny {{ARGS}}

# List what the binary is made of
sbom *ARGS:
    scripts/sbom {{ARGS}}

# Let the fuzzers at every parser, a few seconds each
fuzz *ARGS:
    scripts/fuzz-smoke {{ARGS}}

# Measure beside the floor and the peer
bench *ARGS:
    scripts/bench {{ARGS}}

# Serve on http://localhost:8080
serve:
    cargo run --release --locked

# Open the demo shop beside a running server
demo:
    cargo run --release --locked -- demo

# Build what is shipped: the binary, with its symbols in a file beside it
dist:
    scripts/dist

# Have git check each commit
hook:
    scripts/pre-commit --install
