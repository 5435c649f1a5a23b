"""SHA-1 and SHA-256 from the interpreter itself.

Importing hashlib loads OpenSSL, which takes longer than all the hashing of a commit.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha1, sha256
else:
    try:
        from _sha1 import sha1

        from _sha2 import sha256  # CPython 3.12 and later
    except ImportError:
        try:
            from _sha1 import sha1
            from _sha256 import sha256  # CPython 3.11
        except ImportError:
            from hashlib import sha1, sha256

__all__ = ["sha1", "sha256"]
