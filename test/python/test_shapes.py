"""Every member of every operation, as the installed botocore's model has it, against the server.

The model drives the tests: what it has and the examples do not, or what it says and the server does
not, is a failure. So a newer botocore turns them red where it knows more than we do.
"""

import difflib
import pathlib
import re

import pytest

from shapes import answers, model, mutations, rules
from shapes.examples import EXAMPLES, World, having

FOLDER = pathlib.Path(__file__).parent / "shapes"
MUTATIONS = list(mutations.mutations())
ANSWERED = [e for e in EXAMPLES if not e.refused]


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.wire.close()


@pytest.fixture(scope="module")
def answered(world):
    """The answer to each example."""
    return {example: world.call(example.operation, example.make(world)) for example in EXAMPLES}


def test_runtime_operations_are_those_of_the_model():
    assert sorted(model.service(model.RUNTIME).operation_names) == sorted({e.operation for e in EXAMPLES} - set(model.CONTROL_OPERATIONS))


def test_control_plane_operations_on_features_are_those_of_the_model():
    theirs = [name for name in model.service(model.CONTROL).operation_names if "Feature" in name]
    assert sorted(theirs) == sorted(name for name in model.CONTROL_OPERATIONS if "Feature" in name)


@pytest.mark.parametrize("operation", sorted(model.operations()))
def test_model_is_the_one_that_we_know(operation):
    """If this fails the model has changed: teach the server, then write `python -m shapes.model` to model.txt."""
    known = [line for line in (FOLDER / "model.txt").read_text().splitlines() if line.split()[0] == operation]
    assert not [line for line in difflib.ndiff(known, list(model.lines(operation))) if line[0] in "+-"]


@pytest.mark.parametrize("operation", sorted(model.operations()))
def test_examples_have_every_member(world, operation):
    given = [world.base(e) for e in EXAMPLES if e.operation == operation]
    lacking = [m.name for m in model.members(model.operations()[operation].input_shape) if all(having(g, m.path) is None for g in given)]
    assert lacking == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.id)
def test_example_is_answered_as_documented(answered, example):
    answer = answered[example]
    if example.refused:
        assert answer.status == 400 and example.refused in answer.message, str(answer)
        return
    assert answer.ok, str(answer)
    wrong, _ = answers.check(example.operation, answer)
    assert wrong == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.id)
def test_broken_rule_is_refused(world, mutation):
    example, place = example_with(world, mutation.operation, mutation.member)
    accepted = rules.find(rules.ACCEPTED, mutation.id)
    given = example.make(world) if accepted else world.base(example)
    answer = world.call(mutation.operation, mutation.apply(given, place))
    if accepted:
        assert answer.ok, f"the table of exceptions says that this is accepted: {answer}"
        return
    for code, message in refusals(mutation, answer):
        assert code in codes(mutation.operation), str(answer)
        otherwise = rules.find(rules.OTHERWISE, mutation.id)
        says = [otherwise[0]] if otherwise else [*mutation.says, a_name(mutation.member)]
        unsaid = [word for word in says if not spoken(word, message)]
        assert unsaid == [], f"the refusal does not say {unsaid}: {message}"


def example_with(world, operation, member):
    """The first example that has a member, and where. One that succeeds goes before one that is refused."""
    for example in sorted((e for e in EXAMPLES if e.operation == operation), key=lambda e: bool(e.refused)):
        place = having(world.base(example), member.path)
        if place is not None:
            return example, place
    raise AssertionError(f"no example of {operation} has {member.name}")


def refusals(mutation, answer):
    """The errors of an answer: its own, or those of the entries of a batch, each of which has one."""
    if mutation.operation.startswith("Batch") and answer.ok and len(mutation.member.path) > 2:
        errors = answer.json["Errors"]
        assert errors, f"accepted: {answer}"
        return [(e["ErrorCode"], e["ErrorMessage"]) for e in errors]
    assert answer.status == 400, f"not refused: {answer}"
    assert answer.json.get("__type", answer.code) == answer.code
    return [(answer.code, answer.message)]


def codes(operation):
    runtime = operation not in model.CONTROL_OPERATIONS
    return ("ValidationError" if runtime else "ValidationException", "SerializationException")


def a_name(member):
    """The word by which a refusal may call a member: its own or, of an element, its list's."""
    return member.path[-1] if member.path[-1] != "[]" else member.path[-2]


def spoken(word, message):
    if word.isdigit():  # a number that stands alone, not in a name
        return re.search(rf"(?<![\w-]){word}(?![\w-])", message)
    plain = re.sub(r"[^a-z0-9]", "", message.lower())
    word = re.sub(r"[^a-z0-9]", "", word.lower())
    return word in plain or (word.endswith("s") and word[:-1] in plain)


def structures(operation):
    """The members into which a stranger can be put, and the whole input."""
    yield None
    for member in model.members(model.operations()[operation].input_shape):
        if member.shape.type_name == "structure" and member.location == "" and not member.recursive:
            yield member


STRANGERS = [(operation, member) for operation in sorted(model.operations()) for member in structures(operation)]


@pytest.mark.parametrize(("operation", "member"), STRANGERS, ids=lambda v: v if isinstance(v, str) else v.name if v else "input")
def test_unknown_member_is_ignored(world, operation, member):
    example = next(e for e in ANSWERED if e.operation == operation and (member is None or having(world.base(e), member.path) is not None))
    given = example.make(world)
    at = given
    for key in having(given, member.path) if member else ():
        at = at[key]
    at[mutations.STRANGER] = {"deep": [1, None, "x"]}
    answer = world.call(operation, given)
    assert answer.ok, str(answer)
    wrong, _ = answers.check(operation, answer)
    assert wrong == []
    assert mutations.STRANGER.encode() not in answer.body or operation == "BatchWriteRecord"


OPTIONAL = [
    (operation, member)
    for operation, op in sorted(model.operations().items())
    for member in model.members(op.input_shape)
    if member.location == "" and not member.required and member.path[-1] != "[]"
]


@pytest.mark.parametrize(("operation", "member"), OPTIONAL, ids=lambda v: v if isinstance(v, str) else v.name)
def test_null_is_as_if_absent(world, operation, member):
    example, place = example_with(world, operation, member)
    outcomes = []
    for change in (mutations.REMOVED, lambda _: None):
        mutation = mutations.Mutation(operation, member, "optional", change, ())
        answer = world.call(operation, mutation.apply(example.make(world), place))
        outcomes.append((answer.status, answer.code))
    assert outcomes[0] == outcomes[1]


OUTPUTS = [name for name, op in sorted(model.operations().items()) if op.output_shape is not None]


@pytest.mark.parametrize("operation", OUTPUTS)
def test_answers_have_every_member(answered, operation):
    seen = set()
    for example in ANSWERED:
        if example.operation == operation:
            seen |= answers.check(operation, answered[example])[1]
    unseen, needless = [], []
    for member in model.members(model.operations()[operation].output_shape):
        never = rules.find(rules.NEVER_SENT, f"{operation}-{member.name}")
        if never and member.path in seen:
            needless.append(member.name)
        if not never and member.path not in seen:
            unseen.append(member.name)
    assert (unseen, needless) == ([], [])


@pytest.mark.parametrize("table", ["ACCEPTED", "OTHERWISE"])
def test_table_of_exceptions_has_nothing_needless(table):
    needed = [rules.key(getattr(rules, table), m.id) for m in MUTATIONS]
    assert [pattern for pattern in getattr(rules, table) if pattern not in needed] == []
