"""The log's hashing is RFC 6962's: by vectors, and for every size of tree a small house will ever see in a week."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pos.proof import merkle_log, signed_note
from pos.proof.merkle_log import EMPTY, grown, is_continued, is_included, leaf_hash, node_hash, places
from pos.proof.signed_note import Checkpoint

VECTORS = json.loads((Path(__file__).parent / "vectors/crypto_vectors.json").read_text())
MOST = 300


def plainly(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 writes it down, with no thought for speed."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plainly(leaves[:split]), plainly(leaves[split:]))


class Tree:
    """A log that keeps the hashes of its whole parts, as the records do."""

    def __init__(self, size: int) -> None:
        self.leaves = [leaf_hash(f"entry {i}".encode()) for i in range(size)]
        self.kept: dict[tuple[int, int], bytes] = {}
        self.roots, peaks = [EMPTY], []
        for i, leaf in enumerate(self.leaves):
            whole, peaks = grown(peaks, i, leaf)
            self.kept |= {(level, ((i + 1) >> level) - 1): hash_ for level, hash_ in enumerate(whole)}
            self.roots.append(merkle_log.folded(peaks))

    def inclusion(self, leaf: int, size: int) -> list[bytes]:
        return merkle_log.proof(merkle_log.inclusion(leaf, size), self.kept)

    def consistency(self, old: int, new: int) -> list[bytes]:
        return merkle_log.proof(merkle_log.consistency(old, new), self.kept)


TREE = Tree(MOST)


def test_the_roots_are_those_of_the_vectors():
    assert VECTORS["merkle"]
    for size, told in VECTORS["merkle"].items():
        leaves = [leaf_hash(f"entry-{i}".encode()) for i in range(int(size))]
        assert merkle_log.root_of(leaves).hex() == told["root"] == plainly(leaves).hex()


def test_the_root_is_the_one_of_the_plain_definition_at_every_size():
    for size in range(MOST + 1):
        assert TREE.roots[size] == plainly(TREE.leaves[:size])


def test_every_entry_is_proven_to_be_in_every_tree():
    for size in range(1, MOST + 1):
        for leaf in range(size):
            path = TREE.inclusion(leaf, size)
            assert is_included(TREE.leaves[leaf], leaf=leaf, size=size, root=TREE.roots[size], path=path)
            assert len(path) <= size.bit_length()


def test_every_tree_is_proven_to_continue_every_earlier_one():
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = TREE.consistency(old, new)
            assert is_continued(old=old, old_root=TREE.roots[old], new=new, new_root=TREE.roots[new], path=path)
            if old < new:
                assert not is_continued(
                    old=old, old_root=TREE.roots[old - 1], new=new, new_root=TREE.roots[new], path=path
                )


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 64, 100, 255, 300])
def test_a_proof_proves_nothing_else(size):
    for leaf in range(0, size, 7):
        path, root = TREE.inclusion(leaf, size), TREE.roots[size]
        true = {"leaf": leaf, "size": size, "root": root, "path": path}
        for wrong in (
            {"leaf": leaf + 1},
            {"leaf": -1},
            {"root": TREE.roots[size - 1]},
            {"path": [*path, EMPTY]},
            {"path": path[:-1] if path else [EMPTY]},
            {"path": [EMPTY, *path[1:]] if path else [EMPTY]},
        ):
            assert not is_included(TREE.leaves[leaf], **(true | wrong))
        assert not is_included(leaf_hash(b"another entry"), **true)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 8), (6, 8), (64, 300), (299, 300), (150, 300)])
def test_a_log_that_was_rewritten_continues_nothing(old, new):
    path = TREE.consistency(old, new)
    true = {"old": old, "old_root": TREE.roots[old], "new": new, "new_root": TREE.roots[new], "path": path}
    assert is_continued(**true)
    for wrong in (
        {"new_root": TREE.roots[new - 1]},
        {"path": path[:-1]},
        {"path": [*path, EMPTY]},
        {"path": [EMPTY, *path[1:]]},
        {"old": old - 1 or new + 1},
        {"path": []},
    ):
        assert not is_continued(**(true | wrong)), wrong


def test_there_is_no_proof_of_what_is_not_there():
    for leaf, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no leaf"):
            merkle_log.inclusion(leaf, size)
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="does not continue"):
            merkle_log.consistency(old, new)


def test_a_proof_from_a_million_entries_needs_a_handful_of_hashes():
    for leaf in (0, 1, 524_287, 999_999):
        needed = [place for span in merkle_log.inclusion(leaf, 1_000_000) for place in places(span)]
        assert len(needed) <= 40


def vector_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["ed25519_seed_hex"]))


def test_a_checkpoint_is_written_as_the_vector_is():
    key = vector_key()
    checkpoint = Checkpoint("kiosk.example/provenance", 8, bytes.fromhex(VECTORS["merkle"]["8"]["root"]))
    signature = key.sign(checkpoint.text.encode())
    assert signed_note.written(checkpoint, key=key.public_key(), signature=signature) == VECTORS["checkpoint"]
    assert signed_note.verifier_key(checkpoint.origin, key.public_key()) == VECTORS["vkey"]


def test_a_checkpoint_is_read_by_its_key_alone():
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(VECTORS["pub_hex"]))
    checkpoint = signed_note.verified(VECTORS["checkpoint"], key=key)
    assert (checkpoint.size, checkpoint.root.hex()) == (8, VECTORS["merkle"]["8"]["root"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n8\n", "\n9\n"),
        lambda note: note.replace("38wT", "38wS"),
        lambda note: note.replace("kiosk.example", "kiosk.examples"),
        lambda note: note.replace("xuYc4TwH", "xuYc4TwI"),
        lambda note: note.replace("xuYc", "yuYc"),
        lambda note: note.partition("\n\n")[0],
        lambda note: note.replace("\n\n", "\nmore words\n\n"),
        lambda note: "",
    ],
)
def test_a_spoilt_checkpoint_is_refused(spoil):
    with pytest.raises(ValueError, match=r"checkpoint|base 64"):
        signed_note.verified(spoil(VECTORS["checkpoint"]), key=vector_key().public_key())


def test_somebody_elses_key_does_not_sign_for_ours():
    with pytest.raises(ValueError, match="not signed"):
        signed_note.verified(VECTORS["checkpoint"], key=Ed25519PrivateKey.generate().public_key())
    assert base64.b64decode(VECTORS["vkey"].split("+", 2)[2])[1:].hex() == VECTORS["pub_hex"]
