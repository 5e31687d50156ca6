"""A person with a browser: keeps cookies, fills in the forms of pages."""
import html, re, sys, urllib.parse

from servers import request


class Person:
    def __init__(self, port, email, password, headers=None):
        self.port, self.email, self.password, self.cookies = port, email, password, {}
        # What a proxy in front would add to each request.
        self.headers = headers or {}

    def ask(self, method, path, form=None, headers=None):
        """Answers status, headers and body."""
        headers = self.headers | (headers or {})
        if self.cookies:
            headers["Cookie"] = self.cookie_header()
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        status, answer, body = request(self.port, method, path, urllib.parse.urlencode(form) if form is not None else None, headers)
        for cookie in answer.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            if "max-age=0" in cookie.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return status, answer, body.decode(errors="replace")

    def cookie_header(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def fields(self, path, form):
        """The fields of a form that have a value when its page is opened."""
        _, _, page = self.ask("GET", path)
        form = page[page.index(f'<form id="{form}"'):].split("</form>")[0]
        return {name: html.unescape(value) for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)}

    def login_fields(self):
        return self.fields("/login", "login") | {"email": self.email, "password": self.password}

    def sign_in(self):
        status, _, page = self.ask("POST", "/login", self.login_fields())
        if status != 303:
            sys.exit(f"signing in failed with {status}:\n{page[:2000]}")
