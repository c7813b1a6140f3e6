"""What a visitor of the page writes, tries and takes along; as in session.py, plain values in, plain values out."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from .deadline import EndlessError
from .image_pool import ImagePool

if TYPE_CHECKING:
    from .session import AllSettings


class Workbench:
    """What a visitor writes, tries and takes along; it touches neither network nor run."""

    # ── Signs of one's own ─────────────────────────────────────────────────────────────────

    def read_csv(self, content: bytes) -> dict[str, Any]:
        """Pictures of signs, as signs.read_csv(): `names`, `labels`, and `pictures`, flat."""
        from . import signs  # not before somebody has some: it would delay the start

        found = signs.read_csv(content)
        return {"names": found.names, "labels": found.split.labels, "pictures": found.split.images.ravel()}

    def to_csv(self, names: list[str], pictures: dict[str, Any]) -> str:
        """The same back again, of what ImagePool.set_corrections() takes."""
        from . import signs

        pool = ImagePool()
        pool.set_corrections(**pictures | {"alone": True})
        assert pool.own is not None
        return signs.write_csv(list(names), pool.own)

    # ── Everything as one file ─────────────────────────────────────────────────────────────

    def pack_work(self, files: dict[str, Any]) -> bytes:
        """All that the visitor has worked on, as the content of a zip; see saved_work.pack().

        files : texts, and bytes; of an order of images those of its int32
        """
        from . import saved_work  # not before somebody takes it away

        contents = {name: each if isinstance(each, str) else bytes(each) for name, each in files.items()}
        if (order := files.get(saved_work.ORDER)) is not None:
            contents[saved_work.ORDER] = saved_work.order_file(bytes(order))
        return saved_work.pack(contents)

    def unpack_work(self, content: bytes) -> dict[str, Any]:
        """The files in it back again, as saved_work.unpack()."""
        from . import saved_work

        return saved_work.unpack(bytes(content))

    # ── Changed code ───────────────────────────────────────────────────────────────────────

    def names(self, text: str) -> list[dict[str, Any]]:
        """What is wrong with the names in a text: each names.Remark as a dict."""
        from . import names  # not before somebody writes, as what checks them comes later

        return [remark._asdict() for remark in names.remarks(text)]

    def share(self, text: str) -> str:
        """What differs in a text from the package's own mlp.py, for an address; as sharing.shared()."""
        from . import sharing  # not before somebody shares

        return sharing.shared(text)

    def shared(self, packed: str) -> dict[str, Any]:
        """What somebody has shared, as sharing.taken(): `text`, and `changes`, each sharing.Change as a dict."""
        from . import sharing

        text, changes = sharing.taken(packed)
        return {"text": text, "changes": [change._asdict() for change in changes]}

    def script(self, settings: "AllSettings", source: str | None, title: str, departures: list[str]) -> str:
        """A run with these settings as a Python file; as script.script()."""
        from . import script  # not before somebody takes one away

        return script.script({**settings}, source, title, departures)

    def tips(self) -> list[dict[str, Any]]:
        """What there is to try, in order: each tips.Tip as a dict.

        Of its trials there are `label`, `settings` and `source`, the text of the mlp.py that runs, or None for the
        package's own.
        """
        from . import tips  # not before somebody wants them

        return [
            {
                "name": tip.name,
                "question": tip.question,
                "explanation": tip.explanation,
                "code": tip.code.strip("\n"),
                "trials": [
                    {"label": trial.label, "settings": trial.all_settings(), "source": trial.source()}
                    for trial in tip.trials
                ],
            }
            for tip in tips.TIPS
        ]

    def try_tip(self, name: str) -> str:
        """What the code of a tip prints."""
        from . import tips

        return tips.printed_by(name)

    # ── Exercises ──────────────────────────────────────────────────────────────────────────

    def exercises(self) -> list[dict[str, Any]]:
        """What there is to write, in order: each exercise.Exercise as a dict, without its checks."""
        from . import exercises

        return [
            {field.name: getattr(each, field.name) for field in fields(each) if field.name != "checks"}
            for each in exercises.EXERCISES
        ]

    def check_answer(self, name: str, text: str) -> dict[str, Any]:
        """What the checks of an exercise find in an answer: exercises.Verdict as a dict, and whether it is solved."""
        from . import exercises

        try:
            verdict = exercises.check(name, text)
        except EndlessError as error:
            verdict = exercises.Verdict((), None, str(error), error.line)
        return verdict._asdict() | {"solved": verdict.is_solved}

    def own_network(self, answers: dict[str, str]) -> str:
        """The text of an mlp.py with these answers, by exercise, and solutions for the rest."""
        from . import exercises

        return exercises.own_network(answers)
