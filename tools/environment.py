"""Makes the shop's own Python environment (`.venv`) from the pinned locks; needs Python alone.

    python3 tools/environment.py requirements.txt [requirements-dev.txt …]

uv installs in seconds; where it cannot be had or fails, plain pip installs the same pins. A stamp remembers which locks
are in, so that a second call costs nothing.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
STAMP = VENV / "locks"
UV = "uv==0.13.9"
OLDEST = (3, 11)


class Hindered(Exception):
    """The environment cannot be made; the text is one sentence that says what to do."""


def make(locks):
    """Bring `.venv` to exactly these locks, and to any other that was put in before."""
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info[:2])
        raise Hindered(f"Vitrine needs Python 3.11 or newer, and this is {found}: set PYTHON=/path/to/python3.11.")
    python = _python() or _venv()
    before = STAMP.read_text().split() if STAMP.exists() else []
    names = sorted({*locks, *(line.split("=")[0] for line in before)} & {path.name for path in HOUSE.glob("*.txt")})
    wanted = [f"{name}={_digest(HOUSE / name)}" for name in names]
    if wanted == before:
        return
    print(f"Installing the pinned packages of {' and '.join(names)} into .venv …", flush=True)
    STAMP.unlink(missing_ok=True)
    if not _by_uv(python, names) and not _by_pip(python, names):
        raise Hindered("The packages could not be installed (see above): check the network, then run make again.")
    STAMP.write_text("\n".join(wanted) + "\n")


def _python():
    python = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    works = python.exists() and _run(python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))")
    return python if works else None


def _venv():
    try:
        import ensurepip  # noqa: F401  (Debian splits it off)
    except ImportError:
        raise Hindered(
            "This Python cannot make environments: install its venv package "
            "(on Debian and Ubuntu: apt-get install python3-venv), then run make again."
        ) from None
    print("Making .venv …", flush=True)
    if not _run(sys.executable, "-m", "venv", "--clear", VENV):
        raise Hindered("The environment .venv could not be made (see above): is the folder writable, the disk full?")
    return _python()


def _by_uv(python, names):
    if not _run(python, "-m", "uv", "--version", quiet=True) and not _pip(python, UV):
        return False
    return _run(python, "-m", "uv", "pip", "sync", "-q", "--require-hashes", "--python", python, *names)


def _by_pip(python, names):
    print("uv cannot do it here; pip can, in a few minutes …", flush=True)
    return all(_pip(python, "--require-hashes", "-r", name) for name in names)


def _pip(python, *what):
    return _run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *what)


def _run(*command, quiet=False):
    said = subprocess.DEVNULL if quiet else None
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=HOUSE, stdout=said, stderr=said).returncode == 0  # noqa: S603 (our own words)


def _digest(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:16]


if __name__ == "__main__":
    try:
        make(sys.argv[1:])
    except Hindered as sentence:
        print(sentence, file=sys.stderr)
        sys.exit(2)
