"""A person's browser, as far as these tests need one: cookies, redirects and forms."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests


class Browser:
    def __init__(self, issuer, email, password):
        self.home = origin(issuer)
        self.person = {"email": email, "password": password}
        self.session = requests.Session()

    def follow(self, url):
        """Follows a link through login and consent, until it leads back to the app: answers where."""
        method, fields = "GET", None
        for _ in range(20):
            if origin(url) != self.home:
                return url
            headers = {"Origin": self.home, "Sec-Fetch-Site": "same-origin"} if fields else {}
            answer = self.session.request(method, url, data=fields, headers=headers, allow_redirects=False)
            if answer.is_redirect:
                method, url, fields = "GET", urljoin(url, answer.headers["Location"]), None
            else:
                assert answer.status_code == 200, f"{url} answered {answer.status_code}\n{answer.text}"
                form = Page(answer.text).form
                assert form, f"a page without a form that is known here: {url}\n{answer.text}"
                method, url, fields = "POST", urljoin(url, form["action"]), form["fields"]
                if form["id"] == "login":
                    fields |= self.person
        raise AssertionError("the login goes in circles")


class Page(HTMLParser):
    """The one form of a page that these tests know, with its hidden fields and the button that says yes."""

    def __init__(self, html):
        super().__init__()
        self.form, self.inside = None, False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and attributes.get("id") in ("login", "consent", "logout"):
            self.form = {"id": attributes["id"], "action": attributes["action"], "fields": {}}
            self.inside = True
        elif self.inside and (attributes.get("type") == "hidden" or attributes.get("id") in ("allow", "confirm")):
            self.form["fields"][attributes["name"]] = attributes["value"]

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


def origin(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
