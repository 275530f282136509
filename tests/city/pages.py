# Reads a page as a browser without JavaScript would: its forms with their fields, choices and buttons.
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    fields: dict = field(default_factory=dict)  # name -> value that is sent unless changed
    choices: dict = field(default_factory=dict)  # name -> values of its radio buttons or options, in order
    buttons: list = field(default_factory=list)  # (name, value)

    def values(self, name):
        """What can be chosen for a field: by radio buttons, a list, or one button each."""
        return self.choices.get(name) or [value for button, value in self.buttons if button == name]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.links = [], []
        self.inside, self.select = None, None
        self.path, self.status = "", 0

    def form(self, ending):
        """The form whose action ends so, or None."""
        return next((form for form in self.forms if form.action.endswith(ending)), None)

    def choices(self, ending, name):
        """(form, value) of all that can be chosen for a field, over all forms whose action ends so."""
        return [(form, value) for form in self.forms if form.action.endswith(ending) for value in form.values(name)]

    def link(self, ending):
        """Of the links that end so, the last: behind what is listed comes "later"."""
        return next((link for link in reversed(self.links) if link.partition("?")[0].endswith(ending)), None)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.inside)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self.inside is not None:
            self.control(tag, given)

    def control(self, tag, given):
        name, form = given.get("name"), self.inside
        kind = given.get("type", "submit" if tag == "button" else "text")
        if tag in ("input", "button") and kind == "submit":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and kind == "radio" and name:
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif tag == "input" and name and (kind != "checkbox" or "checked" in given):
            form.fields[name] = given.get("value", "")
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select:
            form.choices.setdefault(self.select, []).append(given.get("value", ""))
            if "selected" in given or self.select not in form.fields:
                form.fields[self.select] = given.get("value", "")
        elif tag == "textarea" and name:
            form.fields[name] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = None


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader
