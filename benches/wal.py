"""What a refresh writes to PostgreSQL: bytes of WAL, updates of rows, and how many of those touched no index (HOT).

Over few grants, as a benchmark has them, and spread over many; each when everything is warm, and again right after a checkpoint, when the first change
of each page takes all of it along.
"""
import os, time

import databases
from drives import Drive
from haechi import Haechi
from report import machine
from servers import note, start_postgres, start_redis

SPREAD = [490, 15_000]
# Statistics of a backend are seen once it was idle for so long, in seconds.
SEEN_AFTER = 11
COUNTS = "SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE n_tup_upd > 0"
GOAL = "the goal is HOT ≥ 95 % and under 400 B when warm"


def report(bench):
    options, postgres = bench.options, start_postgres(bench.stack, bench.folder)
    app = Haechi(bench, "postgres", postgres("haechi"), {"HAECHI_REDIS__URL": start_redis(bench.stack, bench.folder)})
    rows = [row for grants in SPREAD for row in Wal(bench, app).measured(grants, options.refreshes)]
    return "\n".join([
        f"{machine()}; some {options.refreshes:,} refreshes each over {options.connections} connections; {GOAL}.", "",
        "| grants | | refreshes | WAL a refresh | refreshes/s | p50 | p99 | failed | updates a refresh, and how many of them HOT |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---|", *rows, ""])


class Wal:
    def __init__(self, bench, app):
        self.bench, self.app, self.database = bench, app, databases.of(app)

    def measured(self, grants, refreshes):
        """Rows of the table: warm, and after a checkpoint."""
        note(f"making {grants} grants")
        connections = self.bench.options.connections
        # With each run those are lost whose answer was still under way: there are two before the last one.
        tokens = [tokens["refresh_token"] for tokens in self.app.tokens(grants + 2 * connections)]
        self.tokens = self.bench.file("refresh-wal", tokens)
        note(f"refreshing {grants} grants")
        self.rate = self.refresh(5)["rps"]
        # Each grant at least twice before it counts: from then on every page has been changed since the last checkpoint.
        self.rate = min(self.refresh(2 * grants / self.rate)["rps"], self.rate)
        yield self.row(grants, "warm", refreshes)
        self.database.run("CHECKPOINT")
        yield self.row("", "after a checkpoint", refreshes)

    def row(self, grants, when, refreshes):
        before, start = self.counts(), self.written()
        run = self.refresh(refreshes / self.rate + 1)
        wal, self.rate = self.written() - start, min(run["rps"], self.rate)
        time.sleep(SEEN_AFTER)
        after, count = self.counts(), run["requests"] - run["bad"]
        nothing = dict.fromkeys(after, (0, 0))
        changed = {table: (after[table][0] - updates, after[table][1] - hot) for table, (updates, hot) in (nothing | before).items()}
        updates = ", ".join(f"{table} {updates / count:.2f}, {hot / updates:.1%}" for table, (updates, hot) in changed.items() if updates / count > 0.01)
        return (f"| {grants} | {when} | {count:,} | {wal / count:,.0f} B | {run['rps']:,.0f} | {run['p50_us'] / 1000:.1f} ms | {run['p99_us'] / 1000:.1f} ms | "
                f"{run['bad'] + run['lost']} | {updates} |")

    def refresh(self, seconds):
        """Refreshes as fast as it goes for a while, and goes on with the tokens that came of it the next time."""
        arguments = [self.tokens, self.app.basic("bench-web"), "", f"{self.tokens}-left"]
        run = self.bench.drive(f"haechi {self.app.name}", Drive("/token", "chain.lua", arguments, seconds=max(round(seconds), 2)))
        os.replace(f"{self.tokens}-left", self.tokens)
        return run

    def counts(self):
        return {table: (int(updates), int(hot)) for table, updates, hot in self.database.run(COUNTS)}

    def written(self):
        return int(self.database.run("SELECT (pg_current_wal_lsn() - '0/0')::bigint")[0][0])
