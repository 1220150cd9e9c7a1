"""The key file: who may open the database.

The database is encrypted with 32 random bytes. The key file holds them wrapped once for
each account and once for the recovery key that the office printed. A wrapping is
ChaCha20-Poly1305 (RFC 8439) under Argon2id (RFC 9106) of the secret, with the account's
id as associated data, so that an entry cannot be moved to another account.
"""

from __future__ import annotations

import math
import secrets
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import NoReturn

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msgspec.structs import replace as _replaced

from migdesk import shares
from migdesk.keyfaults import (
    AccountExists,
    BrokenKeyFile,
    KeyFileExists,
    KeyFileUnreachable,
    LastAccount,
    NewerKeyFile,
    NoSuchAccount,
    PasswordTooShort,
    RecoveryMistyped,
    TooSoon,
    WrongPassword,
    WrongPasswordWait,
    WrongRecovery,
)
from migdesk.keytext import in_groups, spell_checked, unspell_checked
from migdesk.paths import write_whole

FORMAT = 1
SHORTEST_PASSWORD, LONGEST_WAIT = 10, 300
KEY_BYTES, RECOVERY_BYTES = 32, 20
OLD_REHEARSAL = 365
"""Days after which the proof that the recovery key works is too old."""
_RECOVERY = "recovery"
_MAX_FILE = 1 << 20


class Cost(msgspec.Struct, frozen=True):
    """What one guess costs: Argon2id memory in KiB, passes, lanes (RFC 9106, section 4)."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    @property
    def sane(self) -> bool:
        """Within what a computer of ours can do: a key file must not exhaust it."""
        memory_fits = 8 * self.lanes <= self.memory <= 1024 * 1024
        return 1 <= self.lanes <= 16 and 1 <= self.passes <= 64 and memory_fits


USUAL_COST = Cost()


class Wrapping(msgspec.Struct, frozen=True):
    """The database key under one secret."""

    cost: Cost
    salt: bytes
    nonce: bytes
    box: bytes


class Entry(msgspec.Struct, frozen=True):
    """One account. `failed_at` is the moment of the last wrong password, in seconds
    since 1970, or 0."""

    id: str
    name: str
    wrapping: Wrapping
    failures: int = 0
    failed_at: float = 0.0


class Recovery(msgspec.Struct, frozen=True):
    """What is known of the recovery key: whether it was printed in shares, and with which
    mark; the days when it was made and when somebody last proved that it opens."""

    mark: str = ""
    made: str = ""
    rehearsed: str = ""

    @property
    def due(self) -> bool:
        """Whether nobody proved for more than a year that it opens."""
        try:
            past = datetime.fromisoformat(self.rehearsed or self.made).replace(tzinfo=UTC)
        except ValueError:
            return True
        return (datetime.now(UTC) - past).days > OLD_REHEARSAL


class _Content(msgspec.Struct, frozen=True):
    """The whole file. `check` tells the database key from another."""

    format: int
    check: bytes
    accounts: tuple[Entry, ...]
    recovery: Wrapping
    about: Recovery = Recovery()


class _FormatOnly(msgspec.Struct):
    format: int


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong passwords in a row: 0, 0, 2, 4, 8 … 300."""
    return 0 if failures <= 2 else min(2 ** min(failures - 2, 16), LONGEST_WAIT)


def _derive(secret: bytes, salt: bytes, cost: Cost) -> ChaCha20Poly1305:
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )
    return ChaCha20Poly1305(kdf.derive(secret))


def _wrap(key: bytes, secret: bytes, whose: str, cost: Cost) -> Wrapping:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    box = _derive(secret, salt, cost).encrypt(nonce, key, whose.encode())
    return Wrapping(cost, salt, nonce, box)


def _unwrap(wrapping: Wrapping, secret: bytes, whose: str) -> bytes | None:
    """The key, or None if the secret is another."""
    try:
        cipher = _derive(secret, wrapping.salt, wrapping.cost)
        return cipher.decrypt(wrapping.nonce, wrapping.box, whose.encode())
    except InvalidTag:
        return None


def _secret(password: str) -> bytes:
    """The same bytes for the same characters, whichever keyboard composed them."""
    return unicodedata.normalize("NFKC", password).encode()


def _new_secret(password: str) -> bytes:
    secret = _secret(password)
    if len(secret.decode()) < SHORTEST_PASSWORD:
        raise PasswordTooShort(field="password", length=SHORTEST_PASSWORD)
    return secret


