"""The names of downloaded files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

_MAX_BYTES = 180  # a name may have 255, and gets a number, an id and a suffix
# What Windows takes for a device, with any suffix.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")


def safe_name(text: str) -> str:
    """Return ``text`` if every file system takes it as a name, else a similar name that no other text has."""
    name = re.sub(r"[^\w .+@=,()-]", "-", text.strip(" .")).lstrip(" .-")
    fits = len(name.encode(errors="replace")) <= _MAX_BYTES
    if name == text and fits and not _DEVICES.fullmatch(name):
        return text
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
    short = name.encode(errors="ignore")[: _MAX_BYTES // 2].decode(errors="ignore").rstrip(" .")
    return f"{short}-{digest}".lstrip("-")


def targets(directory: Path, key: str, index: int, url: str, job_id: str) -> tuple[Path, Path]:
    """Return where to save a file of a job, and where to save it if another file has that name.

    Args:
        directory: The folder.
        key: The job's.
        index: Which of its files, from 0. The second is ``KEY-2.mp4``.
        url: Of the file, which says the suffix.
        job_id: The story's or media's id, which only this job has.
    """
    found = _SUFFIX.fullmatch(Path(urlsplit(url).path).suffix)
    suffix = found[0].lower() if found else ".mp4"
    name, number = safe_name(key), f"-{index + 1}" if index else ""
    return directory / f"{name}{number}{suffix}", directory / f"{safe_name(f'{key}-{job_id}')}{number}{suffix}"
