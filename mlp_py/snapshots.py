"""A network's weights as they were when each epoch ended."""

from collections.abc import Iterator

from .kernel import FloatArray

BUDGET = 64_000_000  # bytes; 160 epochs of 128 hidden units in float32

Parameters = dict[str, FloatArray]


class Snapshots:
    """Weights by the number of epochs that they have been trained for.

    Where they come to more than the budget, only every second is kept, then every fourth, and so on; and always the
    first and the last.
    """

    def __init__(self, n_epochs: int, parameters: Parameters) -> None:
        self._by_epoch: dict[int, Parameters] = {}
        self._first = self._last = n_epochs
        self._stride = 1
        self.keep(n_epochs, parameters)

    def __iter__(self) -> Iterator[tuple[int, Parameters]]:
        yield from self._by_epoch.items()

    @property
    def last(self) -> Parameters:
        """The weights that were kept last."""
        return self._by_epoch[self._last]

    def keep(self, n_epochs: int, parameters: Parameters) -> None:
        """Keep copies of these weights."""
        self._last = n_epochs
        self._by_epoch[n_epochs] = {name: array.copy() for name, array in parameters.items()}
        self._forget()
        size = sum(array.nbytes for array in parameters.values())
        while size * len(self._by_epoch) > BUDGET and len(self._by_epoch) > 2:
            self._stride *= 2
            self._forget()

    def _forget(self) -> None:
        stays = {self._first, self._last}
        self._by_epoch = {n: each for n, each in self._by_epoch.items() if n in stays or n % self._stride == 0}
