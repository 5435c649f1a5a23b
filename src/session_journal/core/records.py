"""Records: dataclasses that the type checker keeps frozen, and that are made as quickly as plain ones.

A frozen dataclass sets each field by a call, which takes six times as long: a journal has a hundred thousand items. To
make the class itself takes four times as long, for six methods are compiled for each: every command defines dozens.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from collections.abc import Callable
    from dataclasses import Field, dataclass, fields
    from operator import attrgetter

    def record(*, frozen: bool = False, slots: bool = False) -> Callable[[type], type]:
        """Make a dataclass that compares and shows itself as any does; a frozen one can be hashed."""

        def make(plain: type) -> type:
            made = dataclass(slots=slots, repr=False, eq=False)(plain)
            for name, method in _methods(fields(made), frozen=frozen).items():
                if name not in plain.__dict__:
                    setattr(made, name, method)
            return made

        return make

    def _methods(told: tuple[Field, ...], *, frozen: bool) -> dict[str, object]:
        compared = _getter([one.name for one in told if one.compare])
        hashed = _getter([one.name for one in told if (one.compare if one.hash is None else one.hash)])

        def equals(self: object, other: object) -> bool:
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        def hash_of(self: object) -> int:
            return hash(hashed(self))

        shown = [one.name for one in told if one.repr]  # not the key of an endpoint

        def show(self: object) -> str:
            return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

        return {"__eq__": equals, "__hash__": hash_of if frozen else None, "__repr__": show}

    def _getter(names: list[str]) -> Callable[[object], object]:
        return attrgetter(*names) if names else type


__all__ = ["record"]
