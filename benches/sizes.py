"""What rows and keys take: bytes of the heap and of the indexes, counted where `haechi bench seed` made a million people."""
import re, subprocess

TABLES = ["users", "passwords", "clients", "client_origins", "consents", "grants", "audit_events"]
# What the figures are made of that stand for more than a row.
LOGINS_A_DAY = 1
SAMPLE = 200


def report(grown, redis):
    """Tables of what there is, and of what more would take."""
    each = {table: row(grown, table) for table in TABLES}
    lines = [
        "| row of | rows | bytes of the table | of its indexes | together |", "|---|---:|---:|---:|---:|",
        *(f"| `{table}` | {rows:,} | {heap:,.0f} | {indexes:,.0f} | {heap + indexes:,.0f} |" for table, (rows, heap, indexes) in each.items()), ""]
    of = lambda table: sum(each[table][1:])
    lines += ["| key in Redis | sampled | bytes |", "|---|---:|---:|"]
    lines += [f"| {what} | {count} | {size:,.0f} |" for what, count, size in keys(grown, redis)]
    grants, consents = each["grants"][0] / each["users"][0], each["consents"][0] / each["users"][0]
    person = of("users") + of("passwords") + grants * of("grants") + consents * of("consents")
    year = of("audit_events") * 365 * LOGINS_A_DAY
    lines += [
        "", "| what | takes |", "|---|---:|",
        f"| a million people, with passwords | {gigabytes(1e6 * (of('users') + of('passwords')))} |",
        f"| the same with what they allowed apps ({grants:.1f} grants and {consents:.1f} consents each) | {gigabytes(1e6 * person)} |",
        f"| a million grants that can be refreshed | {gigabytes(1e6 * of('grants'))} |",
        f"| ten thousand apps | {gigabytes(1e4 * (of('clients') + 3 * of('client_origins')))} |",
        f"| a year of the audit log where a million people sign in {LOGINS_A_DAY} time a day | {gigabytes(1e6 * year)} |", ""]
    return "\n".join(lines)


def row(grown, table):
    """How many rows a table has, and how many bytes one takes in it and in its indexes."""
    rows, heap, indexes = grown.sql(f"SELECT count(*), pg_table_size('{table}'), pg_indexes_size('{table}') FROM {table}").split("|")
    rows = int(rows)
    return rows, int(heap) / max(rows, 1), int(indexes) / max(rows, 1)


def keys(grown, redis):
    """What some people who sign in leave in Redis: by what a key begins with after the prefix."""
    grown.logins_a_second(5)
    port = redis.rsplit(":", 1)[1].split("/")[0]
    ask = lambda *words: subprocess.run(["redis-cli", "-p", port, *words], capture_output=True, text=True, check=True).stdout.splitlines()
    kinds = {"a browser's session": r"\{session\}r:", "an account's sessions": r"\{session\}o:", "a login under way": r"\{authorization\}r:", "a counter": r"t:"}
    all_keys = ask("--scan", "--pattern", "*")
    for what, begins in kinds.items():
        found = [key for key in all_keys if re.match(rf"[^{{]*:?{begins}", key)][:SAMPLE]
        sizes = [int(ask("MEMORY", "USAGE", key)[0]) for key in found]
        if sizes:
            yield what, len(sizes), sum(sizes) / len(sizes)


def gigabytes(size):
    return f"{size / 1e9:.2f} GB" if size < 1e10 else f"{size / 1e9:.0f} GB"
