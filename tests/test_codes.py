"""Codes: what they look like, what is read as one, and what is kept of them."""

import base64
import hashlib

import pytest

from progressions import codes
from progressions.codes import Code


def test_a_code_is_four_groups_of_four_without_letters_that_look_like_others() -> None:
    for _ in range(200):
        text = codes.new_code().text
        assert [len(group) for group in text.split("-")] == [4, 4, 4, 4]
        assert not set(text) & set("ILOU")
        assert text == text.upper()


def test_no_two_codes_are_alike_and_every_sign_occurs() -> None:
    drawn = [codes.new_code() for _ in range(2_000)]
    assert len({code.text for code in drawn}) == 2_000
    assert set("".join(code.secret for code in drawn)) == set(codes.ALPHABET)


def test_what_is_printed_is_read_back() -> None:
    code = codes.new_code()
    assert codes.parse(code.text) == code


@pytest.mark.parametrize(
    "typed",
    [
        "K7Q0-ABC1-EF1H-JKMN",
        "k7q0abc1ef1hjkmn",
        "  k7q0 abc1 ef1h jkmn\n",
        "K7QO-ABCI-EFLH-JKMN",
        "k7qo–abci—eflh‑jkmn",
        "K7Q0 - ABC1 - EF1H - JKMN",
        "K7Q0.ABC1.EF1H_JKMN",
        "\ufeffK7Q0\u2212ABC1\u200b\u2212\u2060EF1H\u200e-JKMN\u200b",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert codes.parse(typed) == Code("K7Q0", "ABC1EF1HJKMN")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "K7Q0-ABC1-EF1H-JKM",
        "K7Q0-ABC1-EF1H-JKMNP",
        "K7Q0-ABC1-EF1H-JKMU",
        "K7Q0-ABC1-EF1H-JKM!",
        "K7Q0-ABC1-EF1H-JKMé",
        "K7Q0-ABC1-EF1H-JK\x00M",
        "K7Q0-ABC1-EF1H-JKM\N{ARABIC-INDIC DIGIT FOUR}",
        "K7Q0-ABC1-EF1H-JKMN" + " " * 64,
        "K" * 100_000,
    ],
)
def test_what_is_no_code_is_not_read_as_one(typed: str) -> None:
    assert codes.parse(typed) is None


def test_only_the_right_secret_matches_and_two_hashes_of_it_differ() -> None:
    secret = codes.new_code().secret
    stored = codes.hashed(secret)
    assert codes.matches(secret, stored)
    assert not codes.matches(codes.new_code().secret, stored)
    assert not codes.matches(secret, codes.NOBODYS)
    assert secret not in stored
    assert codes.hashed(secret) != stored


def test_the_stored_text_is_scrypt_with_its_parameters_and_salt() -> None:
    name, n, r, p, salt, digest = codes.hashed("ABCDEFGHJKMN").split("$")
    assert (name, n, r, p) == ("scrypt", "16384", "8", "1")
    again = hashlib.scrypt(b"ABCDEFGHJKMN", salt=base64.b64decode(salt), n=2**14, r=8, p=1, dklen=32)
    assert base64.b64encode(again).decode() == digest
    assert len(base64.b64decode(salt)) == 16


def test_an_unknown_selector_costs_the_work_of_a_known_one() -> None:
    shape = [len(part) if place > 3 else part for place, part in enumerate(codes.hashed("A").split("$"))]
    assert [len(part) if place > 3 else part for place, part in enumerate(codes.NOBODYS.split("$"))] == shape


def test_a_hash_of_another_kind_is_an_error_and_no_match() -> None:
    with pytest.raises(ValueError, match="not the hash of a code"):
        codes.matches("A", "md5$1$1$1$AAAA$AAAA")
