# The links between the suite and its parts, each through chaosproxy: cut, delayed, sliced and healed from here.
import subprocess
import threading
from pathlib import Path

BINARY = Path(__file__).resolve().parents[2] / "build/proxy/chaosproxy"


class Proxy:
    """`links`: name -> (where it listens, where it leads), each a port or a socket's path."""

    def __init__(self, links):
        words = [str(word) for name, (listen, connect) in links.items() for word in (name, listen, connect)]
        self.process = subprocess.Popen([BINARY, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.lock = threading.Lock()
        if self.process.stdout.readline().strip() != "listening":
            raise OSError("chaosproxy does not listen")

    def tell(self, link, *words):
        with self.lock:
            self.process.stdin.write(" ".join([link, *map(str, words)]) + "\n")
            answer = self.process.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise OSError(f"chaosproxy {link} {words}: {answer}")
        return answer

    def count(self, link):
        """(connections accepted, connections reset, bytes carried)."""
        return tuple(map(int, self.tell(link, "count").split()[1:]))

    def end(self):
        self.process.stdin.close()
        return self.process.wait(5)
