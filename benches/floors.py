"""The floor (benches/floor), and how it is driven along each path."""
from drives import Drive, basic
from servers import Server, free_port, request, sh

FORM = "grant_type=client_credentials&scope=read"


class Floor:
    """A bare handler for each path, on the stores that Haechi is measured on."""

    def __init__(self, bench, stores):
        self.port, self.basic = free_port(), basic("bench", bench.secret)
        pem, key = bench.folder / "rsa.pem", bench.folder / "rsa.der"
        sh("openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(pem))
        sh("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", str(pem), "-outform", "DER", "-out", str(key))
        command = [str(bench.target / "haechi-floor"), f"127.0.0.1:{self.port}", bench.secret, *stores]
        self.server = Server(bench.stack, command, self.port, {"FLOOR_RSA_KEY": str(key)}, ready="/document")

    def document(self):
        """As many bytes as the discovery document has."""
        return Drive("/document", "get.lua", [""])

    def token(self, algorithm):
        """One signature."""
        return Drive(f"/token/{algorithm}", "post.lua", [FORM, self.basic])

    def tokens(self, store, id_token):
        """One write, an access token that is signed with ES256, and an ID token: a refresh, or the exchange of a code."""
        return Drive(f"/token/ES256/{store}/{id_token}", "post.lua", [FORM, self.basic])

    def userinfo(self, store):
        """A signature that is verified, and one row that is read."""
        return Drive(f"/userinfo/{store}", "get.lua", lambda _: [f"Bearer {self.access_token(store)}"])

    def introspection(self, store):
        """The same, by a client that authenticates."""
        return Drive(f"/introspect/{store}", "post.lua", lambda _: [f"token={self.access_token(store)}", self.basic])

    def access_token(self, store):
        return request(self.port, "GET", f"/access-token/{store}")[2].decode()
