"""Credit for each digit that stands where it should."""


def verify(task, completion):
    """The score of an answer.

    task: a dict with prompt, expected, finished (false where the answer was cut off at the longest
    length) and tokens, how many the answer has. What is printed here is shown where this fails.
    """
    wanted, said = task["expected"], completion.strip()
    if not wanted:
        # No score, with the reason: such an answer is never trained on.
        raise ValueError("the task expects nothing")
    right = sum(a == b for a, b in zip(wanted, said))
    return {
        "score": right / max(len(wanted), len(said)),
        # Shown and counted by name.
        "parts": {"all": float(said == wanted)},
    }