def _key_check(key: bytes) -> bytes:
    return blake2b(key, digest_size=16, person=b"migdesk key").digest()


class KeyFile:
    """`keys.json`. Every change is written whole at once.

    `cost` is that of new wrappings; `now` gives seconds since 1970. Methods that write
    raise :class:`KeyFileUnreachable` when the disk refuses.
    """

    def __init__(
        self, path: Path, content: _Content, cost: Cost, now: Callable[[], float]
    ) -> None:
        self._path = path
        self._content = content
        self._cost = cost
        self._now = now

    @classmethod
    def create(
        cls,
        path: Path,
        account_id: str,
        name: str,
        password: str,
        *,
        cost: Cost = USUAL_COST,
        now: Callable[[], float] = time.time,
    ) -> tuple[KeyFile, bytes, str]:
        """A new key file with a new database key and its first account.

        Returns it, the 32-byte key, and the recovery key to print: it is kept nowhere.
        """
        if path.exists():
            raise KeyFileExists()
        key = secrets.token_bytes(KEY_BYTES)
        entry = Entry(account_id, name, _wrap(key, _new_secret(password), account_id, cost))
        secret = secrets.token_bytes(RECOVERY_BYTES)
        wrapping = _wrap(key, secret, _RECOVERY, cost)
        about = Recovery(made=_day(now()))
        content = _Content(FORMAT, _key_check(key), (entry,), wrapping, about)
        made = cls(path, content, cost, now)
        made._save(content)
        return made, key, in_groups(spell_checked(secret))

    @classmethod
    def load(
        cls, path: Path, *, cost: Cost = USUAL_COST, now: Callable[[], float] = time.time
    ) -> KeyFile:
        """Read the key file. :class:`BrokenKeyFile` and :class:`NewerKeyFile` leave it."""
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_FILE + 1)
        except OSError as error:
            raise KeyFileUnreachable(reason=error.strerror) from error
        return cls(path, _parse(data), cost, now)

    def accounts(self) -> list[tuple[str, str]]:
        """Id and name of each account, in the order they were added."""
        return [(entry.id, entry.name) for entry in self._content.accounts]

    def open(self, account_id: str, password: str) -> bytes:
        """The database key. :class:`WrongPassword`, or :class:`TooSoon` while waiting."""
        entry = self._entry(account_id)
        self._wait_over(entry)
        key = _unwrap(entry.wrapping, _secret(password), entry.id)
        if key is None:
            self._failed(entry)
        if entry.failures:
            self._note(_replaced(entry, failures=0, failed_at=0.0))
        return key

    def open_with_recovery(self, text: str) -> bytes:
        """The database key, by the printed recovery key as it was typed.

        No waiting here: 160 random bits cannot be guessed.
        """
        try:
            secret = unspell_checked(text)
        except ValueError:
            raise RecoveryMistyped(field="recovery") from None
        key = _unwrap(self._content.recovery, secret, _RECOVERY)
        if key is None:
            raise WrongRecovery(field="recovery")
        return key

    def open_by_any(self, secret: str) -> bytes:
        """The database key by the recovery key or by the password of any account; raises
        what the last account says."""
        with suppress(RecoveryMistyped, WrongRecovery):
            return self.open_with_recovery(secret)
        *first, last = [entry.id for entry in self._content.accounts]
        for account in first:
            with suppress(WrongPassword, TooSoon):
                return self.open(account, secret)
        return self.open(last, secret)

    def add_account(self, key: bytes, account_id: str, name: str, password: str) -> None:
        """Let another account open the database."""
        self._must_be(key)
        if any(entry.id == account_id for entry in self._content.accounts):
            raise AccountExists()
        wrapping = _wrap(key, _new_secret(password), account_id, self._cost)
        entry = Entry(account_id, name, wrapping)
        self._save(_replaced(self._content, accounts=(*self._content.accounts, entry)))

    def set_password(self, key: bytes, account_id: str, password: str) -> None:
        """A new password for an account; its wrong tries are forgotten."""
        self._must_be(key)
        entry = self._entry(account_id)
        wrapping = _wrap(key, _new_secret(password), account_id, self._cost)
        self._save(self._with(Entry(account_id, entry.name, wrapping)))

    def rename_account(self, account_id: str, name: str) -> None:
        """The name shown at login."""
        self._save(self._with(_replaced(self._entry(account_id), name=name)))

    def remove_account(self, account_id: str) -> None:
        """This account no longer opens the database. Never the last (:class:`LastAccount`)."""
        entry = self._entry(account_id)
        if len(self._content.accounts) == 1:
            raise LastAccount()
        others = tuple(each for each in self._content.accounts if each is not entry)
        self._save(_replaced(self._content, accounts=others))

    @property
    def recovery(self) -> Recovery:
        """What is known of the recovery key."""
        return self._content.about

    def new_recovery(self, key: bytes) -> str:
        """A new recovery key to print; the old one stops working, whole or in shares."""
        secret = secrets.token_bytes(RECOVERY_BYTES)
        self._renew(key, secret, "")
        return in_groups(spell_checked(secret))

    def split_recovery(self, key: bytes) -> tuple[shares.Share, ...]:
        """A new recovery key in five shares to print, which nobody sees whole; the old one
        stops working, whole or in shares."""
        secret = secrets.token_bytes(RECOVERY_BYTES)
        made = shares.split(secret)
        self._renew(key, secret, made[0].mark)
        return made

    def _renew(self, key: bytes, secret: bytes, mark: str) -> None:
        self._must_be(key)
        wrapping = _wrap(key, secret, _RECOVERY, self._cost)
        about = Recovery(mark, _day(self._now()))
        self._save(_replaced(self._content, recovery=wrapping, about=about))

    def rehearse(self, text: str) -> None:
        """Prove that a recovery key opens what lies on the disk, and note the day. Raises
        RecoveryMistyped or WrongRecovery."""
        on_disk = KeyFile.load(self._path, cost=self._cost, now=self._now)
        self._must_be(on_disk.open_with_recovery(text))
        about = _replaced(self._content.about, rehearsed=_day(self._now()))
        self._save(_replaced(self._content, about=about))

    def _entry(self, account_id: str) -> Entry:
        for entry in self._content.accounts:
            if entry.id == account_id:
                return entry
        raise NoSuchAccount()

    def _must_be(self, key: bytes) -> None:
        """A wrong key wrapped here would lock the office out: a bug, not a fault."""
        if _key_check(key) != self._content.check:
            raise ValueError("not the key of this database")

    def _wait_over(self, entry: Entry) -> None:
        now, since = self._now(), entry.failed_at
        if now < since:
            # The clock was set back. The wait starts anew from here: not shorter for who
            # did it on purpose, and not for years for who corrected a wrong clock.
            since = now
            self._note(_replaced(entry, failed_at=since))
        left = since + wait_after(entry.failures) - now
        if left > 0:
            raise TooSoon(seconds=math.ceil(left))

    def _failed(self, entry: Entry) -> NoReturn:
        failures = entry.failures + 1
        self._note(_replaced(entry, failures=failures, failed_at=self._now()))
        seconds = wait_after(failures)
        fault = WrongPasswordWait if seconds else WrongPassword
        raise fault(field="password", seconds=seconds)

    def _note(self, entry: Entry) -> None:
        """Remember tries, on disk if it can be: a full disk must neither stop the count nor
        keep out the one who could empty it."""
        self._content = self._with(entry)
        with suppress(KeyFileUnreachable):
            self._save(self._content)

    def _with(self, entry: Entry) -> _Content:
        old = self._content
        accounts = tuple(entry if each.id == entry.id else each for each in old.accounts)
        return _replaced(old, accounts=accounts)

    def _save(self, content: _Content) -> None:
        """Write, and only then hold it to be true."""
        try:
            write_whole(self._path, msgspec.json.format(msgspec.json.encode(content)))
        except OSError as error:
            raise KeyFileUnreachable(reason=error.strerror) from error
        self._content = content


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _parse(data: bytes) -> _Content:
    try:
        if msgspec.json.decode(data, type=_FormatOnly).format > FORMAT:
            raise NewerKeyFile()
        content = msgspec.json.decode(data, type=_Content)
    except (ValueError, RecursionError):
        raise BrokenKeyFile() from None
    wrappings = [content.recovery, *(entry.wrapping for entry in content.accounts)]
    if len(data) > _MAX_FILE or not content.accounts or not all(map(_is_whole, wrappings)):
        raise BrokenKeyFile()
    return content


def _is_whole(wrapping: Wrapping) -> bool:
    sizes = len(wrapping.salt), len(wrapping.nonce), len(wrapping.box)
    return sizes == (16, 12, KEY_BYTES + 16) and wrapping.cost.sane
