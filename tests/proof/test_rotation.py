"""One key follows another, and at no moment does one process sign what another calls unknown."""

import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.cli import main
from pos.errors import SettingsWrong, Unknown, WrongState
from pos.proof import certificate, register, rotation, verify
from pos.proof.keys import KeyRing, key_name, refuse_lost, written
from pos.proof.register import Answer
from pos.proof.verify import Finding
from pos.shop import Shop


def test_a_key_is_known_before_it_signs_and_after_it_signed(tmp_path):
    first = KeyRing.open(tmp_path)
    made = rotation.make_next(tmp_path)
    assert stat.S_IMODE((tmp_path / f"{made}.key").stat().st_mode) == 0o600
    between = KeyRing.open(tmp_path)  # a process that was started since
    assert (between.key_id, set(between.public)) == (first.key_id, {first.key_id, made})
    rotation.use(tmp_path, key_id=made)
    second = KeyRing.open(tmp_path)
    assert second.key_id == made
    assert between.verifies(b"words", signature=second.sign(b"words"), key_id=made)
    assert second.verifies(b"words", signature=first.sign(b"words"), key_id=first.key_id)


def test_what_was_sealed_with_the_key_before_still_opens(tmp_path):
    sealed = KeyRing.open(tmp_path).secret("slips")
    rotation.use(tmp_path, key_id=rotation.make_next(tmp_path))
    ring = KeyRing.open(tmp_path)
    assert ring.secret("slips") != sealed
    assert sealed in ring.secrets("slips")


def test_a_key_that_is_not_there_is_neither_used_nor_withdrawn(tmp_path):
    signs = KeyRing.open(tmp_path).key_id
    for act in (rotation.use, rotation.withdraw):
        with pytest.raises(Unknown):
            act(tmp_path, key_id="00000000")
    with pytest.raises(WrongState):
        rotation.withdraw(tmp_path, key_id=signs)
    with pytest.raises(SettingsWrong):
        rotation.make_next(tmp_path / "nowhere")


@pytest.fixture
def withdrawn(sale, shop):
    """A certificate whose key was stolen, replaced and withdrawn; and the shop as it opens after that."""
    issued = sale.certify()
    rotation.use(shop.settings.keys, key_id=rotation.make_next(shop.settings.keys))
    rotation.withdraw(shop.settings.keys, key_id=issued.key_id)
    again = Shop(shop.settings, clock=shop.clock)
    yield again, issued, shop.keys
    again.close()


def test_what_a_withdrawn_key_signed_says_so_and_what_stands_in_the_register_is_issued_again(withdrawn):
    shop, issued, _ = withdrawn
    address = certificate.link(shop, issued)
    record = register.look_up(shop, address=address, language="en")
    assert (record.answer, record.known, record.statement) == (Answer.WITHDRAWN_KEY, True, None)
    assert verify.verify_offline(address, key=shop.settings.keys).finding is Finding.WITHDRAWN_KEY
    with shop.read() as look:
        refuse_lost(shop.settings, records=look)  # it opens


def test_a_thief_with_the_key_learns_nothing_of_what_was_sold(withdrawn):
    shop, issued, stolen = withdrawn
    words = verify.sealed_words(gtin=issued.gtin, serial=issued.serial, digest=bytes(16))
    seal = verify.links.Seal(stolen.key_id, bytes(16), stolen.private.sign(words))
    forged = verify.links.build("https://id.example.co", gtin=issued.gtin, serial=issued.serial, seal=seal)
    record = register.look_up(shop, address=forged, language="en")
    assert (record.answer, record.known) == (Answer.WITHDRAWN_KEY, False)


def test_the_key_may_come_from_the_environment(sale, shop):
    issued = sale.certify()
    key = Ed25519PrivateKey.generate()
    told = shop.settings.model_copy(update={"signing_key": written(key.private_bytes_raw())})
    ring = KeyRing.of(told)
    assert ring.key_id == key_name(key.public_key())
    assert issued.key_id in ring.public  # the folder still adds what verifies
    elsewhere = told.model_copy(update={"keys_dir": told.var_dir / "none"})
    with shop.read() as look, pytest.raises(SettingsWrong):
        refuse_lost(elsewhere, records=look)
    public = written(shop.keys.public[issued.key_id].public_bytes_raw())
    for names in ("public_keys", "withdrawn_keys"):
        with shop.read() as look:
            refuse_lost(elsewhere.model_copy(update={names: (public,)}), records=look)
    assert not (told.var_dir / "none").exists()


@pytest.mark.parametrize("wrong", [{"signing_key": "nonsense"}, {"public_keys": ("x",)}, {"withdrawn_keys": ("AAAA",)}])
def test_a_key_of_the_environment_that_is_none_is_said_so(settings, wrong):
    good = {"signing_key": written(bytes(32))}
    with pytest.raises(SettingsWrong) as refusal:
        KeyRing.of(settings.model_copy(update=good | wrong))
    assert refusal.value.key == f"VITRINE_{next(iter(wrong)).upper()}"


def test_a_key_that_was_withdrawn_signs_nothing(settings):
    key = Ed25519PrivateKey.generate()
    told = {
        "signing_key": written(key.private_bytes_raw()),
        "withdrawn_keys": (written(key.public_key().public_bytes_raw()),),
    }
    with pytest.raises(SettingsWrong, match="withdrawn"):
        KeyRing.of(settings.model_copy(update=told))


def test_by_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "environ", os.environ | {"VITRINE_VAR_DIR": str(tmp_path)})
    first = KeyRing.open(tmp_path / "keys").key_id
    assert main(["keys", "new"]) == 0
    made = capsys.readouterr().out[:8]
    assert main(["keys", "withdraw", first]) == 2
    assert main(["keys", "use", made]) == 0
    assert main(["keys", "withdraw", first]) == 0
    capsys.readouterr()
    assert main(["keys", "list"]) == 0
    assert capsys.readouterr().out == f"{made}  signs\n{first}  withdrawn\n"
