"""Frozen: the decorator of the program's nouns, `dataclass(frozen=True, slots=True)` at a tenth of its price.

`dataclasses` writes, compiles and runs the source of six methods for each class and looks at every field: 0.3 ms a
class, 25 of the 119 ms of a small `diff`. Here five of the six are shared by all classes, the sixth, `__init__`, is
compiled when a class turns out to have many objects, and the fields are described when somebody first asks for them.
What comes out is a dataclass to `replace`, `fields`, `match` and the type checker.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")

_FEW = 8
"""Objects that are made field by field before `__init__` is compiled, at the price of some thirty of them; more than
half of the classes of a `diff` have no more (-1.5 %)."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class a frozen, slotted dataclass; `field` may say `default`, `default_factory`, `compare`, `repr`."""
    space = dict(cls.__dict__)
    names = tuple(cls.__annotations__)
    defaults = {name: space.pop(name) for name in names if name in space}
    said = {name: each for name, each in defaults.items() if type(each) is Field}
    compared = attrgetter(*(name for name in names if name not in said or said[name].compare))
    shown = tuple(name for name in names if name not in said or said[name].repr)
    for name in ("__dict__", "__weakref__"):
        space.pop(name, None)

    left = _FEW

    def init(self: object, *args: object, **words: object) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _filled(self, names, defaults, args, words):
            made.__init__ = compiled = _init(made, names, defaults)
            compiled(self, *args, **words)

    def equal(self: object, other: object) -> bool:
        return compared(self) == compared(other) if other.__class__ is made else NotImplemented

    kind: Any = type(cls)
    made = kind(cls.__name__, cls.__bases__, space | {"__slots__": names, "__match_args__": names})
    made.__qualname__ = cls.__qualname__
    made.__dataclass_fields__ = _Fields(names, defaults)
    made.__init__ = init
    made.__eq__ = equal
    made.__hash__ = lambda self: hash(compared(self))
    made.__repr__ = lambda self: f"{made.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"
    made.__reduce__ = lambda self: (made, tuple(getattr(self, name) for name in names))
    made.__setattr__ = made.__delattr__ = _refuse
    found: type[T] = made
    return found


class _Fields:
    """The description of a class's fields, for `dataclasses`; made by it, of a class that has nothing else."""

    def __init__(self, names: tuple[str, ...], defaults: Mapping[str, Any]) -> None:
        self._space = {
            "__annotations__": dict.fromkeys(names, object),
            "__doc__": "-",
            **defaults,
        }  # else a doc is made

    def __get__(self, _: object, owner: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a class that `frozen` has made
        plain: Any = dataclass(init=False, repr=False, eq=False)(type(owner.__name__, (), self._space))
        owner.__dataclass_fields__ = plain.__dataclass_fields__
        fields: Mapping[str, Any] = plain.__dataclass_fields__
        return fields


def _refuse(_: object, name: str, *__: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _filled(
    made: object,
    names: tuple[str, ...],
    defaults: Mapping[str, Any],
    args: tuple[object, ...],
    words: Mapping[str, object],
) -> bool:
    """Fill the slots of a new object one by one; False where the arguments do not fit, which `__init__` then says."""
    given = {**dict(zip(names, args, strict=False)), **words}
    if len(given) < len(args) + len(words) or not given.keys() <= set(names):  # too many, one twice, or one unknown
        return False
    for name in names:
        value = given[name] if name in given else defaults.get(name, MISSING)
        if type(value) is Field and name not in given:
            value = value.default if value.default_factory is MISSING else value.default_factory()
        if value is MISSING:
            return False
        object.__setattr__(made, name, value)
    return True


def _init(made: Any, names: tuple[str, ...], defaults: Mapping[str, Any]) -> Callable[..., None]:  # noqa: ANN401 - as above
    """Compile `__init__`; until all is set the object is of a class that may be written to, at half the price of slots.

    Both ways to set and delete are given back, or Python would not know that nothing stands in their way.
    """
    plain = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    known: dict[str, object] = {"_none": MISSING, "_made": made, "_open": type(made)(made.__name__, (made,), plain)}
    known["_become"] = object.__dict__["__class__"].__set__
    parameters, lines = ["self"], ["    _become(self, _open)"]
    for name in names:
        default = defaults.get(name, MISSING)
        factory = default.default_factory if type(default) is Field else MISSING
        if type(default) is Field:
            default = default.default
        value = name
        if default is not MISSING:
            known[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        elif factory is not MISSING:
            known[f"_make_{name}"] = factory
            parameters.append(f"{name}=_none")
            value = f"_make_{name}() if {name} is _none else {name}"
        else:
            parameters.append(name)
        lines.append(f"    self.{name} = {value}")
    source = "\n".join([f"def __init__({', '.join(parameters)}):", *lines, "    self.__class__ = _made"])
    exec(source, known)  # noqa: S102 - as dataclasses does; the source holds names of fields only
    made_init: Any = known["__init__"]
    made_init.__qualname__ = f"{made.__qualname__}.__init__"
    return made_init  # type: ignore[no-any-return]
