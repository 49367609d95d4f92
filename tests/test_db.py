"""The turn of SQLite's writers: one at a time, first come first served."""

import threading

from pos.db import Turn

WRITERS = 8


def test_one_writes_at_a_time_and_in_the_order_they_came() -> None:
    turn, came, wrote, inside = Turn(), [], [], threading.Semaphore(1)

    def write(who: int) -> None:
        with turn():
            assert inside.acquire(blocking=False), "two at once"
            wrote.append(who)
            inside.release()

    with turn():
        threads = []
        for who in range(WRITERS):
            thread = threading.Thread(target=write, args=(who,))
            thread.start()
            while len(turn._queue) <= who:  # the next one comes only once this one stands in the queue
                threading.Event().wait(0.001)
            came.append(who)
            threads.append(thread)
    for thread in threads:
        thread.join()
    assert wrote == came


def test_a_writer_in_trouble_passes_its_turn_on() -> None:
    turn = Turn()
    try:
        with turn():
            raise RuntimeError("the disk is full")
    except RuntimeError:
        pass
    with turn():
        pass
