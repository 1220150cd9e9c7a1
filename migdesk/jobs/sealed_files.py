"""Encrypted submissions of ODK: opened on their way in, sealed on their way out.

A form whose settings name a public key asks that nobody on the way reads its answers. Here
they lie readable in the encrypted database, as all others do; what leaves as ODK XML is
sealed for that key, and what comes from elsewhere is opened with the private one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from migdesk.errors import Mistake
from migdesk.forms import Form
from migdesk.forms.encryption import (
    Manifest,
    is_manifest,
    read_manifest,
    seal_of,
    sealed,
    starts,
)
from migdesk.i18n import N_
from migdesk.sync.odk_crypt import Lock, Opener, decrypt, encrypt, new_key

from .exported_files import Contents


class Tampered(Mistake):
    code = "ANS-020"
    text = N_("“{name}” does not agree with its seal. Ask for the submission again.")


@dataclass(frozen=True, repr=False)
class Key:
    """A private key as its file holds it, and its password if it has one."""

    pem: bytes
    password: str = ""


class Unsealed(Contents):
    """Files in which encrypted submissions appear as if they never had been: the answers
    under the name of their manifest, media without “.enc”. Opened when asked for.

    Raises BadManifest for a broken manifest; reading raises OtherKey, Damaged, Tampered.
    """

    def __init__(self, found: Contents, key: Key) -> None:
        self._found = found
        self._here = frozenset(found)
        self.path = found.path
        self._opener = Opener(key.pem, key.password)
        self._keys: dict[str, bytes] = {}
        self._manifests: dict[str, Manifest] = {}
        self._inside: dict[str, tuple[str, int]] = {}
        hidden = set()
        for name in found:
            if name.lower().endswith(".xml") and is_manifest(found[name]):
                manifest = self._manifests[name] = read_manifest(found[name])
                folder = PurePosixPath(name).parent
                hidden |= {str(folder / each) for each in manifest.files}
                for at, each in enumerate(manifest.files[:-1]):
                    self._inside[str(folder / manifest.plain(each))] = (name, at)
        self._names = [n for n in found if n not in hidden] + list(self._inside)
        self.by_name = {}
        for name in self._names:
            self.by_name.setdefault(PurePosixPath(name).name, []).append(name)

    def __getitem__(self, name: str) -> bytes:
        if name in self._manifests:
            data = self._opened(name, len(self._manifests[name].files) - 1)
            self._check(name, data)
            return data
        return self._opened(*self._inside[name]) if name in self._inside else self._found[name]

    def size(self, name: str) -> int:
        """Bytes of a file; of an encrypted one, those of its cipher."""
        manifest, at = self._inside.get(name, (name, -1))
        if manifest in self._manifests:
            return self._found.size(self._place(manifest, at))
        return self._found.size(name)

    def _place(self, manifest: str, at: int) -> str:
        """Where the encrypted file lies: beside its manifest."""
        folder = PurePosixPath(manifest).parent
        return str(folder / self._manifests[manifest].files[at])

    def _opened(self, name: str, at: int) -> bytes:
        manifest = self._manifests[name]
        if name not in self._keys:
            self._keys[name] = self._opener.open(manifest.closed_key)
        key, place = self._keys[name], self._place(name, at)
        if place not in self._here:
            raise Tampered(name=name)
        start = next(s for n, s in enumerate(starts(manifest.instance, key)) if n == at)
        return decrypt(key, start, self._found[place], place)

    def _check(self, name: str, answers: bytes) -> None:
        """Compare with the seal, where all files are here."""
        manifest = self._manifests[name]
        places = [self._place(name, at) for at in range(len(manifest.files))]
        if not manifest.signature or not self._here.issuperset(places):
            return
        last = len(places) - 1
        files = [
            (manifest.plain(each), answers if at == last else self._opened(name, at))
            for at, each in enumerate(manifest.files)
        ]
        if self._opener.open(manifest.signature) != seal_of(manifest, files):
            raise Tampered(name=name)


def seal(
    form: Form, instance: str, xml: bytes, media: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of a submission as it leaves: as it is, or sealed for the form's key.
    Raises BadPublicKey."""
    public_key = form.definition.public_key
    if not public_key:
        yield "submission.xml", xml
        yield from media.items()
        return
    lock, head = Lock(public_key), (form.form_id, form.version, instance)
    manifest, closed = sealed(head, xml, media, new_key(), encrypt, lock.close)
    # The manifest has the name that a server gives it: that of the answers it stands for.
    yield "submission.xml", manifest
    yield from closed.items()
