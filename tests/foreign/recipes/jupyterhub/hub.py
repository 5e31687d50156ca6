"""JupyterHub with the printed configuration, on ports of its own, and without notebooks behind it."""

import os
import socket

load_subconfig("jupyterhub_config.py")  # noqa: F821


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


c = get_config()  # noqa: F821
c.JupyterHub.bind_url = f"http://localhost:{os.environ['PORT']}"
c.JupyterHub.hub_port = free_port()
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{free_port()}"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.redirect_to_server = False
