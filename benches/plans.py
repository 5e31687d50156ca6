"""What PostgreSQL does for each statement, as its own module auto_explain tells it: which tables it takes rows of, by which index, and how many it looks at."""
import json, re

# Of these there are many; what else a statement reads is of a row, or of a few that administrators make.
GROWING = {"users", "passwords", "clients", "client_origins", "grants", "consents", "audit_events", "affiliated", "affiliations", "apis", "mails", "refusals",
           "one_time_tokens", "upstream_links", "passkeys", "webhook_messages", "sealed_records", "delegations"}
SETTINGS = {
    "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_format": "json", "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off"}


class Plans:
    """The plans that a database tells its server's log. Those are told on connections that begin after this."""

    def __init__(self, log, say, name):
        self.log, self.seen = log, set()
        for setting, value in SETTINGS.items():
            say(f"ALTER DATABASE {name} SET {setting} = '{value}'")

    def here(self):
        return self.log.stat().st_size

    def rows(self, label, since):
        """A row of the table for each statement about what grows that was not told of before, since the log was so long."""
        found = []
        with self.log.open("rb") as opened:
            opened.seek(since)
            told = opened.read().decode(errors="replace")
        for plan in plans(told):
            statement, scans = short(plan["Query Text"]), list(scans_of(plan["Plan"]))
            if statement in self.seen or not any(table in GROWING for table, _, _ in scans):
                continue
            self.seen.add(statement)
            by = "; ".join(f"{table}{f' by `{index}`' if index else ', whole'} ({looked_at:,})" for table, index, looked_at in scans)
            found.append(f"| {label} | `{statement}` | {by} |")
        return found


def plans(told):
    """Each entry of the log that has a plan: the lines of one go on behind a tabulator."""
    entries = []
    for line in told.splitlines():
        if line.startswith("\t") and entries:
            entries[-1] += line[1:]
        else:
            entries.append(line)
    for entry in entries:
        _, found, plan = entry.partition(" plan:")
        if found:
            # An entry that is still being written is told of by the next look.
            try:
                yield json.loads(plan)
            except json.JSONDecodeError:
                continue


def scans_of(node):
    """The table, the index, and how many rows were looked at, of each part of a plan that takes rows of a table."""
    kind, looked_at = node["Node Type"], round((node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)) * node.get("Actual Loops", 1))
    if kind == "Seq Scan":
        yield node["Relation Name"], None, looked_at
    elif kind in ("Index Scan", "Index Only Scan"):
        yield node["Relation Name"], node["Index Name"], looked_at
    elif kind == "Bitmap Heap Scan":
        yield node["Relation Name"], bitmap_index(node), looked_at
    for part in node.get("Plans", []):
        yield from scans_of(part)


def bitmap_index(node):
    for part in node.get("Plans", []):
        if found := part.get("Index Name") or bitmap_index(part):
            return found
    return None


def short(statement):
    """A statement as a cell of a table: without the columns that it answers, and not all of it where it is long."""
    text = re.sub(r"\s+", " ", statement).strip()
    text = re.sub(r"^SELECT .* FROM (?=[a-z_]+ )", "SELECT … FROM ", text) if " JOIN " not in text and "(" not in text else text
    text = text.replace("|", "\\|").replace("`", "'")
    return text if len(text) <= 220 else text[:140] + " … " + text[-80:]
