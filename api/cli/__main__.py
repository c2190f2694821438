"""``python -m api.cli``: what ``./wangge`` hands its arguments to."""

import logging
import os
import sys

from api.cli.words import chosen_lang, speak, without_lang


def main() -> None:
    """Run one command; a refusal is one sentence and exit status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    speak(chosen_lang(sys.argv[1:], os.environ))
    # Sentences of the help are read when the commands load, so the language comes first.
    from api.cli.app import run

    sys.exit(run(without_lang(sys.argv[1:])))


if __name__ == "__main__":
    main()
