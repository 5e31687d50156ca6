"""What is printed of a run: Markdown."""
import datetime, os, platform

from servers import processor


def machine():
    return f"Measured on {datetime.date.today()}, {os.cpu_count()} × {processor()}, Linux {platform.release()}"


def render(rows, options, peers):
    lines = [
        f"{machine()}; wrk -t1 -c{options.connections} beside the server, {options.rounds} rounds of {options.seconds} s in turn, medians.", "",
        *(f"- **{peer.name}**: {peer.about}" for peer in peers), "",
        "| path | server | requests/s | of the floor | goal | against the peers | p50 | p99 | CPU/request | memory | failed |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    names = [peer.name for peer in peers]
    for path, results in rows:
        floor = results.get("floor")
        for who, r in results.items():
            ours = who.startswith("haechi")
            of_floor = f"{r['rps'] / floor['rps']:.0%}" if floor and floor['rps'] and ours else ""
            goal = f"{path.goal:.0%}" if path.goal and ours else ""
            beside = ((name, results[name]["rps"]) for name in names if name in results)
            of_peers = ", ".join(f"{r['rps'] / rps:.1f} × {name}" if rps else f"{name} failed" for name, rps in beside) if ours else ""
            lines.append(
                f"| {path.name} | {who} | {r['rps']:,.0f} | {of_floor} | {goal} | {of_peers} | {r['p50_us'] / 1000:.2f} ms | "
                f"{r['p99_us'] / 1000:.2f} ms | {r['cpu_us']:.0f} µs | {r['memory']:.0f} MiB | {r['bad']} of {r['requests']} |")
    return "\n".join(lines) + "\n"
