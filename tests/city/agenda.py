# What happens when in the city: acts at suite times, run by a small pool. An act plans what follows it, so that one
# person's acts never overlap. An act that raises is a fault of the city or the suite, kept for the results.
import heapq
import itertools
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

THREADS = 16
FAULTS_KEPT = 20


class Agenda:
    def __init__(self, clock):
        self.clock = clock
        self.heap, self.number = [], itertools.count()
        self.changed = threading.Condition()
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="city")
        self.is_over, self.running = False, 0
        self.faults, self.fault_count = [], 0
        self.latest_ms = 0  # the most that an act began after its time, in suite ms

    def at(self, suite_at, act, *arguments):
        with self.changed:
            if not self.is_over:
                heapq.heappush(self.heap, (suite_at, next(self.number), act, arguments))
                self.changed.notify()

    def after(self, wait_ms, act, *arguments):
        self.at(self.clock.now() + wait_ms, act, *arguments)

    def run(self, until, on_look):
        """Until that suite time; `on_look` is called some ten times a second by this very thread."""
        try:
            while self.clock.now() < until:
                on_look()
                for suite_at, _, act, arguments in self.due():
                    self.latest_ms = max(self.latest_ms, self.clock.now() - suite_at)
                    self.pool.submit(self.act, act, arguments)
        except BaseException:
            self.pool.shutdown(wait=False, cancel_futures=True)
            raise
        with self.changed:
            self.is_over = True
            self.heap.clear()
        self.pool.shutdown(wait=True)

    def due(self):
        with self.changed:
            if not self.heap or self.clock.seconds_until(self.heap[0][0]) > 0:
                wait_s = self.clock.seconds_until(self.heap[0][0]) if self.heap else 0.1
                self.changed.wait(min(max(wait_s, 0.001), 0.1))
            now = self.clock.now()
            ready = []
            while self.heap and self.heap[0][0] <= now:
                ready.append(heapq.heappop(self.heap))
            return ready

    def act(self, act, arguments):
        try:
            act(*arguments)
        except Exception:  # whatever it was, the day goes on and the results tell it
            self.fault(traceback.format_exc())

    def fault(self, text):
        with self.changed:
            self.fault_count += 1
            if len(self.faults) < FAULTS_KEPT:
                self.faults.append(text)
