"""`make soak`: kill runs and feed them rubbish, for longer than a test suite may take."""

import subprocess
import sys


def main() -> int:
    """Both in turn; 1 when one of them found something."""
    parts = ("tests.soak.kill", "tests.soak.fuzz")
    return max(subprocess.run([sys.executable, "-m", part], check=False).returncode for part in parts)


if __name__ == "__main__":
    sys.exit(main())
