"""The throttle, with a clock that the test moves: who gets in while somebody guesses, and how many guesses count."""

import random
import threading
from dataclasses import replace

import pytest

from progressions import codes, throttle
from progressions.codes import ALPHABET, Code
from progressions.throttle import Door, Failures, Throttle, TooManyTriesError, Turns, place_of

HALL = "browser 192.0.2.7"


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Checks:
    """Stands for scrypt: fast, and counts. A stored text is right for the secret that it is."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, secret: str, stored: str) -> bool:
        self.made += 1
        return secret == stored


class Desk:
    """A door with people behind it, and the codes they hold."""

    def __init__(self, people: int = 0) -> None:
        self.clock, self.checks = Clock(), Checks()
        self.door = Door(Throttle(self.clock), Turns(), self.checks)
        self.held: dict[str, Code] = {}
        while len(self.held) < people:
            code = codes.new_code()
            self.held[code.selector] = code

    def tries(self, code: Code, came_from: str = HALL) -> str:
        """ "in", "wrong" or "wait"."""
        held = self.held.get(code.selector)
        try:
            return "in" if self.door.opens(code, held.secret if held else None, came_from) else "wrong"
        except TooManyTriesError:
            return "wait"


@pytest.fixture
def desk() -> Desk:
    return Desk(people=3)


def _mistyped(code: Code) -> Code:
    return replace(code, secret="0" * 12)


def _guess(draw: random.Random) -> Code:
    return Code("".join(draw.choices(ALPHABET, k=4)), "".join(draw.choices(ALPHABET, k=12)))


def test_100_000_guesses_are_throttled_while_300_right_people_sign_in_from_the_same_address() -> None:
    desk, draw = Desk(people=300), random.Random(7)
    people = list(desk.held.values())
    guessed = {"in": 0, "wrong": 0, "wait": 0}
    waited: dict[str, int] = {}
    for second in range(180):
        for _ in range(100_000 // 180 + 1):
            guessed[desk.tries(_guess(draw))] += 1
            desk.clock.now += 180 / 100_080
        for code in people[second * 300 // 180 : (second + 1) * 300 // 180]:
            while desk.tries(code) != "in":  # their selector was hit by a guess a moment ago: they try again
                desk.clock.now += 0.001
                waited[code.selector] = waited.get(code.selector, 0) + 1
                assert waited[code.selector] < 1_000_000
    assert sum(guessed.values()) >= 100_000
    assert guessed["in"] == 0
    # 600 at once, one more each second for 180 seconds; the first guess at a selector that somebody holds is checked
    # besides, and told as one that is not.
    assert guessed["wrong"] <= 600 + 185
    assert desk.checks.made <= 600 + 185 + 60 + 300
    assert len(waited) <= 6


def test_100_000_guesses_at_one_persons_code_are_a_handful() -> None:
    desk = Desk(people=1)
    (code,) = desk.held.values()
    draw = random.Random(3)
    for _ in range(100_000):
        desk.clock.now += 180 / 100_000
        came_from = f"browser 198.51.{draw.randrange(256)}.{draw.randrange(256)}"  # from everywhere
        assert desk.tries(replace(code, secret=_guess(draw).secret), came_from) != "in"
    assert desk.checks.made in (5 + 180 // 20, 5 + 180 // 20 - 1)


def test_five_failures_then_one_more_each_twenty_seconds_for_known_and_unknown_selectors_alike(desk: Desk) -> None:
    known = _mistyped(next(iter(desk.held.values())))
    for code in (known, Code("ZZZZ", "0" * 12)):
        assert [desk.tries(code) for _ in range(7)] == ["wrong"] * 5 + ["wait"] * 2
        desk.clock.now += 19
        assert desk.tries(code) == "wait"
        desk.clock.now += 1
        assert [desk.tries(code), desk.tries(code)] == ["wrong", "wait"]
        desk.clock.now += 100
        assert [desk.tries(code) for _ in range(6)] == ["wrong"] * 5 + ["wait"]


def test_the_wait_that_is_told_is_the_wait_that_helps(desk: Desk) -> None:
    code = next(iter(desk.held.values()))
    for _ in range(5):
        desk.tries(_mistyped(code))
    desk.clock.now += 3
    with pytest.raises(TooManyTriesError) as told:
        desk.door.opens(code, code.secret, HALL)
    assert told.value.seconds == 17.0
    desk.clock.now += 17
    assert desk.tries(code) == "in"


def test_a_right_code_costs_nothing_however_often(desk: Desk) -> None:
    code = next(iter(desk.held.values()))
    assert [desk.tries(code) for _ in range(2_000)] == ["in"] * 2_000
    assert [desk.tries(_mistyped(code)) for _ in range(6)] == ["wrong"] * 5 + ["wait"]


def test_a_right_code_does_not_forgive_the_failures_before_it(desk: Desk) -> None:
    code = next(iter(desk.held.values()))
    for _ in range(4):
        desk.tries(_mistyped(code))
    assert desk.tries(code) == "in"
    assert [desk.tries(_mistyped(code)), desk.tries(_mistyped(code))] == ["wrong", "wait"]


def _spend_the_halls_budget(desk: Desk) -> None:
    draw = random.Random(1)
    while desk.tries(_guess(draw)) == "wrong":
        pass


def test_an_address_has_600_failures_and_one_more_each_second() -> None:
    desk, draw = Desk(), random.Random(1)
    assert [desk.tries(_guess(draw)) for _ in range(601)] == ["wrong"] * 600 + ["wait"]
    desk.clock.now += 1
    assert [desk.tries(_guess(draw)), desk.tries(_guess(draw))] == ["wrong", "wait"]


def test_over_its_budget_an_address_gets_no_check_but_for_a_known_selectors_first_try(desk: Desk) -> None:
    right, mistaken, _ = desk.held.values()
    _spend_the_halls_budget(desk)
    before = desk.checks.made
    assert desk.tries(Code("ZZZZ", "0" * 12)) == "wait"
    assert desk.checks.made == before
    assert desk.tries(right) == "in"
    assert [desk.tries(_mistyped(mistaken)), desk.tries(mistaken)] == ["wait", "wait"]
    assert desk.checks.made == before + 2
    desk.clock.now += 20
    assert desk.tries(mistaken) == "in"


def test_over_its_budget_a_wrong_secret_and_an_unknown_selector_are_told_the_same(desk: Desk) -> None:
    known = next(iter(desk.held.values()))
    _spend_the_halls_budget(desk)
    told = []
    for code in (Code("ZZZZ", "0" * 12), _mistyped(known), _mistyped(known), Code("ZZZZ", "1" * 12)):
        with pytest.raises(TooManyTriesError) as refused:
            desk.door.opens(code, known.secret if code.selector == known.selector else None, HALL)
        told.append((str(refused.value), refused.value.seconds))
    assert len(set(told)) == 1


def test_another_address_is_not_shut_by_a_guesser_elsewhere(desk: Desk) -> None:
    _spend_the_halls_budget(desk)
    assert desk.tries(Code("ZZZZ", "0" * 12), "browser 192.0.2.8") == "wrong"


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    failures = Failures(throttle.Allowance(most=2, seconds=10.0, kept=3))
    for moment, key in enumerate("abac"):
        failures.count(key, float(moment))
    failures.count("d", 4.0)
    assert [failures.are_forgiven(key, 4.0) for key in "abcd"] == [False, True, False, False]
    assert (failures.wait("a", 4.0), failures.wait("b", 4.0)) == (6.0, 0.0)


@pytest.mark.parametrize(
    ("came_from", "place"),
    [
        ("browser 192.0.2.7", "192.0.2.7"),
        ("browser ::ffff:192.0.2.7", "192.0.2.7"),
        ("browser 2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("browser 2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("browser testclient", "browser testclient"),
        ("", ""),
    ],
)
def test_tries_are_counted_by_address_and_for_ipv6_by_site(came_from: str, place: str) -> None:
    assert place_of(came_from) == place


def test_guesses_at_one_moment_cannot_all_slip_through_before_the_first_has_failed() -> None:
    code = codes.new_code()
    all_there, made = threading.Barrier(30), []

    def slow(secret: str, _stored: str) -> bool:
        made.append(secret)
        return False

    door = Door(matches=slow)
    results = []

    def guess() -> None:
        all_there.wait()
        try:
            results.append(door.opens(code, "stored", HALL))
        except TooManyTriesError:
            results.append(None)

    threads = [threading.Thread(target=guess) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 5
    assert sorted(results, key=str) == [False] * 5 + [None] * 25


def test_two_checks_run_at_one_moment_some_wait_and_the_rest_is_sent_away_at_no_cost() -> None:
    inside, most, go = [], [], threading.Event()
    counting = threading.Lock()

    def check(_secret: str, _stored: str) -> bool:
        with counting:
            inside.append(1)
            most.append(len(inside))
        go.wait(10)
        with counting:
            inside.pop()
        return True

    door = Door(turns=Turns(at_once=2, waiting=3, seconds=10), matches=check)
    results: list[bool | None] = []

    def enter() -> None:
        try:
            results.append(door.opens(codes.new_code(), "stored", HALL))
        except TooManyTriesError:
            results.append(None)
            if results.count(None) == 4:
                go.set()

    threads = [threading.Thread(target=enter) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 2
    assert sorted(results, key=str) == [None] * 4 + [True] * 5


def test_who_waits_in_vain_for_a_turn_is_sent_away_and_pays_nothing() -> None:
    turns = Turns(at_once=1, waiting=1, seconds=0.01)
    door = Door(turns=turns, matches=lambda _secret, _stored: False)
    code = codes.new_code()
    with turns.turn():
        for _ in range(20):
            with pytest.raises(TooManyTriesError) as told:
                door.opens(code, "stored", HALL)
            assert told.value.seconds == throttle.BUSY_SECONDS
    assert [door.opens(code, "stored", HALL) for _ in range(5)] == [False] * 5
