"""The way to a server: its certificate is checked, and a bare line refused in clear words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from migdesk.models.pg import NotEncrypted, Untrusted
from migdesk.models.store import Store
from tests import pg

Key = ec.EllipticCurvePrivateKey


def certificate(path: Path, name: str, signed_by: tuple[x509.Certificate, Key] | None) -> Key:
    """Write a certificate of a name, signed by an authority or (None) by itself; its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, signer = (signed_by[0].subject, signed_by[1]) if signed_by else (subject, key)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(signed_by is None, None), critical=True)
        .sign(signer, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return key


def authority(path: Path) -> tuple[x509.Certificate, Key]:
    key = certificate(path, "Authority", None)
    return x509.load_pem_x509_certificate(path.read_bytes()), key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """A server whose certificate names localhost; its address but for how it is trusted."""
    key = certificate(folder / "server.crt", "localhost", authority(folder / "ca.crt"))
    authority(folder / "other.crt")
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    try:
        with pg.secure(folder / "server.crt", folder / "server.key") as port:
            yield f"postgresql://postgres@HOST:{port}/postgres"
    except FileNotFoundError as error:
        pytest.skip(f"not installed: {error}")


def asked(server: str, folder: Path, host: str, how: str, ca: str = "ca.crt") -> str:
    root = f"&sslrootcert={folder / ca}" if how == "verify-full" else ""
    return f"{server.replace('HOST', host)}?sslmode={how}{root}"


def test_a_verified_certificate_is_accepted(server: str, folder: Path) -> None:
    store = Store.connect(asked(server, folder, "localhost", "verify-full"))
    sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    assert store.read(lambda session: session.scalar(sa.text(sql))) is True
    store.close()


@pytest.mark.parametrize("host, ca", [("localhost", "other.crt"), ("127.0.0.1", "ca.crt")])
def test_another_authority_or_name_is_refused(
    host: str, ca: str, server: str, folder: Path
) -> None:
    with pytest.raises(Untrusted) as caught:
        Store.connect(asked(server, folder, host, "verify-full", ca))
    assert host in caught.value.words and "sslrootcert" in caught.value.words


def test_a_bare_line_is_refused_by_both_sides(server: str, folder: Path) -> None:
    with pytest.raises(NotEncrypted) as caught:
        Store.connect(asked(server, folder, "localhost", "disable"))
    assert "verify-full" in caught.value.words
    for how in ("disable", "prefer", "require", "verify-ca"):
        with pytest.raises(NotEncrypted):
            Store.connect(asked(server, folder, "db.example.org", how))


def test_a_server_without_tls_is_not_spoken_to(folder: Path) -> None:
    """A certificate that does not exist, and a server that speaks no TLS at all."""
    import socket
    from threading import Thread

    with socket.create_server(("127.0.0.1", 0)) as bare:
        def answer() -> None:
            line, _from = bare.accept()
            with line:
                line.recv(8)
                line.sendall(b"N")  # no TLS here (PostgreSQL protocol, SSLRequest)
                heard.append(line.recv(8))

        heard: list[bytes] = []
        thread = Thread(target=answer)
        thread.start()
        port = bare.getsockname()[1]
        with pytest.raises(Untrusted):
            Store.connect(f"postgresql://localhost:{port}/x?sslmode=verify-full&sslrootcert=system")
        thread.join()
    assert heard == [b""]  # not a name, not a password
