"""The ways a build can fail, each with what to do about it."""


class BuildError(Exception):
    """Something a person can put right: what is wrong, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n{self.remedy}"


class ToolMissingError(BuildError):
    """A program the build calls is not on this machine."""


class ToolFailedError(BuildError):
    """A program the build called ended with an error."""


class SourceError(Exception):
    """One source of a pin did not answer, or had no such file; the next one is tried."""


class DownloadError(BuildError):
    """No source of a pin answered."""


class WrongHashError(BuildError):
    """A source answered with something else than what the pin says."""
