"""Streams that are larger than anything a test should hold in memory."""

import io


class Parts(io.RawIOBase):
    """A stream of byte strings, one after the other, that cannot be rewound."""

    def __init__(self, *parts):
        super().__init__()
        self._parts, self._rest = list(parts), b""

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self._rest and self._parts:
            self._rest = self._parts.pop(0)
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def in_parts(*parts):
    """Return a buffered stream of byte strings."""
    return io.BufferedReader(Parts(*parts))
