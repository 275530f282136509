# A certificate authority for the throw-away parts of one folder, made with openssl when it is first asked for: DIR/tls.
import ssl
import subprocess

DAYS = "30"
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def exist(folder):
    return (folder / "tls/ca.pem").exists()


def ca(folder):
    return folder / "tls/ca.pem"


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, umask=0o077)


def make(folder):
    """The authority itself; from then on the parts of that folder speak TLS alone."""
    place = folder / "tls"
    if exist(folder):
        return
    place.mkdir(exist_ok=True, mode=0o755)
    openssl("req", "-x509", "-new", *NEW_KEY, "-keyout", place / "ca.key", "-out", place / "making.pem", "-days", DAYS,
            "-subj", "/CN=Majster throw-away CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    (place / "making.pem").chmod(0o644)
    (place / "making.pem").rename(ca(folder))


def pair(folder, name, host="IP:127.0.0.1"):
    """(certificate, key) of that name, for a server on `host` and for a client."""
    place = folder / "tls"
    certificate, key = place / f"{name}.pem", place / f"{name}.key"
    if not certificate.exists():
        request, making = place / f"{name}.csr", place / f"{name}.making"
        openssl("req", "-new", *NEW_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}",
                "-addext", f"subjectAltName={host}", "-addext", "extendedKeyUsage=serverAuth,clientAuth")
        openssl("x509", "-req", "-in", request, "-CA", ca(folder), "-CAkey", place / "ca.key", "-CAcreateserial", "-days", DAYS,
                "-copy_extensions", "copy", "-out", making)
        request.unlink()
        making.rename(certificate)
    return certificate, key


def context(folder, name):
    """For a client who is `name`."""
    made = ssl.create_default_context(cafile=ca(folder))
    made.load_cert_chain(*pair(folder, name))
    return made
