"""A mistake in a file that a person wrote is told with its line and its remedy."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from voice_coach.errors import UserError
from voice_coach.programme.typed_toml import decode


class Cup(msgspec.Struct, forbid_unknown_fields=True):
    size: Annotated[int, Meta(ge=1, description="a whole number from 1")]


class Shelf(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(description="a name")] = ""
    best: Annotated[Cup | None, Meta(description="a table [best]")] = None
    cups: Annotated[dict[str, Cup], Meta(description="tables such as [cups.blue]")] = {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = 5", "shelf.toml, line 1: name must be a name."),
        ("nam = 5", "shelf.toml, line 1: unknown key 'nam'; choose from: name, best, cups."),
        ("[best]\nsize = 0", "shelf.toml, line 2: size must be a whole number from 1."),
        ("[best]", "shelf.toml: size is missing; add a whole number from 1."),
        ("[best]\nsiez = 1", "shelf.toml, line 2: unknown key 'siez'; choose from: size."),
        ("\n[cups.blue]\nsize = 'big'", "shelf.toml, line 3: size must be a whole number from 1."),
        ("[cups.blue]", "shelf.toml: size is missing; add a whole number from 1."),
    ],
)
def test_a_mistake_names_line_and_remedy(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as raised:
        decode(text, "shelf.toml", Shelf)
    assert str(raised.value) == sentence


def test_what_is_right_is_read() -> None:
    shelf = decode("name = 'top'\n[cups.blue]\nsize = 3", "shelf.toml", Shelf)
    assert shelf == Shelf("top", None, {"blue": Cup(3)})
