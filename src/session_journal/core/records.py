"""Records: dataclasses that the type checker keeps frozen, and that are made as quickly as plain ones.

A frozen dataclass sets each field by a call, which takes six times as long; a journal has a hundred thousand items.
"""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Make a dataclass that can be hashed as a frozen one."""
        return dataclass(slots=slots, unsafe_hash=frozen)


__all__ = ["record"]
