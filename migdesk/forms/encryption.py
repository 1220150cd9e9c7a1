"""The layout of ODK's encrypted submissions: the manifest, the order of files, their seal.

The ciphers are given as functions. A manifest names the files in the order in which they
were encrypted; the answers come last. Each file has an initialisation vector of its own,
counted on from the MD5 of the instance's identifier and the key (ODK XForms
specification, "Encryption"). MD5 is what the scheme fixes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from migdesk.forms.faults import FormFault
from migdesk.forms.xml import local, parse_xml
from migdesk.i18n import N_

SPACE = "http://opendatakit.org/submissions"
META = "http://openrosa.org/xforms"
ANSWERS = "submission.xml"
SEALED = ".enc"

Cipher = Callable[[bytes, bytes, bytes], bytes]
"""(key, initialisation vector, data) → data."""
Wrap = Callable[[bytes], bytes]


class BadManifest(FormFault):
    code = "FRM-061"
    text = N_("This encrypted submission lacks its {part}. Export it again.")


@dataclass(frozen=True)
class Manifest:
    """`files` are the names of encrypted files in their order, that of the answers last."""

    form: str
    version: str
    instance: str
    closed_key: bytes
    files: tuple[str, ...]
    signature: bytes

    def plain(self, name: str) -> str:
        """Name of a file once it is opened."""
        return name.removesuffix(SEALED)


def is_manifest(xml: bytes) -> bool:
    """Whether an XML file is the manifest of an encrypted submission."""
    if b"encrypted" not in xml[:4096]:
        return False
    try:
        return parse_xml(xml).get("encrypted") == "yes"
    except FormFault:
        return False


def read_manifest(xml: bytes) -> Manifest:
    """Raises NotAForm, UnsafeForm, BadManifest."""
    root = parse_xml(xml)
    found = {local(child): child for child in root}
    media = [child for child in root if local(child) == "media"]
    names = [_text(each, "file") for part in media for each in part]
    names.append(_text(found.get("encryptedXmlFile"), "encryptedXmlFile"))
    meta = found.get("meta")
    inside = () if meta is None else tuple(meta)
    name = next((each for each in inside if local(each) == "instanceID"), None)
    signature = found.get("base64EncryptedElementSignature")
    return Manifest(
        form=root.get("id") or "",
        version=root.get("version") or "",
        instance=_text(name, "instanceID"),
        closed_key=_bytes(found.get("base64EncryptedKey"), "base64EncryptedKey"),
        files=tuple(names),
        signature=b"" if signature is None else _bytes(signature, local(signature)),
    )


def _text(element: etree._Element | None, part: str) -> str:
    text = "" if element is None else (element.text or "").strip()
    if not text:
        raise BadManifest(part=part)
    return text


def _bytes(element: etree._Element | None, part: str) -> bytes:
    try:
        return base64.b64decode("".join(_text(element, part).split()), validate=True)
    except binascii.Error as error:
        raise BadManifest(part=part) from error


def starts(instance: str, key: bytes) -> Iterator[bytes]:
    """Initialisation vectors, file after file."""
    seed = hashlib.md5(instance.encode("utf-8") + key, usedforsecurity=False).digest()
    counted = bytearray(seed)
    place = 0
    while True:
        counted[place % len(counted)] = (counted[place % len(counted)] + 1) % 256
        place += 1
        yield bytes(counted)


def opened(
    manifest: Manifest, files: Mapping[str, bytes], key: bytes, decrypt: Cipher
) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file that is there, media first, the answers last."""
    for name, start in zip(manifest.files, starts(manifest.instance, key), strict=False):
        if name in files:
            yield manifest.plain(name), decrypt(key, start, files[name])


def seal_of(manifest: Manifest, files: Sequence[tuple[str, bytes]]) -> bytes:
    """What the signature of a manifest holds, encrypted: the MD5 of all that it names."""
    lines = [manifest.form]
    if manifest.version:
        lines.append(manifest.version)
    lines += [base64.b64encode(manifest.closed_key).decode(), manifest.instance]
    for name, data in files:
        lines.append(f"{name}::{hashlib.md5(data, usedforsecurity=False).hexdigest()}")
    text = "\n".join(lines) + "\n"
    return hashlib.md5(text.encode("utf-8"), usedforsecurity=False).digest()


def sealed(
    head: tuple[str, str, str],
    xml: bytes,
    media: Mapping[str, bytes],
    key: bytes,
    encrypt: Cipher,
    close: Wrap,
) -> tuple[bytes, dict[str, bytes]]:
    """Manifest and encrypted files of a submission. `head`: form, version, instance; `key`:
    a new one; `close`: encrypts for the form's public key."""
    form, version, instance = head
    files = [*media.items(), (ANSWERS, xml)]
    names = tuple(f"{name}{SEALED}" for name, _data in files)
    manifest = Manifest(form, version, instance, close(key), names, b"")
    vectors = starts(instance, key)
    closed = {
        f"{name}{SEALED}": encrypt(key, start, data)
        for (name, data), start in zip(files, vectors, strict=False)
    }
    return _written(manifest, close(seal_of(manifest, files))), closed


def _written(manifest: Manifest, signature: bytes) -> bytes:
    root = etree.Element(f"{{{SPACE}}}data", nsmap=_default(SPACE))
    root.set("id", manifest.form)
    root.set("encrypted", "yes")
    if manifest.version:
        root.set("version", manifest.version)

    def add(name: str, text: str, to: etree._Element = root) -> None:
        etree.SubElement(to, f"{{{SPACE}}}{name}").text = text

    add("base64EncryptedKey", base64.b64encode(manifest.closed_key).decode())
    add("encryptedXmlFile", manifest.files[-1])
    for name in manifest.files[:-1]:
        add("file", name, etree.SubElement(root, f"{{{SPACE}}}media"))
    add("base64EncryptedElementSignature", base64.b64encode(signature).decode())
    meta = etree.SubElement(root, f"{{{META}}}meta", nsmap=_default(META))
    etree.SubElement(meta, f"{{{META}}}instanceID").text = manifest.instance
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _default(space: str) -> Any:
    """An XML namespace without a prefix, which the types of lxml do not know."""
    return {None: space}
