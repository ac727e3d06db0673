"""Another program beside what is measured. Used by backfill.py and online.py."""
import threading, time


class Prober(threading.Thread):
    """Changes single rows of `users` all the time, and notes how long it waits for each.

    open_session: gives a client process that reads SQL from its standard input, unbuffered."""

    def __init__(self, open_session, rows):
        super().__init__(daemon=True)
        self.open_session, self.rows, self.times, self.ended = open_session, rows, [], False

    def run(self):
        session = self.open_session()
        i = 0
        while not self.ended:
            i += 1
            begun = time.perf_counter()
            session.stdin.write(f"UPDATE users SET n = n + 1 WHERE id = {i * 7919 % self.rows + 1}; SELECT 1;\n")
            session.stdin.flush()
            session.stdout.readline()
            self.times.append(time.perf_counter() - begun)
            time.sleep(0.002)
        session.stdin.close()
        session.wait()
