# A customer's browser: cookies, redirects, forms, no JavaScript. Each comes from an address of his own (127/8), because
# the edge and portal count tries by address.
import http.client
import http.cookies
import time
import urllib.parse

import pages
from edge import Answer

REDIRECTS, WAITS = 5, 6


class Browser:
    def __init__(self, edge, number):
        self.edge = edge
        self.address = f"127.{16 + number // 62500}.{number // 250 % 250 + 1}.{number % 250 + 1}"
        self.cookies = {}

    def open(self, path):
        return self.request("GET", path, None)

    def send(self, page, form, fields):
        """Posts the form as it came, with `fields` filled in; (path of the page, form) is where it leads."""
        action = urllib.parse.urljoin(page.path, form.action or page.path)
        return self.request("POST", urllib.parse.urlsplit(action).path, urllib.parse.urlencode(form.fields | fields).encode())

    def request(self, method, path, body):
        for _ in range(REDIRECTS):
            answer = self.with_patience(method, path, body)
            if answer is None or answer.status != 303:
                break
            method, body, path = "GET", None, urllib.parse.urljoin(path, answer.headers["Location"])
        page = pages.read(answer.text if answer is not None else "")
        page.path, page.status = path, answer.status if answer is not None else 0
        return page

    def with_patience(self, method, path, body):
        """A page that says "in a moment" is opened again, as a person would."""
        answer = None
        for attempt in range(WAITS):
            began_s = time.monotonic()
            answer = self.once(method, path, body)
            if answer is not None and answer.status not in (429, 502, 503):
                break
            time.sleep(0.05 * 2**attempt)
        self.edge.note(method, path, answer or Answer(0, b"no answer", {}), (200, 303), time.monotonic() - began_s)
        return answer

    def once(self, method, path, body):
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(self.edge.host, self.edge.port, timeout=12, source_address=(self.address, 0))
        try:
            connection.request(method, path, body, headers)
            answered = connection.getresponse()
            answer = Answer(answered.status, answered.read(), answered.headers)
            self.keep_cookies(answered.headers.get_all("Set-Cookie") or [])
            return answer
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def keep_cookies(self, lines):
        for line in lines:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.coded_value
