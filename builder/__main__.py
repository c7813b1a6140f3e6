"""`python -m builder build | serve | test`, as build.py calls it inside .venv."""

import argparse
import sys

from builder import assemble, checks, serve
from builder.errors import BuildError


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="build.py", description="Build, serve and test the site.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="make dist/", description="Make dist/, the whole site, for any static host.")
    serving = commands.add_parser("serve", help="build, then serve dist/", description="Build, then serve dist/.")
    serving.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine only)")
    serving.add_argument("--port", type=int, default=8000, help="port (default: 8000, or the next free one)")
    serving.add_argument("--path", default="/", help="serve under this path, as GitHub Pages does (default: /)")
    testing = commands.add_parser("test", help="build, then run all checks", description=checks.__doc__)
    testing.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(checks.PARTS)}")
    testing.add_argument(
        "-k", default="", metavar="EXPRESSION", dest="expression", help="only tests whose names match, as pytest's -k"
    )
    testing.add_argument(
        "--browser",
        action="append",
        choices=checks.BROWSERS,
        help="all end-to-end tests in this one; default: in all browsers, with a share each of what either can do",
    )
    options = parser.parse_args(arguments)
    for part in getattr(options, "parts", []):
        if part not in checks.PARTS:
            testing.error(f"no part {part!r}; there are {', '.join(checks.PARTS)}")
    return options


def main(arguments: list[str]) -> int:
    """Do one command; what a person can put right is told without a traceback."""
    options = parse(arguments)
    try:
        if options.command == "test":
            return checks.run(options.parts, checks.Choice(options.browser, options.expression))
        assemble.build()
        if options.command == "serve":
            serve.serve(options.host, options.port, options.path)
    except BuildError as error:
        print(f"\nbuild.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
