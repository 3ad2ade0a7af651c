"""`python -m servicegap` is `servicegap`, and works where console scripts have lost their way."""

from servicegap.cli import main

if __name__ == "__main__":
    main(prog_name="servicegap")
