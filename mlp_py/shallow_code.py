"""Code from strangers: nested too deep, it would end Python itself in the browser, whose stack is small.

Python's own limits are made for a larger stack, so the depth is told from the tokens, before anything takes them apart.
"""

import io
import keyword
import tokenize

DEEPEST = 200  # as deep as Python itself lets brackets be; the code here has 12
OPEN, CLOSE = tuple("([{"), tuple(")]}")


def place_too_deep(text: str) -> int | None:
    """The line, from 1, at which a text is nested deeper than DEEPEST; None where it is not, or is no Python.

    Counted are operators and keywords between commas, in all brackets around, and each elif: the syntax tree is at most
    so deep, and in most cases less.
    """
    counts = [0]  # of each bracket that is open; the first one: outside of all
    elifs = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE:
                counts = [0]
            elif token.string in CLOSE:
                del counts[max(1, len(counts) - 1) :]
            elif token.string == ",":
                counts[-1] = 0
            elif token.type == tokenize.OP or keyword.iskeyword(token.string):
                counts[-1] += 1
                elifs += token.string == "elif"
            if token.string in OPEN:
                counts.append(0)
            if sum(counts) + elifs > DEEPEST:
                return token.start[0]
    except (SyntaxError, tokenize.TokenError, ValueError):
        return None
    return None
