"""Tests @name@.py: python3 @name@_test.py, or pytest."""

# As Troupe does: the text is run, whatever the file is called.
mine = {}
with open(__file__.replace("_test.py", ".py"), encoding="utf-8") as file:
    exec(compile(file.read(), file.name, "exec"), mine)


def verdict(expected, completion):
    task = {"prompt": "47+85=", "expected": expected, "finished": True, "tokens": 4}
    return mine["verify"](task, completion)


def test_a_right_answer_scores_one():
    assert verdict("231", " 231\n") == {"score": 1.0, "parts": {"all": 1.0}}


def test_each_digit_in_its_place_counts():
    assert verdict("21", "22") == {"score": 0.5, "parts": {"all": 0.0}}


def test_digits_too_many_cost():
    assert verdict("21", "2100")["score"] == 0.5


def test_no_answer_scores_nothing():
    assert verdict("231", "")["score"] == 0


def test_a_task_without_an_expected_answer_gets_no_score():
    try:
        verdict("", "231")
    except ValueError as e:
        assert "expects nothing" in str(e)
    else:
        assert False, "it was scored"


if __name__ == "__main__":
    tests = [(name, test) for name, test in list(globals().items()) if name.startswith("test_")]
    for name, test in tests:
        test()
        print("passed", name)
