"""A wrong setting stops the start with one sentence that names it."""

import stat
from pathlib import Path

import pytest

from pos.cli.explain import table
from pos.cli.sentences import sentence
from pos.errors import SettingsWrong
from pos.settings import HOUSE, read_settings
from tests.conftest import settings_for


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a .env."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_setting_the_shop_opens_on_this_machine_alone() -> None:
    settings = read_settings()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.public == "http://127.0.0.1:8501"
    assert settings.stripe_live is False
    assert settings.auto_enrol is None


def test_the_records_go_where_everything_of_the_shop_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_VAR_DIR", "/srv/vitrine")
    assert read_settings().database_url == "sqlite:////srv/vitrine/vitrine.db"
    monkeypatch.setenv("VITRINE_DATABASE_URL", "postgresql+psycopg://shop@db/vitrine")
    assert read_settings().database_url == "postgresql+psycopg://shop@db/vitrine"


@pytest.mark.parametrize(
    ("key", "value", "named", "why"),
    [
        ("VITRINE_DATABASE_URL", "mysql://shop", "VITRINE_DATABASE_URL", "sqlite:/// or postgresql"),
        ("VITRINE_PUBLIC_URL", "shop", "VITRINE_PUBLIC_URL", "URL"),
        ("VITRINE_HOLD_MINUTES", "0", "VITRINE_HOLD_MINUTES", "greater than or equal to 1"),
        ("VITRINE_TRUSTED_PROXIES", "*", "VITRINE_TRUSTED_PROXIES", "neither an address nor a network"),
        ("VITRINE_MAX_HOLDS", "many", "VITRINE_MAX_HOLDS", "integer"),
        ("VITRINE_STRIPE_LIVE", "true", "VITRINE_STRIPE_LIVE", "not a live key"),
        ("VITRINE_STRIPE_API_KEY", "sk_live_x", "VITRINE_STRIPE_LIVE", "say so"),
    ],
)
def test_a_wrong_setting_is_named(key: str, value: str, named: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsWrong) as wrong:
        read_settings()
    said = sentence(wrong.value)
    assert named in said
    assert why in said
    assert said.count("\n") == 0


LIVE = {
    "VITRINE_STRIPE_API_KEY": "sk_live_x",
    "VITRINE_STRIPE_LIVE": "true",
    "VITRINE_PUBLIC_URL": "https://id.example.co",
    "VITRINE_COOKIE_SECURE": "true",
}


def test_a_shop_that_charges_real_cards_opens_with_settings_fit_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in LIVE.items():
        monkeypatch.setenv(key, value)
    assert read_settings().stripe_live is True


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("VITRINE_STRIPE_API_BASE", "http://127.0.0.1:12111"),
        ("VITRINE_STRIPE_API_BASE", "http://api.stripe.com"),
        ("VITRINE_STRIPE_API_BASE", "https://api.stripe.com.example.co"),
        ("VITRINE_STRIPE_API_BASE", "https://api.stripe.com@example.co"),
        ("VITRINE_STRIPE_API_BASE", "https://api.stripe.com:8443"),
        ("VITRINE_PUBLIC_URL", "http://id.example.co"),
        ("VITRINE_PUBLIC_URL", "https://localhost"),
        ("VITRINE_PUBLIC_URL", "https://127.1.2.3:8501"),
        ("VITRINE_PUBLIC_URL", "https://[::1]"),
        ("VITRINE_COOKIE_SECURE", "false"),
        ("VITRINE_AUTO_ENROL", "demo"),
        ("VITRINE_READER_SCREEN_URL", "https://screen.example.co"),
    ],
)
def test_real_cards_and_a_demonstration_s_settings_do_not_go_together(
    key: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, given in (LIVE | {key: value}).items():
        monkeypatch.setenv(name, given)
    with pytest.raises(SettingsWrong) as wrong:
        read_settings()
    assert wrong.value.key == key
    assert sentence(wrong.value).count("\n") == 0


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINE_STRIPE_API_KAY", "sk_test_hush")
    with pytest.raises(SettingsWrong) as wrong:
        read_settings()
    said = sentence(wrong.value)
    assert "VITRINE_STRIPE_API_KAY" in said
    assert "VITRINE_STRIPE_API_KEY" in said
    assert "hush" not in said
    monkeypatch.delenv("VITRINE_STRIPE_API_KAY")
    (elsewhere / ".env").write_text("HOST=0.0.0.0\nPORT=80\nvitrine_hold_minuts=7\n")
    with pytest.raises(SettingsWrong, match="VITRINE_HOLD_MINUTES"):
        read_settings()


def test_what_is_no_setting_of_the_shop_stays_free(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("HOST=0.0.0.0\nPORT=80\nCOLOUR=blue\n")
    cluster = {"VITRINE_SERVICE_HOST": "10.0.0.1", "VITRINE_PORT": "tcp://10.0.0.1:80", "VITRINE_PORT_80_TCP": "x"}
    for key, value in cluster.items():
        monkeypatch.setenv(key, value)
    assert read_settings().max_holds == 6
    monkeypatch.setenv("VITRINE_PORT", "8600")
    with pytest.raises(SettingsWrong, match="VITRINE_PORT"):
        read_settings()


def test_two_webhook_secrets_while_one_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_STRIPE_WEBHOOK_SECRETS", "whsec_new, whsec_old,")
    assert read_settings().stripe_webhook_secrets == ("whsec_new", "whsec_old")


def test_the_env_file_is_read_and_the_environment_wins(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("VITRINE_MAX_HOLDS=3\nVITRINE_HOLD_MINUTES=7\n")
    monkeypatch.setenv("VITRINE_MAX_HOLDS", "4")
    assert (read_settings().max_holds, read_settings().hold_minutes) == (4, 7)


def test_the_shop_s_own_folder_is_made_for_its_person_alone(elsewhere: Path) -> None:
    settings = settings_for(elsewhere / "srv" / "vitrine")
    assert settings.own_folder() == settings.own_folder() == elsewhere / "srv" / "vitrine"
    assert stat.S_IMODE(settings.var_dir.stat().st_mode) == 0o700


def test_no_secret_is_shown_where_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_STRIPE_API_KEY", "sk_test_hush")
    monkeypatch.setenv("VITRINE_STRIPE_WEBHOOK_SECRETS", "whsec_hush")
    assert "hush" not in repr(read_settings())


def test_the_table_of_the_settings_is_the_one_of_the_code() -> None:
    assert table() in (HOUSE / "docs" / "settings.md").read_text(), "python -m pos settings prints it anew"
