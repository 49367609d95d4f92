"""The entry as a server runs it: in a process of its own, since Streamlit is set up once a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pos.settings import HOUSE
from tests.proof.sold import sold_piece

VISIT = """
import json, sys
from starlette.testclient import TestClient
import app
told = {"before": app.shop.closing.is_set()}
with TestClient(app.app) as web:
    for path in json.loads(sys.argv[1]):
        answer = web.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        told[path] = [answer.status_code, answer.headers.get("content-type", ""), answer.text]
    told["cookie"] = "vitrine_device" in web.cookies
print(json.dumps(told | {"after": app.shop.closing.is_set()}))
"""


def python(words: list[str], *, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the house with these settings and no others."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
    own = {"VITRINE_VAR_DIR": str(folder), "VITRINE_DATABASE_URL": f"sqlite:///{folder / 'vitrine.db'}"}
    return subprocess.run(
        [sys.executable, *words], cwd=HOUSE, env=kept | own | settings, capture_output=True, text=True, timeout=120
    )


def test_the_shop_opens_serves_its_doors_and_its_screens_and_shuts(tmp_path, stocked_records):
    (tmp_path / "vitrine.db").write_bytes(stocked_records.read_bytes())
    paths = ["/", "/counter", "/healthz", "/_stcore/health", "/_stcore/metrics", "/01/09521234543213/21/X"]
    visit = python(["-c", VISIT, json.dumps(paths)], folder=tmp_path, VITRINE_AUTO_ENROL="demo")
    assert visit.returncode == 0, visit.stderr
    told = json.loads(visit.stdout)
    assert (told["before"], told["after"]) == (False, True)
    assert told["cookie"]
    for path in ("/", "/counter"):  # always Streamlit's page: whoever is not allowed is told so by the script
        assert told[path][0] == 200
        assert "--vt-paper" in told[path][2]
    assert json.loads(told["/healthz"][2])["ok"]
    assert told["/_stcore/health"][0] == 200
    assert told["/_stcore/metrics"][0] == 404
    assert told["/01/09521234543213/21/X"][0] == 404
    assert 'data-verdict="unknown"' in told["/01/09521234543213/21/X"][2]
    assert "--vt-paper" not in told["/01/09521234543213/21/X"][2]


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path):
    start = python(["-c", "import app"], folder=tmp_path, VITRINE_KEYS_DIR="/dev/null")
    assert start.returncode == 2
    assert start.stderr.startswith("The setting VITRINE_KEYS_DIR is wrong")
    assert len(start.stderr.strip().splitlines()) == 1


def test_lost_keys_stop_the_start_and_are_not_replaced(shop, tmp_path):
    signed = sold_piece(shop).certify().key_id
    shop.settings.keys.rename(tmp_path / "elsewhere")
    start = python(["-c", "import app"], folder=tmp_path)
    assert start.returncode == 2
    assert f"{signed}.pub" in start.stderr
    assert len(start.stderr.strip().splitlines()) == 1
    assert not shop.settings.keys.exists()
