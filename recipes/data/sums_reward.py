"""Judges sums: the answer is the sum's digits, lowest first, each in its place."""


def verify(task, completion):
    right = completion == task["expected"]
    digits = zip(completion, task["expected"])
    share = sum(got == wanted for got, wanted in digits) / len(task["expected"])
    return {"score": float(right), "parts": {"digits": share}}
