"""``python -m api.cli``: what ``./wangge`` hands its arguments to."""

import logging
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from api.cli.words import chosen_lang, speak, without_lang


def main() -> None:
    """Run one command; a refusal is one sentence and exit status 2."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one of them
            signal.signal(number, _ended)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    speak(chosen_lang(sys.argv[1:], os.environ))
    # Sentences of the help are read when the commands load, so the language comes first.
    from api.cli.app import run

    sys.exit(run(without_lang(sys.argv[1:])))


def _ended(number: int, _: FrameType | None) -> NoReturn:
    """End as Ctrl-C does: what was started, the own database for one, is stopped first."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
