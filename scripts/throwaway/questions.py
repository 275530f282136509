# Asks a server on loopback, in its own protocol, whether it serves. No answer is "no", never an error.
import http.client
import socket
import struct

PATIENCE_S = 0.5


def say(port, words=b"", tls=None, patience_s=PATIENCE_S):
    """The first thing it says after `words`, or b""; `tls` is the context to speak it in."""
    try:
        with socket.create_connection(("127.0.0.1", port), patience_s) as connection:
            if tls:
                connection = tls.wrap_socket(connection, server_hostname="127.0.0.1")
            with connection:
                connection.sendall(words)
                return connection.recv(4096)
    except OSError:
        return b""


def http_status(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def kafka_brokers(port, tls=None):
    """How many brokers its metadata names: 0 until the broker is registered and let in."""
    api_metadata, version, correlation, client = 3, 1, 7, b"parts"
    no_topics = struct.pack(">i", 0)
    request = struct.pack(">hhih", api_metadata, version, correlation, len(client)) + client + no_topics
    answer = say(port, struct.pack(">i", len(request)) + request, tls)
    return struct.unpack(">i", answer[8:12])[0] if len(answer) >= 12 else 0
