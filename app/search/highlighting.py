"""The sentence around what was found, with the words marked. Pure; escapes everything."""

from markupsafe import Markup, escape

START, STOP = "\ue000", "\ue001"  # of a private area: taken out of what people wrote
BEFORE, LENGTH = 60, 220  # characters shown before the first mark, and in all

Span = tuple[int, int]


def spans(marked: str) -> list[Span]:
    """Where the marked words stand in the text without its marks."""
    found: list[Span] = []
    place, opened = 0, 0
    for character in marked:
        if character == START:
            opened = place
        elif character == STOP:
            found.append((opened, place))
        else:
            place += 1
    return found


def joined(*several: list[Span]) -> list[Span]:
    """All of them in order, those that touch made one."""
    result: list[Span] = []
    for start, stop in sorted(span for each in several for span in each):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((start, stop))
    return result


def excerpt(text: str, marks: list[Span]) -> Markup:
    """A stretch of the text around its first mark, cut between words."""
    start = _word_start(text, marks[0][0] - BEFORE) if marks else 0
    stop = _word_stop(text, start + LENGTH)
    parts = [Markup("… ")] if start else []
    place = start
    for first, last in marks:
        if last > stop:
            break
        parts += [escape(text[place:first]), Markup("<mark>{}</mark>").format(text[first:last])]
        place = last
    parts.append(escape(text[place:stop]))
    if stop < len(text):
        parts.append(Markup(" …"))
    return Markup("").join(parts)


def _word_start(text: str, place: int) -> int:
    if place <= 0:
        return 0
    space = text.find(" ", place, place + 30)
    return space + 1 if space >= 0 else place


def _word_stop(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - 30, place)
    return space if space > 0 else place
