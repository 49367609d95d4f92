"""The stand-ins alone: their first line, their ports, and their end."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pos.cli import main, stand_ins
from pos.sandbox import run
from pos.settings import HOUSE


@contextmanager
def sandbox(*words: str, module: str = "pos", **more: Any) -> Iterator[subprocess.Popen[str]]:
    """The command as a person types it."""
    command = [sys.executable, "-m", module, *(["sandbox"] if module == "pos" else []), *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more
    with subprocess.Popen(command, cwd=HOUSE, **pipes) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def told_by(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    return dict(json.loads(process.stdout.readline()))


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def test_its_first_line_says_where_everything_is(tmp_path: Path) -> None:
    stripe_port, printer_port = free_port(), free_port()
    asked = ("--stripe-port", str(stripe_port), "--printer-port", str(printer_port), "--json", "--dir", str(tmp_path))
    with sandbox(*asked) as process:
        told = told_by(process)
        assert told["stripe"]["url"] == f"http://127.0.0.1:{stripe_port}"
        assert told["stripe"]["api_key"].startswith("sk_test_")
        assert told["stripe"]["webhook_secret"].startswith("whsec_")
        assert told["printer"]["port"] == printer_port
        assert Path(told["printer"]["dir"]).is_dir()
        with urllib.request.urlopen(told["stripe"]["url"] + "/_sandbox/info") as answer:
            assert json.loads(answer.read())["readers"]
        with socket.create_connection((told["printer"]["host"], printer_port)):
            pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with sandbox("--printer-port", str(port), "--dir", str(tmp_path), module="pos.sandbox.run") as process:
            out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert (out, err) == ("", f"Port {port} is in use: choose another with --printer-port, or leave it out.\n")


def test_it_comes_back_with_the_same_ports_keys_and_readers(tmp_path: Path) -> None:
    with stand_ins.running(tmp_path) as first:
        before = first.told
    with stand_ins.running(tmp_path) as again:
        assert again.told["stripe"] == before["stripe"]
        assert again.told["printer"]["port"] == before["printer"]["port"]


def test_a_second_sandbox_over_one_folder_keeps_to_itself(tmp_path: Path) -> None:
    with stand_ins.running(tmp_path) as first, stand_ins.running(tmp_path) as second:
        assert first.told["stripe"]["api_key"] != second.told["stripe"]["api_key"]
        assert not Path(second.told["printer"]["dir"]).is_relative_to(tmp_path)


def test_it_is_gone_when_its_parent_is_killed(tmp_path: Path) -> None:
    read, write = os.pipe()
    asked = ("--json", "--with-parent", "--dir", str(tmp_path))
    with sandbox(*asked, module="pos.sandbox.run", stdin=read) as process:
        os.close(read)
        told_by(process)
        os.close(write)  # what the system does to a killed parent's pipes
        assert process.wait(20) == 0


def test_a_port_that_is_none_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("--stripe-port", "99999"), ("--printer-port", "-5"), ("--printer-port", "many")):
        with pytest.raises(SystemExit) as end:
            main(["sandbox", *words])
        assert end.value.code == 2
        assert "is no port" in capsys.readouterr().err


def test_a_folder_it_cannot_keep_its_things_in_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert run.run(run.options(argparse.ArgumentParser()).parse_args(["--dir", str(tmp_path / "file")])) == 2
    said = capsys.readouterr().err
    assert "cannot keep its things" in said
    assert "Traceback" not in said
