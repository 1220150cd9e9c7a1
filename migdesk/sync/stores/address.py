"""Where a place of exchange is, and what opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from migdesk.i18n import _

from .gate import BadAddress

DIRECT, SYSTEM = "", "system"
PORTS = {"sftp": 22, "smb": 445, "https": 443, "http": 80}
SCHEMES = {
    "sftp": ("sftp",),
    "smb": ("smb",),
    "webdav": ("https", "http"),
    "s3": ("https", "http"),
}


@dataclass(frozen=True)
class Address:
    """A place of exchange as a person describes it once.

    `where`: a folder's path; ``sftp://host:port/folder``, ``https://host/dav/folder``,
    ``https://host/bucket/folder`` (S3), ``smb://host/share/folder``. `key` is a private SSH
    key (OpenSSH text) whose passphrase, if any, is `secret`. `host_key` is the server's SSH
    key as it was compared. `ca` holds certificates (PEM) of an own authority. `proxy` is
    ``""``, ``"system"``, or ``http://`` / ``socks5://``. `slow`: small parts, and what was
    written is checked by its size instead of being read back. `plain`: a person has said that
    http:// is safe on this way.
    """

    kind: str
    where: str
    user: str = ""
    secret: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    host_key: str = ""
    ca: str = field(default="", repr=False)
    proxy: str = SYSTEM
    region: str = "us-east-1"
    path_style: bool = True
    slow: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Spot:
    """Parts of an address on the network; `folder` has no slash at its ends."""

    scheme: str
    host: str
    port: int
    folder: str

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def here(self) -> bool:
        """On this computer itself."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def origin(self) -> str:
        """Host as HTTP names it: with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def spot(address: Address) -> Spot:
    """Take the address of a server apart; :class:`BadAddress` says what is wrong."""
    allowed = SCHEMES[address.kind]
    text = address.where.strip()
    try:
        parts = urlsplit(text if "://" in text else f"{allowed[0]}://{text}")
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise BadAddress("where", reason=_("it is not complete")) from None
    if parts.scheme not in allowed:
        raise BadAddress(
            "where", reason=_("it must begin with {scheme}://").format(scheme=allowed[0])
        )
    if not parts.hostname:
        raise BadAddress("where", reason=_("it names no server"))
    if parts.username or parts.password or parts.query or parts.fragment:
        words = _("user, password and what follows a question mark do not belong into it")
        raise BadAddress("where", reason=words)
    folder = unquote(parts.path).strip("/")
    steps = folder.split("/")
    if any(step in ("..", ".") or not step.isprintable() or "\\" in step for step in steps):
        raise BadAddress("where", reason=_("its folder is not a plain name"))
    return Spot(parts.scheme, parts.hostname, port, folder)


def folder_of(address: Address) -> Path:
    """The folder of a place of kind “folder”; it need not be there now."""
    path = Path(address.where)
    if not address.where.strip() or not path.is_absolute():
        raise BadAddress("where", reason=_("it is not complete"))
    return path
