"""Refresh the browser files under static/vendor/ from npm and write vendor.json.

Run `python3 scripts/vendor.py` after changing a version below or a name in icons.txt; it needs npm.
Nothing here runs when the product runs: the files are committed.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE.parent / "static" / "vendor"

# package, version, licence, {file inside the package: file under static/vendor}
PACKAGES = (
    ("htmx.org", "4.0.1", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    ("socket.io-client", "4.8.4", "MIT", {"dist/socket.io.min.js": "socket.io.min.js"}),
    (
        "@tabler/core",
        "1.6.1",
        "MIT",
        {
            "dist/css/tabler.min.css": "tabler.min.css",
            "dist/js/tabler.min.js": "tabler.min.js",
        },
    ),
)
EMOJI = ("emojibase-data", "17.0.0", "MIT")
# Later ones are empty boxes on many of the machines in use.
NEWEST_EMOJI = 15.0
EMOJI_KINDS = {
    0: ("mood-smile", "sorrisos e emoções"),
    1: ("hand-stop", "pessoas e gestos"),
    3: ("paw", "animais e natureza"),
    4: ("apple", "comidas e bebidas"),
    5: ("plane", "viagens e lugares"),
    6: ("ball-football", "atividades"),
    7: ("bulb", "objetos"),
    8: ("heart", "símbolos"),
    9: ("flag", "bandeiras"),
}
ICONS = ("@tabler/icons", "3.51.0", "MIT")


def download(package: str, version: str, folder: Path) -> Path:
    """Unpack one npm package and return its folder."""
    answer = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / answer.stdout.strip().splitlines()[-1]
    target = folder / archive.stem
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def without_map(text: bytes) -> bytes:
    """The file without its pointer to a source map, which we do not ship."""
    return re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\s*$", b"\n", text)


def sprite(folder: Path) -> bytes:
    """One SVG with a symbol for each name in icons.txt."""
    symbols = []
    for name in (HERE / "icons.txt").read_text().split():
        source = (folder / "icons" / "outline" / f"{name}.svg").read_text()
        body = re.sub(r"<!--.*?-->", "", source, flags=re.S)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", body, flags=re.S)
        assert inner, name
        drawing = re.sub(r"\s+", " ", inner.group(1)).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">\n'
        + "\n".join(symbols)
        + "\n</svg>\n"
    ).encode()


def emoji(folder: Path) -> bytes:
    """The emojis in their order: each with its name, words to find it by, and its kind."""
    kinds = list(EMOJI_KINDS)
    rows = sorted(
        (row for row in json.loads((folder / "pt/data.json").read_text()) if "order" in row),
        key=lambda row: row["order"],
    )
    listed = [
        [row["emoji"], row["label"], " ".join(row.get("tags", ())), kinds.index(row["group"])]
        for row in rows
        if row.get("group") in EMOJI_KINDS and row["version"] <= NEWEST_EMOJI
    ]
    groups = [{"icon": icon, "name": name} for icon, name in EMOJI_KINDS.values()]
    return json.dumps(
        {"groups": groups, "emoji": listed}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def main() -> None:
    """Write every vendored file and the list of them."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    listed = []
    with tempfile.TemporaryDirectory() as scratch:
        for package, version, licence, files in PACKAGES:
            folder = download(package, version, Path(scratch))
            for source, target in files.items():
                content = without_map((folder / source).read_bytes())
                (VENDOR / target).write_bytes(content)
                listed.append((target, package, version, licence, content))
        package, version, licence = ICONS
        content = sprite(download(package, version, Path(scratch)))
        (VENDOR / "icons.svg").write_bytes(content)
        listed.append(("icons.svg", package, version, licence, content))
        package, version, licence = EMOJI
        content = emoji(download(package, version, Path(scratch)))
        (VENDOR / "emoji-pt.json").write_bytes(content)
        listed.append(("emoji-pt.json", package, version, licence, content))
    rows = {
        target: {
            "package": package,
            "version": version,
            "licence": licence,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for target, package, version, licence, content in sorted(listed)
    }
    (VENDOR / "vendor.json").write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
