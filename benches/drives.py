"""What is driven, how, and what came of it."""
import base64, statistics


class Drive:
    """One way to drive one server: a script of wrk, and what it is given."""

    def __init__(self, path, script, prepare, connections=None, seconds=None, port=None):
        self.path, self.script, self.prepare, self.connections, self.seconds = path, script, prepare, connections, seconds
        # Where it is another one than the server's.
        self.port = port


class Path:
    """What is compared, and the ratio to the floor that we mean to reach."""

    def __init__(self, name, goal, contenders):
        self.name, self.goal, self.contenders = name, goal, contenders


def basic(client, secret):
    return "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()


def summary(runs):
    median = lambda key: statistics.median(run[key] for run in runs)
    return {key: median(key) for key in ("rps", "p50_us", "p99_us", "cpu_us", "memory")} | {
        "bad": sum(run["bad"] + run["lost"] for run in runs), "requests": sum(run["requests"] for run in runs)}


def percentile(values, part):
    """The value that so many of a hundred are not above; nothing of nothing."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part / 100), len(ordered) - 1)] if ordered else 0
