"""Keys are made once, kept from others, and refused where they are not."""

import os
import stat
import threading

import pytest

from pos.errors import SettingsWrong
from pos.proof.keys import KeyRing, public_keys, refuse_lost
from tests.proof.sold import sold_piece


def test_the_first_start_makes_a_key_only_the_shop_may_read(tmp_path):
    folder = tmp_path / "keys"
    ring = KeyRing.open(folder)
    assert stat.S_IMODE((folder / f"{ring.key_id}.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name for file in folder.iterdir()} == {"current", f"{ring.key_id}.key", f"{ring.key_id}.pub"}


def test_every_start_after_it_finds_the_same_key(tmp_path):
    first, second = KeyRing.open(tmp_path), KeyRing.open(tmp_path)
    assert first.key_id == second.key_id
    assert second.verifies(b"words", signature=first.sign(b"words"), key_id=first.key_id)


def test_eight_first_starts_at_once_agree_on_one_key(tmp_path):
    rings, start = [], threading.Barrier(8)

    def open_shop() -> None:
        start.wait()
        rings.append(KeyRing.open(tmp_path / "keys"))

    shops = [threading.Thread(target=open_shop) for _ in range(8)]
    for shop in shops:
        shop.start()
    for shop in shops:
        shop.join()
    assert [ring.key_id for ring in rings] == [rings[0].key_id] * 8
    assert list(public_keys(tmp_path / "keys")) == [rings[0].key_id]


def test_a_key_others_may_read_is_refused(tmp_path):
    ring = KeyRing.open(tmp_path)
    (tmp_path / f"{ring.key_id}.key").chmod(0o644)
    with pytest.raises(SettingsWrong) as refusal:
        KeyRing.open(tmp_path)
    assert "chmod 600" in refusal.value.reason


@pytest.mark.parametrize("words", ["", "not a key", "AAAA"])
def test_a_broken_key_is_said_so(tmp_path, words):
    ring = KeyRing.open(tmp_path)
    (tmp_path / f"{ring.key_id}.key").write_text(words)
    with pytest.raises(SettingsWrong):
        KeyRing.open(tmp_path)


def test_a_lost_private_key_is_said_so_and_not_replaced_unseen(tmp_path):
    ring = KeyRing.open(tmp_path)
    (tmp_path / f"{ring.key_id}.key").unlink()
    with pytest.raises(SettingsWrong):
        KeyRing.open(tmp_path)
    assert list(public_keys(tmp_path)) == [ring.key_id]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(SettingsWrong):
        KeyRing.open(tmp_path / "keys")


def test_a_folder_that_is_a_file_is_said_so(tmp_path):
    (tmp_path / "keys").write_text("")
    with pytest.raises(SettingsWrong):
        KeyRing.open(tmp_path / "keys")


@pytest.mark.parametrize("spelling", [lambda s: s + "=", lambda s: s[:-1], lambda s: s[:-1] + chr(ord(s[-1]) + 1)])
def test_a_signature_has_one_spelling(tmp_path, spelling):
    ring = KeyRing.open(tmp_path)
    signature = ring.sign(b"words")
    assert ring.verifies(b"words", signature=signature, key_id=ring.key_id)
    assert not ring.verifies(b"words", signature=spelling(signature), key_id=ring.key_id)


def refuse(shop):
    with shop.read() as records:
        refuse_lost(shop.settings, records=records)


def test_a_folder_of_keys_that_signed_is_restored_and_not_replaced_unseen(shop):
    refuse(shop)  # nothing is signed yet
    signed = sold_piece(shop).certify().key_id
    refuse(shop)
    backup = shop.settings.keys.rename(shop.settings.var_dir / "backup")
    with pytest.raises(SettingsWrong) as refusal:
        refuse(shop)
    assert refusal.value.key == "VITRINE_KEYS_DIR"
    assert f"{signed}.pub" in refusal.value.reason
    KeyRing.open(shop.settings.keys)  # a key of somebody else is no help
    with pytest.raises(SettingsWrong):
        refuse(shop)
    (backup / f"{signed}.pub").rename(shop.settings.keys / f"{signed}.pub")
    refuse(shop)


def test_a_stolen_key_is_withdrawn_on_purpose(shop):
    signed = sold_piece(shop).certify().key_id
    public = shop.settings.keys / f"{signed}.pub"
    public.rename(public.with_suffix(".withdrawn"))
    refuse(shop)
    assert signed not in public_keys(shop.settings.keys)


@pytest.mark.parametrize("spoilt", ["pub", "key"])
def test_a_folder_restored_wrongly_signs_nothing(tmp_path, spoilt):
    """A certificate nobody can verify is worse than none."""
    ring, other = KeyRing.open(tmp_path / "keys"), KeyRing.open(tmp_path / "other")
    half = tmp_path / "keys" / f"{ring.key_id}.{spoilt}"
    half.write_text((tmp_path / "other" / f"{other.key_id}.{spoilt}").read_text())
    with pytest.raises(SettingsWrong):
        KeyRing.open(tmp_path / "keys")
    half.unlink()
    with pytest.raises(SettingsWrong):
        KeyRing.open(tmp_path / "keys")
