"""Training sets in SQL, TABLE(as_of(…)), as notebooks ask for them: with PyAthena."""

import datetime
import decimal
import pathlib
import re

import pandas
import pyathena
import pytest
from pyathena.arrow.cursor import ArrowCursor
from pyathena.cursor import Cursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.polars.cursor import PolarsCursor

from records import record

DOCUMENT = pathlib.Path(__file__).parents[3] / "docs" / "training-sets.md"
[EXAMPLE] = re.findall(r"```python\n(from pyathena.*?)```", DOCUMENT.read_text(), re.DOTALL)


@pytest.fixture
def customers(make_group, runtime):
    """The group of the document: a customer who spent 10, 20 and 30 in the first three months."""
    group = make_group(offline=True, spent="Fractional", orders="Integral")
    for month, spent in enumerate(["10", "20", "30"], 1):
        runtime.put_record(FeatureGroupName=group, Record=record(id="1", at=f"2024-0{month}-01T00:00:00Z", spent=spent, orders=str(month)))
    return group


def test_the_example_of_the_document(customers, bucket, flush, capsys):
    for _ in range(2):
        exec(EXAMPLE.replace("s3://lake/", f"s3://{bucket}/").replace("'customers ", f"'{customers} "), {})
        printed = capsys.readouterr().out.split("\n")
        assert [line.split()[-2:] for line in printed[1:3]] == [["True", "20.0"], ["False", "30.0"]]
        flush(customers)


# What the SageMaker SDK gives five rows for, or one: test/python/builder/test_cases_v2.py.
def test_two_labels_of_one_customer_with_three_records_give_two_rows(connection, make_group, runtime):
    group = make_group(offline=True, online=False, event_time="Fractional", balance="Integral")
    for at, balance in [("100", "10"), ("200", "20"), ("300", "30")]:
        runtime.put_record(FeatureGroupName=group, Record=record(id="1", at=at, balance=balance))
    cursor = connection().cursor().execute(f"""
        WITH labels (customer, moment, label) AS (VALUES (1, 250e0, 'first'), (1, 350e0, 'second'))
        SELECT label, balance FROM TABLE(as_of(TABLE(labels), DESCRIPTOR(moment), ARRAY['{group} on=customer features=balance']))""")
    assert cursor.fetchall() == [("first", 20), ("second", 30)]


@pytest.mark.parametrize("unload", [False, True])
@pytest.mark.parametrize("cursor_class", [PandasCursor, ArrowCursor, PolarsCursor])
def test_data_frames(connection, customers, cursor_class, unload):
    cursor = connection(cursor_class=cursor_class).cursor(**({"unload": True} if unload else {}))
    cursor.execute(f"""
        SELECT price, spent, orders FROM TABLE(as_of(
            labels => TABLE(SELECT '1' AS id, day, price FROM (VALUES (DATE '2024-01-31', 1.25), (DATE '2024-03-31', 2.50), (DATE '2023-12-31', 5.00)) AS t (day, price)),
            label_time => DESCRIPTOR(day), groups => ARRAY['{customers} features=spent,orders'])) ORDER BY price""")
    rows = [tuple(None if pandas.isna(v) else v for v in row) for row in cursor.fetchall()]
    assert rows == [(decimal.Decimal("1.25"), 10.0, 1), (decimal.Decimal("2.50"), 30.0, 3), (decimal.Decimal("5.00"), None, None)]


def test_labels_of_a_table_with_parameters_into_a_table(connection, customers, database):
    cursor = connection(schema_name=database, cursor_class=Cursor).cursor()
    cursor.execute("CREATE TABLE asked AS SELECT * FROM (VALUES ('1', DATE '2024-01-15', true), ('1', DATE '2024-02-15', false), ('9', DATE '2024-02-15', true)) AS t (id, day, stayed)")
    cursor.execute(f"CREATE TABLE trained AS SELECT * FROM TABLE(as_of(TABLE(asked), DESCRIPTOR(day), ARRAY['{customers} features=spent']))")
    assert cursor.execute("SELECT * FROM trained ORDER BY id, day").fetchall() == [
        ("1", datetime.date(2024, 1, 15), True, 10.0), ("1", datetime.date(2024, 2, 15), False, 20.0), ("9", datetime.date(2024, 2, 15), True, None)]
    cursor.execute("SELECT day, spent FROM TABLE(as_of(TABLE(SELECT * FROM asked WHERE stayed = ?), DESCRIPTOR(day), ARRAY[?])) WHERE spent IS NOT NULL",
                   ["true", f"'{customers} features=spent'"], paramstyle="qmark")
    assert cursor.fetchall() == [(datetime.date(2024, 1, 15), 10.0)]
    assert cursor.data_scanned_in_bytes > 0


def test_what_is_wrong_is_said_with_its_place(connection, customers):
    cursor = connection().cursor()
    for groups, told in [
        ("'nobody'", r"INVALID_FUNCTION_ARGUMENT: line 1:87: Invalid argument GROUPS: .*nobody"),
        (f"'{customers}', '{customers} features=lost'", rf"line 1:{87 + len(customers) + 4}: Invalid argument GROUPS: .*no feature \"lost\""),
    ]:
        with pytest.raises(pyathena.OperationalError, match=told):
            cursor.execute(f"SELECT * FROM TABLE(as_of(TABLE(SELECT '1' AS id, now() AS at), DESCRIPTOR(at), ARRAY[{groups}]))")
