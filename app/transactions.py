"""The only commit in the product.

`atomic()` opens a transaction, or a savepoint when one is open already. What must happen after the
commit (pushes, jobs) is registered with `on_commit()`; what follows from how things stand at the
end of the transaction, and belongs into it, with `before_commit()`. A savepoint that is rolled back
takes the callbacks registered inside it along.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.orm import Session

from app.extensions import db
from app.logs import on_behalf_of, request_id

log = structlog.get_logger()

Callback = Callable[[], object]
Frame = list[tuple[Hashable, Callback, str]]


@contextmanager
def atomic() -> Iterator[Session]:
    """A transaction around the block: all of it is kept, or none."""
    session = db.session()
    frames: list[Frame] = session.info.setdefault("frames", [])
    endings: list[Frame] = session.info.setdefault("endings", [])
    frames.append([])
    endings.append([])
    try:
        if len(frames) == 1:
            yield session
            _end(endings[0])
            session.commit()
        else:
            with session.begin_nested():
                yield session
    except BaseException:
        frames.pop()
        endings.pop()
        if not frames:
            session.rollback()
        raise
    callbacks, ends = frames.pop(), endings.pop()
    if frames:
        frames[-1].extend(callbacks)
        endings[-1].extend(ends)
        return
    for _, callback, caller in callbacks:
        _run(callback, caller)


def on_commit(callback: Callback, once: Hashable = None) -> None:
    """Run `callback` once the outermost transaction is committed; never when it is not.

    Of several callbacks with the same `once` key only the first is kept: they read what they
    announce when they run, so one of them says it all.
    """
    frames: list[Frame] | None = db.session().info.get("frames")
    if not frames:
        raise RuntimeError("on_commit() outside atomic()")
    if once is not None and any(key == once for frame in frames for key, *_ in frame):
        return
    # One transaction may do the work of several requests: each effect keeps its own one's id.
    frames[-1].append((once, callback, request_id()))


def before_commit(callback: Callback, once: Hashable) -> None:
    """Run `callback` at the end of the outermost transaction, in it; an error rolls it back.

    Of several with the same key one is kept: each looks at how things stand when it runs.
    """
    endings: list[Frame] | None = db.session().info.get("endings")
    if not endings:
        raise RuntimeError("before_commit() outside atomic()")
    if not any(key == once for frame in endings for key, *_ in frame):
        endings[-1].append((once, callback, request_id()))


def is_open() -> bool:
    """Whether a transaction of ours is under way."""
    return bool(db.session().info.get("frames"))


def _end(frame: Frame) -> None:
    # What one of them changes may call for another: until nothing is left.
    while frame:
        _, callback, caller = frame.pop(0)
        with on_behalf_of(caller):
            callback()


def _run(callback: Callback, caller: str) -> None:
    # The data is committed: a failed effect must not look like a failed action. The screens repair
    # themselves and the sweeps re-drive what a lost job left behind.
    try:
        with on_behalf_of(caller):
            callback()
    except Exception:
        log.exception("effect_failed", effect=repr(callback))
