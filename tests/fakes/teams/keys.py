"""Keys and certificates: RSA keys as JWKs, and a certificate for whoever insists on https."""

import base64
import hashlib
import ipaddress
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.fakes.slack.shapes import Json

ENDORSEMENTS: Final = ("msteams", "skype", "directline", "webchat", "email", "slack")

_pool: list[rsa.RSAPrivateKey] = []


def private(place: int) -> rsa.RSAPrivateKey:
    """The RSA key of that place in this process: they are slow to make, so all fakes share them under other names."""
    while len(_pool) <= place:
        _pool.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return _pool[place]


@dataclass(frozen=True)
class Key:
    """A signing key with the name it is published under."""

    private: rsa.RSAPrivateKey
    kid: str = field(default_factory=lambda: secrets.token_urlsafe(20))
    endorsements: tuple[str, ...] = ENDORSEMENTS

    @property
    def pem(self) -> bytes:
        """The public half, as a forger has it."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def jwk(self) -> Json:
        numbers = self.private.public_key().public_numbers()
        der = certificate(self.private, "login.botframework.example").public_bytes(serialization.Encoding.DER)
        found: Json = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": _url64(hashlib.sha1(der, usedforsecurity=False).digest()),
            "n": _url64(numbers.n.to_bytes(256, "big")),
            "e": _url64(numbers.e.to_bytes(3, "big")),
            "x5c": [base64.b64encode(der).decode()],
        }
        return {**found, "endorsements": list(self.endorsements)} if self.endorsements else found


def certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    """Signed by itself, good for loopback."""
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def write_tls(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key as files; the certificate is also what a client has to trust."""
    key = private(3)
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate(key, "localhost").public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_file, key_file


def _url64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
