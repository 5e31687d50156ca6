"""The servers that benchmarks start, on loopback only, and the machine that they run on."""
import contextlib, http.client, os, pathlib, platform, re, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Server:
    """A process under measurement."""

    def __init__(self, stack, command, port, environment=None, ready="/", patience=60):
        self.port, self.patience = port, patience
        log = stack.enter_context(tempfile.TemporaryFile())
        began = time.monotonic()
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=log, stderr=log)
        stack.callback(self.stop)
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if request(port, "GET", ready)[0] < 500:
                    break
            if self.process.poll() is not None or time.monotonic() - began > patience:
                log.seek(0)
                sys.exit(f"{command[0]} did not start:\n{log.read().decode()[-2000:]}")
            time.sleep(0.002)
        self.ready_seconds = time.monotonic() - began

    def stop(self):
        processes = self.processes()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(self.patience / 6)
        except subprocess.TimeoutExpired:
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def processes(self):
        """The process, and those that it started: some servers come with a script that waits for them."""
        if self.process.poll() is not None:
            return []
        found = [self.process.pid]
        for process in found:
            found += map(int, pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split())
        return found

    def cpu_seconds(self):
        stats = [pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split() for process in self.processes()]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self):
        statuses = [pathlib.Path(f"/proc/{process}/status").read_text() for process in self.processes()]
        return sum(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) for status in statuses) / 1024


def processor():
    match = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    return match[1] if match else platform.machine()


def request(port, method, path, body=None, headers=None, timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def start_postgres(stack, folder, connections=100):
    """A private cluster with the durability of its defaults; answers a function that makes a database."""
    binaries = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    data, port = folder / "postgres", free_port()
    data.mkdir()
    as_postgres = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        folder.chmod(0o755)
        as_postgres = ["runuser", "-u", "postgres", "--"]
    sh(*as_postgres, str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "bench", "--no-instructions")
    control = [*as_postgres, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    sh(*control, "-o", f"-p {port} -c listen_addresses=127.0.0.1 -c max_connections={connections} -k {data}", "-l", str(data / "log"), "start")
    stack.callback(sh, *control, "-m", "immediate", "stop")

    def database(name):
        sh(*as_postgres, str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "bench", name)
        return f"postgres://bench@127.0.0.1:{port}/{name}"
    return database


def start_pgbouncer(stack, folder, url):
    """As Debian ships it, but that it lends a connection for a transaction; answers the URL of the same database through it."""
    home, port, behind = folder / "pgbouncer", free_port(), urllib.parse.urlsplit(url)
    home.mkdir()
    settings = home / "pgbouncer.ini"
    settings.write_text("\n".join([
        "[databases]", f"* = host={behind.hostname} port={behind.port} user={behind.username}", "[pgbouncer]", "listen_addr = 127.0.0.1",
        f"listen_port = {port}", "auth_type = any", "pool_mode = transaction", "unix_socket_dir ="]) + "\n")
    as_postgres = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    process = subprocess.Popen([*as_postgres, "pgbouncer", "-q", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(lambda: (process.terminate(), process.wait()))
    time.sleep(0.3)
    return urllib.parse.urlunsplit(behind._replace(netloc=f"{behind.username}@127.0.0.1:{port}"))


def start_redis(stack, folder):
    port = free_port()
    process = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
                               stdout=subprocess.DEVNULL)
    stack.callback(lambda: (process.terminate(), process.wait()))
    time.sleep(0.3)
    return f"redis://127.0.0.1:{port}/0"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sh(*command, cwd=ROOT, env=None):
    """Runs a command, and answers what it printed."""
    env = {**os.environ, **(env or {})}
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def note(text):
    print(f"-- {text}", file=sys.stderr, flush=True)
