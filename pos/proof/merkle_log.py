"""The hashing of a log nobody can rewrite: RFC 6962, section 2.1. Pure: bytes in, bytes out, no records.

    leaf H(00 ‖ entry)      node H(01 ‖ left ‖ right)      empty H()      H is SHA-256

A tree is split at the largest power of two below its size, so that everything to the left of a split is whole and
never changes again. A whole part is named by its place: level (its height, 0 is a leaf) and index (counted from the
left on that level); it holds the leaves `index·2^level` to `(index + 1)·2^level`. Whoever keeps the hashes of the whole
parts can say any root and any proof from a handful of them.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

EMPTY = hashlib.sha256(b"").digest()
HASH_BYTES = 32

Place = tuple[int, int]  # level, index
Span = tuple[int, int]  # first leaf, one past the last


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two parts beside each other."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(peaks: Sequence[bytes], size: int, leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """Add one leaf to a tree of this size: the hashes of the parts it makes whole, its own first; and the new peaks.

    peaks are the hashes of the whole parts a tree consists of, the largest first: one for each 1 in its size.
    """
    peaks, whole = list(peaks), [leaf]
    while size & 1:
        whole.append(node_hash(peaks.pop(), whole[-1]))
        size >>= 1
    return whole, [*peaks, whole[-1]]


def folded(parts: Sequence[bytes]) -> bytes:
    """The hash of whole parts that stand beside each other, the largest first: of the peaks, the root."""
    if not parts:
        return EMPTY
    *rest, folded_ = parts
    for part in reversed(rest):
        folded_ = node_hash(part, folded_)
    return folded_


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of all leaves, counted anew."""
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        peaks = grown(peaks, size, leaf)[1]
    return folded(peaks)


def inclusion(leaf: int, size: int) -> list[Span]:
    """The spans whose hashes prove that a leaf (from 0) is in a tree of this size, from the leaf upwards.

    Raises ValueError where there is no such leaf.
    """
    if not 0 <= leaf < size:
        raise ValueError(f"no leaf {leaf} in a tree of {size}")
    first, past, spans = 0, size, []
    while past - first > 1:
        middle = first + _split(past - first)
        if leaf < middle:
            spans.append((middle, past))
            past = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency(old: int, new: int) -> list[Span]:
    """The spans whose hashes prove that a tree of `new` leaves continues one of `old`. Raises ValueError."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    first, past, spans, known = 0, new, [], True
    while past - first != old - first:
        middle = first + _split(past - first)
        if old <= middle:
            spans.append((middle, past))
            past = middle
        else:
            spans.append((first, middle))
            first, known = middle, False
    return [*([] if known else [(first, past)]), *spans[::-1]]


def places(span: Span) -> Iterator[Place]:
    """The whole parts a span of a proof consists of, the largest first."""
    first, past = span
    while first < past:
        level = _split_level(past - first)
        yield level, first >> level
        first += 1 << level


def proof(spans: Sequence[Span], kept: Mapping[Place, bytes]) -> list[bytes]:
    """The hashes of spans, from the kept hashes of their whole parts."""
    return [folded([kept[place] for place in places(span)]) for span in spans]


def is_included(leaf_: bytes, *, leaf: int, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the leaf of this hash is in the tree of this root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= leaf < size:
        return False
    sides = _sides(leaf, size - 1, len(path))
    if sides is None:
        return False
    found = leaf_
    for is_left, hash_ in zip(sides, path, strict=True):
        found = node_hash(hash_, found) if is_left else node_hash(found, hash_)
    return found == root


def is_continued(*, old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the new tree begins with all of the old one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old < new:
        return old == new and old > 0 and not path and old_root == new_root
    first, *rest = [old_root, *path] if old & (old - 1) == 0 else path or [b""]
    level = (old & -old).bit_length() - 1  # what is whole in both trees at the old one's right edge
    sides = _sides((old - 1) >> level, (new - 1) >> level, len(rest))
    if sides is None:
        return False
    was = is_ = first
    for is_left, hash_ in zip(sides, rest, strict=True):
        was = node_hash(hash_, was) if is_left else was
        is_ = node_hash(hash_, is_) if is_left else node_hash(is_, hash_)
    return was == old_root and is_ == new_root


def _sides(at: int, last: int, many: int) -> list[bool] | None:
    """For each hash of a proof, from below, whether it stands to the left; None where a proof has another length."""
    sides = []
    for _ in range(many):
        if last == 0:
            return None
        sides.append(bool(at & 1) or at == last)
        while sides[-1] and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return sides if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def _split_level(size: int) -> int:
    """The level of the largest whole part that begins a span of this size."""
    return size.bit_length() - 1
