"""The worker of a printer is killed in each state of a slip: what the next one finds is what docs/printing.md says."""

import re
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest

from pos.models import JobState
from pos.paper import lasting, spool
from pos.settings import HOUSE
from tests.crash.agree import agree, on_paper
from tests.crash.conftest import Trials
from tests.crash.test_kill import way  # noqa: F401 (a fixture)
from tests.crash.till import PRINTER
from tests.crash.trial import BACK_AFTER, Tills

MOMENTS = {  # where the worker dies, and how the slip it had in hand is found
    "before the slip is begun": JobState.QUEUED,
    "before the first byte": JobState.SENDING,
    "in the middle of the slip": JobState.SENDING,
    "after the last byte, before the proof": JobState.SENDING,
    "after the proof, before it is recorded": JobState.SENDING,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_scenario_13_a_worker_killed_in_any_state_prints_no_second_original(
    trials: Trials,
    tills: Tills,
    way: Callable[[str], int],  # noqa: F811
    moment: str,
) -> None:
    """The second slip is the certificate, of which there is one original."""
    with trials("piece", die_at=way(f"slip 2: print {moment}")) as trial:
        assert tills.send(trial.errand) == -signal.SIGKILL
        with trial.opened_again(after=BACK_AFTER) as again:
            (original,) = [job for job in again.slips() if job.kind == "authenticity"]
            assert (moment, original.state) == (moment, MOMENTS[moment])
            assert spool.bury_the_dead(again.shop) == (original.state == JobState.SENDING)
            found = {job.id: job.state for job in again.slips()}[original.id]
            assert found == (JobState.UNKNOWN if original.state == JobState.SENDING else JobState.QUEUED)
            again.office.start()
            again.carry_everything_on()
            again.ask_staff()
            agree(again.shop, trial.account, trial.printer)
            assert on_paper(original, trial.printer) == 1 or original.payload is None


def test_a_worker_killed_while_the_printer_could_not_leaves_the_slip_waiting(
    trials: Trials,
    tills: Tills,
    way: Callable[[str], int],  # noqa: F811
) -> None:
    """Blocked and queued are found as they were; held is what becomes of them after a night."""
    with trials("piece", die_at=way("slip 1: print before the slip is begun")) as trial:
        assert tills.send(trial.errand) == -signal.SIGKILL
        trial.printer.set(cover_open=True)
        with trial.opened_again(after=BACK_AFTER) as again:
            assert spool.print_next(again.shop, printer_id=PRINTER) == JobState.BLOCKED
            assert spool.bury_the_dead(again.shop) == 0
            again.shop.clock.move(timedelta(hours=14))  # type: ignore[attr-defined]
            waiting = len([job for job in again.slips() if job.state in lasting.WAITING])
            assert lasting.look_after(again.shop) == waiting == 3
            trial.printer.set(cover_open=False)
            assert spool.print_next(again.shop, printer_id=PRINTER) is None
            assert trial.printer.slips() == []


def test_the_book_says_what_is_found_after_a_restart() -> None:
    """Every state has its row in the table of restart states."""
    written = (HOUSE / "docs" / "printing.md").read_text()
    table = written.split("## After a restart")[1].split("\n## ")[0]
    told = re.findall(r"^\| (\w+) \|", table, flags=re.M)
    assert [state.value for state in JobState] == [word for word in told if word != "found"]
