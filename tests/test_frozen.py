"""What `frozen` makes is what `dataclass(frozen=True, slots=True)` makes, to everybody who asks."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

import pytest

from atsugi_cli.frozen import frozen

T = TypeVar("T")


@frozen
class Base(Generic[T]):
    """A class with every sort of field."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list)
    d: int = field(default=0, compare=False)
    e: str = field(default="e", repr=False)

    @property
    def twice(self) -> int:
        """Give it twice."""
        return 2 * self.a


def test_objects_are_made_as_the_fields_say():
    thing = Base(1, d=5)
    assert (thing.a, thing.b, thing.c, thing.d, thing.e, thing.twice) == (1, "b", [], 5, "e", 2)
    assert Base(1).c is not thing.c
    assert repr(thing) == "Base(a=1, b='b', c=[], d=5)"
    with pytest.raises(TypeError, match="a"):
        Base()
    with pytest.raises(TypeError, match="z"):
        Base(1, z=2)


def test_the_first_objects_of_a_class_are_made_like_the_many():
    @frozen
    class Few:
        a: int
        b: list[int] = field(default_factory=list)
        c: int = field(default=3, compare=False)
        d: str = "d"

    made = [Few(1, c=4) for _ in range(40)]
    assert {repr(each) for each in made} == {"Few(a=1, b=[], c=4, d='d')"}
    assert len({id(each.b) for each in made}) == 40


@pytest.mark.parametrize(
    ("args", "words"), [((), {}), ((1, 2, 3), {}), ((1,), {"a": 1}), ((1,), {"z": 1}), ((), {"b": 1})]
)
def test_arguments_that_do_not_fit_are_refused_as_a_function_refuses_them(args, words):
    for made in (0, 40):

        @frozen
        class Two:
            a: int
            b: int = 0

        for _ in range(made):
            Two(1)
        with pytest.raises(TypeError, match="__init__"):
            Two(*args, **words)


def test_equal_is_what_has_equal_fields_that_are_compared():
    assert Base(1, d=1) == Base(1, d=2) != Base(2)
    assert hash(Base(1, "x", (), d=1)) == hash(Base(1, "x", (), d=2))
    assert Base(1) != (1, "b", [], "e")


def test_nothing_can_be_changed():
    thing = Base(1)
    with pytest.raises(FrozenInstanceError, match="a"):
        thing.a = 2
    with pytest.raises(FrozenInstanceError, match="b"):
        del thing.b
    assert not hasattr(thing, "__dict__")


def test_dataclasses_knows_it():
    thing = Base(1, d=3)
    assert is_dataclass(Base)
    assert replace(thing, a=2) == Base(2)
    assert replace(thing, a=2).d == 3
    assert [each.name for each in fields(Base)] == ["a", "b", "c", "d", "e"]
    assert [each.compare for each in fields(thing)] == [True, True, True, False, True]
    assert asdict(thing) == {"a": 1, "b": "b", "c": [], "d": 3, "e": "e"}
    match thing:
        case Base(1, words):
            assert words == "b"
        case _:
            raise AssertionError


def test_copies_and_pickles_are_equal():
    thing = Base(1, "x", [1])
    assert copy.deepcopy(thing) == copy.copy(thing) == pickle.loads(pickle.dumps(thing)) == thing  # noqa: S301 - our own


def test_every_noun_of_the_program_is_made_by_it():
    package = Path(__file__).parents[1] / "atsugi_cli"
    others = [path.name for path in package.rglob("*.py") if "@dataclass(frozen" in path.read_text(encoding="utf-8")]
    assert others == []
