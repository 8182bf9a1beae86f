"""Usernames leave the program only as keyed hashes; the key never lies inside the data."""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from normalize.errors import GongshiError

KEY_VARIABLE = "GONGSHI_KEY_FILE"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Pseudonymizer:
    """Turns usernames to pseudonyms that nobody without the key can try out names against."""

    key: bytes = field(repr=False)
    """Secret of at least 16 bytes."""

    def pseudonym(self, site: str, name: str | None) -> str | None:
        """Give 16 hex digits for a username of a site, None for None (匿名 is no single user).

        >>> Pseudonymizer(bytes(32)).pseudonym("bbs.example.cn", "西蜀散人")
        '246bf1598e09fc82'
        """
        if name is None:
            return None
        message = f"{site}\0{name}".encode("utf-8", "surrogatepass")
        return hmac.new(self.key, message, sha256).hexdigest()[:16]


def load_key(path: Path | None = None) -> bytes:
    """Read the key from a file, by default the one GONGSHI_KEY_FILE names or ~/.config/gongshi/key.

    The first use creates it, readable by its owner only. Raises GongshiError for a key that is
    too short to be one or a file that cannot be read.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     load_key(Path(folder) / "key") == load_key(Path(folder) / "key")
    True
    """
    path = path or find_key_file()
    try:
        return _read_or_create(path)
    except OSError as error:
        raise GongshiError(
            f"key file '{path}' cannot be used ({error.strerror}): "
            f"name another one in {KEY_VARIABLE}"
        ) from error


def refuse_key_inside(path: Path | None, data: Path) -> None:
    """Raise GongshiError when the key would lie inside the data folder, which people hand around.

    >>> refuse_key_inside(Path("/data/key"), Path("/data"))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: key file '/data/key' lies inside the data folder: ...
    """
    path = path or find_key_file()
    if path.resolve().is_relative_to(data.resolve()):
        raise GongshiError(
            f"key file '{path}' lies inside the data folder: move it out and name it in "
            f"{KEY_VARIABLE}"
        )


def find_key_file() -> Path:
    """Path of the key file, there or not: the one GONGSHI_KEY_FILE names or the one in the home.

    >>> find_key_file().name != ""
    True
    """
    named = os.environ.get(KEY_VARIABLE)
    return Path(named) if named else Path.home() / ".config" / "gongshi" / "key"


def _read_or_create(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside and linked: of two first users both end up with the same whole key.
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            if not path.exists():
                aside.rename(path)
        finally:
            aside.unlink(missing_ok=True)
    key = path.read_bytes()
    if len(key) < KEY_BYTES // 2:
        raise GongshiError(f"key file '{path}' holds {len(key)} bytes: it needs {KEY_BYTES}")
    return key
