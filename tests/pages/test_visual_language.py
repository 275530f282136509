# What holds of every page: colours that can be read, light and dark, targets that a thumb hits, little to load.
import re
import uuid

import pytest
from browsing import stands
from whole_suite import ROOM

STYLE = (ROOM / "services/portal/static/majster.css").read_text()
PAGES = [("/", None), ("/sign-in", None), ("/nowhere", None), ("/t", "technician"), ("/my-calendar", "technician"), ("/c", "consultant"), ("/c/new", "consultant"),
         ("/p", "partner"), ("/p/orders", "partner"), ("/day", "operator")]  # fmt: skip
TEXTS = [(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "card", "sunk", "good-pale")]
TEXTS += [("good", "good-pale"), ("warn", "warn-pale"), ("ink", "warn-pale"), ("bad", "bad-pale"), ("bad", "card"), ("cool", "cool-pale")]
TEXTS += [("on-fill", ground) for ground in ("fill", "fill-hover", "bad-fill", "bad-hover", "bar")]
SHAPES = [(shape, ground) for shape in ("edge", "focus") for ground in ("paper", "card")]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.1, 1.4.3."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_read(scheme):
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.S))
    colours = light | dark if scheme else light
    poor = [(a, b) for pairs, least in ((TEXTS, 4.5), (SHAPES, 3.0)) for a, b in pairs if contrast(colours[a], colours[b]) < least]
    assert not poor


def name_of(role):
    return str(uuid.UUID(int=7)) if role == "technician" else "pages"


def cookie_of(suite, role):
    return {"cookie": f"session={suite.token(role, name_of(role))}"} if role else {}


@pytest.mark.parametrize("path, role", PAGES)
def test_pages_are_light(suite, path, role):
    page = suite.edge("GET", path, **cookie_of(suite, role))
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.body.decode()))
    assert loaded and len(page.body) + sum(len(suite.edge("GET", each).body) for each in loaded) < 50_000
    assert page.headers["Cache-Control"] == "no-store" and "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path, role", PAGES)
def test_targets_are_large_and_nothing_sticks_out(open_page, signed_in, path, role):
    page = signed_in(role, name_of(role), path, 390) if role else open_page(path, 390)
    small = page.execute_script("""
        return [...document.querySelectorAll("button, .button, summary, select, input:not([type=hidden]), nav a")]
            .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)""")
    assert not small
    assert stands(page)
