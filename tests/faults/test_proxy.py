# The proxy must carry every byte as it came, and spoil exactly what it was told to.
import random
import socket
import struct
import threading
import time

import pytest

from proxy import Proxy


class Echo(threading.Thread):
    """Sends back what comes, over TCP or a Unix socket."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    @staticmethod
    def serve(connection):
        with connection:
            try:
                while data := connection.recv(65536):
                    connection.sendall(data)
            except OSError:
                pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def links(built, tmp_path):
    tcp, unix = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
    unix.bind(str(tmp_path / "real"))
    unix.listen()
    Echo(tcp), Echo(unix)
    port = free_port()
    proxy = Proxy({"tcp": (port, tcp.getsockname()[1]), "unix": (tmp_path / "spoilt", tmp_path / "real"),
                   "nowhere": (free_port(), free_port())})
    yield proxy, {"tcp": (socket.AF_INET, ("127.0.0.1", port)), "unix": (socket.AF_UNIX, str(tmp_path / "spoilt"))}
    assert proxy.end() == 0
    tcp.close(), unix.close()


def call(where, timeout_s=5):
    connection = socket.socket(where[0])
    connection.settimeout(timeout_s)
    connection.connect(where[1])
    return connection


def back(connection, size):
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data


@pytest.mark.parametrize("link", ["tcp", "unix"])
@pytest.mark.parametrize("how, size", [("pass", 3_000_000), ("delay 20", 200_000), ("slice", 20_000)])
def test_every_byte_arrives_in_its_place(links, link, how, size):
    proxy, where = links
    proxy.tell(link, how)
    sent = random.Random(7).randbytes(size)
    with call(where[link], 20) as connection:
        threading.Thread(target=connection.sendall, args=[sent], daemon=True).start()
        assert back(connection, size) == sent
    assert proxy.count(link)[2] == 2 * size


def test_a_delay_is_a_delay_each_way(links):
    proxy, where = links
    proxy.tell("tcp", "delay", 120)
    with call(where["tcp"]) as connection:
        from_s = time.monotonic()
        connection.sendall(b"x")
        assert back(connection, 1) == b"x"
    assert 0.2 < time.monotonic() - from_s < 2


@pytest.mark.parametrize("way", ["up", "down", "both"])
def test_a_hole_says_nothing_until_it_is_closed(links, way):
    proxy, where = links
    with call(where["tcp"], 0.5) as connection:
        connection.sendall(b"before")
        assert back(connection, 6) == b"before"
        proxy.tell("tcp", "hole", way)
        connection.sendall(b"held")
        with pytest.raises(TimeoutError):
            connection.recv(1)
        proxy.tell("tcp", "pass")
        connection.sendall(b" and after")
        assert back(connection, 14) == b"held and after"


def test_one_way_may_be_open(links):
    """What is held on its way back has been where it was going: the count of bytes tells."""
    proxy, where = links
    with call(where["unix"], 0.3) as connection:
        proxy.tell("unix", "hole down")
        connection.sendall(b"x" * 100)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert proxy.count("unix")[2] == 100


def test_a_hole_takes_new_callers_too(links):
    proxy, where = links
    proxy.tell("unix", "hole both")
    with call(where["unix"], 0.3) as connection:
        connection.sendall(b"x")
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_reset_ends_open_connections_and_new_ones(links):
    proxy, where = links
    connection = call(where["tcp"])
    connection.sendall(b"x")
    assert back(connection, 1) == b"x"
    proxy.tell("tcp", "reset")
    with pytest.raises(ConnectionResetError):
        connection.recv(1)
    with pytest.raises(ConnectionResetError):
        again = call(where["tcp"])
        time.sleep(0.1)
        again.recv(1)
    assert proxy.count("tcp")[1] == 2
    proxy.tell("tcp", "pass")
    with call(where["tcp"]) as healed:
        healed.sendall(b"y")
        assert back(healed, 1) == b"y"


def test_the_end_of_one_side_reaches_the_other(links):
    _, where = links
    with call(where["tcp"]) as connection:
        connection.sendall(b"last words")
        connection.shutdown(socket.SHUT_WR)
        assert back(connection, 100) == b"last words"


def test_a_part_that_is_down_is_a_reset(links):
    proxy, _ = links
    with pytest.raises(ConnectionResetError):
        connection = call((socket.AF_INET, ("127.0.0.1", listening_ports(proxy)[-1])))
        time.sleep(0.1)
        connection.recv(1)


def listening_ports(proxy):
    """Of the proxy's own command line."""
    words = open(f"/proc/{proxy.process.pid}/cmdline").read().split("\0")[1:-1]
    return [int(listen) for listen in words[1::3] if listen.isdigit()]


def test_a_caller_may_vanish(links):
    proxy, where = links
    for _ in range(50):
        connection = call(where["tcp"])
        connection.sendall(b"x" * 1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    with call(where["tcp"]) as connection:
        connection.sendall(b"alive")
        assert back(connection, 5) == b"alive"
    assert proxy.process.poll() is None


@pytest.mark.parametrize("order", ["tcp", "tcp hole", "tcp delay", "tcp nonsense", "nobody pass", ""])
def test_an_order_that_makes_no_sense_is_refused(links, order):
    proxy, where = links
    with pytest.raises(OSError, match="what"):
        proxy.tell(order)
    with call(where["tcp"]) as connection:
        connection.sendall(b"x")
        assert back(connection, 1) == b"x"
