#!/usr/bin/env python3
"""The smallest client that `atonce gate` can compare: docs/gate.md has the protocol.

A thread for every call, and `cap` more that start the sessions of a closed load; Python's own HTTP
library."""

import http.client
import json
import resource
import sys
import threading
import time
from urllib.parse import urlsplit


def main():
    task = json.loads(sys.stdin.read())
    client = Client(task)
    cpu_before = cpu_ns()
    client.play_open() if task["shape"] == "open" else client.play_closed()
    print(json.dumps(client.report(cpu_ns() - cpu_before)))


def cpu_ns():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int((usage.ru_utime + usage.ru_stime) * 1e9)


class Client:
    def __init__(self, task):
        self.task = task
        self.host = urlsplit(task["url"]).netloc
        self.slots = threading.Semaphore(task["cap"])
        self.lock = threading.Lock()
        self.calls = self.errors = self.all_calls = 0
        self.response_ns = []
        self.measured_until = 0
        self.start = time.monotonic_ns() + 10_000_000

    def play_open(self):
        threads = []
        for session, due in enumerate(self.task["due_ns"]):
            for call in range(len(self.task["calls"])):
                threads.append(threading.Thread(target=self.call, args=(session, call, due)))
        for thread, due in zip(threads, [d for d in self.task["due_ns"] for _ in self.task["calls"]]):
            time.sleep(max(0, (self.start + due - time.monotonic_ns()) / 1e9))
            thread.start()
        for thread in threads:
            thread.join()

    def play_closed(self):
        sessions = iter(range(1 << 32))
        end = self.task["warm_up_ns"] + self.task["measured_ns"]

        def work():
            while (due := time.monotonic_ns() - self.start) < end:
                with self.lock:
                    session = next(sessions)
                self.play_session(session, max(due, 0))

        workers = [threading.Thread(target=work) for _ in range(self.task["cap"])]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def play_session(self, session, due):
        calls = range(len(self.task["calls"]))
        threads = [threading.Thread(target=self.call, args=(session, call, due)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def call(self, session, call, due):
        with self.slots:
            ok = self.send(f"{session:08x}{call:04x}0000", self.task["requests"][self.task["calls"][call]])
        done = time.monotonic_ns() - self.start
        with self.lock:
            self.all_calls += 1
            if due < self.task["warm_up_ns"]:
                return
            self.calls += 1
            self.measured_until = max(self.measured_until, done)
            if ok:
                self.response_ns.append(done - due)
            else:
                self.errors += 1

    def send(self, call_id, request):
        try:
            connection = http.client.HTTPConnection(self.host, timeout=self.task["timeout_ns"] / 1e9)
            headers = dict(request["headers"]) | {"X-Atonce-Id": call_id}
            connection.request(request["method"], request["target"], request["body"] or None, headers)
            response = connection.getresponse()
            response.read()
            connection.close()
            return response.status < 400
        except OSError:
            return False

    def report(self, cpu):
        return {
            "calls": self.calls,
            "errors": self.errors,
            "wall_ns": max(1, self.measured_until - self.task["warm_up_ns"]),
            "cpu_ns": int(cpu * self.calls / max(1, self.all_calls)),
            "response_ns": self.response_ns,
        }


if __name__ == "__main__":
    main()
