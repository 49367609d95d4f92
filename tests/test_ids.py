"""Names of things: unique, in order, and readable aloud."""

import re

from pos.ids import PEOPLE_ALPHABET, new_id, people_code, plain_code


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [new_id() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in made)


def test_a_code_is_found_however_it_is_typed() -> None:
    code = people_code()
    assert re.fullmatch(rf"[{PEOPLE_ALPHABET}]{{4}}-[{PEOPLE_ALPHABET}]{{4}}", code)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert plain_code(typed) == code
