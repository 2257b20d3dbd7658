"""What follows the slash, and what a text leaves open."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.quick_replies.service import slug
from app.quick_replies.variables import blanks


@given(st.text())
def test_a_shortcut_can_always_be_typed_after_the_slash(text: str) -> None:
    short = slug(text)
    assert re.fullmatch(r"[a-z0-9_-]{0,30}", short)
    assert slug(short) == short


@given(st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True)))
def test_each_gap_is_named_once_in_the_order_of_the_text(names: list[str]) -> None:
    text = " e ".join(f"{{{{ {name} }}}}" for name in names)
    assert blanks(text) == list(dict.fromkeys(names))
