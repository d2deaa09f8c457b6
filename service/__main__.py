"""`python -m service` is the `brain` command."""

from service.cli import main

main()
