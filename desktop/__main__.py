"""The entry point `attune`: without arguments the window opens, anything else goes to the command line.

Nothing is imported at the top, so that neither half pays for the other.
"""

import sys


def main() -> int:
    import multiprocessing

    multiprocessing.freeze_support()  # in the packaged app, a spawned child starts here too, and goes no further
    if len(sys.argv) > 1:
        from core.cli import main as carry_out

        return carry_out(sys.argv[1:])
    return open_window()


def open_window() -> int:
    """Open the window, or say why it cannot: Qt itself would end the process without a sentence."""
    import os

    from desktop import libraries

    if not libraries.has_display(os.environ):
        return refuse(2, "There is no display to open the window on. The command line works without: attune --help")
    if missing := libraries.missing(os.environ):
        return refuse(3, f"The window cannot open.\n{libraries.how_to_install(missing)}")
    if not libraries.display_answers(os.environ):
        return refuse(2, f"The display {os.environ['DISPLAY']} does not answer. The command line works without.")
    try:
        from desktop.app import main as show_window
    except ImportError as error:
        if "shared object" not in str(error):
            raise
        return refuse(3, f"The window cannot open, because a library of the system is missing or unfit:\n{error}")
    return show_window()


def refuse(exit_code: int, sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
