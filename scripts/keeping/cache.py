# Redis after a restore: all that stands there is made anew, and what stands there now speaks of what is not.
import os
import socket
import ssl
from pathlib import Path
from urllib.parse import unquote, urlparse

from keeping.target import Broken


def empty_redis(say):
    """Reached as the services reach it: REDIS_URL, REDIS_USER, REDIS_PASSWORD_FILE, REDIS_CA_FILE, …_CERTIFICATE_FILE, …_KEY_FILE."""
    if not (url := os.environ.get("REDIS_URL")):
        say("REDIS_URL is not set: empty Redis by hand (FLUSHALL) before a service starts")
        return
    where = urlparse(url)
    named = f"Redis at {where.hostname}:{where.port or 6379}"  # a URL may hold a password
    try:
        with connected(where) as redis, redis.makefile("rwb") as wire:
            user, password = credentials(where)
            if password:
                ask(wire, named, "AUTH", *([user] if user else []), password)
            ask(wire, named, "FLUSHALL")
    except OSError as fault:
        raise Broken(f"{named}: {fault}") from None


def connected(where):
    if where.scheme not in ("redis", "rediss"):
        raise Broken("REDIS_URL begins with redis:// or rediss://")
    plain = socket.create_connection((where.hostname, where.port or 6379), timeout=10)
    if where.scheme == "redis":
        return plain
    context = ssl.create_default_context(cafile=os.environ.get("REDIS_CA_FILE") or None)
    if certificate := os.environ.get("REDIS_CERTIFICATE_FILE"):
        context.load_cert_chain(certificate, os.environ.get("REDIS_KEY_FILE"))
    return context.wrap_socket(plain, server_hostname=where.hostname)


def credentials(where):
    file = os.environ.get("REDIS_PASSWORD_FILE")
    password = Path(file).read_text().strip() if file else unquote(where.password or "")
    return os.environ.get("REDIS_USER") or unquote(where.username or ""), password


def ask(wire, named, *words):
    """In Redis' own form, so that a word may hold anything."""
    wire.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)))
    wire.flush()
    answer = wire.readline(1000)
    if not answer.startswith(b"+OK"):
        raise Broken(f"{named} answers {words[0]} with {answer.decode(errors='replace').strip() or 'nothing'}")
