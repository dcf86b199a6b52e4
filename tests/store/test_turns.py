"""Writers take turns in the order in which they came."""

import threading
import time

from progressions.store.turns import Turns

PATIENCE = 20.0


def test_the_turn_goes_to_whoever_has_waited_longest() -> None:
    turns, order = Turns(), []
    assert turns.take(PATIENCE)

    def work(number: int) -> None:
        assert turns.take(PATIENCE)
        order.append(number)
        turns.give_back()

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_whoever_comes_again_and_again_does_not_overtake_somebody_who_waits() -> None:
    turns, waited = Turns(), threading.Event()
    assert turns.take(PATIENCE)

    def wait() -> None:
        assert turns.take(PATIENCE)
        waited.set()
        turns.give_back()

    other = threading.Thread(target=wait)
    other.start()
    while not turns._waiting:
        time.sleep(0.001)
    turns.give_back()
    assert turns.take(PATIENCE)  # comes at once, and still after the other
    assert waited.is_set()
    turns.give_back()
    other.join()


def test_whose_patience_ends_leaves_the_turn_to_the_others() -> None:
    turns = Turns()
    assert turns.take(PATIENCE)
    assert not turns.take(0.01)
    turns.give_back()
    assert turns.take(0.01)
    turns.give_back()
